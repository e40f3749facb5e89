"""Codes as people say them."""

from __future__ import annotations

from archive.web.words import country, direction, is_tag, language, plain


def test_codes_in_words() -> None:
    assert [language(tag) for tag in ("fr", "ar", "xx", None)] == ["French", "Arabic", "xx", ""]
    assert [country(code) for code in ("TL", "XK", "ZQ", None)] == ["Timor-Leste", "Kosovo", "ZQ", ""]
    assert plain("press-release") == "press release"
    directions = [
        direction(tag) for tag in ("ar", "fa", "he", "ur", "ckb", "en", "zh-Hant", "xx", 'en"', None)
    ]
    assert directions == ["rtl"] * 5 + ["ltr"] * 2 + ["auto"] * 3
    assert [is_tag(tag) for tag in ("en", "zh-Hant-TW", 'en" x', "e", "", None)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
