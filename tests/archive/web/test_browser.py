"""The main ways through the archive, in a real browser: by mouse, by keyboard, on a phone, from right to left."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

PAGES = (
    "/", "/search?q=ferry", "/article/1", "/article/3", "/raw/2", "/months?by=country", "/people",
    "/person?name=Rosa+Tavares", "/offices", "/archive", "/archive/articles", "/archive/articles/1",
    "/archive?sql=select+*+from+articles",
)  # fmt: skip


def test_from_a_word_to_a_person_and_an_office(page: Page) -> None:
    page.get_by_label("Search the articles").fill("bridge OR ferry")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("25 articles")
    page.locator("#facet-country").locator("..").get_by_role("link", name="Timor-Leste").click()
    expect(page.get_by_role("status")).to_contain_text("1 article")
    expect(page.get_by_role("link", name="Remove: country Timor-Leste")).to_be_visible()
    page.get_by_role("link", name="Bridge School Reopens").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge School Reopens")
    page.get_by_role("link", name="Rosa Tavares").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rosa Tavares")
    expect(page.get_by_role("heading", level=2)).to_contain_text("4 articles")
    page.get_by_role("link", name="IOM Dili").click()
    expect(page.get_by_role("link", name="Benoît Été")).to_be_visible()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Months").click()
    page.get_by_label("Country").select_option("TL")
    page.get_by_role("button", name="Plot").click()
    page.get_by_text("The numbers as a table").click()
    expect(page.get_by_role("row", name="2021")).to_contain_text("2")


def test_a_filter_is_kept_when_the_words_change_and_taken_off_again(page: Page, base: str) -> None:
    page.goto(f"{base}/search?q=ferry&country=CO&sort=date")
    page.get_by_label("Words in title or text").fill("timetable")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("12 articles, by relevance or date")
    assert "country=CO" in page.url
    page.get_by_role("link", name="Remove: country Colombia").click()
    expect(page.get_by_role("status")).to_contain_text("24 articles")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()


def test_the_raw_page_is_drawn_and_nothing_of_it_acts(page: Page, base: str) -> None:
    page.goto(f"{base}/article/1")
    page.get_by_role("link", name="capture 2").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading")).to_have_text("Bridge School Reopens")
    page.get_by_role("link", name="as text").click()
    assert "<html><body><h1>Bridge School Reopens" in page.inner_text("body")


def test_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search the articles")).to_be_focused()
    page.keyboard.type("bridge")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    assert tab_to(page, "Bridge School Reopens")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge School Reopens")
    assert tab_to(page, "Rosa Tavares")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rosa Tavares")


def tab_to(page: Page, text: str) -> bool:
    """Press Tab until what is focused says ``text``; each thing on the way must show that it is focused."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        if focused.inner_text().strip() == text:
            return True
    return False


def test_on_a_phone(context: BrowserContext, base: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    for path in PAGES:
        page.goto(base + path)
        # What is wide scrolls by itself; the page never does.
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16


def test_arabic_runs_from_the_right(page: Page, base: str) -> None:
    page.goto(f"{base}/article/3")
    article = page.locator("article")
    assert article.evaluate("e => getComputedStyle(e).direction") == "rtl"
    start = article.locator("h1").evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e); const b = r.getBoundingClientRect();"
        " const a = e.getBoundingClientRect(); return [b.left - a.left, a.right - b.right] }"
    )
    assert start[0] > start[1]  # the room is left of the words
    page.goto(f"{base}/search?q=قوارب")
    assert page.locator(".headline a").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator("#q").evaluate("e => getComputedStyle(e).direction") == "rtl"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_quiet_and_can_be_read(
    context: BrowserContext, base: str, scheme: Literal["light", "dark"]
) -> None:
    """No complaint in the console of our own pages, and enough contrast."""
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in (path for path in PAGES if not path.startswith("/archive")):
        page.goto(base + path)
        assert page.evaluate(_CONTRAST) >= 4.5, path
    assert said == []


# The lowest ratio (WCAG 2) of a text to the nearest background that is painted.
_CONTRAST = """() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ratio = e => {
    let at = e, back = 'rgba(0, 0, 0, 0)';
    while (at && back === 'rgba(0, 0, 0, 0)') { back = getComputedStyle(at).backgroundColor; at = at.parentElement; }
    const both = [light(getComputedStyle(e).color), light(back)].sort((a, b) => b - a);
    return (both[0] + 0.05) / (both[1] + 0.05);
  };
  const texts = [...document.querySelectorAll('body *')].filter(e =>
    [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('svg, .hidden'));
  return Math.min(...texts.map(ratio));
}"""
