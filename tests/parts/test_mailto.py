"""Every wound with the string that has it, the address in it, and the name of its repair."""

from __future__ import annotations

import re
import time

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iomscrape.parts import mailto
from iomscrape.parts.mailto.links import LINK_RULES
from iomscrape.parts.mailto.markup import MARKUP_RULES
from iomscrape.parts.mailto.text import TEXT_RULES
from iomscrape.records import Repair

MAIL = "a.mbeki@iom.int"
CODE = bytes([0x5A, *(byte ^ 0x5A for byte in MAIL.encode())]).hex()
"""What the delivery network makes of it with the key 0x5A."""


def kinds(repairs: tuple[Repair, ...]) -> list[str]:
    return [repair.kind for repair in repairs]


def read_source(source: str) -> tuple[list[str], list[str], str]:
    """Addresses of the links, kinds of repair, and the text, as a page would be read."""
    mended, repairs = mailto.mend_markup(source)
    tree = lxml.html.document_fromstring(f"<html><body>{mended}</body></html>")
    addresses: list[str] = []
    told = kinds(repairs)
    for link in tree.iter("a"):
        read = mailto.read_link({str(name): str(value) for name, value in link.attrib.items()})
        if read is not None:
            addresses.extend(read.addresses)
            told.extend(kinds(read.repairs))
    text, textual = mailto.mend_text(tree.text_content())
    return addresses, [*told, *kinds(textual)], text


# --- links ------------------------------------------------------------------------------------

