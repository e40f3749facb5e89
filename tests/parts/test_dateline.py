"""Datelines in nine languages, and what only looks like one."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iomscrape import extract
from iomscrape.parts import dateline

GOOD = [
    ("Geneva, 3 May 2021 – The mission said", "Geneva"),
    ("Geneva – The mission said", "Geneva"),
    ("Geneva - The mission said", "Geneva"),
    ("Geneva — The mission said", "Geneva"),
    ("Geneva–The mission said", "Geneva"),
    ("GENEVA, 3 May 2021 - The mission said", "GENEVA"),
    ("GENEVA -- The mission said", "GENEVA"),
    ("Geneva (3 May 2021) – The mission", "Geneva"),
    ("Geneva, Friday 3 May – The mission", "Geneva"),
    ("Geneva, May 3, 2021 – The mission", "Geneva"),
    ("Geneva, 03/05/2021 – The mission", "Geneva"),
    ("3 May 2021, Geneva – The mission", "Geneva"),
    ("3 May 2021 | Geneva – The mission", "Geneva"),
    ("Islamabad/Geneva – IOM and its partners", "Islamabad/Geneva"),
    ("Islamabad / Geneva, 24 August 2010 – IOM", "Islamabad / Geneva"),
    ("Nairobi and Mogadishu, 4 June – The", "Nairobi and Mogadishu"),
    ("New York City – The Director General", "New York City"),
    ("Cox’s Bazar – The rains", "Cox’s Bazar"),
    ("N'Djamena, le 18 décembre 2023 – L'OIM", "N'Djamena"),
    ("Port-au-Prince – L’OIM a", "Port-au-Prince"),
    ("St. Julian's – The", "St. Julian's"),
    ("Washington, D.C. – The", "Washington, D.C."),
    ("New York, N.Y. -- The mission", "New York, N.Y."),
    ("Panama City, 4 May 2021.- The mission", "Panama City"),
    ("Bogotá.- La OIM", "Bogotá"),
    ("Tegucigalpa, 7 mar (OIM) – La misión", "Tegucigalpa"),
    ("Côte d'Ivoire - L’OIM", "Côte d'Ivoire"),
    ("Minsk, Bélarus - La misión", "Minsk, Bélarus"),
    (
        "Tapachula (México) / Tecún Umán (Guatemala). - Las familias",
        "Tapachula (México) / Tecún Umán (Guatemala)",
    ),
    ("San José, 4 de junio de 2020 – La OIM", "San José"),
    ("Ciudad de Panamá, 4 de junio – La OIM", "Ciudad de Panamá"),
    ("Genève, le 3 mai 2021 – L’OIM", "Genève"),
    ("Genève, 1er mai 2021 – L’OIM", "Genève"),
    ("Luanda, 9 de março de 2010 – A OIM", "Luanda"),
    ("Roma, 9 giugno 2020 – L’OIM", "Roma"),
    ("Berlin, 25. Oktober 2016 – Die IOM", "Berlin"),
    ("Душанбе, 17 апреля 2012 г. – МОМ", "Душанбе"),
    ("Харків/Київ, 2 вересня 2025 року – МОМ", "Харків/Київ"),
    ("أنقرة، 5 فبراير - قالت المنظمة", "أنقرة"),
    ("30 نوفمبر 2021، القاهرة - قالت المنظمة", "القاهرة"),
    ("جنيف، 08 يناير/كانون الثاني 2025 – قالت", "جنيف"),
    ("Namibia - IOM has", "Namibia"),
    ("Beira, Mozambique, 3/5 – The", "Beira, Mozambique"),
]


@pytest.mark.parametrize(("text", "place"), GOOD, ids=[ascii(text)[:50] for text, _ in GOOD])
def test_places(text: str, place: str) -> None:
    assert dateline.find(text) == place


FAKE = [
    "IOM – The UN Migration Agency said",
    "OIM – La agencia",
    "МОМ – агентство",
    "IOM Geneva – The office said",
    "Note – This is no press release.",
    "NOTE: – This is none",
    "Update – The river rose again",
    "Correction – The figure of last week",
    "Editor's note – The names were changed",
    "Nota – Este texto",
    "Communiqué – L'OIM",
    "Photo – The river",
    "COVID-19 – The pandemic changed",
    "Since 2015 – the year of the floods – people came",
    "The families – some with children – walked on",
    "Migrants – women and men alike – asked for it",
    "“It is late” – said the captain",
    "It is late – we must go, said Captain Ode",
    "A well-known place of co-operation",
    "Winter Is Coming - What Families Need Now That the Roads Are Closed",
    "Q&A – What is a visa?",
    "What now? – asked Amahle Mbeki",
    "Amahle Mbeki, 24 – a teacher from Luena – left",
    "10 – 12 May: the seminar",
    "– Geneva",
    "Geneva –",
    "Geneva",
    "",
    "a" * 5000 + " – b",
]


@pytest.mark.parametrize("text", FAKE, ids=[ascii(text)[:50] for text in FAKE])
def test_fakes_are_refused(text: str) -> None:
    assert dateline.find(text) is None


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(["Geneva", ", ", "3 May", " – ", "(", ")", "/", "IOM", "2021", "-", "أنقرة"]),
            max_size=9,
        ).map("".join),
    )
)
@example("Juba()Nimule – The road")
@settings(max_examples=300, deadline=None)
def test_finding_never_raises_and_invents_nothing(text: str) -> None:
    found = dateline.find(text)
    if found is not None:
        assert 2 <= len(found) <= 70
        for word in found.replace("(", " ").replace(")", " ").split():
            assert word.strip(",،;.") in text


@pytest.mark.parametrize(
    "text", ["Geneva, " * 100_000, "(" * 500_000, " - " * 300_000, "A " * 500_000 + "–", "3 May " * 100_000]
)
def test_the_worst_paragraph_takes_moments(text: str) -> None:
    started = time.process_time()
    dateline.find(text)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("opening", "day", "printed"),
    [
        ("Geneva, 3 May 2021 – The river rose.", date(2021, 5, 3), "3 May 2021"),
        ("بيروت، 4 آذار/مارس 2022 – ارتفع النهر.", date(2022, 3, 4), "4 آذار/مارس 2022"),
        (
            "Port-au-Prince, le 18 décembre 2023 – La rivière monte.",
            date(2023, 12, 18),
            "le 18 décembre 2023",
        ),
        ("Geneva, 3 May – The river rose.", None, None),
        ("Geneva, 03/05/2021 – The river rose.", None, None),
        ("IOM, 3 May 2021 – The river rose.", None, None),
        ("The river rose on 3 May 2021 and fell again.", None, None),
    ],
)
def test_the_day_of_a_dateline(opening: str, day: date | None, printed: str | None) -> None:
    assert dateline.day(opening) == ((day, printed) if day else None)


def test_a_page_without_another_date_is_of_the_day_of_its_dateline() -> None:
    body = f"<p>Geneva, 3 May 2021 – {'The river rose in the night and fell again. ' * 4}</p>"
    article = extract(f"<html><body><main><h1>The river</h1>{body}</main></body></html>")
    assert (article.published, article.published_printed) == (date(2021, 5, 3), "3 May 2021")
    assert "date-of-dateline" in article.warnings
