"""Which addresses and numbers are put out of sight, and which are figures or for everybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.privacy import masked, named_in
from archive.privacy.numbers import EMAIL_MARK, PHONE_MARK

ADA = named_in(
    [
        {
            "contacts": [
                {
                    "name": "Ada Moreno",
                    "role": "Programme Officer",
                    "office": "IOM Dili",
                    "emails": ["amoreno@iom.int"],
                    "phones": [{"printed": "+670.723.0810", "e164": "+6707230810"}],
                    "other": ["@iom_tl"],
                }
            ]
        }
    ]
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Tel: +41 22 717 9111, Mobile 079 217 33 74", f"Tel: {PHONE_MARK}, Mobile {PHONE_MARK}"),
        ("Tél. 01 40 44 06 91 ou Fax: (01) 40440692", f"Tél. {PHONE_MARK} ou Fax: {PHONE_MARK}"),
        ("contact the office on (011) 4815-1035", f"contact the office on {PHONE_MARK}"),
        ("هاتف: 0096265654381", f"هاتف: {PHONE_MARK}"),
        ("هاتف: ٠٩٦٢٦٥٦٥٤٣", f"هاتف: {PHONE_MARK}"),
        ("тел. 044 568 50 15", f"тел. {PHONE_MARK}"),
        ("电话：010 5979 9695", f"电话：{PHONE_MARK}"),
        ("reach us on 723-0810 today", f"reach us on {PHONE_MARK} today"),
        ("Write to amoreno@iom.int.", f"Write to {EMAIL_MARK}."),
        ("amoreno (at) iom [dot] int", EMAIL_MARK),
        ("amoreno at iom.int, more at iom.int", f"{EMAIL_MARK}, more at iom.int"),
        ("A.Moreno+press @ iom.int", EMAIL_MARK),
    ],
)
def test_what_reaches_a_person_goes(text: str, left: str) -> None:
    assert masked(text, ADA) == left


@pytest.mark.parametrize(
    "text",
    [
        "mobile clinics treated 12 345 patients",
        "2 870 000 people in 2010-2015, 1.234.567 personas, 10 000 000 000 dollars",
        "growth of +1 200 000 people",
        "Call the hotline +380 44 568 50 15 for help.",
        "La línea gratuita de atención es el 01 8000 112 440.",
        "Appelez le numéro vert 0800 12 34 56.",
        "الخط الساخن: 0800 123 456",
        "Victims can ring 0800 123 456 7 free",
        "a toll-free number, 116 123 45, was set up",
        "The number is 0800 555 117, toll free; or send a text message to +254 700 555 117.",
        "on 03-05-2021 at 10.30",
    ],
)
def test_figures_and_hotlines_stay(text: str) -> None:
    assert masked(text, ADA) == text


def test_a_hotline_beside_a_persons_number() -> None:
    text = "For help call the hotline 0800 12 34 56. For the press: Tel. +41 22 717 91 11"
    assert masked(text) == f"For help call the hotline 0800 12 34 56. For the press: Tel. {PHONE_MARK}"


def test_a_contacts_own_number_is_never_a_hotline() -> None:
    assert masked("The hotline is +670 723 0810.", ADA) == f"The hotline is {PHONE_MARK}."


@given(st.text())
def test_never_an_error_and_the_second_time_changes_nothing(text: str) -> None:
    once = masked(text, ADA)
    assert masked(once, ADA) == once


@given(
    st.text("abcdefghijklmnopqrstuvwxyz. ", max_size=40),
    st.text("abcdefghijklmnopqrstuvwxyz. ", max_size=40),
    st.sampled_from(["+670 723 0810", "+6707230810", "(670) 723-0810", "723 08 10", "0723.0810"]),
    st.sampled_from(["amoreno@iom.int", "AMoreno@IOM.int", "mailto:amoreno@iom.int"]),
)
def test_a_contacts_number_and_address_go_wherever_they_stand(
    before: str, after: str, number: str, address: str
) -> None:
    left = masked(f"{before} {number} {after} {address} .", ADA)
    assert "0810" not in left
    assert "08 10" not in left
    assert "moreno" not in left.lower()
