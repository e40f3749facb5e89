from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from iomscrape.encodings import CannotDecode, decoded

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=4),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("size", [0, 1, 1000])
def test_up_to_the_limit_and_no_further(encoding: str, size: int) -> None:
    wire = ENCODERS[encoding](bytes(size))
    assert decoded(wire, encoding, limit=1000) == bytes(size)
    for more in (1001, 20_000_000):
        with pytest.raises(CannotDecode, match="more than 1000"):
            decoded(ENCODERS[encoding](bytes(more)), encoding, limit=1000)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_damage_is_reported(encoding: str) -> None:
    with pytest.raises(CannotDecode):
        decoded(b"\xff no such thing", encoding)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_cut_off_data_gives_what_came(encoding: str) -> None:
    data = bytes(range(256)) * 2000
    part = decoded(ENCODERS[encoding](data)[:-6], encoding)
    assert data.startswith(part)


def test_names() -> None:
    assert decoded(b"page", None) == decoded(b"page", " identity ") == b"page"
    assert decoded(gzip.compress(b"page"), "GZip") == b"page"
    with pytest.raises(CannotDecode, match="unknown Content-Encoding 'compress'"):
        decoded(b"page", "compress")


@given(st.binary(), st.sampled_from(sorted(ENCODERS)))
def test_nothing_but_cannot_decode_is_raised(wire: bytes, encoding: str) -> None:
    with suppress(CannotDecode):
        assert len(decoded(wire, encoding, limit=10_000)) <= 10_000
