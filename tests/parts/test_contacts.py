"""Contacts as pages print them: every layout in every language, under every wording of the heading."""

from __future__ import annotations

import pytest

from iomscrape import extract
from tests.parts.layouts import LANGUAGES, LAYOUTS, Language, cards

PAGE = """<html lang="{lang}"><head><meta name="Generator" content="Drupal 10"><title>A title</title></head><body><main>
<h1>A title of some length</h1><article class="node node--type-news node--view-mode-full">
<div class="field--name-body field--type-text-with-summary">{body}</div></article></main></body></html>"""


def page(body: str, lang: str = "en") -> str:
    return PAGE.format(lang=lang, body=body)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_in_every_language(layout: str, language: Language) -> None:
    people = cards(language)
    wanted = [(c.name, c.role, c.office, (c.phone,), (c.email,)) for c in people]
    for heading in language.headings:
        block = LAYOUTS[layout](heading, people, language.joiner)
        article = extract(page(f"<p>{language.prose}</p><p>{language.prose}</p>{block}", language.code))
        found = [
            (c.name, c.role, c.office, tuple(phone.printed for phone in c.phones), c.emails)
            for c in article.contacts
        ]
        assert found == wanted, heading
        assert [b.text for b in article.blocks] == [language.prose] * 2, heading


PROSE = "The team has walked from house to house since Monday and written down who needs a new roof before the rains come."


def test_text_after_the_block_stays_in_the_body() -> None:
    after = (
        "IOM has worked in the province since 2009. It runs two reception centres and a mobile clinic there."
    )
    block = "<p>For more information, please contact:<br>Ada Obi<br>IOM Abuja<br>Tel: +234 9 555 0101<br>aobi@iom.int</p>"
    article = extract(page(f"<p>{PROSE}</p>{block}<p>{after}</p>"))
    assert [b.text for b in article.blocks] == [PROSE, after]
    assert [c.emails for c in article.contacts] == [("aobi@iom.int",)]


def test_block_at_the_start_and_in_the_middle() -> None:
    block = (
        "<p>Media contact: Ada Obi, Press Officer, IOM Abuja, Tel: +234 9 555 0101, Email: aobi@iom.int</p>"
    )
    for body in (f"{block}<p>{PROSE}</p><p>{PROSE}</p>", f"<p>{PROSE}</p>{block}<p>{PROSE}</p>"):
        article = extract(page(body))
        assert [c.name for c in article.contacts] == ["Ada Obi"]
        assert [b.text for b in article.blocks] == [PROSE, PROSE]


def test_inside_the_last_sentence() -> None:
    last = f"{PROSE} For more information, please contact Ada Obi at IOM Abuja, Tel: +234 9 555 0101, Email: aobi@iom.int."
    article = extract(page(f"<p>{PROSE}</p><p>{last}</p>"))
    assert [b.text for b in article.blocks] == [PROSE, PROSE]
    (contact,) = article.contacts
    assert (contact.name, contact.office, contact.emails) == ("Ada Obi", "IOM Abuja", ("aobi@iom.int",))


@pytest.mark.parametrize(
    "prose",
    [
        "The hotline is open day and night at +234 9 555 0199, and those who would rather write can use help@safe.example.",
        "For more information, families may ask the village head, who keeps the lists and reads them out on Fridays.",
        "Call the toll-free number 0800 555 117 or write to helpline@safejobs.example to speak with Mama Ngozi in Hausa.",
    ],
)
def test_a_hotline_in_the_prose_is_no_contact(prose: str) -> None:
    article = extract(page(f"<p>{PROSE}</p><p>{prose}</p><p>{PROSE}</p>"))
    assert article.contacts == ()
    assert [b.text for b in article.blocks] == [PROSE, prose, PROSE]


def test_no_heading_at_all() -> None:
    article = extract(
        page(
            f"<p>{PROSE}</p><p>Ada Obi, Press Officer, IOM Abuja, Tel: +234 9 555 0101, Email: aobi@iom.int</p>"
        )
    )
    assert [(c.name, c.role) for c in article.contacts] == [("Ada Obi", "Press Officer")]
    assert [b.text for b in article.blocks] == [PROSE]


def test_city_sections_give_the_office_where_none_is_printed() -> None:
    article = extract(
        page(
            f"<p>{PROSE}</p><p>Media contacts:<br>In Abuja:<br>Ada Obi, Tel: +234 9 555 0101, aobi@iom.int<br>"
            "In Geneva:<br>Per Lund, IOM HQ, Tel: +41 22 555 0102, plund@iom.int</p>"
        )
    )
    assert [(c.name, c.office) for c in article.contacts] == [("Ada Obi", "Abuja"), ("Per Lund", "IOM HQ")]


