"""All pages of a sample site that lead to stories: home, lists, sitemap, feed, robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime
from math import ceil
from xml.sax.saxutils import escape

from iomscrape.demo.furniture import FURNITURE
from iomscrape.demo.pages import Site, card, frame
from iomscrape.demo.stories import Story

CARDS = 10
"""Cards on a list page, as on the sites."""
SITEMAP_URLS = 20
"""Addresses in each part of the sitemap; the sites' parts are far longer."""
CRAWL_DELAY = 0.05
"""Seconds. Real sites ask for seconds; here nobody else is kept waiting."""
WITHDRAWN = "/news/notice-withdrawn-publication"
"""Stands in the headquarters' sitemap and answers 404."""

ROBOTS = """\
User-agent: *
Crawl-delay: {delay}
Disallow: /admin/
Disallow: /search
Disallow: /es/search
Disallow: /fr/search
Disallow: /pt/search

Sitemap: {base}/sitemap.xml
"""


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One ``<url>`` of the sitemap."""

    url: str
    lastmod: str
    """ISO 8601 in UTC."""
    alternates: dict[str, str]


def robots(site: Site) -> str:
    """The robots.txt."""
    return ROBOTS.format(delay=CRAWL_DELAY, base=site.base)


def home(site: Site, lang: str) -> str:
    """The home page with the latest cards of all sections."""
    cards = "".join(card(site, story, lang) for story in listed(site, lang)[:6])
    title = site.names[lang]
    return frame(
        site, lang, title=title, content=f'<div class="view-content">{cards}</div>', path_class="front"
    )


def listing(site: Site, lang: str, section: str, page: int) -> str:
    """One page of a section's list, ``page`` from 0; past the end it holds no cards, as on the sites."""
    words = FURNITURE[lang]
    stories = listed(site, lang, section)
    pages = max(1, ceil(len(stories) / CARDS))
    shown = stories[page * CARDS : (page + 1) * CARDS]
    cards = "".join(card(site, story, lang, entry_address(site, story, lang)) for story in shown)
    pager = ""
    if page + 1 < pages:
        items = "".join(
            f'<li class="pager__item{" is-active" if number == page else ""}">'
            f'<a href="?page={number}" title="{number + 1}">{number + 1}</a></li>'
            for number in range(pages)
        )
        pager = (
            f'<nav class="pager" role="navigation"><ul class="pager__items js-pager__items">{items}'
            f'<li class="pager__item pager__item--next"><a href="?page={page + 1}" rel="next" '
            f'title="{words.next_page}"><span aria-hidden="true">››</span></a></li>'
            f'<li class="pager__item pager__item--last"><a href="?page={pages - 1}" '
            f'title="{words.last_page}"><span aria-hidden="true">»</span></a></li></ul></nav>'
        )
    content = f'<div class="views-element-container"><div class="view-content">{cards}</div>{pager}</div>'
    translations = {other: f"{site.base}{site.prefix(other)}/{section}" for other in site.languages}
    return frame(site, lang, title=words.sections[section], content=content, translations=translations)


def landing(site: Site, lang: str) -> str:
    """What the leaves of the menu lead to."""
    words = FURNITURE[lang]
    content = f'<article class="node node--type-page"><p>{words.landing}</p></article>'
    return frame(site, lang, title=site.names[lang], content=content)


def missing(site: Site, lang: str) -> str:
    """What a 404 shows."""
    words = FURNITURE[lang]
    return frame(site, lang, title="404", content=f"<p>{words.not_found}</p>")


def listed(site: Site, lang: str, section: str | None = None) -> list[Story]:
    """The stories that lists show, newest first."""
    return [
        story
        for story in site.stories
        if lang in story.texts and "sitemap-only" not in story.traits and section in (None, story.section)
    ]


def entry_address(site: Site, story: Story, lang: str) -> str | None:
    """An address of the Jahia era for the few stories that are still listed under theirs."""
    if "listed-by-entry" not in story.traits or lang != site.first:
        return None
    return f"{site.base}/jahia/Jahia/media/press-briefing-notes/cache/offonce?entryId={story.node}"


def sitemap_entries(site: Site) -> list[SitemapEntry]:
    """All addresses of the sitemap in order, the withdrawn one of headquarters included."""
    entries = []
    for story in site.stories:
        if "listing-only" in story.traits:
            continue
        alternates = {lang: site.url(story, lang) for lang in story.texts}
        for lang in story.texts:
            by_number = "sitemap-by-number" in story.traits and lang == site.first
            url = f"{site.base}/node/{story.node}" if by_number else alternates[lang]
            entries.append(SitemapEntry(url, _stamp(story.modified(lang)), alternates))
    if site.key == "headquarters":
        entries.insert(5, SitemapEntry(site.base + WITHDRAWN, "2024-02-02T12:00:00Z", {}))
    return entries


def sitemap_index(site: Site) -> str:
    """The sitemap index, one child for every ``SITEMAP_URLS`` addresses."""
    entries = sitemap_entries(site)
    children = "".join(
        f"<sitemap><loc>{site.base}/sitemap.xml?page={page + 1}</loc>"
        f"<lastmod>{_latest(entries, page)}</lastmod></sitemap>"
        for page in range(sitemap_pages(site))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{children}</sitemapindex>\n'
    )


def sitemap_pages(site: Site) -> int:
    """How many children the index has."""
    return ceil(len(sitemap_entries(site)) / SITEMAP_URLS)


def sitemap_page(site: Site, page: int) -> str:
    """One child of the sitemap, ``page`` from 1."""
    entries = sitemap_entries(site)[(page - 1) * SITEMAP_URLS : page * SITEMAP_URLS]
    urls = "\n".join(
        f"<url><loc>{escape(entry.url)}</loc><lastmod>{entry.lastmod}</lastmod>"
        + "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href="{url}"/>'
            for lang, url in entry.alternates.items()
        )
        + "<changefreq>weekly</changefreq></url>"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{urls}\n</urlset>\n'
    )


def feed(site: Site, lang: str) -> str:
    """RSS of the latest ten items of the news section."""
    items = "".join(
        f"<item><title>{escape(story.texts[lang].title)}</title><link>{site.url(story, lang)}</link>"
        f"<description>{escape(story.texts[lang].blocks[0].text)}</description>"
        f"<pubDate>{format_datetime(datetime.combine(story.day, time(12), UTC))}</pubDate>"
        f'<guid isPermaLink="false">{story.node} at {site.base}</guid></item>'
        for story in listed(site, lang, "news")[:CARDS]
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<rss version="2.0" xml:base="{site.base}"><channel><title>{site.names[lang]}</title>'
        f"<link>{site.base}{site.prefix(lang)}/news</link><language>{lang}</language>{items}</channel></rss>\n"
    )


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _latest(entries: Sequence[SitemapEntry], page: int) -> str:
    return max(entry.lastmod for entry in entries[page * SITEMAP_URLS : (page + 1) * SITEMAP_URLS])
