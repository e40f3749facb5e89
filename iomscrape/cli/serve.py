"""``iomscrape serve``: the archive in a browser."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from threading import Thread

import click

from iomscrape.cli.output import FAILED, STOPPED, WRONG_USE, Failure, archive_errors, db_option, errors, safe

_INSTALL = "pip install 'iomscrape[browse]'"


@click.command(short_help="Show the archive in a browser.")
@db_option
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="0: any free one.",
)
@click.option(
    "--host",
    metavar="HOST",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; 0.0.0.0 is everywhere.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@click.option("--without-contacts", is_flag=True, help="Show nothing personal, in tables and SQL neither.")
def command(db: str, port: int, host: str, open_browser: bool, without_contacts: bool) -> None:
    """Show the archive in a browser: search, articles, people, plots, tables and SQL, all read-only.

    A crawl may go on writing meanwhile. Ctrl-C ends it. Only this machine can see it unless --host says
    otherwise. Needs the extra "browse".

    \b
    Examples:
      iomscrape serve
      iomscrape serve --db demo.db --open
      iomscrape serve --without-contacts --port 9000
    """
    try:
        from archive.web.safety import is_loopback
        from archive.web.server import PortTaken, listen, serve
        from archive.web.site import Site
    except ImportError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("archive", "iomscrape"):
            raise
        lacks = "the package" if isinstance(error, ModuleNotFoundError) else "another version of"
        raise Failure(f"serve needs {lacks} {package}; install it with: {_INSTALL}", WRONG_USE) from error
    _check(db)
    try:
        bound = listen(host, port)
    except PortTaken as error:
        raise Failure(
            f"Cannot listen on {host}, port {port}: {error}; choose another with --port (0 takes any free one).",
            FAILED,
        ) from error
    address = _address(host, bound.getsockname()[1])
    if not is_loopback(host):
        errors.print(
            f"Warning: everybody who can reach {host} can read this archive"
            + ("" if without_contacts else ", contacts included (--without-contacts leaves them out)")
            + "; there is no password.",
            soft_wrap=True,
        )

    def ready() -> None:
        click.echo(f"{safe(db)} is at {address} (Ctrl-C ends it)")
        sys.stdout.flush()
        if open_browser:
            # Some browsers return only when they are closed.
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    stopped = serve(Site(Path(db), host=host, without_contacts=without_contacts), bound, ready)
    sys.exit(STOPPED if stopped else 0)


def _check(db: str) -> None:
    """Is there an archive that can be read? Failure if not."""
    from archive import Archive

    with archive_errors(), Archive.open(db, create=False, readonly=True):
        pass


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(  # noqa: S104  # shown, not listened on
        host, f"[{host}]" if ":" in host else host
    )
    return f"http://{shown}:{port}/"
