"""``iomscrape schedule``: units for systemd, a line for cron."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from iomscrape.cli.output import STORAGE, WRONG_USE, Failure, console, safe
from iomscrape.cli.profiles import checked
from iomscrape.job.units import CALENDARS


@click.command(short_help="Print systemd units or a crontab line for a profile.")
@click.argument("path", metavar="[PROFILE]", type=click.Path(path_type=Path), default="iom.toml")
@click.option(
    "--systemd", "kind", flag_value="systemd", default=True, help="A service and a timer. [default]"
)
@click.option("--cron", "kind", flag_value="cron", help="A line for a crontab.")
@click.option(
    "--every", type=click.Choice(list(CALENDARS)), default="daily", show_default=True, help="How often."
)
@click.option(
    "--memory", metavar="MB", type=click.IntRange(min=100), default=2000, show_default=True,
    help="What a run may take at most (systemd).",
)  # fmt: skip
@click.option(
    "--into", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Write the units there."
)
def command(path: Path, kind: str, every: str, memory: int, into: Path | None) -> None:
    """Print what a scheduler needs to run PROFILE (iom.toml): units for systemd, or a line for cron.

    The units take every right away that a run does not need. Nothing is installed: the commands for that
    are printed with them.

    \b
    Examples:
      iomscrape schedule
      iomscrape schedule --into ~/.config/systemd/user --every hourly
      iomscrape schedule offices.toml --cron | crontab -
    """
    from iomscrape.job.units import cron, systemd

    profile, _ = checked(path)
    program = Path(sys.argv[0]).absolute()
    if kind == "cron":
        click.echo(cron(profile, program, every=every), nl=False)
        return
    units = systemd(profile, program, every=every, memory=memory)
    timer = next(name for name in units if name.endswith(".timer"))
    if into is None:
        for name, text in units.items():
            click.echo(f"# {name}\n{text}")
        return
    try:
        into.mkdir(parents=True, exist_ok=True)
        for name, text in units.items():
            if (into / name).exists() and (into / name).read_text(encoding="utf-8") != text:
                raise Failure(f"{into / name} exists and is another; move it away first", WRONG_USE)
        for name, text in units.items():
            (into / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{into} cannot be written: {error.strerror or error}", STORAGE) from None
    user = "--user " if into.match("*/systemd/user") else ""
    console.print(
        safe(f"Written. Now: systemctl {user}daemon-reload && systemctl {user}enable --now {timer}"),
        soft_wrap=True,
    )
