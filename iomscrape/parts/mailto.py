"""Mending damaged mail links: a small library of its own, one rule a wound.

Three kinds of place hold a damaged address, and each has its function:

* :func:`mend_markup` - the source of a page, before it is parsed (a line break inside the tag);
* :func:`read_link` - the attributes of one parsed link (quotes, doubled schemes, wrappers …);
* :func:`mend_text` - visible text, where markup has become words (dumps, escaped markup, ``[at]``).

Every change is told as a :class:`~iomscrape.records.Repair`. Nothing here ever raises, guesses an
address that is not on the page, or looks anything up. Patterns are linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from iomscrape.records import Repair

ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
"""An address standing in text. ASCII only: letters of other scripts beside it belong to the text."""

INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x202A, 0x202C])
"""Characters that take no room: soft hyphen, zero-width space and joiners, direction marks."""

_QUOTES = "\"'`´“”„‟‘’‚«»"


@dataclass(frozen=True, slots=True)
class MailLink:
    """What one link says: its addresses (lower case, valid, in order) and how they were mended."""

    addresses: tuple[str, ...]
    repairs: tuple[Repair, ...] = ()


@lru_cache(maxsize=4096)
def valid(address: str) -> str | None:
    """The address in lower case if its form is valid (RFC 5321 through email-validator), else None."""
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


def decode_cfemail(code: str) -> str | None:
    """The address in Cloudflare's ``data-cfemail``: hex bytes, each XORed with the first one."""
    try:
        key, *rest = bytes.fromhex(code.strip())
        return bytes(byte ^ key for byte in rest).decode("utf-8").strip() or None
    except ValueError:
        return None


# --- in the source of a page ------------------------------------------------------------------

# <a href=<br />"mailto:x@iom.int" target="_blank" title=<br />"">: a line-break filter ran over the tag.
_BROKEN_TAG = re.compile(r"<a\s(?:[^<>]{0,400}?=\s{0,40}<br\s{0,5}/?>\s{0,40}){1,4}[\"'“][^<>]{0,400}>", re.I)
_BREAK = re.compile(r"=\s{0,40}<br\s{0,5}/?>\s{0,40}", re.I)
_HAS_BREAK = re.compile(r"=\s{0,40}<br", re.I)


def mend_markup(source: str) -> tuple[str, tuple[Repair, ...]]:
    """``source`` with line breaks taken out of link tags, and what was done."""
    if not _HAS_BREAK.search(source):
        return source, ()
    repairs: list[Repair] = []

    def mend(match: re.Match[str]) -> str:
        after = _BREAK.sub("=", match.group())
        repairs.append(_repair("break-in-tag", match.group(), after))
        return after

    return _BROKEN_TAG.sub(mend, source), tuple(repairs)


# --- in the attributes of a link --------------------------------------------------------------


def _safelink(href: str) -> str:
    # https://eur02.safelinks.protection.outlook.com/?url=mailto%3Ax%40iom.int&data=…
    if "safelinks.protection.outlook.com" not in href[:200].lower():
        return href
    try:
        return parse_qs(urlsplit(href).query).get("url", [href])[0]
    except ValueError:
        return href


def _cloudflare(href: str) -> str:
    # /cdn-cgi/l/email-protection#c2afaeb7…
    before, _, code = href.partition("/cdn-cgi/l/email-protection#")
    address = decode_cfemail(code) if code and len(before) < 200 else None
    return f"mailto:{address}" if address else href


def _plain_characters(href: str) -> str:
    # Full-width ＠ and zero-width spaces, pasted from a word processor.
    return unicodedata.normalize("NFKC", href.translate(INVISIBLE)) if not href.isascii() else href


def _without_quotes(href: str) -> str:
    bare = re.sub("%2[27]", '"', href).strip()
    return bare.strip(_QUOTES) if bare[:1] in _QUOTES or bare[-1:] in _QUOTES else href


def _pattern(pattern: str, replacement: str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.I)
    return lambda href: compiled.sub(replacement, href, count=1)


