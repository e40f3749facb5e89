"""Our pages, one file each, and their addresses."""

from __future__ import annotations

from typing import Any

from archive.web.pages import article, front, months, people, raw, search, similar, versions

ROUTES: tuple[tuple[str, Any], ...] = (
    (r"^/$", front.page),
    (r"^/search$", search.page),
    (r"^/article/(?P<key>.+)$", article.page),
    (r"^/versions/(?P<id>\d+)$", versions.page),
    (r"^/similar/(?P<id>\d+)$", similar.page),
    (r"^/raw/(?P<id>\d+)$", raw.page),
    (r"^/raw/(?P<id>\d+)/page$", raw.rendered),
    (r"^/raw/(?P<id>\d+)/source$", raw.source),
    (r"^/months$", months.page),
    (r"^/people$", people.people_page),
    (r"^/person$", people.person_page),
    (r"^/offices$", people.offices_page),
    (r"^/office$", people.office_page),
    # Datasette's pages about itself: paths of this machine, installed packages, tools for its makers.
    (r"^/-/(?!static/|metadata).*$", front.closed),
)
"""Pattern of the address, function that answers it. They come before Datasette's own."""
