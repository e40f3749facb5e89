"""Figures of a job in Prometheus' text format, for node_exporter's textfile collector.

Ten lines of our own: the client library would add a registry to throw away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from iomscrape.job.account import Account

Labels = Mapping[str, str]


class Metric(NamedTuple):
    """One line: a name, what it is of, a number."""

    name: str
    labels: Labels
    value: float


HELP = {
    "iomscrape_job_exit_code": "Exit code of the last run: 0 done, 7 stopped, all else needs a person.",
    "iomscrape_job_end_time_seconds": "When the last run ended, in seconds since 1970.",
    "iomscrape_job_alerts_failed": "Reports, mails and webhooks of the last run that could not be delivered.",
    "iomscrape_step_exit_code": "Exit code of a step of the last run.",
    "iomscrape_step_duration_seconds": "How long a step of the last run took.",
    "iomscrape_archive_articles": "Articles in the archive.",
    "iomscrape_archive_captures": "Captures in the archive.",
    "iomscrape_archive_problems": "Problems in the archive.",
    "iomscrape_run_raw_bytes": "Bytes of raw pages that the last crawl stored.",
    "iomscrape_site_new_articles": "New articles of the last crawl.",
    "iomscrape_site_pages_read": "Pages that the last crawl fetched and read.",
    "iomscrape_site_problems": "Pages that failed in the last crawl and had not failed before, by reason.",
    "iomscrape_site_design_pages": "Pages of the last crawl by the design that read them.",
    "iomscrape_site_field_ratio": "Share of the pages of the last crawl that have a field.",
    "iomscrape_site_findings": "Things that are not as usual, by site and kind.",
}
"""Every metric with its meaning; all are gauges."""


def as_text(account: Account, *, alerts_failed: int) -> str:
    """The file's content."""
    metrics = list(_metrics(account, alerts_failed))
    lines = []
    for name, meaning in HELP.items():
        of_name = [metric for metric in metrics if metric.name == name]
        if of_name:
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
            lines += [f"{name}{_labels(metric.labels)} {metric.value!r}" for metric in of_name]
    return "\n".join(lines) + "\n"


def _metrics(account: Account, alerts_failed: int) -> Iterator[Metric]:
    # Several jobs on one machine write files of their own, so the job is a label of each line.
    job = {"job_name": account.job}
    yield Metric("iomscrape_job_exit_code", job, account.exit_code)
    yield Metric("iomscrape_job_end_time_seconds", job, round(account.ended_at.timestamp(), 3))
    yield Metric("iomscrape_job_alerts_failed", job, alerts_failed)
    for one in account.steps:
        yield Metric("iomscrape_step_exit_code", job | {"step": one.step}, one.exit_code)
        yield Metric("iomscrape_step_duration_seconds", job | {"step": one.step}, round(one.seconds, 3))
    if not account.watched:
        return
    growth = account.watched["growth"]
    for name in ("articles", "captures", "problems"):
        yield Metric(f"iomscrape_archive_{name}", job, growth[name])
    yield Metric("iomscrape_run_raw_bytes", job, growth["new_bytes"])
    for site in account.watched["sites"]:
        of = job | {"site": site["site"]}
        yield Metric("iomscrape_site_new_articles", of, site["new"])
        yield Metric("iomscrape_site_pages_read", of, site["pages"])
        for reason, number in site["problems"].items():
            yield Metric("iomscrape_site_problems", of | {"reason": reason}, number)
        for design, number in site["designs"].items():
            yield Metric("iomscrape_site_design_pages", of | {"design": design}, number)
        for name, number in site["fields"].items():
            yield Metric("iomscrape_site_field_ratio", of | {"field": name}, round(number / site["pages"], 4))
    found: dict[tuple[str, str], int] = {}
    for finding in account.findings:
        found[finding["site"], finding["kind"]] = found.get((finding["site"], finding["kind"]), 0) + 1
    for (where, kind), number in found.items():
        yield Metric("iomscrape_site_findings", job | {"site": where, "kind": kind}, number)


def _labels(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
