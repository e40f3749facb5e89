"""The end of a body: where the reader left a piece of the contact block, it goes paragraph by paragraph."""

from __future__ import annotations

import re

from archive.database import fold
from archive.privacy.named import Named
from archive.privacy.numbers import EMAIL_MARK, PHONE_MARK, has_address, masked, mentions, personal_numbers
from archive.privacy.words import PHONE_LABEL, contact_phrase

NAME_MARK = "[name]"

_BEHIND = 6  # paragraphs that may follow it: "About the programme", "Follow us"
_LONGEST = 600  # characters; what is longer is news with an address in it
_SHORT = 90
_LOOSE_WORDS = 6  # so many words beside name, role, office and number are still a contact line
_PROSE_ENDS = (".", "!", "?", "”", "»", "。", "؟")
_SENTENCE_END = re.compile(r"(?<=[.!?؟。])\s+")
_LABELS = re.compile(
    r"\b(?:e-?mail|courriel|correo(?: electr[oó]nico)?|mail|web|or|and|et|y|ou|o|at)\b", re.IGNORECASE
)


def contact_block(texts: list[str], named: Named) -> frozenset[int]:
    """Which paragraphs (from 0) are contact block: contact lines with the scraps between them.

    Towards the end one line is enough. Before that, where a line may be news, it takes several together that
    name somebody and say how to reach them.
    """
    block: set[int] = set()
    for run in _runs(texts, named):
        together = "\n".join(texts[number] for number in run)
        is_whole = len(run) > 1 and _has_reach(together, named) and mentions(together, named.names)
        if run[-1] >= len(texts) - _BEHIND or is_whole:
            block.update(run)
    return frozenset(block)


def _runs(texts: list[str], named: Named) -> list[list[int]]:
    """Contact lines that stand together, at most one scrap between two of them."""
    runs: list[list[int]] = []
    for number, text in enumerate(texts):
        if not is_contact_line(text, named):
            continue
        last = runs[-1][-1] if runs else -_SHORT
        is_after_scrap = last == number - 2 and _is_scrap(texts[number - 1])
        if last == number - 1 or is_after_scrap:
            runs[-1] += range(last + 1, number + 1)
        else:
            runs.append([number])
    return runs


def is_contact_line(text: str, named: Named) -> bool:
    """True for a paragraph that sends the reader to a person, or only says who that is."""
    if len(text) > _LONGEST:
        return False
    phrase = contact_phrase(text)
    if phrase is not None and not _SENTENCE_END.search(text[:phrase]):
        return True
    has_reach = _has_reach(text, named)
    is_named = mentions(text, named.names)
    if not has_reach and not is_named and fold(text).strip(" ,.;:") not in named.details:
        return False
    is_prose = text.rstrip().endswith(_PROSE_ENDS) and not has_reach
    return not is_prose and _loose_words(text, named) <= _LOOSE_WORDS * (1 + (has_reach and is_named))


def _is_scrap(text: str) -> bool:
    """A short line between two contact lines: "Geneva", "and"."""
    return len(text) <= _SHORT and not text.rstrip().endswith(_PROSE_ENDS)


def _loose_words(text: str, named: Named) -> int:
    """Words beside what is known of a contact."""
    plain = fold(masked(text, named))
    for part in sorted(
        (*named.names, *named.details, *named.others, EMAIL_MARK, PHONE_MARK), key=len, reverse=True
    ):
        plain = plain.replace(fold(part), " ")
    plain = _LABELS.sub(" ", PHONE_LABEL.sub(" ", plain))
    return len(re.findall(r"\w+", plain))


def without_contact_sentences(text: str, named: Named) -> str:
    """A paragraph of news without the sentence that sends the reader to a person, if it ends with one."""
    if contact_phrase(text) is None:
        return text
    sentences = _SENTENCE_END.split(text)
    kept = [sentence for sentence in sentences if not _sends_to_somebody(sentence, named)]
    return text if len(kept) == len(sentences) else " ".join(kept)


def _sends_to_somebody(sentence: str, named: Named) -> bool:
    is_reaching = _has_reach(sentence, named) or mentions(sentence, named.names)
    return is_reaching and contact_phrase(sentence) is not None


def _has_reach(text: str, named: Named) -> bool:
    return has_address(text) or any(personal_numbers(text, named))


def without_names(text: str, named: Named) -> str:
    """A text in which an address or number was put out of sight, without its owner's name."""
    if EMAIL_MARK not in text and PHONE_MARK not in text:
        return text
    for name in sorted(named.names, key=len, reverse=True):
        text = _whole_words(name, text)
    return text


def _whole_words(name: str, text: str) -> str:
    # The name is folded, the text is not: compare folded stretches of as many words.
    words = list(re.finditer(r"\S+", text))
    length = len(name.split())
    for first in reversed(range(len(words) - length + 1)):
        start, stop = words[first].start(), words[first + length - 1].end()
        stretch = text[start:stop]
        bare = stretch.strip(".,;:()[]\"'“”«»")
        if fold(bare) == " ".join(name.split()):
            text = text[:start] + stretch.replace(bare, NAME_MARK) + text[stop:]
    return text
