"""What an address on IOM's sites is: an article, a list of articles, or neither. Rules as data.

A new kind of article page is a line in :data:`ARTICLE_PATHS`, a new list of articles one in
:data:`LISTINGS`. Above each rule stands an address that it must match; the tests read the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

# /es /fr /ar /pt-br /zh-hans before a path: the language of menus and, mostly, of the text.
LANGUAGE_PREFIX = re.compile(r"^/(?P<lang>[a-z]{2}(?:-[a-z]{2,4})?)(?=/|$)")

ARTICLE_PATHS = tuple(
    re.compile(rule)
    for rule in (
        # /news/first-seminar-aims-mobilize   /news/droits-des-migrants/refugies-vulnerables
        r"^/(?:news|statements|stories|blogs?|press-releases?|speeches-talks)/(?!page/)[^/]{4,}(?:/[^/]+)*$",
        # /noticias/oim-abre-oficina   /comunicados/…   /actualites/…   /communiques/…
        r"^/(?:noticias|comunicados|historias|actualites|communiques|recits)/[^/]{4,}(?:/[^/]+)*$",
        # /node/113086
        r"^/node/\d+$",
    )
)
"""Paths of article pages, after the language prefix."""

EARLIER_PATHS = tuple(
    re.compile(rule)
    for rule in (
        # /jahia/Jahia/pbnAM/cache/offonce/lang/es?entryId=15402
        r"^/jahia/(?:[^?]*/)?cache/offonce[^?]*\?(?:[^#]*&)?entryId=\d+",
        # /cms/en/sites/iom/home/news-and-views/press-briefing-notes/pbn-2013/pbn-listing/slug.html
        r"^/cms/(?:[a-z]{2}/)?sites/[^?]*/(?:press-briefing-notes|news-releases|feature-stories)/[^?]+\.html?$",
    )
)
"""Paths, with their queries, that articles had before 2014. No site answers there today, but archives do."""

NOT_ARTICLES = tuple(
    re.compile(rule)
    for rule in (
        # /newsdesk/20160510: items of newspapers among IOM's own; a list, not an article
        r"^/newsdesk(?:/|$)",
        # /news/rss.xml   /news/feed   /stories/archive   /news/all
        r"^/[a-z-]+/(?:rss(?:\.xml)?|feed|archive|all|search)(?:/|$)",
        # /node/12/edit   /news/slug/amp   /news/slug/printable/print
        r"/(?:edit|delete|revisions|amp|print|printable|embed)(?:/|$)",
        # /sites/default/files/…   /admin/…   /user/…
        r"^/(?:sites|admin|user|themes|modules|core|files)/",
        # /news/report.pdf
        r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|svg|webp|mp[34]|xml|json|css|js|ics)$",
    )
)
"""Paths that look like articles and are none. They win."""

LISTINGS = (
    "/news",
    "/press-releases",
    "/statements",
    "/stories",
    "/blogs",
    "/search?type%5B0%5D=press_release&type%5B1%5D=featured_stories&type%5B2%5D=blog_list"
    "&created=All&sort_bef_combine=created_DESC",
)
"""Pages that list articles, newest first, with a ``page=N`` pager from 0; behind a language prefix too."""

_LISTS = frozenset({urlsplit(listing).path for listing in LISTINGS} | {"", "/index.html", "/robots.txt"})

SITEMAPS = ("/sitemap.xml",)
"""Asked for where robots.txt names none."""

FEEDS = ("/news/rss.xml", "/news/feed")
"""Asked for where the home page names none."""

# utm_source and its sisters, the click numbers of advertisers, and what share buttons add.
# The last ones are numbers of a visit, which make every link on every page a new address.
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_ga|ref|ref_src|share|hss_channel"
    r"|phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|sid|cfid|cftoken)$",
    re.IGNORECASE,
)

# /news/slug;jsessionid=0A1B   /(S(x3kq0z55yc))/news/slug: the same in a path
_SESSION_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sid)=[^/;?]*|/\([A-Z]\([^()/]+\)\)(?=/|$)", re.IGNORECASE
)

MAX_URL_LENGTH = 2048
"""Longer addresses are traps, or broken."""

MAX_REPEATS = 3
"""A path that holds one segment more often than this (/news/a/news/a/news/a/…) is a trap."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site of a run: where it answers, and which addresses are its own."""

    origin: str
    """``https://www.iom.int``: scheme, host and port, no path."""

    @property
    def key(self) -> str:
        """Host without ``www.``, and the port if it is not the scheme's own: ``iom.int``."""
        return site_key(self.origin)

    def owns(self, url: str) -> bool:
        """Whether the address is on this site (http and https, with and without ``www.``)."""
        return bool(self.key) and site_key(url) == self.key

    def address(self, url: str) -> str:
        """The address as this site would be asked for it: on its origin, clean, without fragment."""
        parts = urlsplit(url)
        return clean(self.origin + urlunsplit(("", "", parts.path or "/", parts.query, "")))


