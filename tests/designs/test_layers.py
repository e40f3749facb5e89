"""A design whose classes are renamed or gone must lose confidence, never the article."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from iomscrape import extract
from tests import golden

PAGES = [page for page in golden.pages() if page.parent.name in ("drupal9", "drupal7", "cms", "jahia")]
_CLASS = re.compile(r'(\sclass=")([^"]*)"', re.I)
_MARKS = re.compile(r'\s(?:class|id|role|aria-[a-z]+|data-[a-z-]+)="[^"]*"', re.I)


def prefixed(source: str) -> str:
    """``class="iomx-field iomx-field--name-body"``."""
    return _CLASS.sub(
        lambda found: f'{found[1]}{" ".join(f"iomx-{name}" for name in found[2].split())}"', source
    )


def hashed(source: str) -> str:
    """``class="css-8f3a01 css-00c4d2"``, as build tools name them."""
    return _CLASS.sub(
        lambda found: (
            f'{found[1]}{" ".join(f"css-{zlib.crc32(name.encode()):x}" for name in found[2].split())}"'
        ),
        source,
    )


def bare(source: str) -> str:
    """No class, id, role, ``aria-`` or ``data-`` attribute at all."""
    return _MARKS.sub("", source)


@pytest.mark.parametrize("change", [prefixed, hashed, bare])
@pytest.mark.parametrize("page", PAGES, ids=golden.name)
def test_title_paragraphs_and_contacts_survive(page: Path, change: Callable[[str], str]) -> None:
    whole = golden.read(page)[0]
    record = extract(change(golden.decoded(page)), url=golden.address(page)).to_dict()
    wanted = {field: whole[field] for field in ("title", "paragraphs", "contacts")}
    found = golden.differences([wanted], [{field: record[field] for field in wanted}])
    assert not found, f"{golden.name(page)} (- as it is, + with {change.__name__} classes)\n" + "\n".join(
        found
    )


@pytest.mark.parametrize("page", PAGES, ids=golden.name)
def test_the_reader_is_no_surer_without_classes(page: Path) -> None:
    record = extract(bare(golden.decoded(page)), url=golden.address(page))
    assert record.confidence <= golden.kept(page)[0]["confidence"]
