"""What a page says of itself."""

from __future__ import annotations

import pytest

from iomscrape.page import Page


@pytest.mark.parametrize(
    ("attributes", "lang"),
    [
        ('lang="fr"', "fr"),
        ('lang=" pt-BR "', "pt"),
        ('lang="zh_hans"', "zh"),
        ('xmlns="http://www.w3.org/1999/xhtml" xml:lang="es" version="XHTML+RDFa 1.0"', "es"),
        ('lang="" xml:lang="TR"', "tr"),
        ('lang="x"', None),
        ('lang="english"', None),
        ("", None),
    ],
)
def test_the_language_that_it_declares(attributes: str, lang: str | None) -> None:
    page = Page(
        f"<!DOCTYPE html><html {attributes}><head><title>x</title></head><body><p>y</p></body></html>"
    )
    assert page.declared_lang == lang
