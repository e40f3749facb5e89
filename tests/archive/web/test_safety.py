"""What protects the reader and the archive: headers on every answer, no writing, no strangers' names, no slow SQL."""

from __future__ import annotations

import sqlite3
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from archive import Archive
from archive.web.reading import allow
from archive.web.safety import POLICY, is_loopback


@pytest.mark.parametrize(
    "path",
    ["/", "/article/1", "/archive", "/archive/articles", "/archive/articles.json", "/archive/articles.csv",
     "/archive?sql=select+1", "/assets/iomscrape.css", "/favicon.ico", "/nowhere", "/-/metadata.json"],
)  # fmt: skip
def test_every_answer_binds_the_browser(http: httpx.Client, path: str) -> None:
    headers = http.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-dns-prefetch-control"] == "off"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert "access-control-allow-origin" not in headers


def test_no_policy_allows_scripts_or_other_places() -> None:
    assert POLICY.startswith("default-src 'none'")
    for word in ("script-src", "unsafe", "http", "data:", "*"):
        assert word not in POLICY


@pytest.mark.parametrize(
    "name",
    ["databases", "databases.json", "versions.json", "plugins", "threads.json", "messages", "actor.json"],
)
def test_it_says_nothing_of_the_machine(http: httpx.Client, db: Path, name: str) -> None:
    answer = http.get(f"/-/{name}")
    assert answer.status_code == 404
    assert str(db.parent) not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_there_is_nothing_to_write_to(http: httpx.Client, method: str) -> None:
    for path in ("/", "/archive", "/archive/articles", "/-/messages"):
        answer = http.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 421), ("evil.example:8001", 421), ("localhost", 200), ("localhost:8001", 200),
     ("[::1]:8001", 200), ("", 421)],
)  # fmt: skip
def test_a_strangers_name_leads_nowhere(http: httpx.Client, host: str, status: int) -> None:
    assert http.get("/", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example/", "///evil.example", "/\\/evil.example/"]
)
def test_nobody_is_sent_elsewhere(base: str, path: str) -> None:
    host, _, port = base.removeprefix("http://").partition(":")
    connection = HTTPConnection(host, int(port))
    connection.request("GET", path)  # as it is: a browser's library would tidy it
    answer = connection.getresponse()
    assert answer.status == 404
    assert answer.getheader("location") is None
    connection.close()


def test_loopback_is_told_from_the_rest() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST")] == [
        True
    ] * 5
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "192.168.0.7", "example.org")] == [False] * 4


@pytest.mark.parametrize(
    "sql",
    [
        "delete from articles",
        "select 1; delete from articles",
        "with a as (select 1) delete from articles",
        "explain delete from articles",
        "pragma query_only=off",
        "select * from pragma_query_only",
        "attach 'x.db' as x",
        "select load_extension('x')",
        "select writefile('/tmp/x', 'y')",
        "create temp table x (y)",
        "vacuum into '/tmp/x.db'",
    ],
)
def test_the_sql_page_only_reads(http: httpx.Client, db: Path, sql: str) -> None:
    before = db.read_bytes()
    answer = http.get("/archive.json", params={"sql": sql, "_shape": "array"})
    assert answer.status_code == 400 or "explain" in sql
    assert db.read_bytes() == before


def test_the_authorizer_refuses_what_datasette_would_let_through(db: Path) -> None:
    with Archive.open(db, readonly=True) as archive:
        conn = archive.db.conn
        conn.execute("PRAGMA query_only = OFF")
        conn.set_authorizer(allow)
        for sql in (
            "DELETE FROM articles",
            "UPDATE articles SET title = 'x'",
            "INSERT INTO themes VALUES (1, 9, 'x')",
            "CREATE TABLE x (y)",
            "DROP TABLE articles",
            "ATTACH 'x.db' AS x",
            "PRAGMA query_only = OFF",
            "PRAGMA writable_schema = ON",
            "PRAGMA journal_mode = DELETE",
            "UPDATE sqlite_master SET sql = 'x'",
            "CREATE TEMP VIEW v AS SELECT 1",
            "VACUUM",
        ):
            with pytest.raises(sqlite3.DatabaseError, match=r"authoriz|may not be modified|prohibited"):
                conn.execute(sql)
        assert conn.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'ferry'").fetchone()


def test_a_statement_without_an_end_is_ended(http: httpx.Client) -> None:
    endless = "with recursive n(x) as (select 1 union all select x+1 from n) select count(*) from n"
    answer = http.get("/archive", params={"sql": endless}, timeout=20)
    assert answer.status_code == 400
    assert "time limit" in answer.text
    assert http.get("/").status_code == 200
