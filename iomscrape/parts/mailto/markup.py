"""The source of a page, before it is parsed: wounds that parsers make worse.

Only the surroundings of an ``@`` that has a ``mailto`` before it are looked at, and of a line break after
an ``=``; a page without wounds costs two fast scans. Every pattern is bounded, so that the worst page costs
time in proportion to its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from iomscrape.parts.mailto.addresses import ADDRESS, INVISIBLE, addresses_in, repair, valid
from iomscrape.parts.mailto.text import mend_text
from iomscrape.records import Repair

REACH = 400
"""Characters of a tag in which its address stands; longer tags are left to the parser."""
REGION = 1600
"""Characters of source that are looked at from the start of a suspect tag on."""

Match = re.Match[str]
_INLINE = r"</?(?:span|b|i|u|font|em|strong|wbr|br|small|big)\b[^<>]{0,150}>"
_TAG = re.compile(r"<[^<>]{0,300}>")
_MAIL_TAG = r"<a\s[^<>]{0,300}mailto:[^<>]{0,300}>"
_BREAK = re.compile(r"\s{0,40}<br\s{0,5}/?>\s{0,40}", re.I)


def _unbroken(match: Match) -> str:
    """A link tag without the line breaks that a filter put into it; one inside a value alone is no harm to it."""
    mended, *rest = _BREAK.split(match.group())
    outside = False
    for piece in rest:
        # Between two attributes a break was white space; after "=" and inside a value it was nothing.
        inside = mended.count('"') % 2 == 1
        outside = outside or not inside
        mended += ("" if inside or mended.endswith("=") else " ") + piece
    return mended if outside else match.group()


def _outer_address(tag: str) -> str | None:
    found = next(addresses_in(tag), None)
    return found.group().lower() if found and valid(found.group()) else None


def _once(match: Match) -> str:
    """The inner one of two nested links to the same address."""
    outer, inner = match.group(1), match.group(2)
    return inner if _outer_address(outer) == _outer_address(inner) else match.group()


def _whole(text: str) -> str:
    return re.sub(r"&(?:nbsp|shy|zwnj|zwj|#160|#173|#8203);|\s+", "", text.translate(INVISIBLE))


def _joined_text(match: Match) -> str:
    """A link whose text is its address, cut by tags or spaces: in one piece."""
    tag, content = match.group(1), match.group(2)
    address = _outer_address(tag)
    if address is None or address in content.lower():
        return match.group()
    whole = _whole(_TAG.sub("", content))
    return f"{tag}{whole}</a>" if whole.lower() == address else match.group()


def _joined_links(match: Match) -> str:
    """Two links to one address that each show half of it, as one link."""
    first, left, second, right = match.groups()
    address = _outer_address(first)
    whole = _whole(left + right)
    if address is None or _outer_address(second) not in (address, None) or whole.lower() != address:
        return match.group()
    return f"{first}{whole}</a>"


def _quoted(match: Match) -> str:
    return f"{match.group(1)}{match.group(2)}>" if "mailto" in match.group().lower() else match.group()


def _spamspan(match: Match) -> str:
    user, domain, name = match.group(1).strip(), match.group(2).strip(), match.group(3) or ""
    address = mend_text(f"{user} [at] {domain}")[0]
    if not ADDRESS.fullmatch(address):
        return match.group()
    return f'<span class="spamspan">{address}{name}</span>'


MARKUP_RULES: tuple[tuple[str, re.Pattern[str], str | Callable[[Match], str]], ...] = tuple(
    (kind, re.compile(pattern, re.I), mend)
    for kind, pattern, mend in (
        # <a href=<br />"mailto:x@iom.int" target="_blank" title=<br />"">: a line-break filter ran over the tag
        ("break-in-tag", r"<a(?=[\s<])(?:[^<>]{0,400}<br\s{0,5}/?>){1,6}[^<>]{0,400}>", _unbroken),
        # <a href=mailto:x@iom.int">
        (
            "missing-opening-quote",
            r"(<a\s(?:[^<>\"']|\"[^\"<>]{0,200}\"){0,200}?=\s{0,3})(mailto:[^\"'<>=]{3,300})([\"'])(?=\s{0,3}[>/]|\s{1,3}[a-z])",
            r"\1\3\2\3",
        ),
        # <a href="mailto:x@iom.int</a>
        (
            "unclosed-tag",
            rf"(<a\s[^<>\"]{{0,200}}\"\s{{0,3}}mailto:{ADDRESS.pattern})(?=\s{{0,3}}</a\s?>)",
            r'\1">',
        ),
        # <a href="mailto:x@iom.int"x@iom.int</a>
        (
            "unclosed-tag",
            rf"(<a\s[^<>\"]{{0,200}}\"\s{{0,3}}mailto:{ADDRESS.pattern}\")(?={ADDRESS.pattern}\s{{0,3}}</a\s?>)",
            r"\1>",
        ),
        # <a href="mailto:x@iom.int>x@iom.int</a> … <a href="/n">: the value goes on to the next quote
        (
            "unclosed-quote",
            r"(<a\s[^<>\"]{0,200}(?:\"[^\"<>]{0,300}\"[^<>\"]{0,200}){0,6}(\")[^\"<>]{1,300})>(?=[^\"<]{0,300}(?:<|\Z))",
            _quoted,
        ),
        (
            "unclosed-quote",
            r"(<a\s[^<>\"']{0,200}(?:'[^'<>]{0,300}'[^<>\"']{0,200}){0,6}(')[^'\"<>]{1,300})>(?=[^'<]{0,300}(?:<|\Z))",
            _quoted,
        ),
        # <a href="mailto:x@iom.int"><a href="mailto:x@iom.int">x@iom.int</a></a>
        ("link-in-link", rf"({_MAIL_TAG})\s{{0,5}}({_MAIL_TAG})", _once),
        # <a href="mailto:x@iom.int"><span>x</span> <span>@iom.int</span></a>
        ("split-text", rf"({_MAIL_TAG})((?:[^<>]|{_INLINE}){{1,400}}+)</a\s{{0,3}}>", _joined_text),
        # <a href="mailto:x@iom.int">x@</a><a href="mailto:x@iom.int">iom.int</a>
        (
            "split-text",
            rf"({_MAIL_TAG})([^<>]{{1,70}})</a\s{{0,3}}>\s{{0,3}}({_MAIL_TAG})([^<>]{{1,70}})</a\s{{0,3}}>",
            _joined_links,
        ),
        # <span class="spamspan"><span class="u">x</span><img alt="at" …><span class="d">iom [dot] int</span></span>
        (
            "spamspan",
            r"<span\s[^<>]{0,80}\bspamspan\b[^<>]{0,80}>\s{0,9}<span class=\"u\">([^<>]{1,90})</span>"
            r"(?:[^<>]|<img\b[^<>]{0,400}>){0,80}+<span class=\"d\">([^<>]{3,250})</span>"
            r"(?:<span class=\"h\">[^<>]{0,300}</span>)?(?:<span class=\"t\">([^<>]{0,200})</span>)?\s{0,9}</span>",
            _spamspan,
        ),
    )
)
"""The wounds of the source in the order they are looked at: name, pattern, what stands there afterwards."""

_BREAK_AFTER_EQUALS = re.compile(r"=\s{0,40}<[bB][rR]")
_SPAMSPAN = 'class="spamspan"'
# A whole sound link: its attributes quoted, its text an address in one piece or none at all.
_PLAIN = r"(?:[^<>@]{0,200}|\s{0,3}[^<>@&\s]{1,64}@[^<>@&\s]{1,200}\s{0,3})"
_SOUND = re.compile(
    r"<a(?:\s{1,9}[\w-]{1,30}\s{0,3}=\s{0,3}\"[^\"<>]{0,400}\"){1,9}\s{0,9}>"
    rf"(?:{_PLAIN}|<(strong|span|b|u|i|em|font)\b[^<>]{{0,150}}>{_PLAIN}</\1>)</a>(?!\s{{0,3}}<a\s)",
    re.I,
)
_SPELLINGS = ("ailto", "AILTO")


def mend_markup(source: str) -> tuple[str, tuple[Repair, ...]]:
    """``source`` with damaged link tags made whole, and what was done. Everything else stays as it is."""
    repairs: list[Repair] = []
    out: list[str] = []
    cursor = 0
    for start, end in _regions(source):
        out.extend((source[cursor:start], _mended(source[start:end], repairs)))
        cursor = end
    if not repairs:
        return source, ()
    out.append(source[cursor:])
    return "".join(out), tuple(repairs)


def _mended(region: str, repairs: list[Repair]) -> str:
    for kind, pattern, mend in MARKUP_RULES:

        def change(match: Match, kind: str = kind, mend: str | Callable[[Match], str] = mend) -> str:
            after = match.expand(mend) if isinstance(mend, str) else mend(match)
            if after != match.group():
                repairs.append(repair(kind, match.group(), after))
            return after

        region = pattern.sub(change, region)
    return region


def _regions(source: str) -> Iterator[tuple[int, int]]:
    """The stretches of source that hold a suspect link tag, in order and apart from each other."""
    cursor = 0
    for start in _suspects(source):
        if start < cursor:
            continue
        cursor = _region_end(source, start)
        yield start, cursor


def _region_end(source: str, start: int) -> int:
    # Up to where another link begins, so that no tag is cut.
    following = source.find("<a", start + REGION - REACH, start + REGION)
    return following if following > 0 else min(len(source), start + REGION)


def _suspects(source: str) -> list[int]:
    """Where suspect tags open, in order."""
    return sorted({*_mail_tags(source), *_broken_tags(source), *_spamspans(source)})


def _mail_tags(source: str) -> Iterator[int]:
    at, done = source.find("@"), 0
    while at >= 0:
        if source[at - 1] in '"}':  # "@type" of JSON-LD, }@media of minified styles
            at = source.find("@", at + 1)
            continue
        # Every mailto that an @ of this stretch can belong to.
        low, high = max(0, at - REACH), at + REGION
        for place in _mailtos(source, low, high):
            if place < done:
                continue
            opening = _last_opening(source, place)
            if opening < 0:
                continue
            sound = _SOUND.match(source, opening)
            if sound is None:
                yield opening
            done = sound.end() if sound else _region_end(source, opening)
        at = source.find("@", high)


def _mailtos(source: str, low: int, high: int) -> list[int]:
    """Where ``mailto`` stands in a stretch of source; looking up two spellings is much faster than a pattern."""
    places = []
    for way in _SPELLINGS:
        place = source.find(way, low, high)
        while place >= 0:
            places.append(place)
            place = source.find(way, place + 1, high)
    places.sort()
    return places


def _last_opening(source: str, place: int) -> int:
    low = max(0, place - REACH)
    return max(source.rfind("<a", low, place), source.rfind("<A", low, place))


def _broken_tags(source: str) -> Iterator[int]:
    for match in _BREAK_AFTER_EQUALS.finditer(source):
        opening = _last_opening(source, match.start())
        if opening >= 0:
            yield opening


def _spamspans(source: str) -> Iterator[int]:
    place = source.find(_SPAMSPAN)
    while place >= 0:
        yield max(source.rfind("<", max(0, place - REACH), place), 0)
        place = source.find(_SPAMSPAN, place + len(_SPAMSPAN))