LINKS = [
    ("mailto:%s", []),
    ("MAILTO:A.Mbeki@IOM.int", []),
    ('"mailto:%s"', ["quoted-address"]),
    ("'mailto:%s'", ["quoted-address"]),
    ('mailto:"%s"', ["quoted-address"]),
    ('mailto:%s"', ["quoted-address"]),
    ("“mailto:%s”", ["curly-quotes"]),
    ("«mailto:%s»", ["curly-quotes"]),
    ("%%22mailto:%s%%22", ["encoded-quotes"]),
    ("&quot;mailto:%s&quot;", ["encoded-quotes"]),
    ("%%E2%%80%%9Cmailto:%s%%E2%%80%%9D", ["encoded-quotes"]),
    ("http://mailto:%s", ["http-before-mailto"]),
    ("https://mailto:%s", ["http-before-mailto"]),
    ("http:mailto:%s", ["http-before-mailto"]),
    ("//mailto:%s", ["http-before-mailto"]),
    ("http://%s", ["http-before-address"]),
    ("http://%s/", ["http-before-address"]),
    ("mailto://%s", ["slashes-after-scheme"]),
    ("mailto:/%s", ["slashes-after-scheme"]),
    ("mailto:mailto:%s", ["doubled-scheme"]),
    ("mailto: mailto:mailto:%s", ["space-in-address", "doubled-scheme"]),
    ("%s", ["missing-scheme"]),
    ("mailto:%%20%s", ["space-in-address"]),
    ("mailto: %s", ["space-in-address"]),
    ("mailto:%s%%20", ["space-in-address"]),
    ("mailto:%s\u00a0", ["space-in-address"]),
    ("mailto:%s%%C2%%A0", ["space-in-address"]),
    ("mailto:%s&nbsp;", ["space-in-address"]),
    ("mailto:\n%s", ["space-in-address"]),
    ("mailto:a.mbeki @iom.int", ["space-in-address"]),
    ("mailto:a.mbeki@%%20iom.int", ["space-in-address"]),
    ("mailto:a.mbeki@iom .int", ["space-in-address"]),
    ("mailto:%s.", ["trailing-punctuation"]),
    ("mailto:%s)", ["trailing-punctuation"]),
    ("mailto:%s;", ["trailing-punctuation"]),
    ("mailto:%s>", ["trailing-punctuation"]),
    ("mailto:%s?subject=Press%%20enquiry&bcc=spy@example.org", ["headers-dropped"]),
    ("mailto:%s%%3Fsubject=Press", ["headers-dropped"]),
    ("mailto:%s&subject=Press&cc=spy@example.org", ["headers-dropped"]),
    ("mailto:%s?", ["headers-dropped"]),
    ("mailto:?to=%s&subject=Press", ["address-in-headers"]),
    ("/news/mailto:%s", ["resolved-address"]),
    ("https://www.iom.int/news/mailto:%s", ["resolved-address"]),
    ('/news/"mailto:%s"', ["quoted-address", "resolved-address"]),
    ("/news/%s", ["resolved-address"]),
    ("https://www.iom.int/news/%s", ["resolved-address"]),
    ("mailto:Amahle Mbeki <%s>", ["name-in-address"]),
    ("mailto:Amahle%%20Mbeki%%20%%3C%s%%3E", ["space-in-address", "encoded-characters", "name-in-address"]),
    ('mailto:"Amahle Mbeki" %s', ["name-in-address"]),
    ("mailto:Amahle Mbeki %s", ["name-in-address"]),
    ("mailto:<%s>", ["angle-brackets"]),
    ("<%s>", ["angle-brackets", "missing-scheme"]),
    ("mailto:[%s]", ["angle-brackets"]),
    ("mailto:%s target=_blank", ["swallowed-attribute"]),
    ('mailto:%s" target="_blank', ["swallowed-attribute"]),
    ("mailto:%s%%20target=%%22_blank%%22", ["swallowed-attribute"]),
    ("mailto:%s>a.mbeki@iom.int</a> and more <a href=", ["unclosed-quote"]),
    ("mailto:<br />%s", ["break-in-value"]),
    ("mailto:<br />\n%s", ["break-in-value"]),
    ("mailto:%%3Cbr%%20/%%3E%s", ["break-in-value"]),
    ("mailto:a.mbeki%%40iom.int", ["encoded-characters"]),
    ("mailto:a.mbeki&#64;iom.int", ["encoded-characters"]),
    ("mail to:%s", ["misspelled-scheme"]),
    ("maito:%s", ["misspelled-scheme"]),
    ("mailto;%s", ["misspelled-scheme"]),
    ("mailto.%s", ["misspelled-scheme"]),
    ("e-mail:%s", ["misspelled-scheme"]),
    ("mailto:a.mbeki\uff20iom\uff0eint", ["unusual-characters"]),
    ("mailto:a.mbe\u00adki@iom\u200b.int", ["unusual-characters"]),
    (
        "https://eur02.safelinks.protection.outlook.com/?url=mailto%%3Aa.mbeki%%40iom.int&data=04%%7C01&reserved=0",
        ["safelink"],
    ),
    ("https://mail.iom.int/owa/redir.aspx?C=1a2b&URL=mailto%%3aa.mbeki%%40iom.int", ["wrapped-link"]),
    (f"/cdn-cgi/l/email-protection#{CODE}", ["cloudflare"]),
    ("mailto:%s%%0ABcc:spy@example.org", ["header-injection"]),
    ("mailto:%s%%0D%%0ABcc:%%20spy@example.org", ["header-injection"]),
    ("mailto:%s\r\nBcc: spy@example.org", ["header-injection"]),
    ("mailto:%s%%0Aspy@example.org", ["header-injection"]),
    # Two wounds and three on one link.
    ("http://mailto:%s?subject=x", ["headers-dropped", "http-before-mailto"]),
    ("“mailto: %s.”", ["curly-quotes", "space-in-address", "trailing-punctuation"]),
]


@pytest.mark.parametrize(("href", "told"), LINKS, ids=[href[:60] for href, _ in LINKS])
def test_wounded_links(href: str, told: list[str]) -> None:
    href = href.replace("%%", "\x01").replace("%s", MAIL).replace("\x01", "%")
    link = mailto.read_link({"href": href})
    assert link is not None
    assert link.addresses == (MAIL,)
    assert kinds(link.repairs) == told


def test_repairs_of_a_link_lead_from_the_wound_to_the_address() -> None:
    href = "http://mailto: a.mbeki@iom.int?subject=x"
    link = mailto.read_link({"href": href})
    assert link is not None
    assert link.repairs[0].before == href
    assert link.repairs[-1].after == "mailto:a.mbeki@iom.int"
    for one, next_one in zip(link.repairs, link.repairs[1:], strict=False):
        assert one.after == next_one.before


