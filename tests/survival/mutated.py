"""Golden pages after accidents and attacks: what :mod:`tests.survival.mutations` sends on its way.

Every page is made from a seed and a number alone, so that one that did harm can be made again.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from functools import cache

from tests.golden import pages

LARGEST = 14_000_000
"""Bytes; the reader takes no larger pages than MAX_BYTES of ``iomscrape.page``, which is less."""

JUNK = (
    *(b"<", b">", b'"', b"'", b"&", b"@", b"=", b"\x00",
    b"\xff\xfe", b"\xc3", b"\xf0\x9f", b"\xed\xa0\x80", b"\x1b[2J"),
    *(b"</div>", b"</p>", b"<p>", b"<table><tr><td>",
    b"<h1></h1>", b"<body>", b"</body></html>", b"<svg>", b"<form>"),
    *(b"<title>", b"<nav>", b"</nav>", b"<main>", b"<article>",
    b"<template>", b"<noscript>", b"<plaintext>", b"<base href='//x'>"),
    *(b"<!--", b"-->", b"]]>", b"<![CDATA[", b"<?php ", b"<script>",
    b"</script>", b"<style>", b"<textarea>", b"<iframe>"),
    *(b'<a href="javascript:x()">', b'<link rel="canonical" href="http://[">',
    b"<meta charset=utf-16>", b"<br>" * 9),
    *(b"<time datetime='9999-99-99'>", b"&#xD800;", b"&#0;",
    b"&#99999999999;", b"&lt;a href=&quot;mailto:", "\ue000".encode()),
    *(b"+41 22 717 91 11 ", b"jane.doe@iom.int ",
    b"For more information, please contact: ", b"IOM Geneva, ", b"01/02/2003 "),
)  # fmt: skip

MAILS = (
    b'<a href=<br />"mailto:x@iom.int">x@iom.int</a>', b'<a href="mailto:x@iom.int>x@iom.int</a>',
    b'<a href=""mailto:x@iom.int"">x</a>', b'<a href="http://mailto:x@iom.int?subject=a%0ABcc:y@z.int">',
    b'<a href="mailto:%20x@iom.int%0D%0ACc:a@b.int">', b"<a href=mailto:mailto:mailto:x@iom.int>",
    b'<a href="mailto:' + b"x@" * 400 + b'iom.int">',
    b'<a class="__cf_email__" data-cfemail="zz00ff">[email]</a>',
    b'<a href="mailto:x@iom.int"><a href="mailto:y@iom.int">z@iom.int',
    b"x [at] iom [dot] int, x(at)iom(dot)int ",
    b'<a href="/news/mailto:x@iom.int" target=_blank title=<br />"">',
    b"&lt;a href=mailto:x@iom.int&gt;x&lt;/a&gt;",
)  # fmt: skip

CHARSETS = ("utf-16", "utf-32", "utf-7", "cp1251", "cp1256", "koi8-r", "shift_jis", "cp037", "iso2022_jp")

Mutator = Callable[[bytes, random.Random], bytes]


def _stretch(raw: bytes, dice: random.Random, most: int = 100_000) -> tuple[int, int]:
    low = dice.randint(0, len(raw))
    return low, min(len(raw), low + int(most ** dice.random()))


def flip_bytes(raw: bytes, dice: random.Random) -> bytes:
    """A few bytes, or one in fifty, are others."""
    damaged = bytearray(raw)
    for _ in range(dice.choice((1, 5, len(raw) // 50))):
        if damaged:
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged)


def cut_off(raw: bytes, dice: random.Random) -> bytes:
    """Nothing after some byte, or nothing before it."""
    at = dice.randint(0, len(raw))
    return raw[:at] if dice.random() < 0.7 else raw[at:]


def cut_out(raw: bytes, dice: random.Random) -> bytes:
    """A stretch is missing."""
    low, high = _stretch(raw, dice)
    return raw[:low] + raw[high:]


def repeat(raw: bytes, dice: random.Random) -> bytes:
    """A stretch comes several times, seldom very often."""
    low, high = _stretch(raw, dice, 2_000)
    return raw[:high] + raw[low:high] * int(10 ** (4 * dice.random() ** 2)) + raw[high:]


def insert_junk(raw: bytes, dice: random.Random) -> bytes:
    """A sign that means something stands where it should not, once or often."""
    for _ in range(dice.choice((1, 3, 30))):
        at = dice.randint(0, len(raw))
        raw = raw[:at] + dice.choice(JUNK) * dice.choice((1, 1, 2, 200)) + raw[at:]
    return raw


def splice(raw: bytes, dice: random.Random) -> bytes:
    """Two pages in one another: tag soup."""
    other = dice.choice(golden())
    low, high = _stretch(other, dice)
    at = dice.randint(0, len(raw))
    return raw[:at] + other[low:high] + raw[at:]


def nest(raw: bytes, dice: random.Random) -> bytes:
    """Tags in tags in tags."""
    tag = dice.choice(
        (b"<div>", b"<b>", b"<table><tr><td>", b"<ul><li>", b"<blockquote>", b"<a href=x>", b"<span><p>")
    )
    at = raw.find(b"<p>") if dice.random() < 0.5 else dice.randint(0, len(raw))
    return raw[:at] + tag * int(10 ** dice.uniform(2, 5)) + raw[at:]


def huge_attribute(raw: bytes, dice: random.Random) -> bytes:
    """A tag that goes on for long: one value, or many attributes."""
    size = int(10 ** dice.uniform(3, 6))
    many = b"".join(b" a%d=1" % number for number in range(size // 8))
    inside = dice.choice(
        (b' title="' + b"x" * size + b'"', b' href="' + b"mailto:x@iom.int," * (size // 17), many)
    )
    at = raw.find(b"<p>", dice.randint(0, len(raw)))
    return raw[: at + 2] + inside + raw[at + 2 :] if at >= 0 else raw + b"<p" + inside + b">"


def another_charset(raw: bytes, dice: random.Random) -> bytes:
    """The letters are those of another charset than is said."""
    text = raw.decode("utf-8", "replace")
    return text.encode(dice.choice(CHARSETS), "ignore")


def another_label(raw: bytes, dice: random.Random) -> bytes:
    """The page says that its letters are others."""
    label = dice.choice((*CHARSETS, "none", "utf-8\x00", "x" * 50, "../../etc/passwd")).encode()
    return b'<meta charset="' + label + b'">' + raw


def binary(raw: bytes, dice: random.Random) -> bytes:
    """A file of another kind, or one with a page inside."""
    start = dice.choice(
        (b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x7fELF", b"", b"\xef\xbb\xbf", b"MZ")
    )
    return start + dice.randbytes(int(10 ** dice.uniform(0, 5))) + (raw if dice.random() < 0.5 else b"")


def nuls(raw: bytes, dice: random.Random) -> bytes:
    """NUL bytes: between, many at the end, or after each byte."""
    match dice.randrange(3):
        case 0:
            return raw.replace(b" ", b"\x00", dice.choice((1, 20, -1)))
        case 1:
            return raw + b"\x00" * int(10 ** dice.uniform(1, 6))
        case _:
            return b"\x00".join(raw[at : at + 1] for at in range(min(len(raw), 200_000)))


def entities(raw: bytes, dice: random.Random) -> bytes:
    """Entities without number, or such as grow when they are read."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    at = raw.find(b"<p>") + 3
    flood = dice.choice((b"&amp;", b"&#65;", b"&nbsp;", b"&", b"&j;", b"&lt;p&gt;", b"&#x202e;")) * int(
        10 ** dice.uniform(2, 5.5)
    )
    return (bomb + b"]>" if dice.random() < 0.4 else b"") + raw[:at] + flood + raw[at:]


