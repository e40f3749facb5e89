"""The keys of a profile, as data; reading one, with errors that name the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from iomscrape.job import kinds
from iomscrape.job.kinds import Kind


class Key(NamedTuple):
    """One key of a section."""

    name: str
    kind: Kind
    default: Any
    """As it comes out where the key is left out."""
    example: str
    """As the commented profile shows it, in TOML."""
    comment: str
    shown: bool = False
    """Whether it stands in the commented profile without a ``#`` before it."""


SECTIONS: dict[str, tuple[str, tuple[Key, ...]]] = {
    "archive": (
        "Where everything is kept. Paths are relative to this file.",
        (
            Key("database", kinds.text, "iom.db", '"iom.db"', "The SQLite file.", True),
            Key(
                "raw_pages",
                kinds.text,
                None,
                '"iom-warc"',
                "Folder of the WARC files; NAME-warc beside NAME.db.",
            ),
        ),
    ),
    "crawl": (
        "The live sites. Leave the section out to crawl none.",
        (
            Key(
                "contact",
                kinds.text,
                None,
                '"you@example.org"',
                "Who crawls: goes into the User-Agent.",
                True,
            ),
            Key(
                "sites",
                kinds.texts,
                (),
                '["www.iom.int"]',
                'Host names or addresses; "all" is every known site.',
                True,
            ),
            Key(
                "offices",
                kinds.texts,
                (),
                '["timor-leste"]',
                "Offices by name; `iomscrape sites` lists them.",
            ),
            Key("linked_offices", kinds.flag, False, "true", "Also the offices that the home page links to."),
            Key("since", kinds.day, None, "2025-01-01", "Leave out what is older."),
            Key("languages", kinds.texts, (), '["en", "es"]', "Only pages under these language prefixes."),
            Key("max_pages", kinds.count, None, "5000", "Stop after so many article pages."),
            Key("delay", kinds.amount, None, "1.0", "Least pause between requests to a site, in seconds."),
            Key(
                "settings",
                kinds.settings,
                (),
                "{ DOWNLOAD_TIMEOUT = 60 }",
                "Scrapy settings, see docs/crawling.md.",
            ),
        ),
    ),
    "wayback": (
        "What the Wayback Machine kept. Slow by intention; what is here is not asked for again.",
        (
            Key("targets", kinds.texts, (), '["www.iom.int"]', "Sites or pages.", True),
            Key("from", kinds.period, None, "2003", "First year, month or day of captures."),
            Key("to", kinds.period, None, '"2007-06"', "Last year, month or day of captures."),
            Key(
                "which",
                kinds.one_of("every-version", "latest", "year", "month"),
                None,
                '"year"',
                "every-version, latest, or one a year or month.",
            ),
            Key("limit", kinds.count, None, "2000", "At most so many captures a run."),
            Key("server", kinds.text, None, '"https://web.archive.org"', "Another Wayback server."),
        ),
    ),
    "commoncrawl": (
        "What Common Crawl kept.",
        (
            Key(
                "targets", kinds.texts, (), '["*.iom.int"]', "Sites or pages; *.iom.int is all of them.", True
            ),
            Key("crawls", kinds.text, None, '"latest:1"', "Which crawls: all, latest:N, or their names."),
            Key("limit", kinds.count, None, "2000", "At most so many captures a run."),
            Key("server", kinds.text, None, '"https://index.commoncrawl.org"', "Where the indexes are."),
            Key("data", kinds.text, None, '"https://data.commoncrawl.org"', "Where the files are."),
        ),
    ),
    "import": (
        "Files that others put somewhere: WARC, WACZ, saved pages, dumps. Taken in once.",
        (Key("files", kinds.texts, (), '["inbox"]', "Files or folders.", True),),
    ),
    "stories": (
        "Find copies and translations after each run (needs the extra: iomscrape[stories]).",
        (Key("find", kinds.flag, False, "true", "Whether to.", True),),
    ),
    "backup": (
        "A copy of the archive at the end of each run, proved whole.",
        (
            Key("folder", kinds.text, None, '"/mnt/backup/iom"', "Where; better on another disk.", True),
            Key("keep", kinds.count, 7, "7", "How many backups stay."),
            Key("raw_pages", kinds.flag, True, "false", "Whether the WARC files are copied, too."),
        ),
    ),
    "limits": (
        "When a run has to end, whatever is left: the next one goes on.",
        (Key("hours", kinds.amount, None, "6", "Hours for all steps together.", True),),
    ),
    "log": (
        "What the run writes for you to look at.",
        (
            Key(
                "file", kinds.text, None, '"iom.log"', "A file, rotated; left out: to the screen alone.", True
            ),
            Key(
                "format",
                kinds.one_of("text", "json"),
                "text",
                '"json"',
                "json: one object a line, for programs.",
            ),
            Key("megabytes", kinds.amount, 10.0, "10", "A file that grows larger is set aside …"),
            Key("keep", kinds.count, 5, "5", "… and so many of them stay."),
        ),
    ),
}
"""Section: (what it is for, its keys). The commented profile is made from this, too."""

