"""Reading a profile, with errors that name the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from iomscrape.job.keys import SECTIONS

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
    if "watch" in values and "crawl" not in values:
        yield _line(source, "watch"), "[watch] needs a [crawl] to watch"
    yield from _without_alerts(values, source)


def _without_alerts(values: Mapping[str, Mapping[str, Any]], source: str) -> Iterator[tuple[int, str]]:
    """Alerts that could not be sent."""
    mail, webhook = values.get("mail"), values.get("webhook")
    if mail and not (mail["to"] and mail["from"]):
        yield _line(source, "mail"), "[mail] needs to and from"
    if mail and mail["user"] and not (mail["password_env"] or mail["password_file"]):
        yield _line(source, "mail", "user"), "[mail] user needs password_env or password_file"
    if mail and mail["user"] and mail["security"] == "none":
        yield _line(source, "mail", "security"), "[mail] a password is not sent in the open: starttls or tls"
    if webhook and not (webhook["url"] or webhook["url_env"]):
        yield _line(source, "webhook"), "[webhook] needs url or url_env"


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