def test_a_mailbox_without_a_person() -> None:
    article = extract(page(f"<p>{PROSE}</p><p>For media inquiries:</p><p>media@iom.int</p>"))
    (contact,) = article.contacts
    assert (contact.name, contact.emails) == (None, ("media@iom.int",))


def test_several_numbers_with_labels_extension_and_handles() -> None:
    article = extract(
        page(
            f"<p>{PROSE}</p><p>For more information, please contact:<br>Ada Obi<br>IOM Abuja<br>"
            "Tel: +234 9 555 0101 ext. 12 / Mobile: +234 803 555 0102<br>Email: aobi@iom.int<br>"
            "Skype: ada.obi.iom<br>Twitter: @IOMNigeria</p>"
        )
    )
    (contact,) = article.contacts
    assert [(p.printed, p.extension, p.kind) for p in contact.phones] == [
        ("+234 9 555 0101", "12", "phone"),
        ("+234 803 555 0102", None, "mobile"),
    ]
    assert contact.other == ("Skype: ada.obi.iom", "Twitter: @IOMNigeria")


@pytest.mark.parametrize("role", ["Storyteller", "Gerente de Proyecto", "Head Gardener"])
def test_a_role_whose_words_are_unknown_is_kept(role: str) -> None:
    article = extract(
        page(f"<p>{PROSE}</p><p>Contact:<br>Ada Obi<br>{role}<br>IOM Abuja<br>Email: aobi@iom.int</p>")
    )
    (contact,) = article.contacts
    assert (contact.name, contact.role, contact.office) == ("Ada Obi", role, "IOM Abuja")


@pytest.mark.parametrize(
    ("line", "names", "offices"),
    [
        (
            "Ada Obi at +234 9 555 0101, aobi@iom.int and Jo Bo at +41 22 555 0101, jbo@iom.int",
            ["Ada Obi", "Jo Bo"],
            [None, None],
        ),
        ("Ada Obi, à l’adresse aobi@iom.int", ["Ada Obi"], [None]),
        ("Ada Obi unter +234 9 555 0101", ["Ada Obi"], [None]),
        ("Ada Obi, aobi@iom.int, +234 9 555 0101 (Abuja)", ["Ada Obi"], ["Abuja"]),
        ("Ada Obi, aobi@iom.int, Abuja, +234 9 555 0101", ["Ada Obi"], ["Abuja"]),
        ("Ada Obi, aobi@iom.int (OIM Dakar (Bureau régional))", ["Ada Obi"], ["OIM Dakar (Bureau régional)"]),
    ],
)  # fmt: skip
def test_words_between_a_name_and_its_numbers(line: str, names: list[str], offices: list[str | None]) -> None:
    found = extract(page(f"<p>{PROSE}</p><p>For more information, please contact: {line}</p>")).contacts
    assert [c.name for c in found] == names
    assert [c.office for c in found] == offices


@pytest.mark.parametrize(
    "line",
    [
        "Ada Obi, OIM Quito, aobi@iom.int o a Jo Bo, jbo@iom.int",
        "Ada Obi, aobi@iom.int ou au Jo Bo, jbo@iom.int",
        "Ada Obi, aobi@iom.int ou com Jo Bo, jbo@iom.int",
        "Ada Obi, aobi@iom.int oder an Jo Bo, jbo@iom.int",
        "Ada Obi, aobi@iom.int или к Jo Bo, jbo@iom.int",
    ],
)
def test_a_joiner_that_goes_on_with_the_verb(line: str) -> None:
    found = extract(page(f"<p>{PROSE}</p><p>Contact: {line}</p>")).contacts
    assert [(c.name, c.emails) for c in found] == [
        ("Ada Obi", ("aobi@iom.int",)),
        ("Jo Bo", ("jbo@iom.int",)),
    ]


def test_handles_in_a_sentence() -> None:
    line = "Ada Obi, IOM Abuja, aobi@iom.int. Follow @ada_obi on Twitter, or call the Media Unit on +41 22 555 0101"
    ada, unit = extract(page(f"<p>{PROSE}</p><p>For more information, please contact {line}.</p>")).contacts
    assert (ada.name, ada.office, ada.other) == ("Ada Obi", "IOM Abuja", ("@ada_obi",))
    assert (unit.name, unit.office) == (None, "Media Unit")


