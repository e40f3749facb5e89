"""Bodies whose text was wrapped before it came into the page: one paragraph each, whatever shows its lines."""

from __future__ import annotations

import pytest

from iomscrape import extract
from tests.parts.test_unwrapping import FERRY, MARKET, SCHOOL, wrapped

PAGE = """<html><head><title>Ferry arrives | International Organization for Migration</title>
<meta name="Generator" content="Drupal 7 (http://drupal.org)"></head>
<body class="page-node node-type-press-release"><h1 class="page-title">Ferry arrives</h1>
<div class="node node-press-release"><div class="field field-name-body"><div class="field-item even">
{}
<p>For more information please contact:<br>Ana Reis<br>IOM Dili<br>Tel: +670 723 5512<br>
Email: <a href="mailto:areis@iom.int">areis@iom.int</a></p>
</div></div></div></body></html>"""

LINES = wrapped(MARKET, SCHOOL, FERRY)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{'<br />'.join(LINES)}</p>",
        f"<p>{'<br>'.join(wrapped(MARKET))}<br><br>{'<br>'.join(wrapped(SCHOOL, FERRY))}</p>",
        f"<pre>{chr(10).join(LINES)}</pre>",
        f"<pre>\r\n{(chr(13) + chr(10)).join(LINES)}\r\n</pre>",
    ],
    ids=["breaks", "some-empty-lines", "preformatted", "preformatted-crlf"],
)
def test_paragraphs_of_a_wrapped_body(body: str) -> None:
    article = extract(PAGE.format(body).encode(), url="https://www.iom.int/news/ferry-arrives")
    assert [block.text for block in article.blocks] == [MARKET, SCHOOL, FERRY]
    assert [contact.name for contact in article.contacts] == ["Ana Reis"]