@pytest.mark.parametrize(
    "href",
    ["mailto:a@iom.int,b@iom.int;c@oim.org.co", "mailto:a@iom.int; b@iom.int / mailto:c@oim.org.co"],
)
def test_several_addresses_in_one_link(href: str) -> None:
    link = mailto.read_link({"href": href})
    assert link is not None
    assert link.addresses == ("a@iom.int", "b@iom.int", "c@oim.org.co")
    assert "several-addresses" in kinds(link.repairs)


@pytest.mark.parametrize(
    "attributes",
    [
        {"href": "", 'mailto:a.mbeki@iom.int""': ""},
        {"href": "", 'a.mbeki@iom.int""': ""},
        {"href": "mailto:", 'a.mbeki@iom.int""': ""},
        {"href": "mailto:Amahle", "mbeki": "", 'a.mbeki@iom.int"': ""},
    ],
)
def test_an_address_that_survives_as_the_name_of_an_attribute(attributes: dict[str, str]) -> None:
    link = mailto.read_link(attributes)
    assert link is not None
    assert link.addresses == (MAIL,)
    assert kinds(link.repairs)[0] == "doubled-quotes"


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#",
        "/news/floods",
        "https://www.iom.int/where-we-work",
        "https://www.tiktok.com/@iom_video",
        "https://medium.com/@iom/a-story-3f2a",
        "https://www.flickr.com/photos/22222222@N05/",
        "https://maps.example.org/@45.81,15.97,12z",
        "https://lists.example.org/msg/1234@mail.example.org",
        "tel:+41225559536",
        "javascript:location.href='mailto:a.mbeki@iom.int'",
        " java\nscript:alert('mailto:a.mbeki@iom.int')",
        "JavaScript:void(0)",
        "vbscript:a.mbeki@iom.int",
        "data:text/html,mailto:a.mbeki@iom.int",
    ],
)
def test_what_is_no_mail_link(href: str) -> None:
    assert not mailto.is_mail(href, {"href": href})
    assert mailto.read_link({"href": href}) is None


@pytest.mark.parametrize(
    "href",
    [
        "mailto:",
        "mailto:?subject=Read this&body=Ask a.mbeki@iom.int",
        "mailto:nobody",
        "mailto:Amahle Mbeki @iom.int",
        "mailto:x@localhost",
        "mailto:%0ABcc:spy@example.org",
        "/cdn-cgi/l/email-protection#zz",
        "/cdn-cgi/l/email-protection",
    ],
)
def test_mail_links_without_an_address_invent_none(href: str) -> None:
    link = mailto.read_link({"href": href})
    assert link is None or link.addresses == ()


def test_no_script_comes_through_a_repair() -> None:
    source = '<a href=<br />"mailto:a.mbeki@iom.int" onclick="javascript:go()">a.mbeki@iom.int</a>'
    _, repairs = mailto.mend_markup(source)
    assert repairs
    assert all("javascript:" not in repair.before + repair.after for repair in repairs)


@pytest.mark.parametrize(
    ("addresses", "shown", "told"),
    [
        ((MAIL,), "b.dlamini@iom.int", True),
        ((MAIL,), "A.Mbeki@iom.int", False),
        ((MAIL,), "Amahle Mbeki", False),
        ((MAIL, "b.dlamini@iom.int"), "b.dlamini@iom.int", False),
        ((), "b.dlamini@iom.int", False),
    ],
)
def test_link_and_text_that_disagree(addresses: tuple[str, ...], shown: str, told: bool) -> None:
    repair = mailto.disagreement(addresses, shown)
    assert (repair is not None) is told
    if repair:
        assert repair.kind == "link-and-text-disagree"


@pytest.mark.parametrize(
    ("code", "address"),
    [
        (CODE, MAIL),
        (CODE.upper(), MAIL),
        ("5a", None),
        ("", None),
        ("xyz", None),
        ("5a3b", None),
        ("00" + b"javascript:alert(1)".hex(), None),
        ("00" + b"x@iom.int?subject=y".hex(), "x@iom.int"),
    ],
)
def test_cloudflare_codes(code: str, address: str | None) -> None:
    assert mailto.decode_cfemail(code) == address


# --- the source of a page ---------------------------------------------------------------------

