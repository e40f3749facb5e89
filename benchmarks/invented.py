"""Invented articles in any number: words as frequent as in real text, in four languages, 2001 to 2026.

Every language has a vocabulary of its own whose words follow Zipf's law (the n-th word is n times rarer than
the first), and shares names with the others. Sentences are drawn once and used in many articles, which
leaves the frequencies as they are and makes millions of articles a matter of minutes. The same seed gives
the same articles.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from iomscrape.records import Article, Block, Capture, Contact, Link, Phone, Role

VOCABULARY = 50_000
"""Words of one language."""
SENTENCES = 40_000
"""Sentences of one language."""
WORDS = range(12, 29)
"""Words of a sentence."""
CHARACTERS = 3000
"""Of one article, about."""
ANSWER = b"<html>an invented page</html>"

_SYLLABLES = {
    "en": "ba con der ent fer gra hin ing ka lor mi nat or pla ra sed ti un ver wo",
    "fr": "au bé cha dé eur fra gé il jou la mé na oi pré qué ré sse tion ven",
    "es": "al bo ción de es fue gar hi ía jo la mi ño os pa que rra sí to vi",
    "ar": "ال مه اجر ين عا دة حد ود نا زح سا عد ات من ظم لي بر نا مج ول",
}
_SHARES = {"en": 60, "fr": 15, "es": 15, "ar": 10}
_NAMES = (
    "IOM Geneva migration Bogotá Dhaka Nairobi UN Haiti Libya Dili Juba Kyiv Cox Sudan Yemen Niger".split()
)
_COUNTRIES = "TL CO BD KE HT LY SS UA SD YE NE CH ET SO IQ AF PH ID MX TR".split()
_KINDS = ("press-release", "local-news", "feature", "briefing-note", "statement")
_ROLES = (Role.PARAGRAPH,) * 9 + (Role.HEADING,)
_FIRST_DAY = date(2001, 1, 1)
_DAYS = (date(2026, 6, 30) - _FIRST_DAY).days
_FETCHED = datetime(2026, 7, 1, tzinfo=UTC)


class Language(NamedTuple):
    """What articles of a language are made of."""

    tag: str
    words: list[str]
    """The most frequent first."""
    sentences: list[str]


def language(tag: str, chance: random.Random) -> Language:
    """Draw a vocabulary, and sentences from it."""
    syllables = _SYLLABLES[tag].split()
    words: dict[str, None] = {}
    while len(words) < VOCABULARY - len(_NAMES):
        # Frequent words are short, as everywhere.
        parts = 1 + min(len(words), 5) // 5 + (len(words) > 300) + (chance.random() < 0.4)
        words["".join(chance.choices(syllables, k=parts))] = None
    ranked = list(words)
    for place, name in enumerate(_NAMES):
        ranked.insert(20 + place * place * 4, name)
    weights = list(accumulate(1 / rank for rank in range(1, len(ranked) + 1)))
    sentences = [
        " ".join(chance.choices(ranked, cum_weights=weights, k=chance.choice(WORDS))).capitalize() + "."
        for _ in range(SENTENCES)
    ]
    return Language(tag, ranked, sentences)


class Invention:
    """Articles, and the words to ask them for."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        chance = random.Random(seed)
        self.languages = [language(tag, chance) for tag in _SHARES]

    def articles(self, number: int) -> Iterator[Article]:
        """So many articles, always the same."""
        chance = random.Random(self._seed + 1)
        for place in range(number):
            yield self.article(place, chance)

    def article(self, place: int, chance: random.Random) -> Article:
        """The article of that number, as chance has it."""
        spoken = chance.choices(self.languages, list(_SHARES.values()))[0]
        blocks, length = [], 0
        while length < CHARACTERS - 150:
            text = " ".join(chance.choices(spoken.sentences, k=chance.choice((1, 2, 3, 4))))
            blocks.append(Block(text=text, role=chance.choice(_ROLES)))
            length += len(text)
        title = " ".join(chance.choice(spoken.sentences).split()[:11]).rstrip(".")
        country = chance.choice(_COUNTRIES)
        return Article(
            url=f"https://www.iom.int/news/{'-'.join(title.split()[:6]).lower()}-{place}",
            title=title,
            lang=spoken.tag,
            kind=chance.choices(_KINDS, (50, 25, 10, 10, 5))[0],
            blocks=tuple(blocks),
            design=chance.choice(("drupal7", "drupal9", "cms")),
            reader_version="1",
            confidence=0.95,
            published=_FIRST_DAY + timedelta(days=chance.randrange(_DAYS)),
            dateline=chance.choice(_NAMES),
            country=country,
            themes=("Migration Health",) if chance.random() < 0.5 else (),
            contacts=tuple(
                _contact(position, country, chance) for position in range(chance.choice((0, 1, 1, 2)))
            ),
            links=(Link(url="https://www.iom.int/our-work", text="our work"),)
            if chance.random() < 0.5
            else (),
        )


def capture(article: Article, place: int) -> Capture:
    """The capture that the article would have been read from; its page is the same for all."""
    return Capture(
        url=article.url,
        body=ANSWER + str(place).encode(),
        fetched_at=_FETCHED + timedelta(seconds=place),
        source="wayback",
        headers=(("Content-Type", "text/html; charset=UTF-8"),),
    )


def _contact(position: int, country: str, chance: random.Random) -> Contact:
    number = chance.randrange(500)
    return Contact(
        name=f"Person{number} Family{number * 7 % 400}",
        role="Programme Officer",
        office=f"IOM {country}",
        phones=(Phone(printed=f"+670 723 {number:04}", e164=f"+670723{number:04}", kind="mobile"),),
        emails=(f"person{number}@iom.int",),
        position=position,
    )
