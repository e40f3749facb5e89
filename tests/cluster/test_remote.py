"""Files on HTTP are imported as if they lay here; only what is asked for is fetched."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web as http

from iomscrape.cluster.remote import RemoteFile
from tests.cluster.conftest import Dask
from tests.spiders.warcfiles import packed, page_record
from tests.website import Ended, run


class Shelf:
    """A web server with files, that can give parts of them."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.asked: list[tuple[str, str | None]] = []
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.base = asyncio.run_coroutine_threadsafe(self._begin(folder), self.loop).result()

    async def _begin(self, folder: Path) -> str:
        async def give(request: http.Request) -> http.StreamResponse:
            self.asked.append((request.path, request.headers.get("Range")))
            path = folder / request.path.lstrip("/")
            return http.FileResponse(path) if path.is_file() else http.Response(status=404)

        app = http.Application()
        app.router.add_get("/{name:.*}", give)
        self.runner = http.AppRunner(app)
        await self.runner.setup()
        site = http.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    (tmp_path / "shelf").mkdir()
    records = b"".join(packed([page_record(number)]) for number in range(40))
    (tmp_path / "shelf" / "pages.warc.gz").write_bytes(records)
    made = Shelf(tmp_path / "shelf")
    yield made
    made.close()


def imported(folder: Path, *arguments: str, db: str = "iom.db") -> Ended:
    return run("import", *arguments, "--db", db, "--json", cwd=folder)


def articles(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute("SELECT url, title, text, digest FROM articles ORDER BY url").fetchall()


@pytest.mark.proof
def test_a_file_on_http_is_read_by_a_cluster_and_without_one(
    dask: Dask, shelf: Shelf, tmp_path: Path
) -> None:
    url = f"{shelf.base}/pages.warc.gz"
    for name, more in (("far", ("--cluster", str(dask.scheduler))), ("near", ("--jobs", "1"))):
        ended = imported(tmp_path, url, *more, db=f"{name}.db")
        assert ended.code == 0, ended.err
        assert json.loads(ended.out)["new"] == 40
    assert articles(tmp_path / "far.db") == articles(tmp_path / "near.db")
    # What has not changed is not fetched again.
    shelf.asked.clear()
    again = imported(tmp_path, url, "--jobs", "1", db="near.db")
    assert json.loads(again.out)["files_known"] == 1
    size = (tmp_path / "shelf" / "pages.warc.gz").stat().st_size
    assert not any(asked == f"bytes=0-{size - 1}" for _, asked in shelf.asked)
    (tmp_path / "shelf" / "pages.warc.gz").write_bytes(packed([page_record(77)]))
    assert json.loads(imported(tmp_path, url, "--jobs", "1", db="near.db").out)["new"] == 1


def test_a_file_that_is_not_there_is_told(shelf: Shelf, tmp_path: Path) -> None:
    ended = imported(tmp_path, f"{shelf.base}/none.warc.gz", "--jobs", "1")
    assert ended.code == 3
    assert "1 unreadable-file" in ended.err
    assert "Traceback" not in ended.err


def test_only_what_is_asked_for_is_fetched(shelf: Shelf, tmp_path: Path) -> None:
    file = RemoteFile(f"{shelf.base}/pages.warc.gz")
    data = (tmp_path / "shelf" / "pages.warc.gz").read_bytes()
    assert file.stat().st_size == len(data)
    with file.open() as stream:
        stream.seek(1000)
        assert stream.read(100) == data[1000:1100]
        assert stream.seek(0, 2) == len(data)
