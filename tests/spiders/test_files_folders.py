"""Folders of files and mirrors of sites."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spiders import mirrors
from spiders.folders import files_in, kind_by_name
from spiders.passed import Passed
from spiders.unfetched import Unfetched
from tests.website import article


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(article("a-page"))


def found(root: Path) -> list[str]:
    return [str(item.relative_to(root)) for item in files_in(root) if isinstance(item, Path)]


def test_pages_in_a_stable_order(tmp_path: Path) -> None:
    make(
        tmp_path,
        "b.html",
        "a/deep.HTM",
        "a/pic.png",
        ".hidden/x.html",
        "c.txt",
        "notes",
        "d.warc.gz",
        "e.jsonl.zst",
    )
    assert found(tmp_path) == ["b.html", "c.txt", "d.warc.gz", "e.jsonl.zst", "a/deep.HTM"]
    assert sum(isinstance(item, Passed) for item in files_in(tmp_path)) == 2


@pytest.mark.parametrize(
    "name", ["page_files", "page-Dateien", "page_fichiers", "page_archivos", "page.files"]
)
def test_folders_of_pictures_are_left_out(tmp_path: Path, name: str) -> None:
    make(tmp_path, "page.html", f"{name}/frame.html", "other_files/kept.html")
    assert found(tmp_path) == ["page.html", "other_files/kept.html"]


def test_what_only_tells_an_address_is_no_page(tmp_path: Path) -> None:
    make(tmp_path, "page.html", "page.html.json", "page.url", "dump.json", "text.txt", "text.txt.meta.json")
    assert found(tmp_path) == ["dump.json", "page.html", "text.txt"]


def test_a_mirror_holds_pages_under_any_name(tmp_path: Path) -> None:
    make(
        tmp_path,
        "www.iom.int/index.html",
        "www.iom.int/news/slug-one",
        "www.iom.int/news/slug?page=1",
        "www.iom.int/style.css",
        "www.iom.int/pic.png?x=1",
        "www.iom.int/robots.txt",
        "www.iom.int/data.json",
    )
    (tmp_path / "www.iom.int/binary").write_bytes(b"\x00\x01")
    assert found(tmp_path) == [
        "www.iom.int/index.html",
        "www.iom.int/news/slug-one",
        "www.iom.int/news/slug?page=1",
    ]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    make(tmp_path, "a/page.html")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b").symlink_to(tmp_path / "a", target_is_directory=True)
    assert found(tmp_path) == ["a/page.html"]


def test_links_that_lead_nowhere_pipes_and_locked_folders_are_told(tmp_path: Path) -> None:
    make(tmp_path, "page.html")
    (tmp_path / "lost.html").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.html").symlink_to("self.html")
    os.mkfifo(tmp_path / "pipe.html")
    wrong = [item for item in files_in(tmp_path) if isinstance(item, Unfetched)]
    assert [Path(item.url).name for item in wrong] == ["lost.html", "pipe.html", "self.html"]
    assert {item.reason for item in wrong} == {"unreadable-file"}
    assert found(tmp_path) == ["page.html"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    make(tmp_path, "locked/page.html")
    (tmp_path / "locked").chmod(0)
    try:
        [wrong] = list(files_in(tmp_path))
    finally:
        (tmp_path / "locked").chmod(0o755)
    assert isinstance(wrong, Unfetched)


def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.html")
    (tmp_path / name).write_text(article("a-page"))
    assert found(tmp_path) == [name]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("www.iom.int/news/slug-one/index.html", "https://www.iom.int/news/slug-one"),
        ("www.iom.int/news/slug-one.html", "https://www.iom.int/news/slug-one"),
        ("www.iom.int/news/slug-one", "https://www.iom.int/news/slug-one"),
        ("www.iom.int/es/news/slug-one.html", "https://www.iom.int/es/news/slug-one"),
        ("www.iom.int/news@page=1.html", "https://www.iom.int/news?page=1"),
        ("www.iom.int/news?page=1.html", "https://www.iom.int/news?page=1"),
        ("www.iom.int/news/slug@name.html", "https://www.iom.int/news/slug@name"),
        ("www.iom.int/index.html", "https://www.iom.int/"),
        ("www.iom.int/jahia/Jahia/pid/1?entryId=7", "https://www.iom.int/jahia/Jahia/pid/1?entryId=7"),
        ("www.iom.int/cms/en/sites/home/slug.html", "https://www.iom.int/cms/en/sites/home/slug.html"),
        ("http/www.iom.int/news/slug-one.html", "http://www.iom.int/news/slug-one"),
        ("127.0.0.1:8000/news/slug-one.html", "http://127.0.0.1:8000/news/slug-one"),
        ("localhost+8000/news/slug-one.html", "http://localhost:8000/news/slug-one"),
        ("copies/2012/timor-leste.iom.int/news/slug-one.html", "https://timor-leste.iom.int/news/slug-one"),
        ("www.iom.int/ar/news/%D8%A3.html", "https://www.iom.int/ar/news/%D8%A3.html"),
        ("www.iom.int/ar/news/أخبار-جديدة.html", None),
        ("saved/page.html", None),
        ("page.html", None),
    ],
)
def test_the_path_in_a_mirror_is_the_address(path: str, address: str | None) -> None:
    made = mirrors.address(Path(path))
    if path.endswith("أخبار-جديدة.html"):
        assert made is not None
        assert made.startswith("https://www.iom.int/ar/news/%D8%A3%D8%AE")
        assert not made.endswith(".html")
    else:
        assert made == address


def test_kinds_by_name() -> None:
    names = {
        "a.WARC.gz": "warc",
        "a.warc.zst": "warc",
        "a.html.gz": "html",
        "a.gz": None,
        "a.png": None,
        "html": None,
    }
    assert {name: kind_by_name(name) for name in names} == names
