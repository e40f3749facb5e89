"""When two texts of one language are one item: the old site's and the new one's, an aggregator's …

Most of the words must be the same, and nothing may speak against it: weekly reports share nearly all of
their words too, but not their numbers; an item that goes on with an earlier one has another beginning; in a
series of notices, each title names a place of which only its own text speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from archive.stories.facts import day_of, numbers, weight
from archive.stories.words import containment, jaccard, shingles, words

FEWEST_WORDS = 25
"""Texts with fewer words are too short to say anything."""
LEAST_SHARED = 0.60
"""Of all runs of words, so many must be in both texts …"""
LEAST_CONTAINED = 0.75
"""… or so many of the shorter text's in the longer one, where that was cut or added to."""
PLACEHOLDER_WORDS = 60
NEAR_DAYS = 7
"""Under headlines without a common word, only texts that are longer than a placeholder and so near in time."""
FAR_DAYS = 31
"""Farther apart than this, only texts that are nearly the same are one item."""
NEARLY_SAME = 0.95
_LEAD_WORDS = 12
_SMALL = 3  # letters of a word that says nothing in a headline
_MUCH = 0.6
_ONE_SIDED = 4.0  # so much weight of numbers the shorter text may have for itself: a date, a sum spelt out
_OTHER_NUMBER = 0.5


@dataclass(frozen=True, slots=True)
class Text:
    """An article prepared for being compared."""

    article_id: int
    title: tuple[str, ...]
    words: tuple[str, ...]
    shingles: frozenset[str]
    lead: frozenset[str]
    """The runs of words in its first real paragraph."""
    numbers: frozenset[str]
    day: date | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two articles are one item: reason, score from 0 to 1, and what it rests on."""

    reason: str
    score: float
    evidence: dict[str, object]


def prepare(article_id: int, title: str, text: str, published: str | None) -> Text:
    """Take an article apart once, however often it is compared."""
    sequence = words(text)
    lead = next((found for part in text.split("\n\n") if len(found := words(part)) >= _LEAD_WORDS), sequence)
    return Text(
        article_id,
        tuple(words(title)),
        tuple(sequence),
        frozenset(shingles(sequence)),
        frozenset(shingles(lead)),
        frozenset(numbers(text)),
        day_of(published),
    )


def judge(one: Text, other: Text) -> Likeness | None:
    """The likeness of two texts, or None if they are two items."""
    short, long = sorted((one, other), key=lambda text: (len(text.words), text.article_id))
    if len(short.words) < FEWEST_WORDS:
        return None
    shared = jaccard(set(short.shingles), set(long.shingles))
    contained = containment(set(short.shingles), set(long.shingles))
    apart = abs((one.day - other.day).days) if one.day and other.day else None
    evidence: dict[str, object] = {
        "words": [len(one.words), len(other.words)],
        "shared": round(shared, 3),
        "contained": round(contained, 3),
        "same_title": one.title == other.title,
        "days_apart": apart,
    }
    # One body under headlines that have nothing in common may be a page's "please come back later".
    is_alone = len(short.words) < PLACEHOLDER_WORDS or apart is None or apart > NEAR_DAYS
    if is_alone and not _share_headline(short, long):
        return None
    if short.words == long.words:
        return Likeness("same-text", 1.0, evidence)
    is_alike = shared >= LEAST_SHARED or contained >= LEAST_CONTAINED
    if not is_alike or _contradicts(short, long, shared) or not _is_near(short, long, shared, apart):
        return None
    return Likeness("near-copy", round(max(shared, 0.95 * contained), 3), evidence)


def _share_headline(one: Text, other: Text) -> bool:
    some, others = ({word for word in text.title if len(word) > _SMALL} for text in (one, other))
    return one.title == other.title or not some.isdisjoint(others)


def _contradicts(short: Text, long: Text, shared: float) -> bool:
    """True if something in one text stands against something in the other."""
    lost, gained = _weight_only_in(short, long), _weight_only_in(long, short)
    # A text that was cut lacks numbers; one that has others in their place is another week's.
    if lost > _ONE_SIDED or (shared >= LEAST_SHARED and min(lost, gained) >= _OTHER_NUMBER):
        return True
    return _names_its_own(short, long) and _names_its_own(long, short)


def _weight_only_in(one: Text, other: Text) -> float:
    return sum(weight(number) for number in one.numbers - other.numbers)


def _names_its_own(one: Text, other: Text) -> bool:
    """True if the title of ``one`` has a word that its text has, too, and the other article has not."""
    own = set(one.title) & set(one.words)
    return bool(own - set(other.title) - set(other.words))


def _is_near(short: Text, long: Text, shared: float, apart: int | None) -> bool:
    """True if beginning and date agree well enough."""
    begins = (
        containment(set(short.lead), set(long.shingles)),
        containment(set(long.lead), set(short.shingles)),
    )
    if max(begins) < _MUCH:
        return False
    same_title = short.title == long.title
    if apart is not None and apart > FAR_DAYS:
        return same_title and shared >= NEARLY_SAME
    # A new first paragraph on another day: the story went on.
    return min(begins) >= _MUCH or same_title or apart == 0 or shared >= NEARLY_SAME
