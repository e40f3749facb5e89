"""Files on HTTP, S3 and whatever else fsspec knows, in the place of a path."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, BinaryIO, NamedTuple, cast
from urllib.parse import unquote, urlsplit

import fsspec

BLOCK = 4 * 1024 * 1024
"""Bytes that are asked for at a time."""
_READ = 256 * 1024


class Stat(NamedTuple):
    """As much of ``os.stat_result`` as an import asks for."""

    st_size: int
    st_mtime_ns: int


@dataclass(frozen=True)
class RemoteFile:
    """Stands for a path: what an import does with one can be done with it. Can be sent to another process."""

    url: str

    @property
    def name(self) -> str:
        """The last part of its path."""
        return unquote(urlsplit(self.url).path).rpartition("/")[2]

    def __str__(self) -> str:
        """Its address."""
        return self.url

    def exists(self) -> bool:
        """Reading it says whether it is there."""
        return True

    def is_file(self) -> bool:
        """It is taken for one."""
        return True

    def is_dir(self) -> bool:
        """Folders cannot be listed everywhere."""
        return False

    def absolute(self) -> RemoteFile:
        """Itself."""
        return self

    def open(self, mode: str = "rb") -> BinaryIO:
        """The file, of which only what is asked for is fetched. Raises OSError."""
        with _as_os_errors(self.url):
            system, path = fsspec.core.url_to_fs(self.url)
            stream = _Stream(self.url, system.open(path, mode, block_size=BLOCK))
        return cast("BinaryIO", io.BufferedReader(stream, _READ))

    def stat(self) -> Stat:
        """Its size, and a number that is another one when it has changed. Raises OSError."""
        told = self._told()
        mark = "|".join(str(told.get(name)) for name in ("ETag", "etag", "LastModified", "mtime", "created"))
        return Stat(int(told["size"]), int.from_bytes(sha256(mark.encode()).digest()[:7], "big"))

    def digest(self) -> str:
        """What it is known by: its bytes are not fetched only for that."""
        size, mark = self.stat()
        return f"remote:{sha256(f'{self.url} {size} {mark}'.encode()).hexdigest()}"

    def _told(self) -> dict[str, Any]:
        with _as_os_errors(self.url):
            system, path = fsspec.core.url_to_fs(self.url)
            told: dict[str, Any] = system.info(path)
        if told.get("size") is None:
            raise OSError(f"{self.url} does not tell its size, so that no part of it can be asked for")
        return told


class _Stream(io.RawIOBase):
    """A file of fsspec whose errors are those of files."""

    def __init__(self, url: str, file: Any) -> None:
        self._url, self._file = url, file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _as_os_errors(self._url):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, place: int, whence: int = 0) -> int:
        with _as_os_errors(self._url):
            return int(self._file.seek(place, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def _as_os_errors(url: str) -> Iterator[None]:
    """Each library behind fsspec has errors of its own."""
    try:
        yield
    except OSError:
        raise
    except ImportError as error:
        raise OSError(f"{url} needs a library that is not installed: {error}") from error
    except Exception as error:
        raise OSError(f"{url} cannot be read: {error or type(error).__name__}") from error