LINK_RULES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("safelink", _safelink),
    ("cloudflare", _cloudflare),
    ("unusual-characters", _plain_characters),
    # "mailto:x@iom.int"   “mailto:x@iom.int”   %22mailto:x@iom.int%22
    ("quoted-address", _without_quotes),
    # http://mailto:x@iom.int
    ("http-before-mailto", _pattern(r"^\s*https?:/{0,3}(?=mailto:)", "")),
    # /news/mailto:x@iom.int   https://www.iom.int/news/mailto:x@iom.int
    ("resolved-address", _pattern(r"^(?:https?:/)?/?[^?#@\s]{0,200}?/(?=mailto:)", "")),
    # mailto:mailto:x@iom.int
    ("doubled-scheme", _pattern(r"^\s*(?:mailto:\s*){2,}", "mailto:")),
    # mailto://x@iom.int
    ("slashes-after-scheme", _pattern(r"^\s*mailto:\s*/{1,3}", "mailto:")),
    # mailto:x@iom.int?subject=Press&bcc=y@example.org: nobody must be made to write to a third party
    ("headers-dropped", _pattern(r"(?<=@)([^?]{3,255})\?.*$", r"\1")),
    # mailto: x@iom.int   mailto:%20x@iom.int   mailto:x@iom.int%20
    (
        "space-in-address",
        lambda href: re.sub(r"(?:%20|%C2%A0|%09|\s)+", " ", href).strip().replace(": ", ":", 1),
    ),
    # mailto:x@iom.int.
    ("trailing-punctuation", lambda href: href.rstrip(" .,;:!)>]")),
    # x@iom.int
    ("missing-scheme", _pattern(r"^(?=[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@[A-Za-z0-9.-]{3,255}$)", "mailto:")),
)
"""The wounds of an href in the order they are looked at: name, and what mends it."""


def is_mail(href: str, attributes: Mapping[str, str]) -> bool:
    """Whether a link leads to an address at all, however damaged."""
    lowered = href[:2000].lower()
    if "mailto" in lowered or "email-protection" in lowered:
        return True
    if not href or "@" in lowered:
        return ("@" in lowered and "/" not in lowered) or any(
            name.startswith("mailto:") for name in attributes
        )
    return False


def read_link(attributes: Mapping[str, str]) -> MailLink | None:
    """The addresses of a parsed link, or None if it is no mail link.

    ``attributes`` are those of the ``<a>``; ``href=""mailto:x@iom.int""`` leaves the address in the
    NAME of an attribute, so names are looked at too.
    """
    href = attributes.get("href") or ""
    if not is_mail(href, attributes):
        return None
    repairs: list[Repair] = []
    named = next((name for name in attributes if name.startswith("mailto:")), None)
    if named and "@" not in href:
        repairs.append(_repair("doubled-quotes", f'href=""{named}', named.strip(_QUOTES)))
        href = named.strip(_QUOTES)
    for kind, mend in LINK_RULES:
        mended = mend(href)
        if mended != href:
            if kind != "missing-scheme" or not repairs:
                repairs.append(_repair(kind, href, mended))
            href = mended
    target = re.sub(r"^\s*mailto:", "", unquote(href), flags=re.I)
    addresses = [valid(found.group()) for found in ADDRESS.finditer(target[:2000])]
    known = tuple(dict.fromkeys(address for address in addresses if address))
    return MailLink(known, tuple(repairs) if known else ())


# --- in visible text --------------------------------------------------------------------------

