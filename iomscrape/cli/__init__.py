"""The command line: ``iomscrape COMMAND …``, one file per command in this folder.

Commands are listed here with their one line of help and loaded only when they are used, so that
``iomscrape --help`` never waits for Scrapy. A new command is a new file with a ``click.Command`` named
``command``, and a line in :data:`COMMANDS`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from iomscrape.cli.endings import Failure, safe
from iomscrape.version import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "crawl": ("crawl", "Crawl news sites into the archive."),
    "wayback": ("wayback", "Bring in what the Wayback Machine kept."),
    "commoncrawl": ("commoncrawl", "Fetch articles from Common Crawl's files."),
    "sites": ("sites", "List the sites of IOM that are known."),
    "import": ("importing", "Bring in WARC files, saved pages and text dumps."),
    "read": ("read", "Read one page and print its record."),
    "explain": ("explain", "Show how a page was read, block by block."),
    "search": ("search", "Search the archive's articles."),
    "show": ("show", "Print one article with all that is known of it."),
    "similar": ("similar", "Find articles like one."),
    "stories": ("stories", "Find articles that are one item: copies and translations."),
    "history": ("history", "List the versions of an article and what changed."),
    "diff": ("diff", "Compare two versions of an article, word by word."),
    "people": ("people", "Find people and offices: who speaks for whom, when, on what."),
    "stats": ("stats", "Count what the archive holds."),
    "export": ("export", "Write articles as CSV, Parquet, an archive, references …"),
    "freeze": ("freeze", "Make a dataset release to publish and cite."),
    "serve": ("serve", "Show the archive in a browser."),
    "reread": ("reread", "Read the archive's raw pages again with today's reader."),
    "watch": ("watch", "Judge the latest crawl: has a site changed, or stopped?"),
    "run": ("run", "Run a job by its profile: crawl, import, back up."),
    "init": ("init", "Write a commented profile for `iomscrape run`."),
    "schedule": ("schedule", "Print systemd units or a crontab line for a profile."),
    "backup": ("backup", "Copy the archive while it is in use, and prove the copy whole."),
    "restore": ("restore", "Put a backup in the place of the archive."),
    "merge": ("merge", "Join archives into one, exactly."),
    "split": ("split", "Write an archive as several, by year."),
    "optimize": ("optimize", "Put the indexes of an archive in order after much was written."),
    "check": ("check", "Prove the archive whole, or say what is not."),
    "recover": ("recover", "Save what can be saved of a damaged archive."),
    "demo": ("demo", "Crawl two bundled sample sites, without any network."),
}
"""Command name: (module in this folder, one line of help), in the order that help lists them."""

EXAMPLES = """\
\b
Examples:
  iomscrape demo
  iomscrape crawl www.iom.int --since 2025-01-01 --contact you@example.org
  iomscrape import saved-pages/ old.warc.gz --db iom.db
  iomscrape search "human trafficking" --lang en --since 2003
  iomscrape people Dili
  iomscrape export --format csv > articles.csv

\b
Exit codes:
  0 done · 1 failed · 2 wrong use or settings · 3 nothing came though something was expected
  4 done, but with too many problems · 5 refused or rate-limited · 6 storage · 7 stopped by a signal
"""


class Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"iomscrape.cli.{COMMANDS[cmd_name][0]}")
        command = module.command
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__name__}.command is no click command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest commands when the one asked for does not exist."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=2)
            hint = f" Did you mean {' or '.join(near)}?" if near else " See 'iomscrape --help'."
            raise click.UsageError(f"There is no command {safe(args[0])!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """List the commands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; Ctrl-C is a stop by a signal, not a failure."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Failure("Stopped.", exit_code=7) from None


@click.group(
    cls=Commands,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", "-V", prog_name="iomscrape")
def main() -> None:
    """The archive of what the International Organization for Migration has told the press."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Arabic gets escapes, not a crash.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
