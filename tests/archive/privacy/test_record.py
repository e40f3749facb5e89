"""Contact blocks that the reader left in the body, and the rest of a record."""

from __future__ import annotations

from typing import Any

import pytest

from archive.privacy import named_in, without_contacts
from archive.privacy.closing import contact_block
from iomscrape.records import Article, Block, Contact, Image, Link, Phone, Repair

ADA = Contact(
    name="Ada Moreno",
    role="Programme Officer",
    office="IOM Dili",
    emails=("amoreno@iom.int",),
    phones=(Phone(printed="+670.723.0810", e164="+6707230810"),),
    other=("@iom_tl", "https://www.facebook.com/ada.moreno"),
)


def record(*texts: str, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "url": "https://www.iom.int/news/a",
        "title": "Bridge School Reopens",
        "lang": "en",
        "kind": "press-release",
        "blocks": tuple(Block(text=text) for text in texts),
        "design": "drupal9",
        "reader_version": "1",
        "confidence": 0.9,
        "contacts": (ADA,),
    }
    return Article(**(given | changes)).to_dict()


@pytest.mark.parametrize(
    ("texts", "gone"),
    [
        (["News.", "For more information, please contact Ada Moreno at IOM Dili, Tel +670 723 0810"], {1}),
        (["News.", "For more information contact Jo Doe in Geneva."], {1}),
        (["Nouvelles.", "Pour plus d'informations, veuillez contacter Ada Moreno."], {1}),
        (["Noticias.", "Para más información, favor de contactar a la oficina en Dili."], {1}),
        (["أخبار.", "لمزيد من المعلومات يرجى الاتصال بالسيدة أدا مورينو"], {1}),
        (["Новости.", "За дополнительной информацией обращайтесь к Аде Морено."], {1}),
        (
            [
                "News.",
                "Media contact:",
                "Ada Moreno",
                "Programme Officer",
                "Dili",
                "amoreno@iom.int",
                "About us.",
            ],
            {1, 2, 3, 4, 5},
        ),
        (["News.", "Ada Moreno, Programme Officer, IOM Dili"], {1}),
        (["News.", "For questions call Jo Doe."], {1}),
        (["News.", "Pour toute question, appelez Jo Doe."], {1}),
        (["News.", "Ada Moreno", "IOM Dili", "amoreno@iom.int", *["Other news."] * 9], {1, 2, 3}),
        # news, not a contact block
        (["News.", "Ada Moreno, at work", *["Other news."] * 9], set()),
        (["News.", "“We are back,” says Ada Moreno."], set()),
        (
            [
                "News.",
                "“It is safe,” said Ada Moreno, Programme Officer of IOM Dili, on Monday in the capital.",
            ],
            set(),
        ),
        (["Applications go to jobs@iom.int before May, said the office in a statement on Monday."], set()),
        (["News.", "The hotline is open: 0800 123 456"], set()),
        (["El proyecto ayuda a contactar a las familias."], set()),
        (["The night team offers soup. For more information on travel, people can contact the desk."], set()),
        (["Есть ссуды. Тем, кому нужна дополнительная информация, достаточно обратиться к старосте."], set()),
        (["News."], set()),
        ([], set()),
    ],
)
def test_the_contact_block_in_the_body(texts: list[str], gone: set[int]) -> None:
    assert contact_block(texts, named_in([record()])) == gone


def test_people_in_the_news_stay_by_name_and_are_out_of_reach() -> None:
    left = without_contacts(
        record(
            "“We are back,” says Ada Moreno.",
            "Every family of the eleven villages that wants a desk of its own may ask Ada Moreno (amoreno@iom.int).",
            "Eighty children came.",
        )
    )
    assert left["paragraphs"] == [
        "“We are back,” says Ada Moreno.",
        "Every family of the eleven villages that wants a desk of its own may ask [name] ([e-mail address]).",
        "Eighty children came.",
    ]
    assert left["blocks"][1] == {"text": left["paragraphs"][1], "role": "paragraph"}


def test_only_the_sentence_goes_where_it_ends_a_paragraph_of_news() -> None:
    text = "The desks came by boat. Eighty children carried them. For more information, please contact Ada Moreno in Dili."
    left = without_contacts(record("News.", text))
    assert left["paragraphs"] == ["News.", "The desks came by boat. Eighty children carried them."]


def test_links_captions_and_repairs() -> None:
    link = Link(url="https://www.iom.int/report", text="the report")
    left = without_contacts(
        record(
            "News.",
            links=(
                link,
                Link(url="mailto:amoreno@iom.int", text="Ada"),
                Link(url="TEL:+6707230810", text="call"),
                Link(url="https://wa.me/6707230810", text="WhatsApp"),
                Link(url="https://x.org/cdn-cgi/l/email-protection#a1b2", text="write"),
                Link(url="https://x.org/share?to=amoreno%40iom.int", text="share"),
                Link(url="https://www.facebook.com/ada.moreno", text="Ada's page"),
                Link(url="https://x.com/iom_tl", text="@iom_tl"),
            ),
            documents=(Link(url="https://www.iom.int/a.pdf", text="Ask amoreno@iom.int"),),
            images=(
                Image(
                    url="https://www.iom.int/a.jpg", caption="Write: amoreno@iom.int", credit="IOM/A. Moreno"
                ),
            ),
            repairs=(Repair(kind="space", before="a moreno@iom.int", after="amoreno@iom.int", where="body"),),
            warnings=("address amoreno@iom.int twice",),
        )
    )
    assert left["links"] == [{"url": link.url, "text": link.text}]
    assert left["documents"] == [{"url": "https://www.iom.int/a.pdf", "text": "Ask [e-mail address]"}]
    assert left["images"][0]["caption"] == "Write: [e-mail address]"
    assert left["images"][0]["credit"] == "IOM/A. Moreno"
    assert (left["contacts"], left["repairs"]) == ([], [])
    assert left["warnings"] == ["address [e-mail address] twice"]


def test_a_record_without_people_stays_as_it_is() -> None:
    whole = record("News of 2 870 000 people.", "More.", contacts=())
    assert without_contacts(whole) == whole
