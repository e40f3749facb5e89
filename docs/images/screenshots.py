"""Makes the pictures of ``iomscrape serve`` again: ``make screenshots``. All articles in them are invented.

Needs Chromium, and the demo's archive, which it makes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
PROGRAM = [str(Path(sys.executable).with_name("iomscrape"))]


class Picture(NamedTuple):
    """One picture: name of its file, address, size, light or dark."""

    name: str
    address: str
    width: int
    height: int
    scheme: str = "light"


PICTURES = (
    Picture("browse-front", "/", 960, 600),
    Picture("browse-search", "/search?q=water+OR+agua", 960, 640, "dark"),
    Picture("browse-article", "/search?q=title:wells", 960, 700),
    Picture("browse-phone", "/search?q=title:grandmothers", 390, 760),
)
"""A search that finds one article stands for that article: its number differs from demo to demo."""


def main() -> None:
    """Make the demo's archive, show it, take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed here.")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        for command in ("demo", "stories"):
            subprocess.run(
                [*PROGRAM, command, "--db", "demo.db"], cwd=folder, check=True, capture_output=True
            )
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with served(Path(folder)) as base:
            for picture in PICTURES:
                take(browser, base, picture)
                print(HERE / f"{picture.name}.png")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The archive's address."""
    command = [*PROGRAM, "serve", "--db", "demo.db", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        yield running.stdout.readline().split(" is at ")[1].split("/ ")[0]
        running.terminate()


def take(browser: Browser, base: str, picture: Picture) -> None:
    """Open the page and keep what is seen first."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(base + picture.address)
    if "title:" in picture.address:
        page.locator(".headline a").first.click()
    page.screenshot(path=HERE / f"{picture.name}.png")
    context.close()


if __name__ == "__main__":
    main()
