"""Numbers as they are printed in nine languages, and what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iomscrape.parts import phones
from iomscrape.records import Phone

# text, region, then for each number: printed, E.164, kind, extension
FOUND = [
    ("Tel: +670 723 1576", None, [("+670 723 1576", "+6707231576", "phone", None)]),
    ("Tel: +670.723.0810", None, [("+670.723.0810", "+6707230810", "phone", None)]),
    ("Tel: + 5715946410 Ext. 142", None, [("+ 5715946410", "+5715946410", "phone", "142")]),
    ("+41 22 717 9111 ext 12", None, [("+41 22 717 9111", "+41227179111", "phone", "12")]),
    ("Tél. : +41 22 717 91 11, poste 12", None, [("+41 22 717 91 11", "+41227179111", "phone", "12")]),
    ("Tel.: +55 61 3771 3772 ramal 5", None, [("+55 61 3771 3772", "+556137713772", "phone", "5")]),
    ("Тел.: +7 495 660 7781, доб. 105", None, [("+7 495 660 7781", "+74956607781", "phone", "105")]),
    ("Тел. +380 44 568 50 15 дод. 7", None, [("+380 44 568 50 15", "+380445685015", "phone", "7")]),
    ("هاتف: +962 6 565 9660 تحويلة 12", None, [("+962 6 565 9660", "+96265659660", "phone", "12")]),
    ("Tel +41 22 717 9111 (ext. 12), Geneva", None, [("+41 22 717 9111", "+41227179111", "phone", "12")]),
    ("Phone: +1 202 862 1826x142", None, [("+1 202 862 1826", "+12028621826", "phone", "142")]),
    # labels
    ("Telefone: +244 222 555 061", None, [("+244 222 555 061", "+244222555061", "phone", None)]),
    ("Telefono: +39 06 4423 1428", None, [("+39 06 4423 1428", "+390644231428", "phone", None)]),
    ("Mobile: +41 79 103 8720", None, [("+41 79 103 8720", "+41791038720", "mobile", None)]),
    ("Mob. +30 694 055 1207", None, [("+30 694 055 1207", "+306940551207", "mobile", None)]),
    ("Cell phone: +263 772 125 633", None, [("+263 772 125 633", "+263772125633", "mobile", None)]),
    ("Portable : +221 77 555 08 64", None, [("+221 77 555 08 64", "+221775550864", "mobile", None)]),
    ("Cel.: +507 6555-0031", None, [("+507 6555-0031", "+50765550031", "mobile", None)]),
    ("Móvil +34 612 345 678", None, [("+34 612 345 678", "+34612345678", "mobile", None)]),
    ("Telemóvel: +244 923 555 708", None, [("+244 923 555 708", "+244923555708", "mobile", None)]),
    ("Handy: +49 170 5559022", None, [("+49 170 5559022", "+491705559022", "mobile", None)]),
    ("Моб.: +380 67 555 2408", None, [("+380 67 555 2408", "+380675552408", "mobile", None)]),
    ("моб. тел.: +7 705 555 19 04", None, [("+7 705 555 19 04", "+77055551904", "mobile", None)]),
    ("الجوال: +216 29 555 448", None, [("+216 29 555 448", "+21629555448", "mobile", None)]),
    ("Fax: +41 22 798 6150", None, [("+41 22 798 6150", "+41227986150", "fax", None)]),
    ("Télécopie/Fax : +41 22 798 6150", None, [("+41 22 798 6150", "+41227986150", "fax", None)]),
    ("Факс: +7 495 660 7782", None, [("+7 495 660 7782", "+74956607782", "fax", None)]),
    ("فاكس: +962 6 565 9661", None, [("+962 6 565 9661", "+96265659661", "fax", None)]),
    ("Tel/Fax: +41 22 717 9111", None, [("+41 22 717 9111", "+41227179111", "phone", None)]),
    ("Tel. (office): +41 22 717 9111", None, [("+41 22 717 9111", "+41227179111", "phone", None)]),
    ("Phone No.: +41 22 717 9111", None, [("+41 22 717 9111", "+41227179111", "phone", None)]),
    ("M: +41 79 103 8720 T: +41 22 717 9111", None, [
        ("+41 79 103 8720", "+41791038720", "mobile", None), ("+41 22 717 9111", "+41227179111", "phone", None),
    ]),
    ("WhatsApp: +41 79 103 8720", None, [("+41 79 103 8720", "+41791038720", "mobile", None)]),
    # several on one line
    ("Tel: +41 22 717 9111 / +41 79 103 8720", None, [
        ("+41 22 717 9111", "+41227179111", "phone", None), ("+41 79 103 8720", "+41791038720", "phone", None),
    ]),
    ("Tel: +41 22 717 9111; +66 2 343 9370 | +30 694 055 1207 or +254 20 422 1000", None, [
        ("+41 22 717 9111", "+41227179111", "phone", None), ("+66 2 343 9370", "+6623439370", "phone", None),
        ("+30 694 055 1207", "+306940551207", "phone", None), ("+254 20 422 1000", "+254204221000", "phone", None),
    ]),
    ("Tel. 06 4423 1428, Cell. 347 555 0926", "IT", [
        ("06 4423 1428", "+390644231428", "phone", None), ("347 555 0926", "+393475550926", "mobile", None),
    ]),
    # abbreviated second numbers
    ("Tel: +41 22 717 9111/12", None, [
        ("+41 22 717 9111", "+41227179111", "phone", None), ("12", "+41227179112", "phone", None),
    ]),
    ("Tél. +41 22 717 95 36 / 37, Genève", None, [
        ("+41 22 717 95 36", "+41227179536", "phone", None), ("37", "+41227179537", "phone", None),
    ]),
    ("Tel: +41 22 717 9111-12", None, [
        ("+41 22 717 9111", "+41227179111", "phone", None), ("12", "+41227179112", "phone", None),
    ]),
    ("Tel: 717 9111/12", None, [("717 9111/12", None, "phone", None)]),
    # forms
    ("+44 (0)20 7946 0000", None, [("+44 (0)20 7946 0000", "+442079460000", "phone", None)]),
    ("+39 06 4423 1428", None, [("+39 06 4423 1428", "+390644231428", "phone", None)]),
    ("(593-2) 255-3948", None, [("(593-2) 255-3948", "+59322553948", "phone", None)]),
    ("(251) 11 555 0417", None, [("(251) 11 555 0417", "+251115550417", "phone", None)]),
    ("(+63) 917 555 0432", None, [("(+63) 917 555 0432", "+639175550432", "mobile", None)]),
    ("0041 22 717 9111", None, [("0041 22 717 9111", "+41227179111", "phone", None)]),
    ("00 41 22 717 9111", None, [("00 41 22 717 9111", "+41227179111", "phone", None)]),
    ("(030) 555 778 17", "DE", [("(030) 555 778 17", "+493055577817", "phone", None)]),
    ("Tel. 030/55577817", "DE", [("030/55577817", "+493055577817", "phone", None)]),
    ("06.555.97.431", "IT", [("06.555.97.431", "+390655597431", "phone", None)]),
    ("06.555.97.431", None, [("06.555.97.431", None, "phone", None)]),
    ("+38 (050) 555-61-77", None, [("+38 (050) 555-61-77", "+380505556177", "mobile", None)]),
    ("هاتف: +٩٦٢ ٦ ٥٦٥ ٩٦٦٠", None, [("+٩٦٢ ٦ ٥٦٥ ٩٦٦٠", "+96265659660", "phone", None)]),
    ("+41\u00a022\u00a0717\u00a091\u00a011", None, [("+41\u00a022\u00a0717\u00a091\u00a011", "+41227179111", "phone", None)]),
    ("+41\u201122\u2011717\u20119111", None, [("+41\u201122\u2011717\u20119111", "+41227179111", "phone", None)]),
    ("Tel: 022 717 9111\n022 717 9112", "CH", [
        ("022 717 9111", "+41227179111", "phone", None), ("022 717 9112", "+41227179112", "phone", None),
    ]),
    # a dash between two numbers
    ("06.555.97.431 – 347.555.0926", "IT", [
        ("06.555.97.431", "+390655597431", "phone", None), ("347.555.0926", "+393475550926", "mobile", None),
    ]),
    ("+593 2 – 555 3948", None, [("+593 2 – 555 3948", "+59325553948", "phone", None)]),
    # notes
    ("+41 79 103 8720 (WhatsApp)", None, [("+41 79 103 8720", "+41791038720", "mobile", None)]),
    ("Tel: +41 22 717 9111 (fax)", None, [("+41 22 717 9111", "+41227179111", "fax", None)]),
    ("Tel: +509 3702 1234 (mobile, WhatsApp)", None, [("+509 3702 1234", "+50937021234", "mobile", None)]),
]  # fmt: skip


def told(found: phones.FoundPhone) -> tuple[str, str | None, str, str | None]:
    phone = found.phone
    return phone.printed, phone.e164, phone.kind, phone.extension


@pytest.mark.parametrize(("text", "region", "numbers"), FOUND, ids=[ascii(text)[:50] for text, _, _ in FOUND])
def test_numbers_are_found(
    text: str, region: str | None, numbers: list[tuple[str, str | None, str, str | None]]
) -> None:
    assert [told(found) for found in phones.find(text, region)] == numbers


def test_the_span_covers_label_number_extension_and_note() -> None:
    text = "Jane Doe, Tel. No.: +41 22 717 9111 ext. 5 (WhatsApp), Geneva"
    (found,) = phones.find(text)
    assert text[: found.start] == "Jane Doe, "
    assert text[found.end :] == ", Geneva"
    assert found.labelled


def test_a_note_that_names_a_place_is_left_to_the_reader() -> None:
    text = "Tel: +41 22 717 9111 (Geneva)"
    (found,) = phones.find(text)
    assert text[found.end :] == " (Geneva)"


@pytest.mark.parametrize(
    "text",
    [
        "on 12.05.2003 and 12-05-2003, or 2003-05-12",
        "from 2003-2004, 2015 – 2018 and 2001 2002 2003",
        "open 10.30-12.30 daily",
        "a budget of 1,500,000 francs",
        "a budget of 1 500 000 euros",
        "ein Haushalt von 1.500.000",
        "1 500 000 personnes déplacées",
        "US$ 1 500 000 was spent",
        "some 175000 people and 1234567 more",
        "at -8.558612, 125.573611",
        "8.5586° S 125.5736° E",
        "IBAN CH93 0076 2011 6238 5295 7",
        "account no. 0076 2011 6238",
        "ISBN 978-92-9068-123-4",
        "https://www.iom.int/news/20160523/1234567",
        "https://example.org/?id=0791038720",
        "4111 1111 1111 1111",
        "P.O. Box 17, 1211 Geneva 19",
        "Resolution 70/1 of 25 September 2015",
        "x@12345678.org and a1234567b",
        "COVID-19, SDG 10.7 and 2030",
        "03/05/2011 - 12:30",
        "20030512",
    ],
)
def test_what_only_looks_like_a_number(text: str) -> None:
    assert [found.printed for found in phones.find(text)] == []


def test_parsing_never_fails() -> None:
    assert phones.parse("not a number") == Phone(printed="not a number")
    assert phones.parse("") == Phone(printed="")
    assert phones.parse("+999 999 999 999 999").e164 is None


def test_numbers_of_2003_are_kept_though_no_longer_valid() -> None:
    phone = phones.parse("+670 723 1576")
    assert phone.e164 == "+6707231576"
    assert not phone.valid


words = st.sampled_from(
    [*[text for text, _, _ in FOUND], "+", "00", "(0)", "/12", " ext. ", "Tel: ", "٤١", "1 ", "(", "\n"]
)


@given(
    st.lists(st.one_of(words, st.text(max_size=8)), max_size=6).map("".join),
    st.sampled_from([None, "CH", "IT", "XX"]),
)
@settings(max_examples=300, deadline=None)
def test_finding_never_raises_and_prints_what_stands_there(text: str, region: str | None) -> None:
    last = 0
    for found in phones.find(text, region):
        assert found.phone.printed in text
        assert found.printed in text[found.start : found.end]
        assert last <= found.start < found.end <= len(text)
        last = found.end


MILLION = 1_000_000


@pytest.mark.parametrize(
    "worst",
    [
        "+1 " + "1 " * (MILLION // 2),
        "+1 1 1 1 " * (MILLION // 9),
        "1" * MILLION,
        "(" * MILLION,
        "(1" * (MILLION // 2),
        "1/" * (MILLION // 2),
        "Tel: " * (MILLION // 5),
        "Tel: 0 " * (MILLION // 7),
        "1 ()-" * (MILLION // 5),
        "+41 22 717 9111 " * (MILLION // 16),
        "+41 22 717 9111/12 " * (MILLION // 19),
        "Tel: 1 1 1 1 1 1 1 / " * (MILLION // 21),
    ],
    ids=lambda worst: worst[:12],
)
def test_the_worst_line_takes_moments(worst: str) -> None:
    started = time.process_time()
    for _ in phones.find(worst):
        pass
    assert time.process_time() - started < 4
