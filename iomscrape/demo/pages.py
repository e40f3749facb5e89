"""From a story to its page: the markup that the sites have had since 2021, furniture and wounds included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from babel import Locale

from iomscrape.demo.body import print_body, print_contacts
from iomscrape.demo.furniture import (
    FURNITURE,
    HEADQUARTERS_MAIL,
    HEADQUARTERS_PHONE,
    LANGUAGE_NAMES,
)
from iomscrape.demo.stories import Story, Text
from iomscrape.demo.tags import tag_name

NODE_TYPES = {"news": "press-release", "statements": "press-release", "stories": "featured-stories"}
FIELDS = {"news": "field-news-content", "statements": "field-news-content", "stories": "body"}


@dataclass(frozen=True, slots=True)
class Site:
    """One sample site: where it is served, in which languages (the first has no prefix), and its stories."""

    key: str
    base: str
    names: dict[str, str]
    """Language -> what the site calls itself in its menu."""
    stories: tuple[Story, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """All of them, the one without a prefix first."""
        return tuple(self.names)

    @property
    def first(self) -> str:
        """The language without a prefix."""
        return self.languages[0]

    def url(self, story: Story, lang: str) -> str:
        """The canonical address of a story's page."""
        return self.base + story.path(lang, self.first)

    def prefix(self, lang: str) -> str:
        """``""`` or ``/es``."""
        return "" if lang == self.first else f"/{lang}"


@cache
def template(name: str) -> Template:
    """A file of ``templates/``."""
    return Template((files("iomscrape.demo") / "templates" / name).read_text(encoding="utf-8"))


def article_page(site: Site, story: Story, lang: str) -> str:
    """The whole page of a story in one language."""
    text, words = story.texts[lang], FURNITURE[lang]
    content = template("article.html").substitute(
        node=story.node,
        node_type=NODE_TYPES[story.section],
        category=words.kinds[story.kind],
        day=story.day.isoformat(),
        date=words.print_day(story.day),
        location=_location(text),
        share=words.share,
        image=_image(story, text),
        subtitle=_subtitle(text),
        field=FIELDS[story.section],
        body=print_body(story, text, words),
        contacts=print_contacts(story, text, words),
        tags_label=words.tags,
        tags=_tags(site, story, lang),
        goals="".join(_goal(goal) for goal in story.goals),
        related_label=words.related,
        related="".join(card(site, other, lang) for other in _related(site, story, lang)),
    )
    section = words.sections[story.section]
    return frame(
        site,
        lang,
        title=text.title,
        content=content,
        head=_head(site, story, lang),
        # Declared in the Content-Type header alone: the reader has to look there.
        charset="" if "windows-1252" in text.traits else '<meta charset="utf-8" />',
        crumbs=[(f"{site.prefix(lang)}/{story.section}", section)],
        translations={other: site.url(story, other) for other in story.texts},
        path_class=f"node page-node-type-{NODE_TYPES[story.section]}",
    )


def frame(
    site: Site,
    lang: str,
    *,
    title: str,
    content: str,
    head: str = "",
    charset: str = '<meta charset="utf-8" />',
    crumbs: Iterable[tuple[str, str]] = (),
    translations: dict[str, str] | None = None,
    path_class: str = "listing",
) -> str:
    """The furniture of the site around ``content``."""
    words = FURNITURE[lang]
    prefix = site.prefix(lang)
    homes = {other: site.base + (site.prefix(other) or "/") for other in site.languages}
    crumbs = [(prefix or "/", words.home), *crumbs]
    return template("page.html").substitute(
        lang=lang,
        charset=charset,
        title=escape(title, quote=False),
        site_name=words.organisation,
        head=head,
        feed=f"{site.base}{prefix}/news/rss.xml",
        path_class=path_class,
        skip=words.skip,
        home=words.home,
        home_url=prefix or "/",
        menu=_menu(site, lang),
        languages="".join(
            f'<li hreflang="{other}"><a href="{url}" class="language-link" hreflang="{other}">'
            f"{LANGUAGE_NAMES[other]}</a></li>"
            for other, url in (translations or homes).items()
        ),
        breadcrumb="".join(f'<li><a href="{url}">{label}</a></li>' for url, label in crumbs),
        content=content,
        subscribe=words.subscribe,
        footer="".join(f'<p><a href="{prefix}/about">{line}</a></p>' for line in words.footer),
        phone_label=words.phone,
        hq_phone=HEADQUARTERS_PHONE,
        hq_mail=HEADQUARTERS_MAIL,
        organisation=words.organisation,
        rights=words.rights,
        cookies=words.cookies,
        agree=words.agree,
        decline=words.decline,
    )


