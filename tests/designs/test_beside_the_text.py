"""What pages print beside the text: the language of an item, credits of pictures."""

from __future__ import annotations

import pytest

from iomscrape import extract, extract_all

ITEM = (
    '<div class="feed-item"><h3 class="feed-item-title"><a href="https://www.iom.int/news/one">A Library on a Barge</a>'
    '</h3><div class="feed-item-meta">IOM - News - Ven, 03/17/2017 - 10:33</div><div class="feed-item-body">'
    "<p>Language {language} Posted: Friday, March 17, 2017 - 10:33Image: Region-Country: BangladeshThemes: Education</p>"
    "<p>{text}</p></div></div>"
)
LIST = (
    '<html lang="it"><head><meta name="Generator" content="Drupal 7"></head>'
    '<body class="page-aggregator">{items}</body></html>'
)
WORDS = "Two thousand books tie up each morning at new villages, Rajshahi first, Barisal next, Khulna last."
FRENCH = (
    "Le bateau porte deux mille livres et les enfants des villages sont sur le quai avec une lampe pour lire."
)


def test_the_language_that_an_item_prints() -> None:
    page = LIST.format(
        items=ITEM.format(language="English", text=WORDS) + ITEM.format(language="English", text=FRENCH)
    )
    # Few words tell nothing, and then the label does; the words are believed before it.
    assert [article.lang for article in extract_all(page)] == ["en", "fr"]


@pytest.mark.parametrize(
    ("legend", "credit"),
    [
        ("Books on deck. Photo: IOM/Rumi Das", "IOM/Rumi Das"),
        ("كتب على السطح. الصورة: المنظمة/ليلى", "المنظمة/ليلى"),
        ("كتب على السطح. تصوير: ليلى", "ليلى"),
        ("Bücher an Deck. Bild: IOM/Weber", "IOM/Weber"),
        ("Books on deck", None),
    ],
)
def test_credits_of_pictures(legend: str, credit: str | None) -> None:
    html = (
        '<html><head><meta name="Generator" content="Drupal 10"></head><body><main>'
        '<div class="node--type-press-release">'
        f'<h1>A Library on a Barge</h1><figure><img src="/x.jpg"><figcaption>{legend}</figcaption></figure>'
        f'<div class="field--name-body field--type-text-with-summary"><p>{WORDS}</p></div></div></main></body></html>'
    )
    (image,) = extract(html, url="https://www.iom.int/news/one").images
    assert image.credit == credit
