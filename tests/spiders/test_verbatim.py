"""Records of other crawlers that are kept as they are, and those that are written anew."""

from __future__ import annotations

import base64
import gzip
import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.checker import Checker

from archive import WarcWriter, read_capture
from archive.rawpages import unpacked
from iomscrape.records import Capture
from spiders import unpacking, warcs
from spiders.parts import Part
from spiders.revisits import digest_differs
from tests.spiders.warcfiles import answer, packed, page, page_record, pages_of, read, record, sha1

URL, BODY = page(0)
BLOCK = answer(BODY, headers={"Server": "invented", "Content-Length": str(len(BODY))})
PLAIN = record(
    "response",
    URL,
    BLOCK,
    WARC_IP_Address="192.0.2.7",
    WARC_Payload_Digest=sha1(BODY),
    WARC_Block_Digest=sha1(BLOCK),
)
FIELDS = ("url", "body", "wire", "fetched_at", "source", "status", "headers", "redirected_from")


def only(data: bytes) -> Capture:
    [found] = pages_of(read(data))
    return found


def changed(old: bytes, new: bytes) -> bytes:
    assert PLAIN.count(old) == 1
    return PLAIN.replace(old, new)


def of_block(block: bytes, body: bytes = BODY) -> bytes:
    return record("response", URL, block, WARC_Payload_Digest=sha1(body), WARC_Block_Digest=sha1(block))


@pytest.mark.parametrize(
    "plain",
    [
        PLAIN,
        changed(b"WARC/1.1", b"WARC/1.0"),
        changed(b"T05:06:07Z", b"T05:06:07.123456Z"),
        changed(b"WARC-Block-Digest: " + sha1(BLOCK).encode() + b"\r\n", b""),
        changed(URL.encode(), "https://www.iom.int/ar/news/مهاجرون-لاجئون".encode()),
        of_block(answer(BODY)),
        of_block(answer(BODY, "404 Not Found", headers={"X-Place": "C\xf4te"}).replace(b"\xc3\xb4", b"\xf4")),
        of_block(answer(b""), b""),
    ],
    ids=str,
)
def test_a_plain_record_is_kept_as_it_is(plain: bytes, tmp_path: Path) -> None:
    member = gzip.compress(plain, 6, mtime=0)
    before = only(member)
    assert before.member == member
    with WarcWriter(tmp_path, run="1", software="tests") as writer:
        place = writer.write(before)
    file = tmp_path / place.file
    assert file.read_bytes()[place.offset :] == member
    after = read_capture(tmp_path, place.file, place.offset)
    assert [getattr(after, name) for name in FIELDS] == [getattr(before, name) for name in FIELDS]
    checker = Checker(type("Wanted", (), {"verbose": False, "inputs": [str(file)]})())
    checker.process_all()
    assert checker.exit_value == 0


@pytest.mark.parametrize(
    "other",
    {
        "no digest of the page": changed(b"WARC-Payload-Digest: " + sha1(BODY).encode() + b"\r\n", b""),
        "a wrong digest of the page": changed(sha1(BODY).encode(), sha1(b"other").encode()),
        "a wrong digest": changed(sha1(BLOCK).encode(), sha1(b"other").encode()),
        "an unknown digest": changed(sha1(BLOCK).encode(), b"crc:1234"),
        "another digest of the page": changed(sha1(BODY).encode(), sha1(BODY).lower().encode()),
        "a field twice": changed(b"WARC-IP-Address", b"WARC-Type: response\r\nWARC-IP-Address"),
        "another address first": changed(b"WARC-Type", b"WARC-Target-URI: https://x.org/news/a\r\nWARC-Type"),
        "a line that goes on": changed(b"192.0.2.7", b"192.0.2.7\r\n more"),
        "a sign that ends a line": changed(b"192.0.2.7", "192.0.2.7\u2028WARC-Type: x".encode()),
        "no UTF-8": changed(b"192.0.2.7", b"192.0.2.7\xff"),
        "line feeds": changed(b"WARC-IP-Address: 192.0.2.7\r\n", b"WARC-IP-Address: 192.0.2.7\n"),
        "a space in an address": changed(b"harbour-", b"harbour -"),
        "an address in brackets": changed(URL.encode(), f"<{URL}>".encode()),
        "no time": changed(b"T05:06:07Z", b"T25:06:07Z"),
        "another zone": changed(b"T05:06:07Z", b"T05:06:07+02:00"),
        "ours": changed(b"192.0.2.7", b"192.0.2.7\r\nX-Iomscrape-Body: decoded"),
        "cut off": changed(b"192.0.2.7", b"192.0.2.7\r\nWARC-Truncated: length"),
        "a resource": record("resource", URL, BODY, Content_Type="text/html", WARC_Payload_Digest=sha1(BODY)),
        "another kind of letters": changed(b"WARC-Type: response", b"WARC-Type: Response"),
        "a wrong length": changed(f"\r\nContent-Length: {len(BLOCK)}".encode(), b"\r\nContent-Length: 7"),
        "something behind it": PLAIN + b"\0",
        "nothing behind it": PLAIN[:-4],
        "an empty line before it": b"\r\n" + PLAIN,
        "packed bytes": of_block(answer(gzip.compress(BODY), headers={"Content-Encoding": "gzip"})),
        "an encoding that was undone": of_block(answer(BODY, headers={"Content-Encoding": "gzip"})),
        "chunks": of_block(
            answer(b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY), headers={"Transfer-Encoding": "chunked"})
        ),
        "chunks that were joined": of_block(answer(BODY, headers={"Transfer-Encoding": "chunked"})),
        "another length of the page": of_block(answer(BODY, headers={"Content-Length": "7"})),
        "line feeds in the answer": of_block(answer(BODY, end="\n")),
        "an empty value": of_block(answer(BODY, headers={"Server": ""})),
        "no name": of_block(answer(BODY, headers={"": "value"})),
        "HTTP/2": of_block(answer(BODY, protocol="HTTP/2")),
    }.items(),
    ids=lambda named: named[0],
)
def test_all_others_are_written_anew(other: tuple[str, bytes]) -> None:
    found = pages_of(read(gzip.compress(other[1])))
    assert [page.member for page in found] == [None] * len(found)
    assert found or other[0] in ("cut off", "another address first", "no time")


