"""The commented profile that ``iomscrape init`` writes: made from the table of keys, so that it knows them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iomscrape.job.keys import SECTIONS, Key

_HEAD = """\
# What `iomscrape run` does each time. Check it with `iomscrape run --check THIS-FILE`.
# A line that begins with # is left out; those below show what can be set.
"""
_ACTIVE = ("archive", "crawl", "watch", "log")


def example(*, contact: str | None = None, sites: Sequence[str] = ()) -> str:
    """A profile in TOML, with what was given filled in."""
    given = {("crawl", "contact"): _quoted(contact) if contact else None}
    if sites:
        given["crawl", "sites"] = f"[{', '.join(map(_quoted, sites))}]"
    parts = [_HEAD]
    for section, (purpose, keys) in SECTIONS.items():
        mark = "" if section in _ACTIVE else "# "
        parts.append(
            "\n".join([f"# {purpose}", f"{mark}[{section}]", *_lines(section, keys, mark, given)]) + "\n"
        )
    return "\n".join(parts)


def _lines(
    section: str, keys: Sequence[Key], mark: str, given: dict[tuple[str, str], str | None]
) -> Iterator[str]:
    for key in keys:
        value = given.get((section, key.name)) or key.example
        shown = f"{mark if key.shown else '# '}{key.name} = {value}"
        yield f"{shown:<44}# {key.comment}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
