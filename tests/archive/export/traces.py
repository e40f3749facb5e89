"""Whether anything of the person in the sample archive is left in a file."""

from __future__ import annotations

from pathlib import Path

TRACES = (
    "quispe",
    "7230810",
    "723 0810",
    "723.0810",
    "723-0810",
    "jo doe",
    "mailto:nquispe",
    "tel:+",
)
"""In lower case; none of them may be in anything that was written without contacts."""


def traces_in(place: Path) -> list[str]:
    """Which traces of people stand in a file, byte by byte, or in any file of a folder."""
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    assert files
    found = b" ".join(path.read_bytes() for path in files).lower()
    return [trace for trace in TRACES if trace.encode() in found or trace.encode("utf-16-le") in found]
