"""The small rows that questions narrow and count by are always those of the articles."""

from __future__ import annotations

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