SOURCES = [
    ('<a href=<br />"mailto:%s">%s</a>', ["break-in-tag"]),
    ('<a href=<br>"mailto:%s">%s</a>', ["break-in-tag"]),
    ('<A HREF=<BR>\n"mailto:%s">%s</A>', ["break-in-tag"]),
    ('<a href=\n<br />\n"mailto:%s">%s</a>', ["break-in-tag"]),
    ('<a href= <br/> "mailto:%s">%s</a>', ["break-in-tag"]),
    ('<a href=<br />\n"mailto:%s" target="_blank" title=<br />\n"">%s</a>', ["break-in-tag"]),
    ('<a<br />\nhref="mailto:%s">%s</a>', ["break-in-tag"]),
    ('<a href="mailto:%s"<br />\ntarget="_blank">%s</a>', ["break-in-tag"]),
    ('<a class="mail" href=<br />"mailto:%s">%s</a>', ["break-in-tag"]),
    ("<a href=<br />'mailto:%s'>%s</a>", ["break-in-tag"]),
    ("<a href=<br />“mailto:%s”>%s</a>", ["break-in-tag", "curly-quotes"]),
    ('<a href="mailto:<br />%s">%s</a>', ["break-in-value"]),
    ('<a href=""mailto:%s"">%s</a>', ["doubled-quotes"]),
    ('<a href=""mailto:%s" ">%s</a>', ["doubled-quotes"]),
    ("<a href=“mailto:%s”>%s</a>", ["curly-quotes"]),
    ('<a href="&quot;mailto:%s&quot;">%s</a>', ["quoted-address"]),
    ("<a href='\"mailto:%s\"'>%s</a>", ["quoted-address"]),
    ('<a href=mailto:%s">%s</a>', ["missing-opening-quote"]),
    ('<a class="x" href=mailto:%s" target="_blank">%s</a>', ["missing-opening-quote"]),
    ('<a href="mailto:%s>%s</a> and <a href="/news">news</a>', ["unclosed-quote"]),
    (
        '<a href="mailto:%s target=_blank>%s</a> and <a href="/news">news</a>',
        ["unclosed-quote", "swallowed-attribute"],
    ),
    ('<a href="mailto:%s" target="_blank>%s</a> and <a href="/news">news</a>', ["unclosed-quote"]),
    ("<a href='mailto:%s>%s</a> and <a href='/news'>news</a>", ["unclosed-quote"]),
    ('<a href="mailto:%s target=_blank">%s</a>', ["swallowed-attribute"]),
    ('<a href="mailto:%s</a> %s and <a href="/news">news</a>', ["unclosed-tag"]),
    ('<a href="mailto:%s"%s</a> and <a href="/news">news</a>', ["unclosed-tag"]),
    ('<a href="mailto:%s"><a href="mailto:%s">a.mbeki@iom.int</a></a>', ["link-in-link"]),
    ('<a href="mailto:%s"><span>a.mb</span><span>eki@iom.int</span></a>', ["split-text"]),
    ('<a href="mailto:%s">a.mbeki <b>@iom.int</b></a>', ["split-text"]),
    ('<a href="mailto:%s">a.mbeki@<br />iom.int</a>', ["split-text"]),
    ('<a href="mailto:%s">a.mbeki&nbsp;@iom.int</a>', ["split-text"]),
    ('<a href="mailto:%s">a.mbe&shy;ki <b>@iom.int</b></a>', ["split-text"]),
    ('<a href="mailto:%s">a.mbeki@</a><a href="mailto:%s">iom.int</a>', ["split-text"]),
    ('&lt;a href="mailto:%s"&gt;%s&lt;/a&gt;', ["escaped-markup"]),
    ('&lt;a href=<br />"mailto:%s"&gt;%s&lt;/a&gt;', ["escaped-markup"]),
    ("&amp;lt;a href=&amp;quot;mailto:%s&amp;quot;&amp;gt;%s&amp;lt;/a&amp;gt;", ["escaped-markup"]),
    (
        '<span class="spamspan"><span class="u">a.mbeki</span> [at] <span class="d">iom [dot] int</span></span>',
        ["spamspan"],
    ),
    (
        '<span class="spamspan"><span class="u">a [dot] mbeki</span><img class="spam-span-image" alt="at" '
        'src="/at.gif" /><span class="d">iom.int</span><span class="t"> (Amahle Mbeki)</span></span>',
        ["spamspan"],
    ),
    ("<p>a.mbeki [at] iom [dot] int</p>", ["at-in-words"]),
    # No wounds.
    ('<a href="mailto:%s">%s</a>', []),
    ('<a href="mailto:%s" title="5 > 3">%s</a>', []),
    ('<a class="mail" href="mailto:%s"><strong>%s</strong></a>', []),
    ('<p><a href="mailto:%s">%s T.</p><p>Next paragraph</p>', []),
]


