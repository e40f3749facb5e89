"""``iomscrape run``: a job by a profile, for schedulers that nobody watches."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iomscrape.cli.output import BELOW_THRESHOLD, DONE, STORAGE, Failure, console, errors, safe
from iomscrape.cli.profiles import checked
from iomscrape.cli.questions import as_json_text, json_option

if TYPE_CHECKING:
    from iomscrape.job.profile import Profile
    from iomscrape.job.running import Ended
    from iomscrape.job.steps import Step


@click.command(short_help="Run a job by its profile: crawl, import, back up.")
@click.argument("path", metavar="[PROFILE]", type=click.Path(path_type=Path), default="iom.toml")
@click.option("--check", is_flag=True, help="Check the profile and say what would be run; run nothing.")
@click.option("--only", metavar="STEP", multiple=True, help="Only this step (crawl, backup …). Repeatable.")
@click.option("--quiet", "-q", is_flag=True, help="Print only what needs a person: for cron.")
@click.option("--log-format", type=click.Choice(["text", "json"]), help="In place of the profile's.")
@json_option
def command(
    path: Path, check: bool, only: tuple[str, ...], quiet: bool, log_format: str | None, as_json: bool
) -> None:
    """Run the job that PROFILE (iom.toml) describes: crawl, ask archives, import, watch, back up.

    One job at a time works on an archive. A job that was stopped or killed is resumed by the next one.
    `iomscrape init` writes a profile, `iomscrape schedule` what a scheduler needs.

    \b
    Examples:
      iomscrape run
      iomscrape run offices.toml --check
      iomscrape run offices.toml --only crawl --log-format json
      iomscrape run /etc/iomscrape/iom.toml --quiet     # in a crontab

    \b
    Exit codes: that of the step that needs a person most:
      0 done · 6 storage · 2 profile or settings · 1 failed · 5 refused · 3 nothing came
      4 not as it should be · 7 stopped (the next run goes on)
    """
    profile, chosen = checked(path, only)
    if check:
        _show(chosen, as_json=as_json)
        return
    from iomscrape.job.account import account
    from iomscrape.job.running import Busy, Job, only_one, verdict
    from iomscrape.job.telling import tell

    db = profile.place(profile.get("archive", "database"))
    try:
        with _logging(profile, quiet=quiet, form=log_format), only_one(db) as lock:
            job = Job(chosen, hours=profile.get("limits", "hours"), lock=lock)
            ended = job.run()
            code = verdict(ended, stopped=job.stopped)
            failed = tell(profile, account(profile.path, db, ended, code))
            code = code or (BELOW_THRESHOLD if failed else DONE)
            _report(ended, code, failed, quiet=quiet, as_json=as_json)
    except Busy as error:
        raise Failure(str(error), STORAGE) from None
    except OSError as error:
        raise Failure(f"{error.filename or db} cannot be used: {error.strerror or error}", STORAGE) from None
    sys.exit(code)


def _show(steps: Sequence[Step], *, as_json: bool) -> None:
    if as_json:
        click.echo(as_json_text([{"step": step.name, "arguments": step.arguments} for step in steps]))
        return
    import shlex

    for step in steps:
        console.print(safe(f"iomscrape {shlex.join(step.arguments)}"), soft_wrap=True)


@contextmanager
def _logging(profile: Profile, *, quiet: bool, form: str | None) -> Iterator[None]:
    """Lines to stderr, unless quiet, and to the profile's file."""
    from iomscrape.job.logs import LOGGER, formatter, to_file

    form = form or profile.get("log", "format")
    # Python prints what no handler takes.
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if not quiet:
        screen = logging.StreamHandler()
        screen.setFormatter(formatter(form))
        handlers.append(screen)
    if file := profile.get("log", "file"):
        size, keep = profile.get("log", "megabytes"), profile.get("log", "keep")
        handlers.append(to_file(profile.place(file), form=form, megabytes=size, keep=keep))
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    for handler in handlers:
        LOGGER.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            LOGGER.removeHandler(handler)
            handler.close()


def _report(ended: Sequence[Ended], code: int, failed: Sequence[str], *, quiet: bool, as_json: bool) -> None:
    """A line for each step in the log, and on the screen what the person has to know."""
    from iomscrape.job.logs import LOGGER
    from iomscrape.job.running import WORDS

    for one in ended:
        level = logging.INFO if one.exit_code in (0, 7) else logging.ERROR
        word = "time is up, the next run goes on" if one.out_of_time else WORDS.get(one.exit_code, "failed")
        told = {
            "step": one.step,
            "exit_code": one.exit_code,
            "seconds": round(one.seconds, 1),
            "counts": one.counts,
        }
        LOGGER.log(level, "%s in %.0f s%s", word, one.seconds, _numbers(one), extra=told)
        if quiet and level == logging.ERROR:
            errors.print(safe(f"{one.step}: {word} (exit code {one.exit_code})"), soft_wrap=True)
            found = [f"{finding['site']}: {finding['said']}" for finding in one.counts.get("findings", ())]
            for line in (*found, *one.said):
                errors.print(safe(f"    {line}"), soft_wrap=True)
    for line in failed if quiet else ():
        errors.print(safe(line), soft_wrap=True)
    if as_json:
        rows = [one._asdict() | {"seconds": round(one.seconds, 1)} for one in ended]
        click.echo(as_json_text({"exit_code": code, "steps": rows, "not_told": list(failed)}))


def _numbers(one: Ended) -> str:
    shown = [f"{value} {name.replace('_', ' ')}" for name, value in one.counts.items()
             if isinstance(value, int) and name not in ("exit_code", "bytes") and value]  # fmt: skip
    return f": {', '.join(shown)}" if shown else ""
