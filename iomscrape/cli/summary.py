"""What a run that fetched pages says at its end: one line, or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iomscrape import outcome
from iomscrape.cli.output import console, counted, errors, print_json, safe


def report(verdict: outcome.Verdict, stats: Mapping[str, Any], db: str, *, as_json: bool) -> None:
    """Print the counts of a run, its problems and what is to be said about it."""
    found = outcome.counts(stats)
    spent = float(stats.get("elapsed_time_seconds") or 0)
    problems = {
        key.removeprefix(outcome.PROBLEMS): int(value)
        for key, value in stats.items()
        if key.startswith(outcome.PROBLEMS)
    }
    if as_json:
        print_json(
            {
                "outcome": verdict.outcome,
                "exit_code": verdict.exit_code,
                "remark": verdict.line or None,
                "db": db,
                "seconds": round(spent, 1),
                **found,
                "problem_reasons": problems,
                "request_log": stats.get(outcome.REQUEST_LOG),
                "remarks": list(stats.get(outcome.REMARKS, [])),
            }
        )
    else:
        line = (
            f"{found['new']} new, {found['changed']} changed, {found['unchanged']} unchanged, "
            f"{found['skipped']} not asked again, {counted(found['problems'], 'problem')} in {spent:.0f} s -> {db}"
        )
        own = [key.removeprefix(outcome.COUNTS) for key in stats if key.startswith(outcome.COUNTS)]
        if own:
            line = ", ".join(f"{found[name]} {name.replace('_', ' ')}" for name in own) + f": {line}"
        console.print(safe(line), soft_wrap=True)
        for remark in stats.get(outcome.REMARKS, []):
            errors.print(safe(remark), soft_wrap=True)
    if problems:
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(problems.items()))
        errors.print(safe(f"Problems: {listed}. See the table problems of {db}."), soft_wrap=True)
    if stats.get(outcome.REQUEST_LOG):
        errors.print(safe(f"Requests: {stats[outcome.REQUEST_LOG]}"), soft_wrap=True)
    if verdict.line:
        errors.print(safe(verdict.line), soft_wrap=True)
