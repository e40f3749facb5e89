"""Titles and dates that stand in the first lines of a body."""

from __future__ import annotations

from datetime import date

import pytest

from iomscrape import extract
from iomscrape.parts import dates

TEXT = "The barges left on Thursday with their lamps lit and reach the next town in six days, said the pilot."


def old(cell: str) -> str:
    """A page of the 2000s without any class."""
    return (
        '<HTML><HEAD><TITLE>IOM - Press Briefing Notes</TITLE></HEAD><BODY><TABLE WIDTH=760><TR><TD><A HREF="/jahia/x">'
        f"Who we are</A></TD><TD>{cell}</TD></TR></TABLE></BODY></HTML>"
    )


@pytest.mark.parametrize(
    "cell",
    [
        f"<B>Barges Leave</B><BR>Posted on Tuesday, 04-02-2005<BR><BR>{TEXT}<BR><BR>{TEXT}",
        f"<FONT CLASS=title>Barges Leave</FONT><BR><I>Friday, 04-02-2005</I><BR><BR>{TEXT}<BR><BR>{TEXT}",
        f"<P>Barges Leave</P><P>Posted on: 04-02-2005</P><P>{TEXT}</P><P>{TEXT}</P>",
        f"<FONT SIZE=4>Barges Leave</FONT><BR><BR>Published on 4 February 2005<BR><BR>{TEXT}<BR><BR>{TEXT}",
    ],
)
def test_both_are_taken_out_of_the_text(cell: str) -> None:
    article = extract(old(cell), url="http://www.iom.int/jahia/Jahia/cache/offonce?entryId=5")
    assert (article.title, article.published) == ("Barges Leave", date(2005, 2, 4))
    assert [block.text for block in article.blocks] == [TEXT, TEXT]


def test_a_dump_that_says_its_day() -> None:
    article = extract(f"Barges Leave\n\nPosted on Friday, 12-03-2010\n\n{TEXT}\n\n{TEXT}\n")
    assert (article.title, article.published) == ("Barges Leave", date(2010, 3, 12))
    assert [block.text for block in article.blocks] == [TEXT, TEXT]


def test_a_page_that_has_a_title_keeps_what_stands_above_the_date() -> None:
    lines = "".join(f"<p>{line}</p>" for line in (TEXT, "Posted on 3 May 2012", TEXT))
    article = extract(f"<html><body><main><h1>Lamps on the River</h1>{lines}</main></body></html>")
    assert (article.title, article.published) == ("Lamps on the River", date(2012, 5, 3))
    assert [block.text for block in article.blocks] == [TEXT, TEXT]


@pytest.mark.parametrize(
    ("line", "labelled"),
    [
        ("Posted on Tue. May-10-2016", True),
        ("Date: 3 May 2012", True),
        ("Publié le 13 mai 2003", True),
        ("Tuesday, 12-09-2006", True),
        ("Mardi 12 septembre 2006", True),
        ("Martes, 12 de septiembre de 2006", True),
        ("вторник, 12 сентября 2006 г.", True),
        ("Tuesday 12 September 2006 was a day of rain", False),
        ("Data from 13 May 2003 show", False),
        ("Published on 3 May 2012, it counts ten barges more than before.", False),
        ("Updated: 3 May 2012", False),
        ("3 May 2012", False),
    ],
)
def test_a_line_that_is_a_date_says_so(line: str, labelled: bool) -> None:
    assert dates.is_labelled(line) is labelled
