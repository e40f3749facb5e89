"""A person's words as a question to the indexes: whatever is written, never a syntax error.

The syntax: words must all occur; ``"a phrase"``; ``migrat*`` for beginnings; ``-word`` or ``NOT word`` for
what must not occur; ``OR`` between alternatives; parentheses; ``title:``, ``subtitle:`` and ``text:`` before
any of these to look only there; ``contact:`` for who is named as a contact. Everything else is a word or
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from archive.addresses import readable
from archive.arabic import forms
from archive.errors import QueryError
from archive.folding import folded

MAX_TERMS = 64
"""More words than that are no question. (FTS5 has its own limit, far above.)"""

MAX_DEPTH = 8

_COLUMNS = "title|subtitle|text"
_TOKEN = re.compile(
    rf"(?P<minus>-)?(?:(?P<column>{_COLUMNS}|contact):(?=[^\s)]))?"
    r'(?:"(?P<phrase>[^"]*)(?:"|$)(?P<star>\*?)|(?P<open>\()|(?P<close>\))|(?P<word>[^\s"()]+))'
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of each index."""

    match: str | None
    """The FTS5 expression over ``articles_fts``; None if no word is asked for."""
    contacts: tuple[str, ...] = ()
    """FTS5 expressions over ``contacts_fts``, each of which some contact of the article must fulfil."""
    emails: tuple[str, ...] = ()
    """Beginnings of e-mail addresses, of which the article must name one each."""
    not_contacts: tuple[str, ...] = ()
    """As ``contacts``, for what no contact may fulfil."""
    not_match: str | None = None
    """As ``match``, for what may not occur where no word is asked for."""

    def __bool__(self) -> bool:
        """True if anything is asked for; what must not occur does not count."""
        return self.match is not None or bool(self.contacts or self.emails)

    def require(self, advice: str) -> None:
        """Raise QueryError, ending in ``advice``, unless something is asked for."""
        if not self:
            only_excludes = self.not_match or self.not_contacts
            what = "the query only excludes" if only_excludes else "there is no word in the query"
            raise QueryError(f"{what}; {advice}")

    def where(self, key: str) -> tuple[list[str], dict[str, Any]]:
        """Conditions for contacts on ``key``, the SQL name of an article's number, and their parameters."""
        tests: list[str] = []
        values: dict[str, Any] = {}
        for name, expressions in (("", self.contacts), ("NOT ", self.not_contacts)):
            for expression in expressions:
                tests.append(
                    f"{key} {name}IN (SELECT contacts.article_id FROM contacts_fts "  # noqa: S608  # ours; values are bound
                    "JOIN contacts ON contacts.id = contacts_fts.rowid "
                    f"WHERE contacts_fts MATCH :contact{len(values)})"
                )
                values[f"contact{len(values)}"] = expression
        if self.not_match is not None:
            tests.append(f"{key} NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :not_match)")  # noqa: S608  # ours
            values["not_match"] = self.not_match
        for email in self.emails:
            tests.append(
                f"{key} IN (SELECT contacts.article_id FROM emails "  # noqa: S608  # ours; values are bound
                "JOIN contacts ON contacts.id = emails.contact_id "
                f"WHERE email >= :contact{len(values)} AND email < :contact{len(values)} || char(0x10ffff))"
            )
            values[f"contact{len(values)}"] = email
        return tests, values


@dataclass(slots=True)
class _Group:
    """What stands between two parentheses; the whole question is one, too."""

    column: str | None = None
    is_excluded: bool = False
    alternatives: list[list[str]] = field(default_factory=lambda: [[]])
    excluded: list[str] = field(default_factory=list)
    depth: int = 0

    def add(self, expression: str, *, excluded: bool) -> None:
        (self.excluded if excluded else self.alternatives[-1]).append(expression)

    def expression(self) -> str | None:
        wanted = [words for words in self.alternatives if words]
        if not wanted:
            return None
        joined = [" AND ".join(words) for words in wanted]
        if len(joined) > 1:
            joined = [
                f"({part})" if len(words) > 1 else part for part, words in zip(joined, wanted, strict=True)
            ]
        expression = " OR ".join(joined)
        if self.excluded:
            return f"({expression}) NOT ({' OR '.join(self.excluded)})"
        return expression


