"""The views: common questions, asked once and for all. They hold nothing, so they need no step.

A new view is a new entry of :data:`VIEWS`; archives get it when they are next opened for writing. Any
SQLite program must be able to read them: only functions that SQLite itself has (3.40 or newer).
"""

from __future__ import annotations

from typing import NamedTuple

from archive.addresses import is_capture_of
from archive.record_sql import RECORD, TEXT, WHOLE_RECORD


class View(NamedTuple):
    """One view: its name, what a row of it is, its columns (as in ``archive/columns.py``), its query."""

    name: str
    meaning: str
    columns: str
    query: str

    @property
    def sql(self) -> str:
        """The statement that makes it, exactly as SQLite keeps it."""
        return f"CREATE VIEW {self.name} AS {self.query.strip()}"


VIEWS = (
    View(
        "versions",
        "What an article said over time: one row for each time it was seen changed, oldest first.",
        """
    article_id | the article | 42
    number | 1 for the oldest | 2
    capture_id | the capture that first showed this version | 107
    first_seen | time of that capture | 2026-03-01T09:30:00+00:00
    last_seen | time of the last capture that showed this version | 2026-03-08T09:30:00+00:00
    digest | fingerprint of everything a reader sees | 5f2c…
    title | headline of this version | New Clinic Opens on the Border
    text | body of this version | The clinic opened on Monday.
    record | the whole record of this version, JSON | {"title": "New Clinic Opens on the Border"}
    reader_version | version of the reader that read it | 1
""",
        f"""
SELECT
    article_id,
    number,
    capture_id,
    first_seen,
    last_seen,
    digest,
    json_extract(record, '$.title') AS title,
    {TEXT} AS text,
    {WHOLE_RECORD} AS record,
    json_extract(record, '$.reader_version') AS reader_version
FROM earlier_versions
UNION ALL
SELECT
    articles.id,
    articles.versions,
    articles.capture_id,
    captures.fetched_at,
    articles.last_seen,
    articles.digest,
    articles.title,
    articles.text,
    CASE WHEN articles.record IS NULL THEN {RECORD} ELSE {WHOLE_RECORD} END,
    articles.reader_version
FROM articles
JOIN captures ON captures.id = articles.capture_id
""",  # noqa: S608  # our own expressions
    ),
    View(
        "addresses",
        "Every address under which an article was seen: its own, those of its captures, redirects to it.",
        """
    identity | the address without scheme, `www.`, last slash and fragment | iom.int/node/113086
    article_id | the article it leads to | 42
    url | the address as first met | https://www.iom.int/node/113086
""",
        """
SELECT identity, id AS article_id, url FROM articles
UNION ALL
SELECT identity, article_id, url FROM other_addresses
""",
    ),
    View(
        "people",
        "Everyone ever named as a contact, one row for each name at each office, as printed.",
        """
    name | the person | Ada Moreno
    office | office the person spoke for | IOM Dili
    roles | roles given to the person there, JSON list | ["Programme Officer"]
    emails | addresses, JSON list | ["amoreno@iom.int"]
    phones | telephone numbers, in E.164 where known, JSON list | ["+6707230000"]
    articles | how many articles name the person | 12
    first_mention | publication of the first of them; if it has no date, when it was first seen | 2003-05-06
    last_mention | the same of the last of them | 2006-11-30
""",
        """
SELECT
    contacts.name,
    contacts.office,
    json_group_array(DISTINCT contacts.role) FILTER (WHERE contacts.role IS NOT NULL) AS roles,
    json_group_array(DISTINCT emails.email) FILTER (WHERE emails.email IS NOT NULL) AS emails,
    json_group_array(DISTINCT coalesce(phones.e164, phones.printed))
        FILTER (WHERE phones.printed IS NOT NULL) AS phones,
    count(DISTINCT contacts.article_id) AS articles,
    min(coalesce(articles.published, articles.first_seen)) AS first_mention,
    max(coalesce(articles.published, articles.first_seen)) AS last_mention
FROM contacts
JOIN articles ON articles.id = contacts.article_id
LEFT JOIN emails ON emails.contact_id = contacts.id
LEFT JOIN phones ON phones.contact_id = contacts.id
WHERE contacts.name IS NOT NULL
GROUP BY contacts.name, contacts.office
""",
    ),
    View(
        "offices",
        "Every office that contacts belong to, as printed.",
        """
    office | the office | IOM Dili
    people | how many names speak for it | 7
    articles | how many articles name it | 31
    first_mention | publication of the first of them; if it has no date, when it was first seen | 2003-05-06
    last_mention | the same of the last of them | 2021-05-03
""",
        """
SELECT
    contacts.office,
    count(DISTINCT contacts.name) AS people,
    count(DISTINCT contacts.article_id) AS articles,
    min(coalesce(articles.published, articles.first_seen)) AS first_mention,
    max(coalesce(articles.published, articles.first_seen)) AS last_mention
FROM contacts
JOIN articles ON articles.id = contacts.article_id
WHERE contacts.office IS NOT NULL
GROUP BY contacts.office
""",
    ),
    View(
        "articles_by_month",
        "How many articles were published in each month that has any; those without a month are left out.",
        """
    month | the month | 2021-05
    articles | how many articles | 84
    sites | on how many sites | 9
    languages | in how many languages | 3
    countries | about how many countries | 40
""",
        """
SELECT
    substr(published, 1, 7) AS month,
    count(*) AS articles,
    count(DISTINCT site) AS sites,
    count(DISTINCT lang) AS languages,
    count(DISTINCT country) AS countries
FROM articles
WHERE length(published) >= 7
GROUP BY substr(published, 1, 7)
""",
    ),
    View(
        "stories",
        "Items that stand at several addresses or in several languages, one row for each.",
        """
    story_id | number of the story | 42
    article_id | its earliest article | 42
    title | headline of that | New Clinic Opens on the Border
    published | publication of that | 2021-05-03
    articles | how many articles it has | 3
    sites | their sites, JSON list | ["iom.int", "timor-leste.iom.int"]
    languages | their languages, JSON list | ["en", "fr"]
""",
        """
SELECT
    story_articles.story_id,
    max(CASE story_articles.relation WHEN 'first' THEN articles.id END) AS article_id,
    max(CASE story_articles.relation WHEN 'first' THEN articles.title END) AS title,
    max(CASE story_articles.relation WHEN 'first' THEN articles.published END) AS published,
    count(*) AS articles,
    json_group_array(DISTINCT articles.site) AS sites,
    json_group_array(DISTINCT articles.lang) FILTER (WHERE articles.lang IS NOT NULL) AS languages
FROM story_articles
JOIN articles ON articles.id = story_articles.article_id
GROUP BY story_articles.story_id
""",
    ),
    View(
        "languages",
        "The languages of the articles.",
        """
    lang | primary BCP 47 tag; empty where it could not be told | fr
    articles | how many articles | 3120
    sites | on how many sites | 22
    first_published | publication of the first | 2001-02-06
    last_published | publication of the last | 2026-02-27
""",
        """
SELECT
    lang,
    count(*) AS articles,
    count(DISTINCT site) AS sites,
    min(published) AS first_published,
    max(published) AS last_published
FROM articles
GROUP BY lang
""",
    ),
    View(
        "repaired_links",
        "Links and addresses that were damaged on the page, with the article they stood in.",
        """
    repair_id | number of the row in `repairs` | 3
    article_id | the article | 42
    published | its day of publication | 2003-05-06
    site | its site | iom.int
    title | its headline | New Clinic Opens on the Border
    url | its address | https://www.iom.int/news/a-title
    kind | the wound | break-in-tag
    before | what the page held | <a href=<br />"mailto:amoreno@iom.int">
    after | what was made of it | amoreno@iom.int
    part | where it was: contact or body | contact
""",
        """
SELECT
    repairs.id AS repair_id,
    articles.id AS article_id,
    articles.published,
    articles.site,
    articles.title,
    articles.url,
    repairs.kind,
    repairs.before,
    repairs.after,
    repairs.part
FROM repairs
JOIN articles ON articles.id = repairs.article_id
""",
    ),
    View(
        "unread_pages",
        "Pages that no capture has given an article of: one row for each problem that stands.",
        """
    problem_id | number of the row in `problems` | 2
    url | address of the page | https://www.iom.int/news/broken
    reason | short stable code | no-article
    detail | a sentence for a person | The page holds no article.
    at | when | 2026-03-01T09:30:02+00:00
    run_id | the run | 3
    capture_id | the capture; empty if nothing could be fetched | 108
    source | from where the capture came | live
    status | its HTTP status | 200
    content_type | its type, as sent | text/html; charset=UTF-8
    warc_file | WARC file with the raw page | iomscrape-20260301093000-00000-k3j9x.warc.gz
    warc_offset | where its record starts there, in bytes | 10482
""",
        f"""
SELECT
    problems.id AS problem_id,
    problems.url,
    problems.reason,
    problems.detail,
    problems.at,
    problems.run_id,
    problems.capture_id,
    captures.source,
    captures.status,
    captures.content_type,
    captures.warc_file,
    captures.warc_offset
FROM problems
LEFT JOIN captures ON captures.id = problems.capture_id
LEFT JOIN frontier ON frontier.url = problems.url
WHERE NOT EXISTS (
    SELECT 1 FROM captures AS other
    WHERE {is_capture_of("coalesce(captures.identity, frontier.identity)", "other")}
        AND other.outcome IN ('new', 'changed', 'unchanged')
)
""",  # noqa: S608  # our own expressions
    ),
)
"""In the order of the docs."""
