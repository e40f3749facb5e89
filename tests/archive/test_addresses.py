from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.addresses import identity, site


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.iom.int/news/slug", "iom.int/news/slug"),
        ("http://IOM.int:80/news/slug/#top", "iom.int/news/slug"),
        ("https://iom.int", "iom.int"),
        ("https://iom.int/", "iom.int"),
        ("https://iom.int:8443/a", "iom.int:8443/a"),
        ("https://iom.int/News/Slug", "iom.int/News/Slug"),
        ("https://iom.int/jahia/cache/offonce?entryId=7", "iom.int/jahia/cache/offonce?entryId=7"),
        ("https://mena.iom.int/ar/أخبار", "mena.iom.int/ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"),
        (
            "https://mena.iom.int/ar/%d8%a3%D8%AE%d8%a8%d8%a7%d8%b1",
            "mena.iom.int/ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1",
        ),
        ("file:///home/ada/page.html", "file:/home/ada/page.html"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_identity(url: str, expected: str) -> None:
    assert identity(url) == expected


def test_site_is_the_host_without_www() -> None:
    assert site("https://WWW.Timor-Leste.iom.int/news") == "timor-leste.iom.int"
    assert site("not an address") == ""


@given(st.text())
def test_nothing_is_too_odd_for_an_address(url: str) -> None:
    assert identity(identity(url)) is not None
    identity(url).encode("utf-8")
    site(url)
