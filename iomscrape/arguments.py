"""What a crawl was asked to do: when two are the same work, and where its files lie."""

from __future__ import annotations

from pathlib import Path

from scrapy import Spider


def run_arguments(spider: Spider | None) -> dict[str, object]:
    """What makes two crawls the same work: sites and limits, in one form whoever started them.

    A spider that works from other things than sites says so itself, by a method ``run_arguments``.
    """
    own = getattr(spider, "run_arguments", None)
    if own is not None:
        return dict(own())
    since, offices = getattr(spider, "since", None), getattr(spider, "offices", "")
    shard = getattr(spider, "shard", None)
    return {
        "sites": sorted({asked for walk in getattr(spider, "walks", {}).values() for asked in walk.asked}),
        "since": since.isoformat() if since else None,
        "max_pages": getattr(spider, "max_pages", None),
        "langs": sorted(getattr(spider, "langs", ())),
        **({"offices": offices} if offices else {}),
        **({"shard": str(shard)} if shard else {}),
    }


def warc_folder(db: Path, folder: str | None) -> Path:
    """Where the raw pages lie: the folder of the settings, or ``iom-warc`` beside ``iom.db``."""
    return Path(folder) if folder else db.with_name(f"{db.stem}-warc")
