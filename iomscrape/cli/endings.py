"""How a command ends: its exit codes, and a user's error as one line. Without rich, which ``--help`` need not load."""

from __future__ import annotations

import re

import click

DONE = 0
FAILED = 1
WRONG_USE = 2
NOTHING = 3
BELOW_THRESHOLD = 4
REFUSED = 5
STORAGE = 6
STOPPED = 7

# C0 except tab and newline, DEL, C1; and the bidirectional overrides and isolates, with which a text
# can make a terminal show something else than it holds. (Arabic needs the marks LRM/RLM only.)
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def safe(text: object) -> str:
    """The text with everything a terminal would obey replaced by U+FFFD."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", str(text).replace("\r\n", "\n"))


class Failure(click.ClickException):
    """A user's error: one line that names the thing and what to do, and an exit code.

    Codes: see the constants of this module and ``docs/crawling.md``.
    """

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        """Join the message to one line."""
        super().__init__(" ".join(safe(message).split()))
        self.exit_code = exit_code  # type: ignore[misc]  # click means it to be overridden
