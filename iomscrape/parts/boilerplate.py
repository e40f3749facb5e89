"""Furniture: what stands on the page around the article and is never part of it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

FURNITURE_TAGS = frozenset("nav footer header aside form".split())

# Words of class names and ids, whole between separators: `addtoany_list`, `views-related`, `node--view-mode-teaser`.
_FURNITURE_WORDS = (
    "addtoany sharethis share sharing social breadcrumb breadcrumbs cookie cookies eu-cookie-compliance megamenu menu nav "
    "navbar pager pagination related teaser search-card skip-link visually-hidden element-invisible sdg sdg-block print "
    "toolbox newsletter subscribe sidebar comments popup banner contextual node__meta node__links field__label "
    "field--name-field-tags field-name-field-tags field--name-dynamic-block-fieldnode-sdg-sorted"
)
_FURNITURE_CLASS = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    + "|".join(re.escape(word) for word in _FURNITURE_WORDS.split())
    + r")(?![A-Za-z0-9])",
    re.I,
)


def is_furniture(element: HtmlElement) -> bool:
    """Whether an element is furniture by its own tag, role, class or id; its text is never asked.

    An honest subheading may say "Who we are" or "Share": words alone condemn nothing.
    """
    if element.tag in FURNITURE_TAGS:
        return True
    names = element.get("class")
    if names and _FURNITURE_CLASS.search(names):
        return True
    marker = element.get("id")
    if marker and _FURNITURE_CLASS.search(marker):
        return True
    return element.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary")
