"""How ``reread --diff`` shows what a page was read as, and what it is read as now."""

from __future__ import annotations

import json
from difflib import SequenceMatcher, unified_diff
from typing import TYPE_CHECKING, Any

from rich.text import Text

from iomscrape.cli.questions import say

if TYPE_CHECKING:
    from archive.rereading import Reread

_TITLES = {"changed": "read otherwise", "new": "found for the first time", "gone": "no longer found"}


def change_as_json(found: Reread) -> dict[str, Any]:
    """One capture as plain JSON types; fields as ``[before, after]``."""
    return {
        "capture_id": found.capture_id,
        "outcome": found.outcome,
        "problem": found.problem and {"reason": found.problem.reason, "detail": found.problem.detail},
        "changes": [
            {
                "kind": change.kind,
                "article_id": change.article_id,
                "url": change.url,
                "fields": {name: list(values) for name, values in change.fields.items()},
            }
            for change in found.changes
        ],
    }


def show_change(found: Reread) -> None:
    """Print one capture, what was said in red, what is said now in green."""
    if found.problem is not None:
        say(f"capture {found.capture_id}: {found.problem.detail} ({found.problem.reason})", "bold")
    for change in found.changes:
        say(f"{change.url}  (capture {found.capture_id}: {_TITLES[change.kind]})", "bold")
        for name, (before, after) in change.fields.items():
            _show_field(name, before, after)
    say()


def _show_field(name: str, before: Any, after: Any) -> None:
    say(name, "cyan", indent=2)
    if isinstance(before, list) or isinstance(after, list):
        lines = unified_diff(_lines(before), _lines(after), n=0, lineterm="")
        for line in list(lines)[2:]:
            if not line.startswith("@@"):
                say(f"{line[0]} {line[1:]}", "red" if line.startswith("-") else "green", indent=4)
        return
    old, new = _word(before), _word(after)
    say(_marked("- ", old, new, "red"), indent=4)
    say(_marked("+ ", new, old, "green"), indent=4)


def _marked(sign: str, text: str, other: str, style: str) -> Text:
    """The text with what the other one lacks underlined."""
    from iomscrape.cli.output import safe

    shown = Text(sign, style=style)
    for kind, first, last, _, _ in SequenceMatcher(a=text, b=other, autojunk=False).get_opcodes():
        shown.append(safe(text[first:last]), "underline" if kind != "equal" else "")
    return shown


def _lines(value: Any) -> list[str]:
    return [_word(part) for part in value or []]


def _word(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"text", "role"}:
        return value["text"] if value["role"] == "paragraph" else f"[{value['role']}] {value['text']}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
