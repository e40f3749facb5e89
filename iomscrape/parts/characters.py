"""Characters with a meaning of their own while a page is read."""

from __future__ import annotations

import re

CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""Control characters that mean nothing in a page; none may reach a record."""

HIDDEN_OPEN, HIDDEN_CLOSE = "\ue000", "\ue001"
"""Around an address that a link holds but its text does not show (private use)."""

CELL = "\ue002"
"""Between the cells of a table row; shown as a space (private use)."""

MARKS = re.compile(b"\xee\x80[\x80-\x82]")
"""The private-use characters above in UTF-8: a page must not bring its own."""