@pytest.mark.parametrize(("source", "told"), SOURCES, ids=[source[:60] for source, _ in SOURCES])
def test_wounded_sources(source: str, told: list[str]) -> None:
    source = source.replace("%s", MAIL)
    addresses, repairs, text = read_source(f"<p>Ask {source} tomorrow.</p>")
    assert set(addresses) <= {MAIL}
    assert MAIL in " ".join([*addresses, text]).lower()
    assert repairs == told
    assert "tomorrow" in text
    if "<a" in source.lower() and MAIL in source:
        assert MAIL in addresses


@pytest.mark.parametrize("source", [s for s, _ in SOURCES], ids=[s[:60] for s, _ in SOURCES])
def test_mending_mended_markup_changes_nothing(source: str) -> None:
    mended, _ = mailto.mend_markup(source.replace("%s", MAIL))
    assert mailto.mend_markup(mended) == (mended, ())


def test_what_an_unclosed_quote_swallowed_comes_back() -> None:
    source = (
        '<p><a href="mailto:a.mbeki@iom.int>A. Mbeki</a> in Dili, <b>or</b> <a href="/n">ask here</a>.</p>'
    )
    addresses, _, text = read_source(source)
    assert addresses == [MAIL]
    assert text == "A. Mbeki in Dili, or ask here."


def test_a_link_in_a_link_to_another_address_keeps_both() -> None:
    source = '<a href="mailto:a.mbeki@iom.int"><a href="mailto:b.dlamini@iom.int">b.dlamini@iom.int</a></a>'
    assert read_source(source)[0] == [MAIL, "b.dlamini@iom.int"]


def test_other_broken_links_are_mended_too() -> None:
    mended, repairs = mailto.mend_markup('<a href=<br />\n"http://www.example.org/a">here</a>')
    assert mended == '<a href="http://www.example.org/a">here</a>'
    assert kinds(repairs) == ["break-in-tag"]


def test_a_page_without_wounds_is_the_same_object() -> None:
    source = '<style>@media print{}</style><p>Ask <a href="mailto:a.mbeki@iom.int">A. Mbeki</a></p>' * 50
    assert mailto.mend_markup(source)[0] is source


# --- visible text -----------------------------------------------------------------------------

