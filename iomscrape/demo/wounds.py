"""The ways in which mail links of the sites are damaged, as templates, to be spread over the stories.

``$mail`` is the address, ``$upper`` the same in capitals, ``$hidden`` what the delivery network makes of it.
"""

from __future__ import annotations

from string import Template

WOUNDS = {
    "none": '<a href="mailto:$mail">$mail</a>',
    # A filter put <br /> wherever a line ended, and lines ended inside tags too.
    "break-in-tag": '<a href=<br />\n"mailto:$mail">$mail</a>',
    "break-in-tag-with-attributes": (
        '<a href=<br />\n"mailto:$mail" target="_blank" title=<br />\n"">$mail</a>'
    ),
    "quotes-escaped": '<a href="&quot;mailto:$mail&quot;">$mail</a>',
    "quotes-doubled": '<a href=""mailto:$mail"">$mail</a>',
    "quotes-curly": '<a href="“mailto:$mail”">$mail</a>',
    "http-before": '<a href="http://mailto:$mail">$mail</a>',
    "scheme-doubled": '<a href="mailto:mailto:$mail">$mail</a>',
    "space": '<a href="mailto: $mail">$mail</a>',
    "space-escaped": '<a href="mailto:%20$mail">$mail</a>',
    "punctuation-after": '<a href="mailto:$mail.">$mail</a>',
    "subject": '<a href="mailto:$mail?subject=Press%20enquiry">$mail</a>',
    "upper-case": '<a href="MAILTO:$upper">$upper</a>',
    "resolved": '<a href="/news/mailto:$mail">$mail</a>',
    "cloudflare": (
        '<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="$hidden">'
        "[email&#160;protected]</a>"
    ),
}
"""Name of the wound -> the markup it leaves."""

CLOUDFLARE_KEY = 0x5A
"""Any byte will do; the page carries it as the first two hex digits."""


def mail_link(mail: str, wound: str) -> str:
    """A link to ``mail``, damaged in the named way; KeyError where the name is not in ``WOUNDS``."""
    return Template(WOUNDS[wound]).substitute(mail=mail, upper=mail.upper(), hidden=hide(mail))


def hide(mail: str) -> str:
    """What Cloudflare writes into ``data-cfemail``: the key, then each byte of the address XOR the key."""
    return bytes([CLOUDFLARE_KEY, *(byte ^ CLOUDFLARE_KEY for byte in mail.encode())]).hex()