_ADDR = ADDRESS.pattern
_LOCAL = r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9][A-Za-z0-9._%+'-]{0,63})"
_AT = r"\s{0,3}[\[({<]\s{0,3}(?:at|arroba|arobase|@|собака|chiocciola)\s{0,3}[\])}>]\s{0,3}"
_DOT = r"(?:\s{0,3}[\[({<]\s{0,3}(?:dot|punto|point|ponto|punkt|точка|\.)\s{0,3}[\])}>]\s{0,3}|\.)"


def _spelled(match: re.Match[str]) -> str:
    domain = re.sub(_DOT, ".", match.group(2), flags=re.I)
    return f"{match.group(1)}@{domain}"


def _dumped(match: re.Match[str]) -> str:
    address, shown = match.group(1), match.group(2) or ""
    if not shown or shown.lower() == address.lower():
        return address
    return f"{address} {shown}"


def _escaped(match: re.Match[str]) -> str:
    address, shown = match.group(1), match.group(2).strip()
    return shown if address.lower() in shown.lower() or not shown else f"{shown} {address}"


TEXT_RULES: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    # <a href="mailto:x@iom.int">x@iom.int</a>, shown as text
    (
        "escaped-markup",
        re.compile(
            rf"<a\s[^<>]{{0,200}}?mailto:\s{{0,3}}({_ADDR})[^<>]{{0,300}}>([^<>]{{0,300}})</a\s{{0,3}}>", re.I
        ),
        _escaped,
    ),
    # "mailto:x@iom.int">x@iom.int   "mailto:x@iom.int" target="_blank" title=⏎"">x@iom.int
    (
        "break-in-tag",
        re.compile(
            rf"[{_QUOTES}]{{0,2}}\s{{0,3}}mailto:\s{{0,3}}({_ADDR})[{_QUOTES}]{{0,2}}"
            rf"(?:\s{{1,40}}[a-z]{{2,12}}\s{{0,3}}=\s{{0,40}}[{_QUOTES}][^<>\n{_QUOTES}]{{0,80}}[{_QUOTES}]){{0,4}}"
            rf"\s{{0,40}}>\s{{0,3}}({_ADDR})?",
            re.I,
        ),
        _dumped,
    ),
    # mailto:x@iom.int, as text
    (
        "scheme-in-text",
        re.compile(rf"(?<![A-Za-z])mailto:\s{{0,3}}({_ADDR})", re.I),
        lambda match: match.group(1),
    ),
    # x [at] iom.int   x(at)iom[dot]int
    (
        "at-in-words",
        re.compile(
            rf"{_LOCAL}{_AT}((?:[A-Za-z0-9-]{{1,63}}{_DOT}){{1,5}}[A-Za-z]{{2,24}})(?![A-Za-z0-9-])", re.I
        ),
        _spelled,
    ),
    # x@iom [dot] int
    (
        "dot-in-words",
        re.compile(
            rf"{_LOCAL}@((?:[A-Za-z0-9-]{{1,63}}{_DOT}){{0,4}}[A-Za-z0-9-]{{1,63}}"
            rf"\s{{0,3}}[\[({{]\s{{0,3}}(?:dot|punto|point|ponto)\s{{0,3}}[\])}}]\s{{0,3}}[A-Za-z]{{2,24}})",
            re.I,
        ),
        _spelled,
    ),
)
"""The wounds of visible text: name, pattern, what stands there afterwards."""

_SUSPECT = re.compile(
    r"mailto:|[\[({<]\s{0,3}(?:at|arroba|arobase|@|собака|chiocciola|dot|punto)\s{0,3}[\])}>]|＠", re.I
)


def mend_text(text: str) -> tuple[str, tuple[Repair, ...]]:
    """``text`` with damaged addresses made plain, and what was done.

    Only what looks like an address is touched; every other character stays as printed.
    """
    repairs: list[Repair] = []
    if "@" in text or "＠" in text:
        text = _plain_addresses(text, repairs)
    if not _SUSPECT.search(text):
        return text, tuple(repairs)
    for kind, pattern, mend in TEXT_RULES:

        def change(match: re.Match[str], kind: str = kind, mend: Callable[..., str] = mend) -> str:
            after = mend(match)
            repairs.append(_repair(kind, match.group(), after))
            return after

        text = pattern.sub(change, text)
    return text, tuple(repairs)


_ODD = re.compile("[^\\s\"'<>()]{0,80}[@＠][^\\s\"'<>()]{0,120}")
_ODD_CHARACTERS = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff＠．]")


def _plain_addresses(text: str, repairs: list[Repair]) -> str:
    if not _ODD_CHARACTERS.search(text):
        return text

    def change(match: re.Match[str]) -> str:
        before = match.group()
        after = unicodedata.normalize("NFKC", before.translate(INVISIBLE))
        if after == before or not ADDRESS.search(after):
            return before
        repairs.append(_repair("unusual-characters", before, after))
        return after

    return _ODD.sub(change, text)


def _repair(kind: str, before: str, after: str) -> Repair:
    return Repair(kind=kind, before=before[:500], after=after[:500], where="contact")
