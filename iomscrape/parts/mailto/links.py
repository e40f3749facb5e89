"""The attributes of one parsed link: which addresses it leads to, and how they were mended."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from iomscrape.parts.mailto.addresses import (
    ADDRESS,
    INVISIBLE,
    QUOTES,
    addresses_in,
    decode_cfemail,
    has_address,
    repair,
    valid,
)
from iomscrape.records import Repair

LONGEST = 4000
"""Characters of an href that are looked at; a wrapped link has some hundreds."""


@dataclass(frozen=True, slots=True)
class MailLink:
    """What one link says: its addresses (lower case, valid, in order) and how they were mended."""

    addresses: tuple[str, ...]
    repairs: tuple[Repair, ...] = ()


Mend = Callable[[str], str]


def _pattern(pattern: str, replacement: str = "") -> Mend:
    """What puts ``replacement`` in the place of ``pattern``."""
    compiled = re.compile(pattern, re.I | re.S)

    def mend(href: str) -> str:
        return compiled.sub(replacement, href, count=1)

    def mend_start(href: str) -> str:
        found = compiled.match(href)
        return found.expand(replacement) + href[found.end() :] if found else href

    return mend_start if pattern.startswith("^") else mend


# --- rules that need more than one pattern ----------------------------------------------------


def _wrapped(host: str) -> Mend:
    def mend(href: str) -> str:
        if not href[:8].lower().startswith(("http://", "https://")) or host not in href[:200].lower():
            return href
        try:
            asked = parse_qsl(urlsplit(href).query)
        except ValueError:
            return href
        return next((value for _, value in asked if value.lower().startswith("mailto:")), href)

    return mend


def _cloudflare(href: str) -> str:
    before, _, code = href.partition("/cdn-cgi/l/email-protection#")
    address = decode_cfemail(code) if code and len(before) < 200 else None
    return f"mailto:{address}" if address else href


def _plain_characters(href: str) -> str:
    if href.isascii():
        return href
    plain = href.translate(INVISIBLE).translate(_PLAIN_HYPHENS)
    # Quotes stay: they are a wound of their own.
    return "".join(
        char if char in QUOTES or char.isspace() else unicodedata.normalize("NFKC", char) for char in plain
    )


_PLAIN_HYPHENS = {0x2010: "-", 0x2011: "-"}
_ENCODED = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});|%(?!25|0[ad])[2-7][0-9a-f]", re.I)
_ENCODED_QUOTE = re.compile(
    r"%2[27]|%E2%80%9[89A-F]|%C2%(?:AB|BB)|&(?:quot|apos|#3[49]|#x2[27]|[lr][sd]quo);", re.I
)


def _decoded(href: str) -> str:
    return _ENCODED.sub(lambda found: unquote(html.unescape(found.group())), href)


def _without_outer_quotes(quotes: str) -> Mend:
    edges = re.compile(rf"^(\s*(?:mailto:)?\s*)[{quotes}]+|[{quotes}]+\s*$", re.I)

    def mend(href: str) -> str:
        count = sum(href.count(quote) for quote in quotes)
        # mailto:"Jane Doe" x@iom.int: quotes around the name alone are no damage to the address.
        around_all = href.rstrip()[-1:] in quotes
        return edges.sub(lambda found: found.group(1) or "", href) if around_all or count % 2 else href

    return mend


_SPACE = r"(?:%20|%09|%C2%A0|%0[ad]|&nbsp;|&#160;|\s)"
_SPACES = re.compile(rf"{_SPACE}+", re.I)
_MAY_BE_SPACE = re.compile(r"[%&\s]")
_BREAK = re.compile(r"(?:<|%3c)br(?:\s|%20){0,3}/?(?:>|%3e)\s{0,9}", re.I)
_NAMED = re.compile(rf" ?(?:mailto:)? ?([^<>@]{{2,100}}?) ?[ <(\[{QUOTES}] ?({ADDRESS.pattern})\W*", re.I)


def _closed_up(href: str) -> str:
    spaced = (_SPACES.sub(" ", href) if _MAY_BE_SPACE.search(href) else href).strip()
    target = spaced[7:].strip() if spaced[:7].lower() == "mailto:" else spaced
    if "@" in target and not has_address(target):
        together = target.replace(" ", "")
        # One word before the @ only: of "Jane Doe @iom.int" nobody can tell the address.
        if target.partition("@")[0].strip().count(" ") == 0 and ADDRESS.fullmatch(together):
            target = together
    return f"mailto:{target}" if spaced[:7].lower() == "mailto:" else target


def _without_name(href: str) -> str:
    match = _NAMED.fullmatch(" ".join(href.split()))  # long runs of spaces would take it for ever
    named = match and any(char.isalpha() for char in match.group(1))
    return f"mailto:{match.group(2)}" if match and named else href


def _one_by_one(href: str) -> str:
    found = [match.group() for match in addresses_in(href)] if href.count("@") > 1 else ()
    return f"mailto:{','.join(found)}" if len(found) > 1 else href


_ATTRIBUTES = "target|title|class|style|rel|id|name|href|on[a-z]+|data-[a-z-]+"
_MISSPELLED = r"mailto\s{0,3}[;.,=]|(?:mail[\s-]to|mailt|mailo|maito|malto|mialto|e-?mail)\s{0,3}[:;=]"
_LINE_END = r"(?:%0[ad]|[\r\n])(?:%0[ad]|%20|\s){0,9}"
_OWN_PATH = r"(?:[a-z0-9.-]{0,60}iom\.int)?/?(?:[\w-]{1,100}/){0,6}(?<=/)"

LINK_RULES: tuple[tuple[str, str, Mend], ...] = (
    # https://eur02.safelinks.protection.outlook.com/?url=mailto%3Ax%40iom.int&data=…
    ("safelink", "?", _wrapped("safelinks.protection.outlook.com")),
    # https://mail.iom.int/owa/redir.aspx?C=1a2b&URL=mailto%3ax%40iom.int
    ("wrapped-link", "?", _wrapped("")),
    # /cdn-cgi/l/email-protection#c2afaeb7…
    ("cloudflare", "#", _cloudflare),
    # mailto:x@iom.int%0ABcc:y@example.org: whatever follows a line break would be a header of its own
    ("header-injection", "%\r\n", _pattern(rf"{_LINE_END}(?!mailto)[a-z-]{{2,20}}\s{{0,3}}(?::|%3a).*$")),
    ("header-injection", "%", _pattern(r"(@[^%\r\n]{3,255})(?:%0[ad])+(?=.*\w).*$", r"\1")),
    # mailto:x@iom.int>x@iom.int</a> … <a href=: no quote closed the value
    ("unclosed-quote", "<", _pattern(r"(@[a-z0-9.-]{3,255})[\s\"'>]{0,5}>[^<>]*<.*$", r"\1")),
    # mailto:?to=x@iom.int&subject=Press
    ("address-in-headers", "?", _pattern(r"^(\s*mailto:)[^@]{0,20}\?(?:[^@]{0,200}&)?to=([^&]{3,255}).*$", r"\1\2")),
    # mailto:x@iom.int?subject=Press&bcc=y@example.org: nobody must be made to write to a third party
    ("headers-dropped", "?%", _pattern(r"(?<=mailto:)([^?]{0,255})(?:\?|%3F).*$", r"\1")),
    ("headers-dropped", "?&", _pattern(r"((?:@|%40)[a-z0-9.-]{3,255})(?:[?]|&(?:amp;)?(?=(?:subject|b?cc|body)=)).*$", r"\1")),
    # ＠ and zero-width spaces, pasted from a word processor
    ("unusual-characters", "", _plain_characters),
    # mailto:x@iom.int target=_blank   mailto:x@iom.int%20target=%22_blank%22
    ("swallowed-attribute", "=", _pattern(rf"[\"'“”]?{_SPACE}+(?:{_ATTRIBUTES})\s*=.*$")),
    # mailto:<br />x@iom.int   mailto:%3Cbr%20/%3Ex@iom.int
    ("break-in-value", "<%", lambda href: _BREAK.sub("", href)),
    # %22mailto:x@iom.int%22   mailto:&quot;x@iom.int&quot; (encoded twice)
    ("encoded-quotes", "%&", lambda href: _ENCODED_QUOTE.sub("", href)),
    # “mailto:x@iom.int”
    ("curly-quotes", "“”„‟‘’‚«»", _without_outer_quotes("“”„‟‘’‚«»")),
    # "mailto:x@iom.int"   mailto:x@iom.int"
    ("quoted-address", "\"'`´", _without_outer_quotes("\"'`´")),
    # mailto: x@iom.int   mailto:%20x@iom.int   mailto:x@iom.int%20   mailto:x@iom.int&nbsp;   mailto:x @iom.int
    ("space-in-address", "", _closed_up),
    # mailto:x%40iom.int   mailto:x&#64;iom.int (encoded twice)
    ("encoded-characters", "&%", _decoded),
    # http://mailto:x@iom.int   //mailto:x@iom.int   http://www.mailto:x@iom.int
    ("http-before-mailto", "", _pattern(r"^\s*(?:https?:)?/{0,3}(?:www\.)?(?=mailto:)")),
    # http://x@iom.int
    ("http-before-address", "/", _pattern(rf"^\s*https?:/{{1,3}}({ADDRESS.pattern})/?$", r"mailto:\1")),
    # /news/mailto:x@iom.int   https://www.iom.int/news/mailto:x@iom.int   /news/"mailto:x@iom.int"
    ("resolved-address", "/", _pattern(rf"^(?:https?:/)?/?[^?#@\s]{{0,200}}?/[\s{QUOTES}]{{0,3}}(?=mailto:)")),
    # /news/x@iom.int   https://www.iom.int/news/x@iom.int
    ("resolved-address", "/", _pattern(rf"^(?:https?://)?{_OWN_PATH}(?={ADDRESS.pattern}$)", "mailto:")),
    # mail to:x@iom.int   maito:x@iom.int   mailto;x@iom.int   mailto.x@iom.int   e-mail:x@iom.int
    ("misspelled-scheme", "", _pattern(rf"^\s*(?:{_MISSPELLED})\s*(?!mailto:)", "mailto:")),
    # mailto:mailto:x@iom.int
    ("doubled-scheme", "", _pattern(r"^\s*(?:mailto:\s*){2,50}", "mailto:")),
    # mailto://x@iom.int
    ("slashes-after-scheme", "/", _pattern(r"^\s*mailto:\s*/{1,3}", "mailto:")),
    # mailto:a@iom.int,b@iom.int;c@iom.int
    ("several-addresses", "", _one_by_one),
    # mailto:<x@iom.int>   mailto:[x@iom.int]
    ("angle-brackets", "<([", _pattern(r"^(\s*(?:mailto:)?)\s*[<(\[]\s*([^\s<>]{3,320}?)\s*[>)\]]\s*$", r"\1\2")),
    # mailto:Jane Doe <x@iom.int>   mailto:"Jane Doe" x@iom.int
    ("name-in-address", f" \t\n\xa0<([{QUOTES}", _without_name),
    # mailto:x@iom.int.   mailto:x@iom.int)
    ("trailing-punctuation", "", lambda href: href.rstrip(" .,;:!?)>]}-/|*")),
    # x@iom.int
    ("missing-scheme", "", _pattern(rf"^(?={ADDRESS.pattern}$)", "mailto:")),
)  # fmt: skip
"""The wounds of an href in the order they are looked at: name, characters of which every href with it has one
(none: any href may have it), and what mends it."""

_CLEAN = re.compile(rf"mailto:({ADDRESS.pattern})", re.I)
_ADDRESS_AS_PATH = re.compile(
    rf"\s*(?:https?://)?(?:{ADDRESS.pattern}/?|{_OWN_PATH}{ADDRESS.pattern})\s*$", re.I
)
_NO_ROOM = re.compile("[\x00-\x20]+")
_SCRIPTS = ("javascript", "vbscript", "data:")


def is_mail(href: str, attributes: Mapping[str, str]) -> bool:
    """Whether a link leads to an address at all, however damaged. A script never does."""
    head = href[:LONGEST]
    at = "@" in head
    lowered = head.lower()
    if "mailto" in lowered or "email-protection#" in lowered or (at and "/" not in head):
        return not _NO_ROOM.sub("", lowered[:100]).startswith(_SCRIPTS)
    if at:
        return _ADDRESS_AS_PATH.match(head) is not None
    return (not href or head[:3] in ("<br", "“", '"')) and _named(attributes) is not None


def _named(attributes: Mapping[str, str]) -> str | None:
    """The attribute NAME that holds an address: what parsers make of ``href=""mailto:x@iom.int""``."""
    for name in attributes:
        if "@" in name and has_address(name[:LONGEST]):
            return name[:LONGEST]
    return None


def read_link(attributes: Mapping[str, str]) -> MailLink | None:
    """The addresses of a parsed link, or None if it is no mail link.

    ``attributes`` are those of the ``<a>``, all of them: some wounds leave the address in a NAME.
    """
    href = (attributes.get("href") or "")[:LONGEST]
    clean = _CLEAN.fullmatch(href)
    if clean:
        address = valid(clean.group(1))
        return MailLink((address,) if address else ())
    if not is_mail(href, attributes):
        return None
    repairs: list[Repair] = []
    if "@" not in href and (named := _named(attributes)) is not None:
        mended = named.strip(QUOTES)
        repairs.append(repair("doubled-quotes", f'href="{href}"{named}', mended))
        href = mended
    characters = set(href)
    for kind, needs, mend in LINK_RULES:
        if needs and characters.isdisjoint(needs):
            continue
        mended = mend(href)
        if mended != href:
            repairs.append(repair(kind, href, mended))
            href, characters = mended, set(mended)
            if "%" not in href and _CLEAN.fullmatch(href):
                break  # no rule would change it any more
    found = (valid(match.group()) for match in addresses_in(href))
    addresses = tuple(dict.fromkeys(address for address in found if address))
    return MailLink(addresses, tuple(repairs) if addresses else ())


def disagreement(addresses: tuple[str, ...], shown: str) -> Repair | None:
    """Where the visible text of a link is another address than the one it leads to: both are kept, and it is told.

    ``addresses`` are what the link leads to, ``shown`` is its text.
    """
    if "@" not in shown:
        return None
    seen = [address for match in addresses_in(shown[:LONGEST]) if (address := valid(match.group()))]
    if not addresses or not seen or set(seen) & set(addresses):
        return None
    return repair("link-and-text-disagree", f"mailto:{', '.join(addresses)}", ", ".join(seen))
