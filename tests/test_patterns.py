"""Every regular expression of the program meets its worst input: none may take long (ReDoS).

The inputs are made from the pattern itself: each character that it names, and what it repeats, many times over.
Patterns whose time grows with the square of a text are only used on texts that are cut to a length.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import archive
import iomscrape
import spiders

LENGTH = 600
"""Characters of an input."""
SECONDS = 1.0
"""For one input. What grows with the square of the length takes hundredths of it, with the cube a multiple."""
COMMON = ("a", "A", "1", " ", "\n", "@", "<", "<a ", '"', "é", "م", "я", "-", ".", "a@", "a.", "1 ", "+1", "a a", "<br",
          "=", ":", "&", "(", "a,")  # fmt: skip
AROUND = (("", ""), ("a", "!"), ("<a href=", "\x00"))


def modules() -> Iterator[ModuleType]:
    for package in (iomscrape, spiders, archive):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value of a module: alone, in tables, in rules, in functions made of them."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 5 and not isinstance(value, str | bytes | type | ModuleType):
        inner: list[Any] = []
        if isinstance(value, list | tuple | set | frozenset):
            inner = list(value)
        elif isinstance(value, dict):
            inner = list(value.values())
        elif getattr(value, "__closure__", None):
            inner = [cell.cell_contents for cell in value.__closure__ if _is_filled(cell)]
        elif getattr(value, "__slots__", None):
            inner = [getattr(value, name, None) for name in value.__slots__]
        for one in inner:
            yield from patterns_in(one, depth + 1)


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def worst(pattern: re.Pattern[Any]) -> Iterator[Any]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    named = [sign for sign in dict.fromkeys(re.sub(r"\\[A-Za-z]", "", source)) if sign.isprintable()]
    for unit in (*COMMON, *named[:25]):
        for before, behind in AROUND:
            text = before + unit * (LENGTH // len(unit)) + behind
            yield text if isinstance(pattern.pattern, str) else text.encode()


def test_no_pattern_takes_long_on_its_worst_input() -> None:
    found = {
        (pattern.pattern, pattern.flags): (f"{module.__name__}.{name}", pattern)
        for module in modules()
        for name, value in vars(module).items()
        for pattern in patterns_in(value)
    }
    assert len(found) > 200
    slow: dict[str, float] = {}
    for name, pattern in found.values():
        for text in worst(pattern):
            began = time.process_time()
            pattern.search(text)
            spent = time.process_time() - began
            if spent > SECONDS:
                slow[name] = spent
                break
    assert not slow
