"""Undoing a Content-Encoding, with a limit: a page of a few kilobytes can unpack to gigabytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

try:
    from zlib_ng import zlib_ng as _zlib
except ImportError:  # it is made for CPython only
    import zlib as _zlib  # type: ignore[no-redef]  # the same, slower

_ZlibError = cast("type[Exception]", _zlib.error)  # to its types it is no class

MAX_BODY = 64 * 1024 * 1024
"""The largest page, in bytes after decompression, that is read back."""


class CannotDecode(ValueError):
    """The bytes are not what their Content-Encoding says, or unpack to more than the limit."""


def decoded(wire: bytes, content_encoding: str | None, limit: int = MAX_BODY) -> bytes:
    """The bytes with ``Content-Encoding`` undone; several encodings (``gzip, br``) from the last on.

    Bytes that end too early give what can be had of them, as they did when the page was fetched. Raises
    CannotDecode for bytes in another encoding, for an unknown one, and for more than ``limit`` bytes.
    """
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    for name in reversed(names):
        if name in ("", "identity"):
            continue
        if name not in _DECODERS:
            raise CannotDecode(f"unknown Content-Encoding {name!r}")
        try:
            wire = _DECODERS[name](wire, limit)
        except CannotDecode:
            raise
        except Exception as error:  # each library has errors of its own
            raise CannotDecode(f"not {name}: {error}") from error
        if len(wire) > limit:
            raise CannotDecode(f"unpacks to more than {limit} bytes")
    return wire


def gunzipping() -> Any:
    """An object of zlib that unpacks one member of gzip."""
    return _zlib.decompressobj(wbits=16 + _zlib.MAX_WBITS)


def _gunzip(data: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while data and size <= limit:  # several members may follow one another
        member = gunzipping()
        try:
            parts.append(member.decompress(data, limit + 1 - size))
        except _ZlibError:
            if not parts:
                raise
            break  # bytes behind the last member that are none
        size += len(parts[-1])
        data = member.unused_data.lstrip(b"\0")
    return b"".join(parts)


def _inflate(data: bytes, limit: int) -> bytes:
    try:
        return _zlib.decompressobj().decompress(data, limit + 1)
    except _ZlibError:
        # Some servers send the bare stream without zlib's two bytes of header.
        return _zlib.decompressobj(-_zlib.MAX_WBITS).decompress(data, limit + 1)


def _unbrotli(data: bytes, limit: int) -> bytes:
    import brotli  # type: ignore[import-untyped]  # it has none

    decompressor = brotli.Decompressor()
    parts = [decompressor.process(data, output_buffer_limit=limit + 1)]
    size = len(parts[0])
    while size <= limit and not decompressor.is_finished():
        part = decompressor.process(b"", output_buffer_limit=limit + 1 - size)
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _unzstd(data: bytes, limit: int) -> bytes:
    from backports import zstd

    return zstd.ZstdDecompressor().decompress(data, limit + 1)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
