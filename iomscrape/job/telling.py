"""Telling how a job went: report, mail, webhook, metrics. What cannot be told is logged, and loses nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from iomscrape.job import mail, metrics, report, webhook
from iomscrape.job.account import Account, plain
from iomscrape.job.logs import LOGGER
from iomscrape.job.profile import Profile

READABLE = 0o644
"""node_exporter reads under a name of its own."""


def tell(profile: Profile, account: Account) -> list[str]:
    """Do all that the profile wants; gives a line for each thing that could not be done."""
    failed: list[str] = []
    for finding in account.findings:
        LOGGER.warning("%s: %s", finding["site"], finding["said"], extra={"step": "watch"})
    if path := profile.get("watch", "report"):
        _try("report", failed, lambda: _write_report(profile.place(path), account))
    for section, send in (("mail", mail.send), ("webhook", webhook.post)):
        if profile.has(section) and (account.needs_help or profile.get(section, "when") == "always"):
            _try(section, failed, lambda send=send: send(profile, account))  # type: ignore[misc]  # mypy knows no default in a lambda
    if path := profile.get("watch", "metrics"):
        text = metrics.as_text(account, alerts_failed=len(failed))
        _try("metrics", failed, lambda: _write(profile.place(path), text, mode=READABLE))
    return failed


def _try(what: str, failed: list[str], do: Callable[[], None]) -> None:
    try:
        do()
    except Exception as error:  # noqa: BLE001  # whatever it is, the run is done and must be told as done
        failed.append(plain(f"{what} failed: {error or type(error).__name__}"))
        LOGGER.error("%s", failed[-1], extra={"step": what})


def _write_report(path: Path, account: Account) -> None:
    _write(path, report.as_html(account))
    _write(path.with_suffix(".txt"), report.as_text(account))


def _write(path: Path, text: str, *, mode: int | None = None) -> None:
    """The whole file or the one that was there; never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace")
        if mode is not None:
            part.chmod(mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