def card(site: Site, story: Story, lang: str, url: str | None = None) -> str:
    """A card as lists and related news show it; ``url`` replaces the story's own address."""
    words = FURNITURE[lang]
    return template("card.html").substitute(
        url=url or site.url(story, lang),
        tag=words.card_kinds.get(story.kind, words.kinds[story.kind]),
        title=escape(story.texts[lang].title, quote=False),
        date=words.print_day(story.day),
    )


def _head(site: Site, story: Story, lang: str) -> str:
    title = escape(story.texts[lang].title)
    alternates = "".join(
        f'<link rel="alternate" hreflang="{other}" href="{site.url(story, other)}" />'
        for other in story.texts
    )
    return (
        f'<link rel="canonical" href="{site.url(story, lang)}" />'
        f'<meta property="og:title" content="{title}" />'
        f'<meta property="og:site_name" content="{FURNITURE[lang].organisation}" />'
        f'<meta property="og:url" content="{site.url(story, lang)}" />'
        f'<meta property="article:published_time" content="{story.day.isoformat()}T12:00:00+00:00" />'
        f"{alternates}"
    )


def _menu(site: Site, lang: str) -> str:
    words, prefix = FURNITURE[lang], site.prefix(lang)
    entries = []
    for entry in words.menu:
        text = Template(entry.text).substitute(name=site.names[lang])
        leaves = "".join(
            f'<li class="tb-megamenu-item"><a href="{prefix}/about">{leaf}</a><span>{leaf}</span></li>'
            for leaf in entry.leaves
        )
        entries.append(
            '<li class="tb-megamenu-item level-1 mega dropdown"><a href="#" class="dropdown-toggle">'
            f'{entry.label}</a><div class="tb-megamenu-submenu dropdown-menu mega-dropdown-menu nav-child">'
            '<div class="mega-dropdown-inner"><div class="block block-block-content">'
            f'<h2>{entry.label}</h2><div class="field field--name-body"><p>{text}</p></div></div>'
            f'<ul class="tb-megamenu-subnav mega-nav level-1">{leaves}</ul></div></div></li>'
        )
    sections = "".join(
        f'<li class="tb-megamenu-item level-1"><a href="{prefix}/{section}">{label}</a></li>'
        for section, label in words.sections.items()
    )
    search = f'<li class="tb-megamenu-item level-1"><a href="{prefix}/search" rel="search">…</a></li>'
    return "".join(entries) + sections + search


def _location(text: Text) -> str:
    if not text.dateline:
        return ""
    place = escape(text.dateline, quote=False)
    return f'<div class="field field--name-field-location"><span>{place}</span></div>'


def _image(story: Story, text: Text) -> str:
    if not text.caption:
        return ""
    month = f"{story.day:%Y-%m}"
    credit = f"Photo: IOM {story.day.year}"
    return template("image.html").substitute(
        month=month, node=story.node, caption=escape(text.caption), credit=credit
    )


def _subtitle(text: Text) -> str:
    if not text.subtitle:
        return ""
    return f'<div class="field field--name-field-subtitle">{escape(text.subtitle, quote=False)}</div>'


def _tags(site: Site, story: Story, lang: str) -> str:
    names = {key: tag_name(key, lang) for key in story.tags}
    if story.country:
        names[story.country.lower()] = Locale(lang).territories[story.country]
    return "".join(
        f'<div class="field__item"><a href="{site.prefix(lang)}/tags/{key}">{escape(name, quote=False)}</a></div>'
        for key, name in names.items()
    )


def _goal(goal: int) -> str:
    icons = "/sites/g/files/tmzbdl2616/files/public/sdg-icons"
    return f'<img src="{icons}/e_web_{goal:02d}.png" alt="SDG {goal}">'


def _related(site: Site, story: Story, lang: str) -> list[Story]:
    """Three others, the next older ones and then from the newest again, so that each story is somebody's."""
    ring = [other for other in site.stories if lang in other.texts and "sitemap-only" not in other.traits]
    start = ring.index(story) + 1 if story in ring else 0
    return [other for other in (ring[start:] + ring[:start])[:3] if other is not story]
