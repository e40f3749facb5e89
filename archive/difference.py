"""What is different between two things an article said: word by word, field by field, contact by contact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from archive.content import NOT_CONTENT
from archive.database import fold
from archive.folding import UNSPACED

SAME, REMOVED, ADDED = "same", "removed", "added"

_SIGNS = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‘’«»„…–—·،؛؟。，、；：？！（）")
_TOKEN = re.compile(rf"\s+|[{_SIGNS}{UNSPACED}]|[^\s{_SIGNS}{UNSPACED}]+")

# These are compared in ways of their own.
_APART = frozenset({"blocks", "contacts"})

# Paragraphs that have fewer of their words in common are two, not one that was changed.
_ALIKE = 0.2
_MAX_PAIRS = 100_000
_CONTACT_FIELDS = ("name", "role", "office", "phones", "emails", "other")


class Piece(NamedTuple):
    """A stretch of text that is in both (``same``), in the first only (``removed``) or the second (``added``)."""

    what: str
    text: str


Passage = tuple[Piece, ...]
"""The pieces of a paragraph, or of what became of it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that says something else. Texts are compared word by word, lists item by item."""

    name: str
    before: Any
    after: Any
    pieces: Passage = ()
    """The words, if both are texts."""


@dataclass(frozen=True, slots=True)
class ChangedContact:
    """A contact that was added (``before`` is None), removed (``after`` is None), or changed in ``fields``."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    fields: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that two versions of an article differ in."""

    fields: tuple[Changed, ...]
    passages: tuple[Passage, ...]
    """The whole body in order, also what is the same."""
    roles: tuple[tuple[str, str, str], ...]
    """Paragraphs that only became something else: text, role before, role after."""
    contacts: tuple[ChangedContact, ...]

    @property
    def added_words(self) -> int:
        """How many words of the body are new."""
        return _count(self.passages, ADDED)

    @property
    def removed_words(self) -> int:
        """How many words of the body are gone."""
        return _count(self.passages, REMOVED)

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of what is different, as in the record."""
        is_text_changed = any(piece.what != SAME for piece in chain(*self.passages))
        names = [change.name for change in self.fields]
        names += ["text"] if is_text_changed else ["roles"] if self.roles else []
        return (*names, *(["contacts"] if self.contacts else []))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; a piece is ``{"what": …, "text": …}``."""
        return {
            "changed": list(self.changed),
            "added_words": self.added_words,
            "removed_words": self.removed_words,
            "fields": [_plain(change) for change in self.fields],
            "text": [[piece._asdict() for piece in passage] for passage in self.passages],
            "roles": [{"text": text, "before": before, "after": after} for text, before, after in self.roles],
            "contacts": [
                {
                    "before": contact.before,
                    "after": contact.after,
                    "fields": [_plain(change) for change in contact.fields],
                }
                for contact in self.contacts
            ],
        }


def compare(before: dict[str, Any], after: dict[str, Any]) -> Difference:
    """The difference between two records (``Article.to_dict()``): all that a reader of the page sees."""
    names = [name for name in after if name not in NOT_CONTENT | _APART]
    return Difference(
        fields=tuple(_changes(before, after, names)),
        passages=tuple(_passages(_texts(before), _texts(after))),
        roles=tuple(_roles(before["blocks"], after["blocks"])),
        contacts=tuple(_contacts(before["contacts"], after["contacts"])),
    )


