"""The log of a job: lines for people or one JSON object a line for programs, in files that do not grow for ever."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOGGER = logging.getLogger("iomscrape.job")

_FIELDS = ("step", "exit_code", "seconds", "counts")
"""Besides time, level and message."""


class JsonLines(logging.Formatter):
    """One JSON object a line: ``time`` (UTC), ``level``, ``message``, and what the line is about."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in _FIELDS if getattr(record, name, None) is not None}
        return json.dumps(line, ensure_ascii=False, default=str)


class Lines(logging.Formatter):
    """``2026-11-25 14:15:00 crawl: 86 new …``, warnings and errors with their level."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; line breaks of a message become spaces."""
        level = f"{record.levelname} " if record.levelno >= logging.WARNING else ""
        step = getattr(record, "step", None)
        said = " ".join(record.getMessage().split())
        return f"{_moment(record):%Y-%m-%d %H:%M:%S} {level}{f'{step}: ' if step else ''}{said}"


def formatter(name: str) -> logging.Formatter:
    """By ``text`` or ``json``."""
    return JsonLines() if name == "json" else Lines()


def to_file(path: Path, *, form: str, megabytes: float, keep: int) -> logging.Handler:
    """A handler that writes to a file of its own rights, set aside when it grows over so many megabytes.

    Raises OSError where the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        path, maxBytes=max(int(megabytes * 1e6), 1), backupCount=keep, encoding="utf-8"
    )
    handler.setFormatter(formatter(form))
    return handler


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)
