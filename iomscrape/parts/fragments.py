"""Small damaged fragments of markup: what a forgiving parser makes of text that shows its own tags.

Editors paste HTML into fields that escape it, and readers see ``<strong>Note</strong>``. Beautiful Soup
reads such a fragment whatever is missing in it; whole pages it would read too slowly.
"""

from __future__ import annotations

import re
import warnings

LONGEST = 20_000
"""Characters above which a fragment is left as it is: no paragraph is so long."""

MOST_TAGS = 200
"""Tags above which it is left as it is: it is a page about markup, or made to be slow."""

# <p>, </strong>, <br />, <a href="…">; no "<5 years" and no "<name@iom.int>"
_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|div|em|font|h[1-6]|i|li|ol|p|small|span|strong|sub|sup|u|ul)(?:\s[^<>]{0,400})?/?>",
    re.I,
)
_BREAKING = ("blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p")


def unescaped(text: str) -> str:
    """``text`` without the tags that it shows; a break or a paragraph becomes a line end.

    Text that shows no tags comes back as it is.
    """
    if len(text) > LONGEST or not _TAG.search(text) or text.count("<") > MOST_TAGS:
        return text
    # Only here: few pages show tags, and it takes as long to load as it takes to read some twenty pages.
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(text, "html.parser")
    for tag in soup.find_all(_BREAKING):
        tag.insert_before("\n")
    return soup.get_text()