TEXTS = [
    ('E-mail:\n"mailto:%s">%s', "E-mail:\n%s", ["break-in-tag"]),
    ('E-mail : "mailto:%s" target="_blank" title=\n"">%s', "E-mail : %s", ["break-in-tag"]),
    ('E-mail: “mailto:%s”>%s', "E-mail: %s", ["break-in-tag"]),
    ('E-mail:\n"mailto:\n%s" target="_blank"\ntitle="">\n%s or', "E-mail:\n%s or", ["break-in-tag"]),
    ('E-mail: mailto:%s>%s</a>, Dili', "E-mail: %s, Dili", ["break-in-tag"]),
    ('E-mail:\n"mailto:%s">Amahle Mbeki\nDili', "E-mail:\nAmahle Mbeki %s\nDili", ["break-in-tag"]),
    ('Write to "mailto:%s">Amahle Mbeki, Tel: 5', "Write to %s Amahle Mbeki, Tel: 5", ["break-in-tag"]),
    ('<a href="mailto:%s">%s</a>', "%s", ["escaped-markup"]),
    ('<a href="mailto:%s" class="m">Amahle Mbeki</a>, Dili', "Amahle Mbeki %s, Dili", ["escaped-markup"]),
    ('&lt;a href="mailto:%s"&gt;%s&lt;/a&gt; or', "%s or", ["escaped-markup"]),
    ("[%s](mailto:%s)", "%s", ["markdown-link"]),
    ("[Amahle Mbeki](mailto:%s)", "Amahle Mbeki %s", ["markdown-link"]),
    ("%s<mailto:%s>", "%s", ["mailto-in-brackets"]),
    ("Amahle Mbeki [mailto:%s]", "Amahle Mbeki %s", ["mailto-in-brackets"]),
    ("Email: mailto:%s.", "Email: %s.", ["scheme-in-text"]),
    ("Email: mailto:mailto:%s?subject=Press", "Email: %s", ["scheme-in-text"]),
    ("a.mbeki [at] iom.int", "%s", ["at-in-words"]),
    ("a.mbeki(at)iom[dot]int", "%s", ["at-in-words"]),
    ("a [dot] mbeki [at] iom [dot] int", "%s", ["at-in-words"]),
    ("a.mbeki {at} iom (dot) int", "%s", ["at-in-words"]),
    ("a.mbeki [arroba] iom [punto] int", "%s", ["at-in-words"]),
    ("a.mbeki (arobase) iom.int", "%s", ["at-in-words"]),
    ("a.mbeki [собака] iom.int", "%s", ["at-in-words"]),
    ("a.mbeki@iom [dot] int", "%s", ["dot-in-words"]),
    ("a.mbeki@iom(.)int", "%s", ["dot-in-words"]),
    ("a.mbeki&#64;iom&#46;int", "%s", ["encoded-characters"]),
    ("a.mbeki%40iom.int", "%s", ["encoded-characters"]),
    ("E-mail: a.mbeki @ iom.int", "E-mail: %s", ["space-in-address"]),
    ("Correo electrónico: a.mbeki@ iom.int", "Correo electrónico: %s", ["space-in-address"]),
    ("a.mbeki\uff20iom\uff0eint", "%s", ["unusual-characters"]),
    ("a.mbe\u00adki@iom.int", "%s", ["unusual-characters"]),
    ("a.mbeki@\u200biom.int", "%s", ["unusual-characters"]),
    ("البريد: \u200fa.mb\u200ceki@iom.int\u200f، دكا", "البريد: \u200f%s\u200f، دكا", ["unusual-characters"]),
    ('See "http://www.iom.int/r" target="_blank"\ntitle="">the report', "See the report", ["break-in-tag"]),
    # Nothing to mend.
    ("Ask %s, or call.", "Ask %s, or call.", []),
    ("\u200f%s\u200f", "\u200f%s\u200f", []),
    ("He asked (at) headquarters. Geneva was silent.", "He asked (at) headquarters. Geneva was silent.", []),
    ("Follow us @UNmigration on X", "Follow us @UNmigration on X", []),
    ('He said "http://iom.int" is > 5', 'He said "http://iom.int" is > 5', []),
    ("Write to us @ iom.int", "Write to us @ iom.int", []),
    ("5 < 6 and a > b", "5 < 6 and a > b", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "plain", "told"), TEXTS, ids=[ascii(text)[:60] for text, _, _ in TEXTS])
def test_wounded_texts(text: str, plain: str, told: list[str]) -> None:
    text, plain = text.replace("%s", MAIL), plain.replace("%s", MAIL)
    mended, repairs = mailto.mend_text(text)
    assert mended == plain
    assert kinds(repairs) == told
    assert mailto.mend_text(mended) == (mended, ())
    assert all(repair.before in text and repair.after in mended for repair in repairs)


def test_a_dumped_link_and_text_that_disagree_keep_both() -> None:
    mended, repairs = mailto.mend_text('"mailto:a.mbeki@iom.int">b.dlamini@iom.int')
    assert mended == "a.mbeki@iom.int b.dlamini@iom.int"
    assert kinds(repairs) == ["break-in-tag", "link-and-text-disagree"]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("rnatiello@iom.int. Next", ["rnatiello@iom.int"]),
        ("x@iom.int.Tel: 5", ["x@iom.int"]),
        ("x@iom.intPosted: Wednesday", ["x@iom.int"]),
        ("X.Y@IOM.INT", ["X.Y@IOM.INT"]),
        ("o'brien@iom.int", ["o'brien@iom.int"]),
        ("john--doe@iom.int", ["john--doe@iom.int"]),
        ("E-mail:-x@iom.int", ["x@iom.int"]),
        ("_x@iom.int_", ["x@iom.int"]),
        ("почта:x@iom.int.", ["x@iom.int"]),
        ("بريدx@iom.intدكا", ["x@iom.int"]),
        ("a@iom.int/b@oim.org.co", ["a@iom.int", "b@oim.org.co"]),
        ("@UNmigration a@b @@ x@y. z@", []),
    ],
)
def test_addresses_in_text(text: str, addresses: list[str]) -> None:
    assert [match.group() for match in mailto.ADDRESS.finditer(text)] == addresses