@pytest.mark.parametrize(
    ("line", "e164"),
    [
        ("Ada Obi, IOM Geneva, Tel. 022 717 9111", "+41227179111"),
        ("Ada Obi, OIM Roma, tel. 06 4423 1428", "+390644231428"),
        ("In Nairobi: Ada Obi, 020 444 4167, aobi@iom.int", "+254204444167"),
        ("Ada Obi, OIM Perú, Tel.: 01 633 0000, aobi@iom.int", "+5116330000"),
        ("Ada Obi, IOM Berlin, 030 2787 7800, aobi@iom.int", "+493027877800"),
        ("Ada Obi, IOM Geneva, Tel. +39 06 4423 1428", "+390644231428"),
    ],
)
def test_national_numbers_are_those_of_the_office(line: str, e164: str) -> None:
    (contact,) = extract(page(f"<p>{PROSE}</p><p>For more information, please contact: {line}</p>")).contacts
    assert [(phone.e164, phone.valid) for phone in contact.phones] == [(e164, True)]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("IOM Abuja’s Ada Obi, aobi@iom.int", [("Ada Obi", "IOM Abuja", ())]),
        ("Ada Obi at IOM Abuja: +234 9 555 0101, aobi@iom.int", [("Ada Obi", "IOM Abuja", ())]),
        ("Ada Obi-Lund Paz at IOM New Delhi: +234 9 555 0101", [("Ada Obi-Lund Paz", "IOM New Delhi", ())]),
        ("Ada at IOM Abuja, aobi@iom.int", [("Ada", "IOM Abuja", ())]),
        ("Ada Obi (English, French) +234 9 555 0101", [("Ada Obi", None, ("English", "French"))]),
        (
            "Ada Obi (anglais), aobi@iom.int & Jo Bo (Árabe), jbo@iom.int",
            [("Ada Obi", None, ("anglais",)), ("Jo Bo", None, ("Árabe",))],
        ),
        ("Ada Obi (French/Wolof), aobi@iom.int", [("Ada Obi", None, ("French/Wolof",))]),
        (
            "<br>In English and French: Ada Obi, aobi@iom.int<br>In Spanish: Jo Bo, jbo@iom.int",
            [("Ada Obi", None, ("English and French",)), ("Jo Bo", None, ("Spanish",))],
        ),
        (
            "<br>Ada Obi, IOM Abuja, aobi@iom.int<br>or the IOM Press Office: media@iom.int",
            [("Ada Obi", "IOM Abuja", ()), (None, "IOM Press Office", ())],
        ),
        ("<br>U Kyaw Min, IOM Yangon, ukmin@iom.int", [("U Kyaw Min", "IOM Yangon", ())]),
        (
            "<br>- Abuja: Ada Obi, aobi@iom.int<br>- Accra: Jo Bo, jbo@iom.int",
            [("Ada Obi", "Abuja", ()), ("Jo Bo", "Accra", ())],
        ),
        ("Ada Obi, IOM Berlin, Hauptstr. 68, 10117 Berlin, aobi@iom.int", [("Ada Obi", "IOM Berlin", ())]),
        (
            "the IOM Regional Office in Dakar: Ada Obi, aobi@iom.int",
            [("Ada Obi", "IOM Regional Office in Dakar", ())],
        ),
    ],
)
def test_names_beside_offices_and_languages(line: str, people: list[object]) -> None:
    found = extract(page(f"<p>{PROSE}</p><p>For more information, please contact: {line}</p>")).contacts
    assert [(c.name, c.office, c.other) for c in found] == people


@pytest.mark.parametrize(
    ("block", "name", "role"),
    [
        (
            "За дополнительной информацией обращайтесь, пожалуйста, к Варваре Лунд, пресс-секретарю МОМ в Украине, "
            "по телефону +38 044 555 50 15 или по адресу aobi@iom.int",
            "Варваре Лунд",
            "пресс-секретарю МОМ в Украине",
        ),
        (
            "Weitere Informationen erhalten Sie bei Ada Obi, IOM Berlin, oder per E-Mail an aobi@iom.int.",
            "Ada Obi",
            None,
        ),
        (
            "Media contact (not for publication): Ada Obi, cell +1 (202) 555-0120, aobi@iom.int",
            "Ada Obi",
            None,
        ),
    ],
)
def test_words_around_a_name(block: str, name: str, role: str | None) -> None:
    (contact,) = extract(page(f"<p>{PROSE}</p><p>{block}</p>")).contacts
    assert (contact.name, contact.role, contact.emails) == (name, role, ("aobi@iom.int",))


