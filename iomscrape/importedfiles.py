"""The files of an import: what is known of each while it is read, and what is noted of it in the end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from archive import Taken
from spiders.files import Source


@dataclass(slots=True, eq=False)
class Done:
    """A file that is read, and what it gave."""

    source: Source
    digest: str = ""
    """``sha256:…`` of its bytes; empty for what is not to be remembered."""
    size: int = 0
    modified: int = 0
    pages: int = 0
    problems: int = 0
    has_begun: bool = False
    reached: int | None = 0
    """Where the parts that were read by now end; None where that is not known."""
    is_read: bool = True
    """Whether it can be read to its end."""
    is_moved: bool = False
    """Whether its bytes were taken in by an earlier run from elsewhere."""
    waits: bool = False
    """Whether revisits in it wait for their originals."""
    same: Done | None = None
    """Another one of this import with the same bytes, which was taken in before."""

    @property
    def key(self) -> tuple[str, str | None]:
        """What makes two files the same."""
        return self.digest, self.source.url

    def taken(self) -> Taken:
        """What is noted of it once all of it is stored."""
        source = self.source
        return Taken(
            path=source.path.absolute(),
            size=self.size,
            modified=self.modified,
            digest=self.digest,
            kind=source.kind or "text",
            url=source.url,
            pages=self.pages,
            problems=self.problems,
        )


def digest(path: Path) -> str:
    """Of all bytes of a file. Raises OSError."""
    own = getattr(path, "digest", None)
    if own is not None:  # it lies elsewhere, and would have to be fetched
        return str(own())
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