@pytest.mark.parametrize(
    "text",
    [
        "[email protected]",
        "[email\u00a0protected]",
        "This email address is being protected from spambots. You need JavaScript enabled to view it.",
        "Cette adresse e-mail est protégée contre les robots spammeurs. Activez JavaScript.",
        "Esta dirección de correo electrónico está protegida contra los robots de spam.",
        "Diese E-Mail-Adresse ist vor Spambots geschützt!",
        "Questo indirizzo email è protetto dagli spambots.",
        "Este endereço de email está sendo protegido de spambots.",
        "Этот адрес электронной почты защищен от спам-ботов.",
        "Ця електронна адреса захищена від спам-ботів.",
        "عنوان البريد الإلكتروني هذا محمي من روبوتات السبام.",
    ],
)
def test_a_withheld_address_can_be_told_and_is_not_invented(text: str) -> None:
    assert mailto.is_protected(text)
    assert mailto.mend_text(text) == (text, ())
    assert not mailto.is_protected("The families were protected from the floods by email alerts.")


# --- the catalogue ----------------------------------------------------------------------------


def test_every_rule_is_named_in_the_catalogue_and_every_name_has_a_tested_wound() -> None:
    named = {kind for kind, *_ in (*LINK_RULES, *MARKUP_RULES)} | {rule.kind for rule in TEXT_RULES}
    named |= {"doubled-quotes", "unusual-characters", "link-and-text-disagree"}
    assert named == set(mailto.WOUNDS)
    tested = {kind for _, told in (*LINKS, *SOURCES) for kind in told} | {
        kind for _, _, told in TEXTS for kind in told
    }
    assert named - tested == {"several-addresses", "link-and-text-disagree"}  # these have tests of their own


# --- properties -------------------------------------------------------------------------------

FRAGMENTS = [
    *[text for text, _, _ in TEXTS],
    *[href for href, _ in LINKS],
    *[source for source, _ in SOURCES],
    "mailto:", "<a ", "</a>", ">", '"', "&lt;a ", "&quot;", "[at]", "(dot)", "@", ".", " ", "\n", "x", "iom.int", "b@c.org",
    "[email protected]", "\u200b", "\uff20", "<br />", "%40", "?subject=", "](mailto:", "E-mail: ",
]  # fmt: skip
pieces = st.lists(
    st.one_of(st.sampled_from([f.replace("%s", MAIL) for f in FRAGMENTS]), st.text(max_size=6)), max_size=8
)
soup = pieces.map("".join)


def addresses_in(text: str) -> list[str]:
    return [match.group().lower() for match in mailto.ADDRESS.finditer(text)]


@given(soup)
@settings(max_examples=400, deadline=None)
def test_mending_text_twice_changes_nothing_more(text: str) -> None:
    mended, _ = mailto.mend_text(text)
    assert mailto.mend_text(mended)[0] == mended


@given(soup)
@settings(max_examples=300, deadline=None)
def test_mending_text_invents_no_address(text: str) -> None:
    plain = re.sub(r"[^a-z0-9]", "", _unhidden(text).lower())
    for address in addresses_in(mailto.mend_text(text)[0]):
        for word in re.findall(r"[a-z0-9]+", address):
            assert word in plain


def _unhidden(text: str) -> str:
    import html
    import unicodedata
    from urllib.parse import unquote

    return html.unescape(html.unescape(unquote(unicodedata.normalize("NFKC", text)))) + unicodedata.normalize(
        "NFKC", text
    )


@given(soup, st.text("@.-_ax", max_size=300))
@settings(max_examples=400, deadline=None)
def test_looking_around_each_at_finds_the_addresses_that_the_pattern_finds(text: str, noise: str) -> None:
    for whole in (text, noise, f"{noise}{text}{noise}"):
        spans = [found.span() for found in mailto.ADDRESS.finditer(whole)]
        assert [found.span() for found in mailto.addresses_in(whole)] == spans
        assert mailto.has_address(whole) is bool(spans)


