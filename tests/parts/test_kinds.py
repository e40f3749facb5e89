"""What kind of item a page is, by label, address and content type."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iomscrape.parts import kinds


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Press Release", "press-release"),
        ("NEWS RELEASE", "press-release"),
        ("Comunicado", "press-release"),
        ("Comunicado de prensa", "press-release"),
        ("Communiqué de presse", "press-release"),
        ("بيان صحفي", "press-release"),
        ("Пресс-релиз", "press-release"),
        ("Прес-реліз", "press-release"),
        ("Comunicato stampa", "press-release"),
        ("Pressemitteilung", "press-release"),
        ("Press Briefing Notes", "briefing-note"),
        ("PBN", "briefing-note"),
        ("News - Local", "local-news"),
        ("Statement", "statement"),
        ("Déclaration", "statement"),
        ("بيان", "statement"),
        ("Feature Stories", "feature"),
        ("Historia", "feature"),
        ("Blog", "blog"),
        ("Speech", "speech"),
        ("Video", "video"),
        (" | News ", "news"),
        ("Новости", "news"),
        ("Newsletter subscription", None),
        ("", None),
        (None, None),
        ("x" * 10_000, None),
    ],
)
def test_labels(label: str | None, kind: str | None) -> None:
    assert kinds.of_label(label) == kind


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.iom.int/news/floods", "press-release"),
        ("https://www.iom.int/es/news/floods", "press-release"),
        ("https://www.iom.int/pt-br/statements/a", "statement"),
        ("https://storyteller.iom.int/stories/a", "feature"),
        ("https://www.iom.int/blogs/a", "blog"),
        ("https://www.iom.int/news", None),
        ("https://www.iom.int/", None),
        ("https://www.iom.int/newsdesk/20160510", None),
        ("https://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses(url: str | None, kind: str | None) -> None:
    assert kinds.of_path(url) == kind


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        ("node node--type-press-release node--view-mode-full", "press-release"),
        ("node--type-featured-stories", "feature"),
        ("node--type-blog-list", "blog"),
        ("node--type-page", None),
        ("", None),
    ],
)
def test_content_types(classes: str, kind: str | None) -> None:
    assert kinds.of_node_type(classes) == kind


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_asking_never_raises(text: str) -> None:
    kinds.of_label(text)
    kinds.of_path(text)
    kinds.of_path("https://" + text)
    kinds.of_node_type(text)
