"""Mending damaged mail links: a small library of its own, one rule a wound.

Three kinds of place hold a damaged address, and each has its file and its function:

* ``markup.py``, :func:`mend_markup` - the source of a page, before it is parsed (a line break inside the tag);
* ``links.py``, :func:`read_link` - the attributes of one parsed link (quotes, doubled schemes, wrappers …);
* ``text.py``, :func:`mend_text` - visible text, where markup has become words (dumps, escaped markup, ``[at]``).

Every change is told as a :class:`~iomscrape.records.Repair` whose kind is a name of :data:`WOUNDS`. Nothing
here ever raises, guesses an address that is not on the page, or looks anything up. Patterns are linear in the
length of the text.
"""

from iomscrape.parts.mailto.addresses import (
    ADDRESS,
    INVISIBLE,
    addresses_in,
    decode_cfemail,
    has_address,
    valid,
)
from iomscrape.parts.mailto.links import MailLink, disagreement, is_mail, read_link
from iomscrape.parts.mailto.markup import mend_markup
from iomscrape.parts.mailto.text import is_protected, mend_text

WOUNDS: dict[str, str] = {
    "address-in-headers": "the address stood among the headers of the link (?to=…)",
    "angle-brackets": "brackets stood around the address",
    "at-in-words": "the @ was written as a word: [at], (at)",
    "break-in-tag": "a line-break filter had put <br /> into the tag",
    "break-in-value": "a line-break filter had put <br /> into the quoted address",
    "cloudflare": "the delivery network had encoded the address",
    "curly-quotes": "curly quotes stood around the address",
    "dot-in-words": "a dot of the domain was written as a word: [dot]",
    "doubled-quotes": "doubled quotes had made the address the name of an attribute",
    "doubled-scheme": "mailto: stood there more than once",
    "encoded-characters": "characters of the address were encoded twice",
    "encoded-quotes": "encoded quotes stood around the address",
    "escaped-markup": "the markup of the link was shown as text",
    "header-injection": "a line break and a header of its own followed the address",
    "headers-dropped": "subject, copies and other headers of the link were left out",
    "http-before-address": "http:// stood in the place of mailto:",
    "http-before-mailto": "http:// stood before mailto:",
    "link-and-text-disagree": "the link leads to another address than it shows; both are kept",
    "link-in-link": "the link stood inside another one to the same address",
    "mailto-in-brackets": "the link followed its text in brackets",
    "markdown-link": "the link was written in Markdown",
    "misspelled-scheme": "mailto: was misspelled",
    "missing-opening-quote": "the opening quote of the link was missing",
    "missing-scheme": "mailto: was missing",
    "name-in-address": "a name stood in the address",
    "quoted-address": "straight quotes stood around the address",
    "resolved-address": "the link had been resolved against the address of the page",
    "safelink": "a mail filter had wrapped the link (Outlook)",
    "scheme-in-text": "mailto: was shown as text",
    "several-addresses": "one link held several addresses",
    "slashes-after-scheme": "slashes followed mailto:",
    "space-in-address": "white space stood in the address",
    "spamspan": "Drupal's spamspan had taken the address apart",
    "split-text": "the text of the link was cut in pieces",
    "swallowed-attribute": "another attribute had run into the address",
    "trailing-punctuation": "punctuation followed the address",
    "unclosed-quote": "no quote closed the link, which swallowed what followed",
    "unclosed-tag": "the tag of the link was not closed",
    "unusual-characters": "invisible or full-width characters stood in the address",
    "wrapped-link": "a redirecting page had wrapped the link",
}
"""Every kind of repair and what it means, for documents and for people who read the archive."""

__all__ = [
    "ADDRESS",
    "INVISIBLE",
    "WOUNDS",
    "MailLink",
    "addresses_in",
    "decode_cfemail",
    "disagreement",
    "has_address",
    "is_mail",
    "is_protected",
    "mend_markup",
    "mend_text",
    "read_link",
    "valid",
]
