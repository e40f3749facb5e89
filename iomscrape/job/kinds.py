"""What may stand for a value in a profile; each function gives the value, or ValueError with what to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

Kind = Callable[[object], object]


def text(value: object) -> str:
    """A line of text."""
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise ValueError('write a text in quotes, such as "iom.db"')
    return value.strip()


def page(value: object) -> str:
    """A file of HTML."""
    name = text(value)
    if not name.endswith((".html", ".htm")):
        raise ValueError('write a file that ends in .html, such as "iom-report.html"')
    return name


def texts(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list):
        raise ValueError('write a list of texts, such as ["www.iom.int"]')
    return tuple(text(one) for one in value)


def flag(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise ValueError("write true or false, without quotes")
    return value


def count(value: object) -> int:
    """A number from 1 up."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("write a whole number from 1 up, without quotes")
    return value


def amount(value: object) -> float:
    """A number from 0 up."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1e9:
        raise ValueError("write a number from 0 up, without quotes")
    return float(value)


def share(value: object) -> float:
    """A number from 0 to 1."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError("write a number from 0 to 1, without quotes")
    return float(value)


def day(value: object) -> str:
    """A day, with quotes or without."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise ValueError("write a day as 2025-01-31") from None


def period(value: object) -> str:
    """A year, a month or a day."""
    if isinstance(value, int) and 1990 <= value <= 9999:
        return str(value)
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, str) and re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", value.strip()):
        return value.strip()
    raise ValueError("write a year, month or day, such as 2016, 2016-05 or 2016-05-03")


def shard(value: object) -> str:
    """A part of a shared crawl."""
    from spiders.shards import shard_of

    try:
        return str(shard_of(text(value)))
    except ValueError:
        raise ValueError('write a part as "2/3", the second of three') from None


def one_of(*words: str) -> Kind:
    """One of a few words."""

    def chosen(value: object) -> str:
        if value not in words:
            raise ValueError(f"write one of {', '.join(words)}")
        return str(value)

    return chosen


def settings(value: object) -> tuple[str, ...]:
    """A table of Scrapy settings, as ``NAME=VALUE``."""
    if not isinstance(value, dict) or not all(
        isinstance(name, str) and name.isupper() and isinstance(one, str | int | float)
        for name, one in value.items()
    ):
        raise ValueError("write { DOWNLOAD_TIMEOUT = 60, … }, names in capitals")
    return tuple(f"{name}={one}" for name, one in value.items())