SOURCES = ("crawl", "wayback", "commoncrawl", "import")


class ProfileError(Exception):
    """The profile cannot be used; ``lines`` say why, each with the place."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile that was checked."""

    path: Path
    values: Mapping[str, Mapping[str, Any]]
    """By section; only the sections that the file has, each with all its keys."""

    def has(self, section: str) -> bool:
        """Whether the file has the section."""
        return section in self.values

    def get(self, section: str, key: str) -> Any:
        """The value of a key, or its default."""
        if section in self.values:
            return self.values[section][key]
        return next(one.default for one in SECTIONS[section][1] if one.name == key)

    def place(self, path: str) -> Path:
        """A path of the profile: relative to the file it stands in, ``~`` is the home folder."""
        return (self.path.parent / Path(path).expanduser()).absolute()


def read(path: Path) -> Profile:
    """Read and check a profile. Raises ProfileError with every fault that it has."""
    try:
        source = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        hint = f"; `iomscrape init {path}` writes one" if not path.exists() else ""
        raise ProfileError([f"{path} cannot be read: {error.strerror or error}{hint}"]) from None
    except UnicodeDecodeError:
        raise ProfileError([f"{path} is no text in UTF-8"]) from None
    return parse(source, path)


def parse(source: str, path: Path) -> Profile:
    """The same for a text; ``path`` is the file it stands for."""
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*) \(at line (\d+), column \d+\)$", str(error))
        place, said = (f"{path}:{found[2]}", found[1]) if found else (str(path), str(error))
        raise ProfileError([f"{place}: {said}"]) from None
    faults: list[tuple[int, str]] = []
    values = {name: _section(name, given, source, faults) for name, given in table.items()}
    if not faults:
        faults.extend(_missing(values, source))
    if faults:
        raise ProfileError([f"{path}:{line}: {said}" for line, said in sorted(faults)])
    return Profile(path.absolute(), values)


def _section(name: str, given: Any, source: str, faults: list[tuple[int, str]]) -> dict[str, Any]:
    """The values of a section, defaults filled in; what is wrong with it goes into ``faults``."""
    if name not in SECTIONS or not isinstance(given, dict):
        what = f"there is no section [{name}]" if isinstance(given, dict) else f"{name} stands in no section"
        faults.append((_line(source, name), f"{what}{_near(name, SECTIONS)}"))
        return {}
    keys = {key.name: key for key in SECTIONS[name][1]}
    values = {key.name: key.default for key in keys.values()}
    for word, value in given.items():
        if word not in keys:
            faults.append((_line(source, name, word), f"[{name}] knows no {word}{_near(word, keys)}"))
            continue
        try:
            values[word] = keys[word].kind(value)
        except ValueError as error:
            faults.append((_line(source, name, word), f"[{name}] {word}: {error}"))
    return values


def _missing(values: Mapping[str, Mapping[str, Any]], source: str) -> Iterator[tuple[int, str]]:
    """Sections that ask for nothing, and a profile without any source."""
    if not any(name in values for name in SOURCES):
        yield 1, f"there is nothing to do: add a section {', '.join(f'[{name}]' for name in SOURCES)}"
    crawl = values.get("crawl")
    if crawl and not (crawl["sites"] or crawl["offices"]):
        yield _line(source, "crawl"), "[crawl] needs sites or offices"
    for name, key in (
        ("wayback", "targets"),
        ("commoncrawl", "targets"),
        ("import", "files"),
        ("backup", "folder"),
    ):
        if values.get(name) and not values[name][key]:
            yield _line(source, name), f"[{name}] needs {key}"


def _near(word: str, words: Mapping[str, object]) -> str:
    near = get_close_matches(word, words, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(words)}"


def _line(source: str, section: str, key: str | None = None) -> int:
    """The line of a section's head, or of a key in it; TOML's reader does not tell."""
    inside = False
    place = 1
    for number, line in enumerate(source.splitlines(), 1):
        head = re.match(r"\s*\[\[?\s*([\w.\"'-]+)\s*\]", line)
        if head:
            inside = head[1].strip("\"'").partition(".")[0] == section
            if inside:
                place = number
                if key is not None and head[1].strip("\"'") == f"{section}.{key}":
                    return number
        named = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[.=]", line)
        if named and ((inside and named[1] == key) or (key is None and named[1] == section)):
            return number
    return place