def broken_mails(raw: bytes, dice: random.Random) -> bytes:
    """Mail links with wounds, in the text and at its end."""
    for _ in range(dice.choice((1, 4, 100))):
        at = dice.choice(
            (raw.find(b"</p>", dice.randint(0, len(raw))), raw.rfind(b"</p>"), dice.randint(0, len(raw)))
        )
        raw = raw[: max(at, 0)] + dice.choice(MAILS) + raw[max(at, 0) :]
    return raw


def one_line(raw: bytes, dice: random.Random) -> bytes:
    """A line on which patterns could run for long."""
    unit = dice.choice(
        (
            b"a@",
            b"a@a.aa ",
            b"+1 1 1 ",
            b"(((",
            b"- - ",
            b"a.",
            b"1/1/",
            b"Mr. ",
            b" ",
            b"\n",
            b"A B ",
            b"\xd8\xa3\xd9\x88 ",
            b"x" * 50,
        )
    )
    size = int(10 ** dice.uniform(3, 6))
    ahead = dice.choice((b"", b"<p>", b"<p>For more information contact: ", b"<h1>", b"<title>"))
    at = raw.find(b"</p>") + 4
    return raw[:at] + ahead + unit * (size // len(unit)) + raw[at:]


def grow(raw: bytes, dice: random.Random) -> bytes:
    """A page of megabytes: a stretch of it, or hardly more than tags, over and over."""
    size = int(10 ** dice.uniform(5.5, 7.15))
    low, high = _stretch(raw, dice, 5_000)
    tag = dice.choice(
        (b"<p>x", b"<br>", b"<b></b>", b"<li>a", b"<a href=/a>b</a>", b"<p a b c d e f g>", b"<td>")
    )
    unit = dice.choice((raw[low:high], raw[raw.find(b"<p") : raw.rfind(b"</p>")], tag)) or b"<p>"
    at = max(0, raw.rfind(b"</p>"))
    return raw[:at] + unit * (size // len(unit)) + raw[at:]


def compressed(raw: bytes, dice: random.Random) -> bytes:
    """Compressed without saying so, sound or not."""
    packed = gzip.compress(raw, mtime=0)
    return packed if dice.random() < 0.5 else flip_bytes(packed, dice)


OFTEN: tuple[Mutator, ...] = (
    flip_bytes, cut_off, cut_out, repeat, insert_junk, splice, nest, huge_attribute, another_charset, another_label,
    binary, nuls, entities, broken_mails, broken_mails, one_line, insert_junk, splice, compressed,
)  # fmt: skip
SELDOM = 0.01
"""Share of pages of megabytes."""


@cache
def golden() -> tuple[bytes, ...]:
    """The golden pages as they are in the repository."""
    return tuple(path.read_bytes() for path in pages())


def mutated(seed: int, number: int) -> tuple[bytes, str]:
    """A page after one to four accidents, and their names."""
    dice = random.Random(f"{seed}/{number}")
    raw = dice.choice(golden())
    chosen = [dice.choice(OFTEN) for _ in range(dice.choice((1, 1, 2, 3, 4)))]
    if dice.random() < SELDOM:
        chosen.insert(0, grow)
    for mutator in chosen:
        raw = mutator(raw, dice)[:LARGEST]
    return raw, "+".join(mutator.__name__ for mutator in chosen)