def words(before: str, after: str) -> Passage:
    """Two texts compared word by word."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            _add(pieces, SAME, "".join(old[i:j]))
        else:
            _add(pieces, REMOVED, "".join(old[i:j]))
            _add(pieces, ADDED, "".join(new[k:m]))
    return _smooth(pieces)


def _add(pieces: list[Piece], what: str, text: str) -> None:
    if text:
        pieces.append(Piece(what, text))


def _smooth(pieces: list[Piece]) -> Passage:
    """Where only a space is the same between two changes, they are one change of several words."""
    smooth: list[Piece] = []
    removed = added = ""
    for number, piece in enumerate(pieces):
        is_gap = piece.what == SAME and not piece.text.strip() and 0 < number < len(pieces) - 1
        if piece.what != SAME or (is_gap and removed + added):
            removed += piece.text if piece.what != ADDED else ""
            added += piece.text if piece.what != REMOVED else ""
            continue
        _add(smooth, REMOVED, removed)
        _add(smooth, ADDED, added)
        smooth.append(piece)
        removed = added = ""
    _add(smooth, REMOVED, removed)
    _add(smooth, ADDED, added)
    _shift_spaces(smooth)
    return tuple(smooth)


def _shift_spaces(pieces: list[Piece]) -> None:
    """``a[- b-] c`` is the same as ``a [-b -]c``, and that is how people see it."""
    for place in range(1, len(pieces) - 1):
        left, piece, right = pieces[place - 1 : place + 2]
        if left.what == right.what == SAME and piece.text[0] == right.text[0] == " ":
            pieces[place - 1] = Piece(SAME, f"{left.text} ")
            pieces[place] = Piece(piece.what, f"{piece.text[1:]} ")
            pieces[place + 1] = Piece(SAME, right.text[1:])
    pieces[:] = [piece for piece in pieces if piece.text]


def _passages(before: Sequence[str], after: Sequence[str]) -> Iterator[Passage]:
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from ((Piece(SAME, text),) for text in before[i:j])
            continue
        for old, new in _pairs(before[i:j], after[k:m]):
            if old is not None and new is not None:
                yield words(old, new)
            else:
                yield (Piece(REMOVED, old) if old is not None else Piece(ADDED, new or ""),)


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Which paragraph became which, in order; None where one has no counterpart."""
    if len(before) * len(after) > _MAX_PAIRS:
        return list(zip_longest(before, after))
    old = [set(_TOKEN.findall(text)) for text in before]
    new = [set(_TOKEN.findall(text)) for text in after]
    # best[i][j]: how much alike before[i:] and after[j:] are if paired as well as can be.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            together = _alike(old[i], new[j])
            best[i][j] = max(
                best[i + 1][j], best[i][j + 1], together + best[i + 1][j + 1] if together >= _ALIKE else 0.0
            )
    pairs: list[tuple[str | None, str | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and (j == len(new) or best[i][j] == best[i + 1][j]):
            pairs.append((before[i], None))
            i += 1
        elif j < len(new) and (i == len(old) or best[i][j] == best[i][j + 1]):
            pairs.append((None, after[j]))
            j += 1
        else:
            pairs.append((before[i], after[j]))
            i, j = i + 1, j + 1
    return pairs


def _alike(one: set[str], other: set[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 1.0


def _roles(before: list[dict[str, str]], after: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    texts = [block["text"] for block in before], [block["text"] for block in after]
    for first, second, size in SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks():
        for old, new in zip(before[first : first + size], after[second : second + size], strict=True):
            if old["role"] != new["role"]:
                yield old["text"], old["role"], new["role"]


def _changes(before: dict[str, Any], after: dict[str, Any], names: Sequence[str]) -> Iterator[Changed]:
    for name in names:
        old, new = before.get(name), after.get(name)
        if old != new:
            pieces = words(old, new) if isinstance(old, str) and isinstance(new, str) else ()
            yield Changed(name, old, new, pieces)


def _contacts(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[ChangedContact]:
    left = list(before)
    for new in after:
        old = _same_contact(new, left)
        if old is None:
            yield ChangedContact(None, new)
            continue
        left.remove(old)
        changes = tuple(_changes(old, new, _CONTACT_FIELDS))
        if changes:
            yield ChangedContact(old, new, changes)
    for old in left:
        yield ChangedContact(old, None)


def _same_contact(contact: dict[str, Any], others: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The one of ``others`` that is the same person or office: by name, or else by an address."""
    for other in others:
        if contact["name"] and fold(contact["name"]) == fold(other["name"]):
            return other
    for other in others:
        if set(contact["emails"]) & set(other["emails"]):
            return other
    for other in others:
        if not contact["name"] and not other["name"] and contact["office"] == other["office"]:
            return other
    return None


def _texts(record: dict[str, Any]) -> list[str]:
    return [block["text"] for block in record["blocks"]]


def _count(passages: Sequence[Passage], what: str) -> int:
    return sum(
        any(sign.isalnum() for sign in token)
        for piece in chain(*passages)
        if piece.what == what
        for token in _TOKEN.findall(piece.text)
    )


def _plain(change: Changed) -> dict[str, Any]:
    return asdict(change) | {"pieces": [piece._asdict() for piece in change.pieces]}
