"""The small rows that questions narrow and count by are always those of the articles."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive

ALIKE = """
SELECT facets.article_id, facets.published IS articles.published, facets.lang IS articles.lang,
    facets.kind = articles.kind, facets.country IS articles.country, facets.site = articles.site,
    year = coalesce(substr(articles.published, 1, 4), ''), labels.lang = coalesce(articles.lang, ''),
    labels.kind = articles.kind, labels.country = coalesce(articles.country, ''),
    theme_sets.themes = (SELECT json_group_array(theme) FROM (
        SELECT DISTINCT theme FROM themes WHERE article_id = articles.id ORDER BY theme))
FROM articles LEFT JOIN facets ON facets.article_id = articles.id
LEFT JOIN labels ON labels.id = label_id LEFT JOIN theme_sets ON theme_sets.id = theme_set_id
"""


def test_facets_count_what_fits(archive: Archive, make_article: Any, make_capture: Any) -> None:
    items = (
        ("a", {"lang": "en", "country": "TL", "themes": ("Education", "Shelter")}),
        ("b", {"lang": "en", "country": "CO", "themes": ("Education",), "published": date(2019, 1, 2)}),
        ("c", {"lang": None, "country": None, "themes": (), "published": None, "kind": "feature"}),
    )
    for name, changes in items:
        url = f"https://www.iom.int/{name}"
        archive.store(make_capture(url=url), [make_article(f"Well {name}", url=url, **changes)])
    found = archive.facets("well")
    assert found.to_dict() == {
        "total": 3,
        "year": {"2021": 1, "2019": 1, "": 1},
        "country": {"": 1, "CO": 1, "TL": 1},
        "kind": {"press-release": 2, "feature": 1},
        "lang": {"en": 2, "": 1},
        "theme": {"Education": 2, "": 1, "Shelter": 1},
    }
    assert list(found.year) == ["2021", "2019", ""]
    assert list(found.kind) == ["press-release", "feature"]
    assert archive.facets() == found, "without a question the whole archive is counted"
    assert archive.facets("well", theme="education", since="2020").total == 1
    assert archive.facets("zeppelin").to_dict() == {
        "total": 0,
        **{name: {} for name in ("year", "country", "kind", "lang", "theme")},
    }


CHANGES = st.fixed_dictionaries(
    {
        "lang": st.sampled_from(["en", "fr", None]),
        "country": st.sampled_from(["TL", None]),
        "kind": st.sampled_from(["statement", "feature"]),
        "themes": st.sampled_from([(), ("A",), ("B", "A"), ("A", "B"), ("A", "A")]),
    }
)


@settings(deadline=None, max_examples=25)
@given(st.lists(CHANGES, min_size=1, max_size=5))
def test_every_article_has_its_row(make_article: Any, make_capture: Any, said: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "iom.db") as archive:
        for day, changes in enumerate(said):
            archive.store(make_capture(day, str(day).encode()), [make_article(**changes)])
            rows = archive.db.conn.execute(ALIKE).fetchall()
            assert [row[0] for row in rows] == [1]
            assert all(rows[0][1:]), rows
        archive.db.execute("DELETE FROM articles")
        assert archive.db.conn.execute("SELECT count(*) FROM facets").fetchone() == (0,)