def start_address(text: str) -> str:
    """What a person types as a site -> an address: ``www.iom.int`` -> ``https://www.iom.int/``.

    Raises ValueError, with a line for that person, where no http(s) address can be made of it.
    """
    text = text.strip()
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{text!r} is no address of a site: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"{text!r} is no address of a site: only http and https are crawled")
    if (
        not host
        or re.search(r"[\s<>\"'\\]", host)
        or ("." not in host and ":" not in host and host != "localhost")
    ):
        raise ValueError(f"{text!r} is no address of a site; give one such as www.iom.int")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"The address of {host} holds a user name; give it without")
    return clean(url)


@lru_cache(maxsize=8192)
def site_key(url: str) -> str:
    """``http://www.iom.int:80/news`` -> ``iom.int``; empty where the address has no host or no http(s)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = parts.hostname.rstrip(".").removeprefix("www.")
    return host if port in (None, 80, 443) else f"{host}:{port}"


def origin(url: str) -> str:
    """Scheme, host and port of an address, in lower case."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def clean(url: str) -> str:
    """The address without fragment, tracking, session and trailing slash, percent-encoded one way."""
    parts = urlsplit(url)
    query = parts.query and urlencode(
        [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
    )
    path = quote(unquote(_SESSION_IN_PATH.sub("", parts.path)), safe="/:@!$&'()*+,;=~-._") or "/"
    if len(path) > 1:
        path = path.rstrip("/") or "/"
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, query, ""))


def key(url: str) -> str:
    """What two addresses of one page have in common: no scheme, no ``www.``, no trailing slash."""
    parts = urlsplit(clean(url))
    return f"{site_key(url)}{parts.path.rstrip('/')}{'?' if parts.query else ''}{parts.query}"


def join(base: str, href: str) -> str | None:
    """An absolute http(s) address from a link, or None where it is none."""
    try:
        url = urljoin(base, href.strip())
        return url if site_key(url) and len(url) <= MAX_URL_LENGTH else None
    except ValueError:
        return None


def language(url: str) -> str | None:
    """The language prefix of the path: ``/es/news/slug`` -> ``es``."""
    found = LANGUAGE_PREFIX.match(urlsplit(url).path)
    return found["lang"] if found else None


def is_article(url: str) -> bool:
    """Whether the path is that of an article page. The query does not count."""
    try:
        path = LANGUAGE_PREFIX.sub("", unquote(urlsplit(url).path), count=1).rstrip("/")
    except ValueError:  # https://[www.iom.int/
        return False
    if len(url) > MAX_URL_LENGTH or any(rule.search(path.lower()) for rule in NOT_ARTICLES):
        return False
    segments = path.split("/")
    if any(segments.count(segment) > MAX_REPEATS for segment in segments):
        return False
    return any(rule.match(path) for rule in ARTICLE_PATHS)


def was_article(url: str) -> bool:
    """Whether the address is, or before 2014 was, that of an article page: for sources that are archives."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    full = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
    return is_article(url) or (len(url) <= MAX_URL_LENGTH and any(r.match(full) for r in EARLIER_PATHS))


def is_office_of(site: Site, url: str) -> bool:
    """Whether the address is on the site of an office of this one: ``mena.iom.int`` of ``iom.int``."""
    host, _, port = site_key(url).partition(":")
    above, _, own_port = site.key.partition(":")
    return port == own_port and host.endswith(f".{above}")


def article_address(site: Site, url: str) -> str:
    """The address of an article page on its site, without any query: one article has one address."""
    return site.address(url).partition("?")[0]


def may_hold_article(url: str) -> bool:
    """Whether a page kept by somebody may hold an article: all but home pages, our lists, and files.

    Wider than :func:`is_article`, because addresses of before 2014 followed other rules.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    path = LANGUAGE_PREFIX.sub("", unquote(parts.path), count=1).rstrip("/").lower()
    if not site_key(url):
        return parts.scheme in ("file", "urn")
    return path not in _LISTS and not any(rule.search(path) for rule in NOT_ARTICLES)
