"""Dates as the designs print them, in nine languages, and what is none."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iomscrape.parts import dates

PRINTED = [
    ("13 May 2003", date(2003, 5, 13)),
    ("May 13, 2003", date(2003, 5, 13)),
    ("3rd of June 2004", date(2004, 6, 3)),
    ("Posted on Tue. May-10-2016", date(2016, 5, 10)),
    ("Posted: Wednesday, September 19, 2018 - 17:11", datetime(2018, 9, 19, 17, 11)),
    ("Published on 4 Sept. 2009", date(2009, 9, 4)),
    ("13-May-2003", date(2003, 5, 13)),
    ("2003 May 13", date(2003, 5, 13)),
    ("15 de junio de 2004", date(2004, 6, 15)),
    ("Martes, 8 de setiembre del 2015", date(2015, 9, 8)),
    ("Publicado el 2 ene. 2012", date(2012, 1, 2)),
    ("1er mars 2011", date(2011, 3, 1)),
    ("Publié le 14 août 2017", date(2017, 8, 14)),
    ("le 3 févr. 2016", date(2016, 2, 3)),
    ("12 de março de 2010", date(2010, 3, 12)),
    ("7 dez 2019", date(2019, 12, 7)),
    ("9 giugno 2020", date(2020, 6, 9)),
    ("ven 4 ottobre 2013", date(2013, 10, 4)),
    ("25. Oktober 2016", date(2016, 10, 25)),
    ("3. März 2014", date(2014, 3, 3)),
    ("17 апреля 2012 г.", date(2012, 4, 17)),
    ("22 АВГУСТА 2019", date(2019, 8, 22)),
    ("2 вересня 2025 року", date(2025, 9, 2)),
    ("30 نوفمبر 2021", date(2021, 11, 30)),
    ("08 يناير/كانون الثاني 2025", date(2025, 1, 8)),
    ("٥ فبراير ٢٠٢٢", date(2022, 2, 5)),
    ("13 تشرين الأول 2015", date(2015, 10, 13)),
    # figures: the weekday tells month from day, else the order of the design
    ("Fri, 08/03/2018 - 09:20", datetime(2018, 8, 3, 9, 20)),
    ("Ven, 03/17/2017 - 10:33", datetime(2017, 3, 17, 10, 33)),
    ("Di, 04/06/2019 - 10:00", datetime(2019, 6, 4, 10, 0)),
    ("terça-feira, 04/06/2019", date(2019, 6, 4)),
    ("вторник, 04.06.2019", date(2019, 6, 4)),
    ("25/12/2010", date(2010, 12, 25)),
    ("03.05.2021", date(2021, 5, 3)),
    ("04/06/2019", date(2019, 4, 6)),
    ("11/17/15", date(2015, 11, 17)),
    ("2003/05/13", date(2003, 5, 13)),
    ("2003-05-13", date(2003, 5, 13)),
    # times and zones
    ("13 May 2003, 10:30 pm", datetime(2003, 5, 13, 22, 30)),
    ("13 May 2003 - 12:05 a.m.", datetime(2003, 5, 13, 0, 5)),
    ("13 May 2003 14:30 GMT", datetime(2003, 5, 13, 14, 30, tzinfo=UTC)),
    ("13 May 2003 14:30 CEST", datetime(2003, 5, 13, 14, 30, tzinfo=timezone(timedelta(hours=2)))),
    (
        "13 May 2003 14:30 +05:30",
        datetime(2003, 5, 13, 14, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ),
    ("le 13 mai 2003 à 14h30", datetime(2003, 5, 13, 14, 30)),
]


@pytest.mark.parametrize(("text", "found"), PRINTED, ids=[ascii(text)[:50] for text, _ in PRINTED])
def test_printed_dates(text: str, found: date | datetime) -> None:
    assert dates.parse(text) == found
    assert type(dates.parse(text)) is type(found)


def test_the_design_says_the_order_of_figures() -> None:
    assert dates.parse("04-02-2005", order="DMY") == date(2005, 2, 4)
    assert dates.parse("04-02-2005", order="MDY") == date(2005, 4, 2)
    assert dates.parse("Friday, 04-02-2005", order="MDY") == date(2005, 2, 4)
    assert dates.parse("Sunday, 04-02-2005", order="DMY") == date(
        2005, 2, 4
    )  # fits neither: the design's order


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "yesterday at 10:00",
        "17 hours 23 min ago",
        "2 hours 25 min ago",
        "in 3 days",
        "May",
        "May 2003",
        "2003",
        "13 May",
        "10:30",
        "31 February 2003",
        "13 May 1850",
        "13 May 2200",
        "99/99/2003",
        "1500000 people in 2003",
        "Region-Country: Guyana",
        "SDG 10.7",
        "1234567890",
        "13 May 2003 " + "and the people who came to see it " * 3,
        "x" * 100_000 + "13 May 2003",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates.parse(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021-05-03", date(2021, 5, 3)),
        ("2021-05-03T10:15:00Z", datetime(2021, 5, 3, 10, 15, tzinfo=UTC)),
        ("2021-05-03T10:15:00+0200", datetime(2021, 5, 3, 10, 15, tzinfo=timezone(timedelta(hours=2)))),
        ("2021-05-03 10:15:00 UTC", datetime(2021, 5, 3, 10, 15, tzinfo=UTC)),
        ("2021-05-03 10:15", datetime(2021, 5, 3, 10, 15)),
        ("2021-13-03", None),
        ("1850-05-03", None),
        ("2021-05-03T99:15:00Z", None),
        ("3 May 2021", None),
        ("2021-05-03" + "0" * 100_000, None),
        (None, None),
    ],
)
def test_iso(text: str | None, found: date | datetime | None) -> None:
    assert dates.from_iso(text) == found


@pytest.mark.parametrize(
    ("machine", "printed", "found"),
    [
        ("2021-05-03T12:00:00Z", "3 May 2021", date(2021, 5, 3)),
        ("2021-05-03T12:00:00Z", "3 May 2021 - 12:00", datetime(2021, 5, 3, 12, tzinfo=UTC)),
        (None, "3 May 2021", date(2021, 5, 3)),
        ("soon", "3 May 2021", date(2021, 5, 3)),
        ("soon", "later", None),
    ],
)
def test_time_tags(machine: str | None, printed: str, found: date | datetime | None) -> None:
    assert dates.from_time_tag(machine, printed) == found


def test_a_way_of_its_own_is_left_to_the_library() -> None:
    assert dates.parse("13/May/2003") == date(2003, 5, 13)


tokens = st.sampled_from(
    [
        "13",
        "May",
        "2003",
        "mars",
        "ago",
        "today",
        "12:30",
        "-",
        "/",
        ",",
        ".",
        "31",
        "février",
        "نوفمبر",
        "GMT",
        "+99:99",
        "1st",
        "24:00",
    ]
)


@given(st.lists(st.one_of(tokens, st.text(max_size=5)), max_size=8).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_parsing_never_raises_and_never_asks_the_clock(text: str) -> None:
    found = dates.parse(text)
    if found is not None:
        assert dates.EARLIEST <= found.year <= dates.LATEST
        assert str(found.year)[2:] in text  # the year is printed


@pytest.mark.parametrize(
    "text", ["1 " * 30, "May " * 15, "13 May 2003 " * 5, "a1b2c3 2003 " * 4, "٣ " * 30, "- " * 20 + "2003"]
)
def test_odd_strings_take_moments(text: str) -> None:
    dates.parse("13/May/2003")  # loads the library
    started = time.process_time()
    dates.parse(text)
    assert time.process_time() - started < 0.5
