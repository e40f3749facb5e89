"""The examples of docs/importing.md run, and print what stands there."""

from __future__ import annotations

import gzip
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from backports import zstd
from click.testing import CliRunner

from archive.columns import COLUMNS
from iomscrape.cli import main
from spiders import dumps
from spiders.folders import KINDS
from tests.spiders.warcfiles import SITE, answer, packed, page, page_record, record, sha1, wacz
from tests.website import ROOT, article

DOCUMENT = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")


def make_files() -> None:
    """What the examples bring in."""
    picture = record(
        "response", "https://www.iom.int/a.png", answer(b"x", headers={"Content-Type": "image/png"})
    )
    Path("site.warc.gz").write_bytes(packed([page_record(0), page_record(1), picture]))
    wacz(Path("collection.wacz"), {"archive/data.warc.gz": packed([page_record(2)])})
    Path("saved-pages").mkdir()
    Path("saved-pages/one.html").write_text(
        article("saved-page-one", head=f'<link rel="canonical" href="{SITE}/saved-page-one">')
    )
    Path("saved-pages/logo.png").write_bytes(b"x")
    lines = [json.dumps({"url": page(n)[0], "html": page(n)[1].decode()}) for n in (4, 5, 6)]
    Path("dump.jsonl.zst").write_bytes(zstd.compress("\n".join(lines).encode()))
    Path("dump.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[:2]).encode()))
    Path("old").mkdir()
    damaged = bytearray(packed([page_record(7)]))
    damaged[90] ^= 0xFF
    later = record(
        "revisit",
        page(0)[0],
        answer(b""),
        WARC_Payload_Digest=sha1(page(0)[1]),
        WARC_Date="2014-05-06T00:00:00Z",
    )
    Path("old/2012.warc.gz").write_bytes(
        packed([page_record(0), picture]) + damaged + packed([page_record(1)])
    )
    Path("old/2014.warc.gz").write_bytes(packed([later, page_record(2)]))
    Path("page.html").write_text(article("harbour-meeting-7"))
    for name in (
        "news/harbour-meeting-1.html",
        "news/harbour-meeting-2.html",
        "news/index.html",
        "style.css",
    ):
        (Path("www.iom.int") / name).parent.mkdir(parents=True, exist_ok=True)
        (Path("www.iom.int") / name).write_text(article(Path(name).stem))


def examples() -> Iterator[tuple[str, str]]:
    for block in re.findall(r"```console\n(.*?)```", DOCUMENT, re.DOTALL):
        yield from re.findall(r"^\$ (.*)\n((?:[^$\n].*\n)*)", block, re.MULTILINE)


def test_the_examples_run_and_print_what_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IOMSCRAPE_DB", raising=False)
    make_files()
    ran = 0
    for command, said in examples():
        given = (
            gzip.decompress(Path("dump.jsonl.gz").read_bytes())
            if command.startswith("zcat dump.jsonl.gz |")
            else None
        )
        words = shlex.split(command.rpartition("| ")[2])
        if words[0] != "iomscrape":
            assert words[0] == "wget", "of what else is said here"
            continue
        result = CliRunner().invoke(main, words[1:], input=given)
        assert _timeless(result.stdout) == _timeless(said), (command, result.stderr)
        ran += 1
    assert ran >= 5


def _timeless(text: str) -> str:
    return re.sub(r"in \d+ s", "in N s", text)


def test_the_tables_are_those_of_the_program() -> None:
    for ending in KINDS:
        assert f"`{ending}`" in DOCUMENT, ending
    for name in (*dumps.PAGE_FIELDS, *dumps.TEXT_FIELDS, *dumps.TITLE_FIELDS):
        assert f"`{name}`" in DOCUMENT, name
    assert any(column.table == "imports" for column in COLUMNS)


def test_every_option_is_told() -> None:
    said = CliRunner().invoke(main, ["import", "--help"]).output
    for option in re.findall(r"--[a-z]+", said):
        assert option in DOCUMENT or option == "--help", option


def test_every_reason_is_told() -> None:
    written = {
        reason
        for file in ("files", "warcs", "wacz", "dumps", "folders")
        for reason in re.findall(
            r'reason="([a-z-]+)"', (ROOT / "spiders" / f"{file}.py").read_text(encoding="utf-8")
        )
    }
    assert len(written) > 10
    for reason in written:
        assert f"`{reason}`" in DOCUMENT, reason
