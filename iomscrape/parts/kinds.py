"""What kind of item a page is: by the label it prints, by its type in the CMS, by its address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Each row: the kind, and the words that name it on the pages (whole label, any of the languages).
LABELS: tuple[tuple[str, str], ...] = (
    ("briefing-note", r"press briefing notes?|pbn|briefing notes?|notes? d[’']information|notas? informativas?"),
    ("local-news", r"news\s*[-–]\s*local|local news|noticias locales|actualités locales|local"),
    ("statement", r"statements?|declaraci(?:ón|ones)|déclarations?|بيان(?:ات)?|заявлени[ея]|заяви?|dichiarazion[ei]|declaraç(?:ão|ões)"),
    ("feature", r"feature stor(?:y|ies)|featured stor(?:y|ies)|stor(?:y|ies)|historias?|récits?|reportages?|قصص|قصة|истори[ия]|історі[яї]|storie|histórias?"),
    ("blog", r"blogs?|blog posts?|opinions?|op-eds?"),
    ("speech", r"speech(?:es)?|discursos?|discours"),
    ("video", r"videos?|vídeos?|vidéos?"),
    ("press-release", r"press releases?|news releases?|comunicados?(?: de prensa)?|communiqués?(?: de presse)?|بيان صحفي|بيانات صحفية|пресс-релизы?|прес-релізи?|comunicat[oi](?: stampa)?|comunicados? de imprensa|pressemitteilung(?:en)?"),
    ("news", r"news|noticias?|actualités?|أخبار|новост[ьи]|новини|notizie|notícias|nachrichten|aktuelles"),
)  # fmt: skip
_LABELS = tuple((kind, re.compile(rf"^\W*(?:{words})\W*$", re.I)) for kind, words in LABELS)

# By the first part of the path after the language prefix, and by Drupal's content types.
PATHS = {
    "statements": "statement",
    "statement": "statement",
    "stories": "feature",
    "story": "feature",
    "blogs": "blog",
    "blog": "blog",
    "speeches": "speech",
    "news": "press-release",
    "press-releases": "press-release",
}
NODE_TYPES = {
    "press-release": "press-release",
    "featured-stories": "feature",
    "story": "feature",
    "blog-list": "blog",
    "statement": "statement",
    "news": "press-release",
}


def of_label(label: str | None) -> str | None:
    """The kind that a printed label names, or None."""
    if not label or len(label) > 60:
        return None
    return next((kind for kind, pattern in _LABELS if pattern.match(label)), None)


def of_path(url: str | None) -> str | None:
    """The kind that an address names: ``/es/statements/SLUG`` is a statement."""
    try:
        parts = [part for part in urlsplit(url or "").path.lower().split("/") if part]
    except ValueError:
        return None
    if parts and re.fullmatch(r"[a-z]{2}(?:-[a-z]{2,4})?", parts[0]):
        parts = parts[1:]
    return PATHS.get(parts[0]) if len(parts) > 1 else None


def of_node_type(classes: str) -> str | None:
    """The kind that Drupal's class ``node--type-…`` names."""
    match = re.search(r"node--type-([a-z-]+)", classes)
    return NODE_TYPES.get(match.group(1)) if match else None