@settings(max_examples=400, deadline=None)
@given(
    place=st.integers(0, len(PLAIN) - len(BODY) + 20),
    taken=st.integers(0, 3),
    put=st.binary(max_size=3)
    | st.sampled_from([b"\r\n", b"\n", b": ", b"\r\n ", b"\x85", "\u3000".encode()]),
)
def test_what_is_kept_says_what_was_read(place: int, taken: int, put: bytes) -> None:
    data = PLAIN[:place] + put + PLAIN[place + taken :]
    for found in pages_of(read(gzip.compress(data, 1))):
        if found.member is not None:
            again = unpacked(found.member)
            assert [getattr(again, name) for name in FIELDS] == [getattr(found, name) for name in FIELDS]


def test_records_that_share_a_member_are_written_anew() -> None:
    whole = gzip.compress(PLAIN + changed(URL.encode(), page(1)[0].encode()))
    halves = gzip.compress(PLAIN[:800]) + gzip.compress(PLAIN[800:])
    for data in (whole, halves, PLAIN, PLAIN * 2):
        assert {found.member for found in pages_of(read(data))} == {None}


def test_a_revisit_is_written_anew() -> None:
    again = record("revisit", URL, b"", WARC_Payload_Digest=sha1(BODY), WARC_Date="2013-01-01T00:00:00Z")
    first, second = pages_of(read(packed([PLAIN, again])))
    assert first.member is not None
    assert second.member is None


@pytest.mark.parametrize("chunk", [4096, 4097, 5000, 8192])
def test_it_does_not_matter_how_a_file_is_read(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    members = [
        packed([page_record(number, WARC_Payload_Digest=sha1(page(number)[1]))]) for number in range(9)
    ]
    data = b"".join(members)
    monkeypatch.setattr(unpacking, "CHUNK", chunk)
    assert [found.member for found in pages_of(read(data))] == members
    part = Part(start := len(members[0]), start + len(b"".join(members[1:4])))
    found = warcs.captures(BytesIO(data), "pages.warc", part=part)
    assert [item.member for item in found if isinstance(item, Capture)] == members[1:4]


@pytest.mark.parametrize("behind", [0, 4000])
def test_a_large_member_is_written_anew(behind: int, monkeypatch: pytest.MonkeyPatch) -> None:
    member = gzip.compress(PLAIN, mtime=0)
    data = member + packed([page_record(1)]) * behind
    for most, kept in ((len(member), member), (len(member) - 1, None)):
        monkeypatch.setattr(unpacking, "MAX_KEPT", most)
        assert pages_of(read(data))[0].member == kept


@settings(max_examples=300, deadline=None)
@given(
    data=st.binary(max_size=3),
    name=st.sampled_from(["sha1", "sha256", "sha512", "md5", "SHA-1"]),
    place=st.integers(0, 200),
    taken=st.integers(0, 1),
    put=st.sampled_from(["", "=", "_", "0", "1", "8", "A", "b", " ", "-", "+", "٣", "²"]),
    form=st.sampled_from(["hex", "base32", "without padding", "small"]),
)
def test_a_digest_is_that_of_its_bytes_alone(
    data: bytes, name: str, place: int, taken: int, put: str, form: str
) -> None:
    digest = hashlib.new(name.lower().replace("-", ""), data, usedforsecurity=False).digest()
    right = {"hex": digest.hex(), "base32": base64.b32encode(digest).decode()}
    right |= {"without padding": right["base32"].rstrip("="), "small": right["base32"].lower()}
    assert not digest_differs(data, f"{name}:{right[form]}")
    said = right[form][:place] + put + right[form][place + taken :]
    is_same = said.rstrip().rstrip("=").lower() in (digest.hex(), right["small"].rstrip("="))
    assert digest_differs(data, f"{name}:{said}") != is_same