class _Reading:
    """Takes a question in, token by token."""

    def __init__(self) -> None:
        self.groups = [_Group()]
        self.contacts: list[str] = []
        self.not_contacts: list[str] = []
        self.emails: list[str] = []
        self.terms = 0
        self.negated = False  # a NOT was the last word

    def take(self, token: re.Match[str]) -> None:
        """Take in one token."""
        word, group = token["word"], self.groups[-1]
        if token["close"]:
            self.close()
        elif word in ("AND", "OR", "NOT") and not token["minus"] and not token["column"]:
            if word == "OR":
                group.alternatives.append([])
            self.negated = word == "NOT"
        else:
            excluded = bool(token["minus"]) or self.negated
            self.negated = False
            column = token["column"] or group.column
            if token["open"]:
                self.groups.append(_Group(column, excluded))
            else:
                self.term(token, column, excluded=excluded)

    def term(self, token: re.Match[str], column: str | None, *, excluded: bool) -> None:
        """Take in a word or a phrase."""
        text = token["word"] or token["phrase"] or ""
        words = folded(text).strip().rstrip("*")
        if not any(_is_word_part(sign) for sign in words):
            return
        self.terms += 1
        is_beginning = bool(token["star"]) or (token["word"] or "").endswith("*")
        if column == "contact":
            self.contact(text.strip().rstrip("*"), is_beginning=is_beginning, excluded=excluded)
            return
        spellings = (words,) if is_beginning or token["phrase"] is not None else forms(words)
        expression = " OR ".join(f'"{spelling}"' for spelling in spellings) + ("*" if is_beginning else "")
        if len(spellings) > 1:
            expression = f"({expression})"
        self.groups[-1].add(f"{column} : {expression}" if column else expression, excluded=excluded)

    def contact(self, text: str, *, is_beginning: bool, excluded: bool) -> None:
        """Take in a contact, which narrows the whole question. Its index knows capitals and accents only."""
        if len(self.groups) > 1 or len(self.groups[0].alternatives) > 1:
            raise QueryError(
                "contact: narrows the whole query; it cannot stand in parentheses or beside an OR"
            )
        if "@" in text and not excluded:
            self.emails.append(text.lower())
        else:
            expression = f'"{text}"' + ("*" if is_beginning else "")
            (self.not_contacts if excluded else self.contacts).append(expression)

    def close(self) -> None:
        """End the innermost group; a parenthesis too many means nothing."""
        if len(self.groups) == 1:
            return
        group = self.groups.pop()
        outer = self.groups[-1]
        expression = group.expression()
        if expression is None:
            # "(-a) b" excludes a, and "-(-a)" asks for it.
            for term in group.excluded:
                outer.add(term, excluded=not group.is_excluded)
            return
        is_single = expression.count('"') == 2
        outer.depth = max(outer.depth, group.depth + (not is_single))
        if outer.depth > MAX_DEPTH:
            raise QueryError(f"parentheses stand more than {MAX_DEPTH} deep in each other")
        outer.add(expression if is_single else f"({expression})", excluded=group.is_excluded)


def read_question(query: str) -> Question:
    """A person's query as a question.

    Raises QueryError for more than MAX_TERMS words, parentheses more than MAX_DEPTH deep, and ``contact:``
    where it cannot narrow the whole query.
    """
    reading = _Reading()
    for token in _TOKEN.finditer(_plain(query)):
        reading.take(token)
    while len(reading.groups) > 1:
        reading.close()
    if reading.terms > MAX_TERMS:
        raise QueryError(f"the query has {reading.terms} words; {MAX_TERMS} is the most")
    (whole,) = reading.groups
    if any(whole.alternatives[1:]) and (reading.contacts or reading.emails or reading.not_contacts):
        raise QueryError("contact: narrows the whole query; it cannot stand in parentheses or beside an OR")
    match = whole.expression()
    return Question(
        match,
        contacts=tuple(reading.contacts),
        emails=tuple(reading.emails),
        not_contacts=tuple(reading.not_contacts),
        not_match=" OR ".join(whole.excluded) or None if match is None else None,
    )


def _plain(query: str) -> str:
    # FTS5 ends its reading at a NUL. Control characters, and the selectors that make a sign an emoji,
    # are no part of any word.
    return "".join(" " if _is_no_sign(sign) else sign for sign in readable(query))


def _is_no_sign(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc" or "\ufe00" <= sign <= "\ufe0f"


def _is_word_part(sign: str) -> bool:
    # What the tokenizer counts as part of a word; accents of their own are folded away.
    category = unicodedata.category(sign)
    if "\u0300" <= sign <= "\u036f":
        return False
    return category[0] in "LN" or category in ("Co", "Mn", "Mc")
