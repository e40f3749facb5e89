"""Addresses that brought no capture, and why, in words that stay the same over the years."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """An address, or a file, that should have brought something and did not."""

    url: str
    """The address that was asked for, or the file and the place in it."""
    reason: str
    """A short stable code, as in :data:`REASONS`."""
    detail: str
    """A sentence for a person."""
    site: bool = False
    """Whether the whole site could not be walked, not one page of it."""


REASONS = {
    "robots": "The site's robots.txt forbids it.",
    "off-site": "It leads to a host that this run was not given.",
    "rate-limited": "The site asked for a longer pause than we wait (429 or 503).",
    "challenge": "The site answered with a challenge for browsers.",
    "forbidden": "The site answered 401 or 403.",
    "dns": "The host name could not be resolved.",
    "no-such-site": "There is no such host; the list of sites holds it because others are named so.",
    "refused": "The host refused the connection.",
    "timeout": "The host did not answer in time.",
    "tls": "No trusted encrypted connection could be made.",
    "network": "The connection broke.",
    "cut-off": "The answer ended before its announced length.",
    "bad-encoding": "The answer is not what its Content-Encoding says.",
    "too-large": "The answer is larger than DOWNLOAD_MAXSIZE.",
    "redirect-loop": "It redirects too often.",
    "moved-away": "It redirects to a page that is no article.",
    "http": "The site answered with an error.",
    "bad-sitemap": "The sitemap or feed cannot be read.",
    "too-many": "The site has more addresses than IOMSCRAPE_MAX_URLS; the rest was left.",
    "too-deep": "Pages lead to pages further than IOMSCRAPE_MAX_DEPTH; the rest was left.",
    "alike": "More links than IOMSCRAPE_MAX_ALIKE differ in their numbers only; the rest was left.",
    "no-captures": "The archive that was asked has no capture of an article there.",
    "bad-list": "The archive's list of captures cannot be read.",
    "not-replayable": "The archive lists this capture, but does not give it out.",
    "other-capture": "The archive gives another capture in place of the one that it lists.",
}
"""Every reason for an address that brought no capture, with its meaning."""

REFUSALS = frozenset({"robots", "rate-limited", "challenge", "forbidden"})
"""Reasons that mean: the site does not want us."""


def moved_away(url: str, target: str) -> Unfetched:
    """An article's address that leads to the home page or to a list, as withdrawn ones often do."""
    return Unfetched(
        url=url, reason="moved-away", detail=f"It redirects to {target[:200]}, which is no article."
    )


def led_nowhere(url: str, target: str) -> Unfetched:
    """A redirect that cannot be followed: to ``file:`` and the like, or to nothing."""
    detail = f"It redirects to {target[:200] or 'nothing'}, which is no web address."
    return Unfetched(url=url, reason="off-site", detail=detail)


def reason_of_status(status: int, headers: dict[str, str], start: bytes) -> tuple[str, str] | None:
    """Reason and detail for an answer that is no page (4xx, 5xx, challenges); None for a page.

    ``headers`` by lower-case name, ``start`` the first few kilobytes of the body.
    """
    lowered = start[:4096].lower()
    challenged = (
        "challenge" in headers.get("cf-mitigated", "")  # Cloudflare
        or "challenge" in headers.get("x-amzn-waf-action", "")  # Amazon
        or any(title in lowered for title in _CHALLENGE_TITLES)
        or (status in (403, 429, 503) and any(sign in lowered for sign in _CHALLENGE_SIGNS))
    )
    if challenged:
        return "challenge", f"{REASONS['challenge']} ({status})"
    if status in (401, 403):
        return "forbidden", f"The site answered {status}."
    if status == 429:
        return "rate-limited", f"The site answered {status}, also when asked again."
    if status >= 400:
        return f"http-{status}", f"The site answered {status}."
    return None


_CHALLENGE_TITLES = (b"<title>just a moment...</title>", b"<title>attention required! | cloudflare</title>")
# These stand in honest pages, too, so they count only beside an error.
_CHALLENGE_SIGNS = (b"/cdn-cgi/challenge-platform/", b"_incapsula_resource", b"captcha")
