"""Making the stories: what is new or has changed is looked at, compared and put with what it belongs to.

Three passes, each in transactions of a few hundred articles, so that a crawl can write meanwhile and that a
kill loses no more than one of them: the next build goes on where this one ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.content import as_json
from archive.database import writing
from archive.stories import copies, keys, translations
from archive.stories.candidates import Shelf, Window, naming, sharing_keys
from archive.stories.copies import Likeness
from archive.stories.facts import Facts
from archive.stories.fingerprints import COMPARED, DONE, NEW, facts_of, outdated, remember
from archive.stories.grouping import Link, group

RULES = 2
"""Raised when other pairs would be linked than before: then all articles are compared anew."""
BATCH = 200

Watch = Callable[[str, int, int], None]
"""Told what is being done (``looking``, ``comparing``, ``grouping``), how much of it, and of how many."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, and what there is now."""

    compared: int
    """Articles that were new or had changed."""
    stories: int
    articles: int
    """Articles that are in a story."""
    links: int


def build(db: Database, *, again: bool = False, watch: Watch | None = None) -> Built:
    """Bring the stories up to date; with ``again``, or where the rules have changed, from the beginning.

    Raises MissingExtra where the library for it is not installed.
    """
    tell = watch or (lambda *_: None)
    _begin(db, f"{keys.method()}, rules {RULES}", again=again)
    new = outdated(db)
    for number, batch in enumerate(_batches(new)):
        with writing(db):
            remember(db, batch)
        tell("looking", min((number + 1) * BATCH, len(new)), len(new))
    compared = _compare_all(db, tell)
    _group_all(db, tell)
    stories, articles = db.conn.execute(
        "SELECT count(DISTINCT story_id), count(*) FROM story_articles"
    ).fetchone()
    links = db.conn.execute("SELECT count(*) FROM story_links WHERE used").fetchone()[0]
    return Built(compared, stories, articles, links)


def _begin(db: Database, method: str, *, again: bool) -> None:
    with writing(db):
        known = db.conn.execute("SELECT value FROM story_method WHERE name = 'method'").fetchone()
        if not again and known == (method,):
            # Where an article was taken out of the archive, its story is not what it was.
            db.conn.execute(
                "UPDATE fingerprints SET state = ? WHERE state = ? AND article_id IN (SELECT article_id FROM "
                "story_articles GROUP BY story_id HAVING count(*) = 1 OR min(article_id) <> story_id)",
                (COMPARED, DONE),
            )
            return
        for table in ("story_articles", "story_links", "story_keys", "fingerprints", "story_method"):
            db.conn.execute(f"DELETE FROM {table}")  # noqa: S608  # our names
        db.conn.execute("INSERT INTO story_method (name, value) VALUES ('method', ?)", (method,))


def _compare_all(db: Database, tell: Watch) -> int:
    waiting = _in_state(db, NEW)
    window, shelf, done = Window(db), Shelf(db), 0
    for batch in _batches(waiting):
        with writing(db):
            for article_id in batch:
                _compare(db, article_id, window, shelf)
        done += len(batch)
        tell("comparing", done, len(waiting))
    return done


def _compare(db: Database, article_id: int, window: Window, shelf: Shelf) -> None:
    """Compare one article with all that were compared before it and might be the same item."""
    ((facts, _),) = facts_of(db, "fingerprints.article_id = ?", article_id)
    packed = db.conn.execute("SELECT keys FROM fingerprints WHERE article_id = ?", (article_id,)).fetchone()
    near = sharing_keys(db, facts, keys.unpack(packed[0]))
    found: dict[int, Likeness | None] = {other: _judge(db, facts, other, shelf) for other in sorted(near)}
    for other in window.sharing_facts(facts):
        if other.article_id not in found:
            found[other.article_id] = translations.judge(facts, other, translations.Naming())
    db.conn.executemany(
        "INSERT INTO story_links (article_id, other_id, reason, score, evidence) VALUES (?, ?, ?, ?, ?)",
        [
            (*sorted((article_id, other)), link.reason, link.score, as_json(link.evidence))
            for other, link in found.items()
            if link is not None
        ],
    )
    db.conn.execute("UPDATE fingerprints SET state = ? WHERE article_id = ?", (COMPARED, article_id))
    window.was_compared(article_id)


def _judge(db: Database, facts: Facts, other_id: int, shelf: Shelf) -> Likeness | None:
    copy = copies.judge(shelf.text(facts.article_id), shelf.text(other_id))
    if copy is not None:
        return copy
    ((other, _),) = facts_of(db, "fingerprints.article_id = ?", other_id)
    return translations.judge(facts, other, naming(db, facts.article_id, other_id))


def _group_all(db: Database, tell: Watch) -> None:
    waiting, seen = _in_state(db, COMPARED), set[int]()
    for number, batch in enumerate(_batches(waiting)):
        with writing(db):
            for article_id in batch:
                if article_id not in seen:
                    seen |= _group_around(db, article_id)
        tell("grouping", min((number + 1) * BATCH, len(waiting)), len(waiting))


def _group_around(db: Database, article_id: int) -> set[int]:
    """Make anew the stories of all articles that links lead to from this one; returns their numbers."""
    links, around, waiting = set[Link](), {article_id}, [article_id]
    while waiting:
        number = waiting.pop()
        for row in db.conn.execute(
            "SELECT article_id, other_id, reason, score FROM story_links "
            "WHERE article_id = ?1 OR other_id = ?1",
            (number,),
        ):
            links.add(Link(*row))
            more = {row[0], row[1]} - around
            around |= more
            waiting += more
    members = {
        number: db.conn.execute(
            "SELECT lang, day FROM articles JOIN fingerprints ON article_id = id WHERE id = ?", (number,)
        ).fetchone()
        for number in around
    }
    stories = group({number: lang for number, (lang, _) in members.items()}, links)
    _write(db, members, links, stories)
    return around


def _write(
    db: Database,
    members: dict[int, tuple[str | None, str | None]],
    links: set[Link],
    stories: Sequence[frozenset[int]],
) -> None:
    story_of = {number: min(story) for story in stories for number in story}
    for number in members:
        db.conn.execute("DELETE FROM story_articles WHERE article_id = ?", (number,))
        db.conn.execute("UPDATE fingerprints SET state = ? WHERE article_id = ?", (DONE, number))
    for story in stories:
        first = min(story, key=lambda number: (members[number][1] is None, members[number][1], number))
        for number in story:
            is_copy = members[number][0] == members[first][0]
            relation = "first" if number == first else "copy" if is_copy else "translation"
            db.conn.execute(
                "INSERT INTO story_articles (article_id, story_id, relation) VALUES (?, ?, ?)",
                (number, min(story), relation),
            )
    for link in links:
        used = link.article_id in story_of and story_of[link.article_id] == story_of.get(link.other_id)
        db.conn.execute(
            "UPDATE story_links SET used = ? WHERE article_id = ? AND other_id = ? AND used <> ?1",
            (int(used), link.article_id, link.other_id),
        )


def _in_state(db: Database, state: int) -> list[int]:
    return [
        row[0]
        for row in db.conn.execute(
            "SELECT article_id FROM fingerprints WHERE state = ? ORDER BY day, article_id", (state,)
        )
    ]


def _batches(items: Sequence[int]) -> list[Sequence[int]]:
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]
