"""Visible text, where markup has become words: dumps, escaped markup, ``[at]``."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from iomscrape.parts.contact_words import MAIL_LABELS
from iomscrape.parts.mailto.addresses import ADDRESS, INVISIBLE, LOCAL, QUOTES, TOP, repair, valid
from iomscrape.parts.mailto.links import disagreement
from iomscrape.records import Repair

_ADDR = ADDRESS.pattern
_AT_WORDS = "at|arroba|arobase|@|собака|chiocciola"
_AT = rf"\s{{0,3}}[\[({{<]\s{{0,3}}(?:{_AT_WORDS})\s{{0,3}}[\])}}>]\s{{0,3}}"
_DOT = r"(?:\s{0,3}[\[({<]\s{0,3}(?:dot|punto|point|ponto|punkt|точка|\.)\s{0,3}[\])}>]\s{0,3}|\.)"
_WORD_DOT = r"\s{0,3}[\[({<]\s{0,3}(?:dot|punto|point|ponto|punkt|точка|\.)\s{0,3}[\])}>]\s{0,3}"

Match = re.Match[str]


def _spelled(match: Match) -> str:
    local, domain = (re.sub(_DOT, ".", part, flags=re.I) for part in match.group(1, 2))
    return f"{local}@{domain}"


def _linked(match: Match) -> str:
    """A link made of an address and the text it shows; both are kept, one of two equal ones."""
    address, shown = match.group(1), " ".join((match.group(2) or "").split())
    if not shown or address.lower() in shown.lower():
        return shown or address
    return f"{shown} {address}"


def _dumped(match: Match) -> str:
    address, shown, name = match.group(1), match.group(2), match.group(3)
    if shown:
        return address if shown.lower() == address.lower() else f"{address} {shown}"
    if name:
        return f"{name.strip()} {address}"
    # The text goes on at once: …"mailto:x@iom.int">Jane Doe, Tel: …
    return f"{address} "


def _first(match: Match) -> str:
    return match.group(1)


def _bracketed(match: Match) -> str:
    before, address = match.group(1), match.group(2)
    if before and before.lower() == address.lower():
        return before
    return f"{before} {address}" if before else address


def _linked_back(match: Match) -> str:
    shown, address = match.group(1), match.group(2)
    return shown if address.lower() in shown.lower() else f"{shown} {address}".strip()


def _decoded(match: Match) -> str:
    return _ENCODED_DOT.sub(".", _ENCODED_AT.sub("@", match.group()))


def _unescaped(match: Match) -> str:
    return _SHOWN_LINK.sub(_linked, html.unescape(match.group()))


def _labelled(match: Match) -> str:
    return match.group(1) + f"{match.group(2)}@{match.group(3)}".replace(" ", "")


@dataclass(frozen=True, slots=True)
class TextRule:
    """One wound of visible text: its name, what gives it away, and what stands there afterwards."""

    kind: str
    signs: tuple[str, ...]
    """Strings of which one stands in every text with the wound; looking them up is fast."""
    sign: re.Pattern[str] | None
    """What stands there besides, if the strings stand in sound texts, too."""
    pattern: re.Pattern[str]
    mend: Callable[[Match], str]

    def may_change(self, text: str) -> bool:
        """Whether the wound may be in a text at all."""
        for sign in self.signs:  # half the time of any()
            if sign in text:
                return self.sign is None or self.sign.search(text) is not None
        return False


def _rule(
    kind: str, signs: tuple[str, ...], pattern: str, mend: Callable[[Match], str], *, sign: str = ""
) -> TextRule:
    return TextRule(kind, signs, re.compile(sign) if sign else None, re.compile(pattern, re.I), mend)


_MAILTO = ("mailto:", "MAILTO:", "Mailto:", "MailTo:")
_BRACKETS = ("(", "[", "{", "<")
_LINK_ATTRIBUTE = rf"\s{{1,40}}[a-z]{{2,12}}\s{{0,3}}=\s{{0,40}}[{QUOTES}][^<>\n{QUOTES}]{{0,80}}[{QUOTES}]"
_LINK_TEXT = (
    rf"(?:\s{{0,3}}({_ADDR})(?:</a\s?>)?"
    r"|[ \t]{0,3}([^\W\d_][^<>@\n:,;]{1,60})(?:</a\s?>|(?=\s{0,3}(?:\n|\Z)))"
    r"|\s{0,3})"
)
_SPELLED_LOCAL = rf"({LOCAL}(?:{_WORD_DOT}[A-Za-z0-9._%+'-]{{1,64}}){{0,4}})"
_SHOWN_LINK = re.compile(
    rf"<a\s[^<>@]{{0,200}}?mailto:\s{{0,3}}({_ADDR})[^<>]{{0,300}}>([^<>]{{0,300}})</a\s{{0,3}}>", re.I
)
_ENCODED_AT = re.compile("&#64;|&#x40;|&commat;|%40", re.I)
_ENCODED_DOT = re.compile("&#46;|&#x2e;|&period;|%2e", re.I)

TEXT_RULES: tuple[TextRule, ...] = (
    # x&#64;iom.int   x%40iom.int   x@iom&#46;int (encoded twice)
    _rule(
        "encoded-characters",
        ("&#", "&commat;", "&period;", "%40", "%2"),
        rf"{LOCAL}(?:@|{_ENCODED_AT.pattern})(?:[A-Za-z0-9-]{{1,63}}(?:\.|{_ENCODED_DOT.pattern})){{1,6}}{TOP}",
        _decoded,
    ),
    # &lt;a href="mailto:x@iom.int"&gt;x@iom.int&lt;/a&gt; (escaped twice)
    _rule("escaped-markup", ("&lt;a", "&lt;A"), r"&lt;a\s(?:(?!&lt;)[^\n]){1,500}&lt;/a\s?&gt;", _unescaped),
    # <a href="mailto:x@iom.int">x@iom.int</a>, shown as text
    _rule("escaped-markup", ("<a", "<A"), _SHOWN_LINK.pattern, _linked),
    # [x@iom.int](mailto:x@iom.int): a link in Markdown
    _rule(
        "markdown-link",
        ("](mailto:",),
        rf"\[([^\[\]\n]{{0,100}})\]\(mailto:({_ADDR})[^()\s]{{0,200}}\)",
        _linked_back,
    ),
    # "http://www.example.org/a" target="_blank" title=⏎"">the report: a web link that the filter broke; its text stays
    _rule(
        "break-in-tag",
        ('"http', "“http"),
        rf"[\"“]https?://[^\s<>\"“”]{{3,500}}[\"”](?:{_LINK_ATTRIBUTE}){{0,4}}\s{{0,3}}>(?=[^<>\n]{{1,200}}(?:\n|\Z|</a>))\s{{0,3}}",
        lambda _: "",
    ),
    # x@iom.int<mailto:x@iom.int>   Jane Doe [mailto:x@iom.int]: what Outlook makes of a link
    _rule(
        "mailto-in-brackets",
        _MAILTO,
        rf"(?:({_ADDR})\s{{0,3}})?[<\[(]\s{{0,3}}mailto:\s{{0,3}}({_ADDR})[^\s<>\[\]()]{{0,200}}[>\])]",
        _bracketed,
        sign=r"[<\[(]\s{0,3}(?i:mailto:)",
    ),
    # "mailto:x@iom.int">x@iom.int   "mailto:x@iom.int" target="_blank" title=⏎"">x@iom.int
    _rule(
        "break-in-tag",
        _MAILTO,
        rf"(?=[<m{QUOTES}])(?:<a\s{{1,3}}href\s?=\s{{0,3}})?(?:[{QUOTES}]{{1,2}}\s{{0,3}})?(?:mailto:\s{{0,3}}){{1,9}}({_ADDR})"
        rf"(?:\?[^\s<>\"]{{0,300}})?[{QUOTES}]{{0,2}}(?:{_LINK_ATTRIBUTE}){{0,4}}\s{{0,40}}>{_LINK_TEXT}",
        _dumped,
    ),
    # mailto:x@iom.int?subject=Press, as text
    _rule(
        "scheme-in-text",
        _MAILTO,
        rf"(?<![A-Za-z])(?:mailto:(?:\s|%20){{0,3}}){{1,9}}({_ADDR})(?:\?(?:subject|b?cc|body)=[^\s<>\"]{{0,300}})?",
        _first,
    ),
    # x [at] iom.int   x(at)iom[dot]int   first[dot]last[at]iom[dot]int
    _rule(
        "at-in-words",
        _BRACKETS,
        rf"{_SPELLED_LOCAL}{_AT}((?:[A-Za-z0-9-]{{1,63}}{_DOT}){{1,5}}{TOP})",
        _spelled,
        sign=rf"(?i)[\[({{<]\s{{0,3}}(?:{_AT_WORDS})\s{{0,3}}[\])}}>]",
    ),
    # x@iom [dot] int
    _rule(
        "dot-in-words",
        _BRACKETS,
        rf"({LOCAL})@((?:[A-Za-z0-9-]{{1,63}}{_DOT}){{0,4}}[A-Za-z0-9-]{{1,63}}{_WORD_DOT}{TOP})",
        _spelled,
        sign=r"(?i)[\[({<]\s{0,3}(?:dot|punto|point|ponto|punkt|точка|\.)\s{0,3}[\])}>]",
    ),
    # E-mail: x @ iom.int
    _rule(
        "space-in-address",
        ("@",),
        rf"(?<![^\W_])((?:{MAIL_LABELS})\s?[:：]\s{{0,3}})([A-Za-z0-9][A-Za-z0-9._%+'-]{{0,63}}) ?@ ?"
        rf"((?:[A-Za-z0-9-]{{1,63}} ?\.){{1,5}} ?{TOP})",
        _labelled,
        sign=r"@(?:\s|(?<=\s@)|[\w-]{1,63} \.)",
    ),
)
"""The wounds of visible text in the order they are looked at."""

_BRACKETED_AT = re.compile(rf"[\[({{<]\s{{0,3}}(?:{_AT_WORDS})\s{{0,3}}[\])}}>]", re.I)
PASSES = 4
"""A wound can hide another one; no page needs more rounds."""


def _is_suspect(text: str) -> bool:
    """A cheap look: nearly every block of every page ends here."""
    if "@" in text or "＠" in text:
        return True
    if ("[" in text or "(" in text or "{" in text or "<" in text) and _BRACKETED_AT.search(text):
        return True
    if ("&" in text or "%40" in text) and _ENCODED_AT.search(text):
        return True
    return ">" in text and ('"http' in text or "“http" in text)


LARGEST = 2_000_000
"""Characters of a text above which nothing is mended: it is no press note, and each rule costs a second for some MB."""


def mend_text(text: str) -> tuple[str, tuple[Repair, ...]]:
    """``text`` with damaged addresses made plain, and what was done.

    Only what looks like an address is touched; every other character stays as printed. Mending what
    is mended changes nothing. A text above LARGEST stays as it is.
    """
    if len(text) > LARGEST or not _is_suspect(text):
        return text, ()
    repairs: list[Repair] = []
    for _ in range(PASSES):
        before = text
        text = _plain_characters(text, repairs)
        for rule in TEXT_RULES:
            if rule.may_change(text):
                text = rule.pattern.sub(partial(_change, rule, repairs), text)
        if text == before:
            break
    return text, tuple(repairs)


def _change(rule: TextRule, repairs: list[Repair], match: Match) -> str:
    before, after = match.group(), rule.mend(match)
    if after == before or _loses(before, after):
        return before
    # Nothing that stood apart before may grow together now.
    if match.start() and _WORD_END.match(match.string, match.start() - 1) and after[:1].isalnum():
        after = f" {after}"
    if _WORD_END.match(match.string, match.end()) and after[-1:].isalnum():
        after += " "
    repairs.append(repair(rule.kind, before, after))
    if rule.kind in ("escaped-markup", "break-in-tag", "mailto-in-brackets", "markdown-link"):
        # Two different addresses in one link.
        found = [address for one in ADDRESS.finditer(after) if (address := valid(one.group()))]
        if len(found) == 2 and (marked := disagreement((found[1],), found[0])):
            repairs.append(marked)
    return after


_WORD_END = re.compile("[A-Za-z0-9@]")
_WIDE = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0e\uff20\uff0d\uff3f\ufe6b"
_UNSEEN = "\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
_ODD_CHARACTERS = re.compile(f"[\u2010\u2011{_WIDE}{_UNSEEN}]")
_ODD = re.compile(
    f"[A-Za-z0-9._%+'\\-\u2010\u2011{_WIDE}{_UNSEEN}]{{1,90}}[@\uff20\ufe6b][A-Za-z0-9.\\-\u2010\u2011{_WIDE}{_UNSEEN}]{{1,120}}"
)


def _plain_characters(text: str, repairs: list[Repair]) -> str:
    """Soft hyphens, zero-width and full-width characters inside an address (and only there) made plain."""
    if text.isascii() or not _ODD_CHARACTERS.search(text):
        return text

    def change(match: Match) -> str:
        before = match.group()
        core = before.strip("".join(map(chr, INVISIBLE)))
        plain = core.translate(INVISIBLE).replace("\u2010", "-").replace("\u2011", "-")
        plain = unicodedata.normalize("NFKC", plain)
        if plain == core or not ADDRESS.search(plain):
            return before
        repairs.append(repair("unusual-characters", core, plain))
        return before.replace(core, plain)

    return _ODD.sub(change, text)


# --- addresses that are not on the page -------------------------------------------------------

# What stands in the place of an address that only JavaScript can show, by language.
_PROTECTED = re.compile(
    r"\[e-?mail\s?protected\]"
    # This email address is being protected from spambots. You need JavaScript enabled to view it.
    r"|e-?mail address is (?:being )?protected from (?:spam ?)?(?:bots|robots)"
    r"|adresse (?:e-?mail|électronique|courriel) est protégée contre les robots"
    r"|correo (?:electrónico )?est[áa] (?:siendo )?protegid[oa] contra (?:los )?(?:robots|spam)"
    r"|(?:e-?mail|correio eletr[ôo]nico) (?:está )?(?:sendo |a ser )?protegido (?:contra|de|dos?) (?:spam ?bots|robôs)"
    r"|(?:e-?mail|posta elettronica) è protetto dagli spam ?bots"
    r"|e-?mail-?adresse ist (?:vor|gegen) (?:spam ?bots|robots)[^.]{0,20}geschützt"
    r"|адрес (?:электронной почты )?защищ[её]н от спам-?ботов"
    r"|електронн\w+ (?:адреса|пошт\w+) захищен\w+ від спам-?ботів"
    r"|البريد الإلكتروني (?:هذا )?(?:محمي|محمى) من",
    re.I,
)

_OF_PROTECTION = ("protected", "protég", "protegid", "protetto", "geschützt", "защищ", "захищ", "محم")
"""One of these stands in every such sentence; looking them up is cheaper than the pattern."""


def is_protected(text: str) -> bool:
    """Whether ``text`` says that an address stands here which only JavaScript could show.

    The address is not on the page then; none is invented, and a caller can tell its reader so.
    """
    lowered = text.lower()
    return any(sign in lowered for sign in _OF_PROTECTION) and _PROTECTED.search(text) is not None


def _loses(before: str, after: str) -> bool:
    """Whether an address that stood between the parts of what looked like one link would be gone."""
    shown = after.lower()
    apart = (
        one.group().lower() for one in re.finditer(rf"\s({ADDRESS.pattern})\s", before.partition("?")[0])
    )
    return any(address.strip() not in shown for address in apart)
