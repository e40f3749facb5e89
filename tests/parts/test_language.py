"""The language of a text by its own words, and what wins where page and words disagree."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iomscrape.parts import language

TEXTS = {
    "en": "The river rose in the night, and by morning the families of the lower town had moved to the school on the hill.",
    "es": "El río creció durante la noche y por la mañana las familias del barrio bajo ya estaban en la escuela de la colina.",
    "fr": "La rivière est montée dans la nuit et, au matin, les familles de la ville basse étaient à l’école sur la colline.",
    "pt": "O rio subiu durante a noite e, de manhã, as famílias da cidade baixa já estavam na escola no alto do morro.",
    "it": "Il fiume è salito nella notte e al mattino le famiglie della città bassa erano già nella scuola sulla collina.",
    "de": "Der Fluss stieg in der Nacht, und am Morgen waren die Familien der Unterstadt schon in der Schule auf dem Hügel.",
    "ru": "Ночью река поднялась, и к утру семьи из нижнего города уже были в школе, которая стоит на холме.",
    "uk": "Уночі річка піднялася, і до ранку родини з нижнього міста вже були у школі, що стоїть на пагорбі.",
    "ar": "ارتفع منسوب النهر ليلاً، وفي الصباح كانت عائلات المدينة السفلى قد انتقلت إلى المدرسة على التل.",
}


@pytest.mark.parametrize("lang", TEXTS)
def test_each_language_is_told(lang: str) -> None:
    assert language.of_text(TEXTS[lang]) == lang


@pytest.mark.parametrize("lang", TEXTS)
def test_names_and_capitals_do_not_mislead(lang: str) -> None:
    assert language.of_text(TEXTS[lang].upper()) == lang
    assert language.of_text(f"Geneva, IOM, UNHCR. {TEXTS[lang]} media@iom.int +41 22 717 9111") == lang


@pytest.mark.parametrize(
    "text",
    ["", "IOM", "12345 67890 " * 20, "Genève Dakar Luena Tiznit Kyiv Roma Berlin Lisboa", "Ωμέγα " * 30],
)
def test_unclear_texts_are_left_open(text: str) -> None:
    assert language.of_text(text) is None


def test_the_words_are_believed_before_the_label() -> None:
    assert language.decide("es", TEXTS["fr"]) == "fr"
    assert language.decide("es", f"La OIM en la frontera: historias del camino\n{TEXTS['fr'] * 8}") == "fr"
    assert language.decide("en", f"{TEXTS['en']}\n{TEXTS['ar'] * 8}") == "ar"
    assert language.decide("es", f"{TEXTS['es']} {TEXTS['pt'] * 8}") == "pt"
    assert language.decide("es", "IOM") == "es"
    assert language.decide(None, "IOM") is None


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_telling_never_raises(text: str) -> None:
    assert language.of_text(text) in {*TEXTS, None}


def test_a_huge_text_takes_moments() -> None:
    started = time.process_time()
    language.of_text(TEXTS["en"] * 100_000)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English", "en"),
        ("inglés", "en"),
        ("Français", "fr"),
        ("العربية", "ar"),
        ("русский", "ru"),
        ("Tetum", None),
        ("Nauru", None),
    ],
)
def test_languages_by_their_names(name: str, code: str | None) -> None:
    assert language.code(name) == code
    assert language.is_name(name) is (code is not None)