@given(soup, soup)
@settings(max_examples=300, deadline=None)
def test_a_plain_address_is_never_lost(before: str, after: str) -> None:
    text = f"{before}\n\nwrite to carmen.ode@oim.org.pe today\n\n{after}"
    assert "carmen.ode@oim.org.pe" in addresses_in(mailto.mend_text(text)[0])
    assert "carmen.ode@oim.org.pe" in mailto.mend_markup(text)[0]


@given(soup)
@settings(max_examples=300, deadline=None)
def test_links_never_raise_and_give_valid_addresses_only(href: str) -> None:
    link = mailto.read_link({"href": href, "class": "x"})
    for address in link.addresses if link else ():
        assert mailto.valid(address) == address
        assert not re.search(r"[\s\r\n<>\"]", address)


@given(soup)
@settings(max_examples=300, deadline=None)
def test_markup_never_raises_and_keeps_what_is_outside_of_links(source: str) -> None:
    mended, repairs = mailto.mend_markup(source)
    assert (mended == source) or repairs
    assert set(kinds(repairs)) <= set(mailto.WOUNDS)


# --- time -------------------------------------------------------------------------------------

MILLION = 1_000_000
WORST = {
    "at": "a@" * (MILLION // 2),
    "addresses": "a@a.aa " * (MILLION // 7),
    "one word": "a" * MILLION,
    "apostrophes": "a'" * (MILLION // 2),
    "dots": "x@" + "a." * (MILLION // 2),
    "breaks": "<a href=<br" * (MILLION // 11),
    "broken": '<a href=<br />"mailto:' * (MILLION // 22),
    "open": '<a href="mailto:' * (MILLION // 16),
    "open at": '<a href="mailto:x@iom.int ' * (MILLION // 26),
    "mailto": "mailto:" * (MILLION // 7),
    "mailto at": "mailto:@" * (MILLION // 8),
    "quotes": '"' * MILLION + "mailto:x@iom.int",
    "equals": "=" * MILLION + "<br",
    "equal spaces": "=" + " " * MILLION + "<br",
    "escaped": "&lt;a mailto:x@iom.int&gt;" * (MILLION // 26),
    "escaped real": "<a mailto:x@iom.int mailto:x@iom.int" * (MILLION // 36),
    "bracketed": "x [at] " * (MILLION // 7),
    "brackets": "[at" * (MILLION // 3),
    "dotted": "x@a[dot]" * (MILLION // 8),
    "markdown": "[" * MILLION + "](mailto:x@iom.int)",
    "spamspan": 'class="spamspan"' * (MILLION // 16),
    "invisible": "a\u200b" * (MILLION // 2) + "@",
    "labels": "mail: " * (MILLION // 6) + " @",
    "attributes": '<a href="mailto:x@iom.int" ' + 'x="y" ' * (MILLION // 6),
    "encoded spaces": "mailto:" + "&#32;" * (MILLION // 5) + "x",
    "huge attribute": f'<a href="mailto:{"x@iom.int," * (MILLION // 9)}">x</a>',
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_line_takes_moments(name: str) -> None:
    worst = WORST[name]
    started = time.process_time()
    mailto.mend_text(worst)
    mailto.mend_markup(worst)
    mailto.read_link({"href": worst})
    for _ in mailto.ADDRESS.finditer(worst):
        pass
    assert time.process_time() - started < 4


def test_clean_blocks_and_links_cost_next_to_nothing() -> None:
    block = "The families (some 40 of them) were taken to Luena by IOM on 3 May, the mission said. " * 6
    web = {"href": "https://www.iom.int/news/some-story-about-floods", "class": "link"}
    mail = {"href": "mailto:a.mbeki@iom.int"}
    for work in (
        lambda: mailto.mend_text(block),
        lambda: mailto.read_link(web),
        lambda: mailto.read_link(mail),
    ):
        best = min(_seconds(work) for _ in range(5))
        assert best / 1000 < 25e-6  # 1 to 3 µs on an idle machine


def _seconds(work: object) -> float:
    assert callable(work)
    started = time.process_time()
    for _ in range(1000):
        work()
    return time.process_time() - started
