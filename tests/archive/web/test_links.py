"""Which stored addresses become links."""

from __future__ import annotations

import pytest

from archive.web.links import mail, outside, telephone


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("https://www.iom.int/a?b=c#d", True),
        ("http://localhost:1/", True),
        ("HTTPS://IOM.INT/", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("\x01javascript:alert(1)", False),
        (" https://iom.int", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//iom.int/x", False),
        ("https://", False),
        ("https://[x", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_web_pages_become_links(address: str | None, leads: bool) -> None:
    assert outside(address) == (address if leads else None)


def test_numbers_and_mail_addresses_cannot_carry_more() -> None:
    assert telephone("+6707230000") == "tel:+6707230000"
    assert [telephone(number) for number in ("javascript:1", "+0123456", "+1;ext=2", "٣", "", None)] == [
        None
    ] * 6
    assert mail("a@iom.int") == "mailto:a@iom.int"
    assert mail("a@iom.int?bcc=b@iom.int") == "mailto:a@iom.int%3Fbcc%3Db@iom.int"