@pytest.mark.parametrize(
    ("sentence", "name", "office"),
    [
        ("IOM’s Ada Obi can be reached at +234 9 555 0101 or aobi@iom.int for comment.", "Ada Obi", "IOM"),
        ("Ada Obi, spokesperson, is available for interviews at aobi@iom.int.", "Ada Obi", None),
        ("Ada Obi puede ser contactada en aobi@iom.int", "Ada Obi", None),
        ("Ada Obi peut être contactée au +234 9 555 0101, aobi@iom.int.", "Ada Obi", None),
    ],
)
def test_a_sentence_that_names_the_person_first(sentence: str, name: str, office: str | None) -> None:
    article = extract(page(f"<p>{PROSE}</p><p>The school was built in 1974. {sentence}</p>"))
    (contact,) = article.contacts
    assert (contact.name, contact.office, contact.emails) == (name, office, ("aobi@iom.int",))
    assert article.text.endswith("The school was built in 1974.")


def test_a_sentence_about_a_hotline_stays() -> None:
    article = extract(
        page(f"<p>{PROSE}</p><p>Families can be reached at the hotline +234 9 555 0101, a@iom.int</p>")
    )
    assert article.contacts == ()


def test_a_table_of_people_without_a_heading() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>IOM {town}</td><td>Tel: {phone}</td><td><a href='mailto:{mail}'>E-mail</a></td></tr>"
        for name, town, phone, mail in (
            ("Ada Obi", "Abuja", "+234 9 555 0101", "aobi@iom.int"),
            ("Jo Bo", "Geneva", "+41 22 555 0101", "jbo@iom.int"),
        )
    )
    article = extract(page(f"<p>{PROSE}</p><table>{rows}</table>"))
    assert [(c.name, c.office, c.emails) for c in article.contacts] == [
        ("Ada Obi", "IOM Abuja", ("aobi@iom.int",)),
        ("Jo Bo", "IOM Geneva", ("jbo@iom.int",)),
    ]
    assert [b.text for b in article.blocks] == [PROSE]


@pytest.mark.parametrize("between", ["<br>", "</p><p>"])
@pytest.mark.parametrize("persons", ["</p><p>", "<br>", "<br>or<br>"])
def test_an_address_right_behind_the_name(between: str, persons: str) -> None:
    lines = (
        ("Ada Obi", "Email: aobi@iom.int", "Press Officer", "IOM Abuja", "Tel: +234 9 555 0101"),
        ("Léon Faye", "Email: lfaye@iom.int", "Dakar", "Tel: +221 33 555 0102"),
    )
    body = persons.join(between.join(one) for one in lines)
    article = extract(page(f"<p>{PROSE}</p><p>For more information, please contact:</p><p>{body}</p>"))
    assert [(c.name, c.role, c.office, c.emails, len(c.phones)) for c in article.contacts] == [
        ("Ada Obi", "Press Officer", "IOM Abuja", ("aobi@iom.int",), 1),
        ("Léon Faye", None, "Dakar", ("lfaye@iom.int",), 1),
    ]
    assert [block.text for block in article.blocks] == [PROSE]


def test_brackets_in_brackets_and_arabic_commas() -> None:
    block = "<p>Media contact:</p><p>Léon Faye (OIM Dakar (Bureau régional))<br>Tél : +221 33 555 0102<br>lfaye@iom.int</p>"
    (contact,) = extract(page(f"<p>{PROSE}</p>{block}")).contacts
    assert contact.office == "OIM Dakar (Bureau régional)"
    office = "وحدة الإعلام، المنظمة الدولية للهجرة في العراق"
    block = f"<p>لمزيد من المعلومات، يرجى الاتصال بـ: {office}، البريد الإلكتروني: media@iom.int</p>"
    (contact,) = extract(page(f"<p>{PROSE}</p>{block}", "ar")).contacts
    assert contact.office == office


def test_labels_of_one_letter() -> None:
    lines = "Ada Obi<br>T +234 9 555 0101<br>M +234 803 555 0102<br>E aobi@iom.int"
    article = extract(page(f"<p>{PROSE}</p><p>Media contact:</p><p>{lines}</p>"))
    (contact,) = article.contacts
    assert (contact.name, contact.office, len(contact.phones)) == ("Ada Obi", None, 2)
    assert contact.emails == ("aobi@iom.int",)
