"""What every table and column means, in a researcher's words: the one place where it is said.

(Views say it beside their queries, in ``archive/views.py``.) ``archive/schema.py`` copies it into the
archive's own table ``columns``, ``archive/describe.py`` makes ``docs/schema.md`` of it; a test fails for a
column that is not described here.
"""

from __future__ import annotations

from typing import NamedTuple

from archive.views import VIEWS


class Column(NamedTuple):
    """One column: where it stands, what it means, what a value looks like."""

    table: str
    name: str
    meaning: str
    example: str


_DESCRIPTION = """
articles: What each item says today: one row for each news item, with the text of its latest capture.
    id | number of the article in this archive, for `iomscrape show ID` | 42
    url | address of the item as it names itself | https://www.iom.int/news/a-title
    identity | the address without scheme, `www.`, last slash and fragment | iom.int/news/a-title
    site | host without `www.` | timor-leste.iom.int
    title | headline | New Clinic Opens on the Border
    subtitle | second headline, if there is one | Doctors see 80 patients on the first day
    lang | language of the text, primary BCP 47 tag; empty where it cannot be told | fr
    kind | what sort of item | press-release
    published | day, or time with zone, that the page gives as its date of publication | 2021-05-03
    published_printed | the same as printed | 03 May 2021
    updated | day or time of the last change, if the page gives one | 2021-05-04
    dateline | place or places that open the text, as printed | Geneva
    country | country it is about, ISO 3166-1 alpha-2 | TL
    region | region it is about, as printed | Asia and the Pacific
    node_id | the site's own number of the page, the same in every language | 113086
    design | which design of the site read it | drupal9
    reader_version | version of the reader that read it | 1
    confidence | 0 to 1: how sure the design is that this is the article and all of it | 0.98
    warnings | what seemed odd while reading, JSON list | []
    first_seen | time of the earliest capture that showed it | 2026-03-01T09:30:00+00:00
    last_seen | time of the latest capture that showed it | 2026-04-01T09:30:00+00:00
    digest | fingerprint of everything a reader sees; two versions differ if it differs | 5f2c…
    capture_id | the capture its present text was first seen in | 107
    versions | how many versions there are; what stands here is the newest | 1
    record | the whole record, where these tables cannot hold it exactly; else empty | {"title": "A Title"}
    roles | what the paragraphs are that are no plain ones, by their place from 0, JSON | {"3": "heading"}
    text | the body, paragraphs apart by an empty line; contact block left out | The clinic opened.
    paragraphs | the body as a JSON list of paragraphs, made of the text when asked for | ["The clinic opened."]
    plain | 1 if headlines and body stand in `search_words` as they are; 0 if SQLite must look what to fold | 1
contacts: People and offices that an article names for questions, one row for each.
    id | number of the contact | 7
    article_id | the article it stands in | 42
    position | order on the page, from 0 | 0
    name | name as printed | Ada Moreno
    role | what the person does | Programme Officer
    office | office the person belongs to | IOM Dili
    other | handles, web addresses and what else was printed, JSON list | ["@iom_tl"]
emails: E-mail addresses of contacts.
    id | number of the row | 9
    contact_id | the contact it belongs to | 7
    email | address in lower case, mended where the markup was damaged | amoreno@iom.int
phones: Telephone numbers of contacts.
    id | number of the row | 11
    contact_id | the contact it belongs to | 7
    printed | as printed, without label and extension | +670.723.0000
    e164 | the same in E.164; empty where country or number cannot be told | +6707230000
    kind | phone, mobile or fax | mobile
    extension | extension, if printed | 142
    valid | 1 if it fits today's numbering plan; old numbers often no longer do | 0
repairs: Changes made to damaged markup, so that one can see what the page really held.
    id | number of the row | 3
    article_id | the article it was made in | 42
    position | order on the page, from 0 | 0
    kind | the wound | break-in-tag
    before | what the page held | <a href=<br />"mailto:amoreno@iom.int">
    after | what was made of it | amoreno@iom.int
    part | where it was: contact or body | contact
themes: Subjects under which the site files an article.
    article_id | the article | 42
    position | order on the page, from 0 | 0
    theme | subject as printed | Migration Health
links: Links in the body and documents offered with an article.
    id | number of the row | 21
    article_id | the article | 42
    position | order on the page among its kind, from 0 | 0
    kind | link or document | document
    url | where it leads | https://www.iom.int/sites/default/files/report.pdf
    text | words of the link | Download the report
images: Pictures of an article.
    id | number of the row | 5
    article_id | the article | 42
    position | order on the page, from 0 | 0
    url | address of the picture | https://www.iom.int/sites/default/files/clinic.jpg
    caption | words under the picture | Patients wait in the yard
    credit | who took it | IOM/A. Moreno
translations: The same page in other languages, as the page itself names them.
    article_id | the article | 42
    lang | language tag of the other page | es
    url | its address | https://www.iom.int/es/news/un-titulo
other_addresses: Addresses under which an article was seen beside its own, as they stand in the view `addresses`.
    identity | the address without scheme, `www.`, last slash and fragment | iom.int/node/113086
    article_id | the article it leads to | 42
    url | the address as first met | https://www.iom.int/node/113086
earlier_versions: What articles said before they were changed, as the view `versions` shows it beside the newest.
    article_id | the article | 42
    number | 1 for the oldest | 1
    capture_id | the capture that first showed this version | 107
    first_seen | time of that capture | 2026-03-01T09:30:00+00:00
    last_seen | time of the last capture that showed this version | 2026-03-08T09:30:00+00:00
    digest | fingerprint of everything a reader sees | 5f2c…
    record | the whole record of this version, JSON, its body as `blocks` only | {"title": "A Title"}
sightings: Which articles each capture showed, and in which wording.
    article_id | the article that was shown | 42
    capture_id | the capture that showed it | 107
    seen_at | time of the capture | 2026-03-01T09:30:00+00:00
    digest | fingerprint of what it said | 5f2c…
corrections: What an earlier reader said of a capture and `iomscrape reread` found otherwise: nothing is lost of it.
    id | number of the row | 4
    run_id | the run that read it again | 9
    capture_id | the capture that was read again | 107
    article_id | the article; it may be gone, if no page shows it any more | 42
    url | its address as the earlier reader had it | https://www.iom.int/news/a-title
    kind | changed (today's reader says it otherwise) or gone (it finds no such article on the page) | changed
    reader_version | version of the earlier reader | 1
    said | what that said, JSON: the fields that changed; of an article that is gone the whole record | {"kind": "feature"}
captures: Every fetch of every page, and every imported file, also those that could not be read.
    id | number of the capture | 107
    url | address the page came from, after redirects | https://www.iom.int/news/a-title
    identity | the address without scheme, `www.`, last slash and fragment | iom.int/news/a-title
    redirected_from | addresses that led there, first asked first, JSON list | ["http://iom.int/node/113086"]
    fetched_at | when | 2026-03-01T09:30:00+00:00
    source | from where: live, wayback, commoncrawl, warc, html (a saved page) or text (a text dump) | live
    status | HTTP status; empty for saved files; 304 where the site said "unchanged" | 200
    content_type | as sent | text/html; charset=UTF-8
    digest | SHA-256 of the page (after decompression) | sha256:9b74…
    length | size of the page in bytes (after decompression) | 48211
    warc_file | WARC file with the raw page, in the WARC folder | iomscrape-20260301093000-00000-k3j9x.warc.gz
    warc_offset | where its record starts in that file, in bytes | 10482
    warc_length | compressed length of its record, in bytes | 9120
    revisit | 1 if the WARC record only points at an earlier record with the same bytes | 0
    origin | for imports: file and place in it | pages.warc.gz:1234
    run_id | the run that brought it | 3
    outcome | what came of it: new, changed, unchanged, problem or nothing | new
problems: What could not be fetched or read, with the reason: nothing is dropped silently.
    id | number of the row | 2
    url | address | https://www.iom.int/news/broken
    capture_id | the capture, if there is one | 108
    run_id | the run | 3
    reason | short stable code | no-article
    detail | a sentence for a person | The page holds no article.
    at | when | 2026-03-01T09:30:02+00:00
runs: Each time a command brought pages in.
    id | number of the run | 3
    command | the command | crawl
    arguments | its arguments, JSON with sorted keys | {"sites": ["www.iom.int"]}
    version | version of the program | 0.1.0
    started_at | when it started | 2026-03-01T09:29:58+00:00
    ended_at | when it ended; empty while it runs and for ever if it was killed | 2026-03-01T09:41:10+00:00
    outcome | done, failed, interrupted, refused or nothing | done
    exit_code | exit code of the command | 0
    counts | what came in, JSON | {"new": 80, "problem": 1}
imports: Files that `iomscrape import` has taken in whole; it passes them over the next time.
    id | number of the row | 1
    path | the file, as an absolute path | /data/pages.warc.gz
    size | its size in bytes | 8231904
    modified | when it was last changed, to the nanosecond as seconds since 1970 | 1330837567.250000000
    digest | SHA-256 of the file as it lies on the disk | sha256:77af…
    kind | warc, wacz, html, text, json or jsonl | warc
    url | address given with --url | https://www.iom.int/news/a-title
    pages | pages that it brought, also those that were in the archive before | 412
    problems | problems met while reading it | 0
    finished_at | when all of it was in the archive | 2026-03-01T09:30:02+00:00
    run_id | the run that brought it | 3
frontier: What a crawl knows of each address: what is still to fetch, and how to ask whether a page changed.
    url | address | https://www.iom.int/news/a-title
    identity | the address without scheme, `www.`, last slash and fragment | iom.int/news/a-title
    host | host as addressed | www.iom.int
    state | queued, fetched, failed or gone | fetched
    lastmod | last change as the sitemap gives it | 2021-05-04
    etag | HTTP ETag of the last answer | "6f9a-5c1"
    last_modified | HTTP Last-Modified of the last answer | Tue, 04 May 2021 10:00:00 GMT
    fetched_at | when it was last asked for | 2026-03-01T09:30:00+00:00
    status | HTTP status of the last answer; empty if there was none | 200
    digest | SHA-256 of the page last fetched | sha256:9b74…
    tries | failures since the last success | 0
    run_id | the run that last touched it | 3
story_articles: Which articles are one story: the same item at several addresses, and its translations.
    article_id | the article; one that stands alone is not listed | 43
    story_id | number of the story: the lowest number among its articles | 42
    relation | first (the earliest of the story), copy (in the same language) or translation | translation
story_links: Why two articles are one item; for each pair that was found to be one, reason and evidence.
    article_id | the one article | 42
    other_id | the other article, the one with the higher number | 43
    reason | same-text, near-copy, hreflang (a page names the other), page-number or same-facts | same-facts
    score | how sure that is, 0 to 1 | 0.91
    evidence | what it rests on, JSON: shared words, numbers, names, days apart | {"shape": 0.89}
    used | 1 if the pair is in one story; 0 if a better link spoke against it | 1
fingerprints: What is remembered of each article to find its copies and translations.
    article_id | the article | 42
    day | its day of publication | 2021-05-03
    state | 0 the article has changed since, 1 to be compared, 2 compared, 3 put into stories | 3
    facts | length, numbers and names by paragraph, contacts as fingerprints, JSON | [1, [[20, "80", "dili"]], "", ""]
    keys | its keys in `story_keys`, eight bytes each | (binary)
story_keys: By what articles that may be one item are found: runs of words, titles, addresses, as numbers.
    key | the number that stands for it | 140737488355327
    article_id | an article that has it | 42
story_method: How the stories were made; where this changes, all articles are compared anew.
    name | what | method
    value | value | rensa 2, 64 x 4, rules 1
columns: This description.
    table_name | table | contacts
    column_name | column | office
    meaning | what it means | office the person belongs to
    example | what a value looks like | IOM Dili
facets: One small row for each article with all that questions narrow and count by, written with it.
    article_id | the article | 42
    published | as in `articles` | 2021-05-03
    lang | as in `articles` | fr
    kind | as in `articles` | press-release
    country | as in `articles` | TL
    site | as in `articles` | timor-leste.iom.int
    label_id | its year, language, kind and country together, in `labels` | 17
    theme_set_id | its subjects together, in `theme_sets` | 4
labels: Every combination of year, language, kind and country that an article has had.
    id | number of the combination | 17
    year | year of publication; empty text if unknown | 2021
    lang | language; empty text if unknown | fr
    kind | what sort of item | press-release
    country | ISO 3166-1 alpha-2; empty text if unknown | TL
theme_sets: Every set of subjects that an article has had.
    id | number of the set | 4
    themes | the subjects in alphabetical order, JSON list | ["Education", "Shelter"]
articles_fts: Full-text index over articles (SQLite FTS5), always in step with them; `ORDER BY rank` ranks as search does.
    title | words of the headline, folded as in `search_words` |
    text | words of the body |
    subtitle | words of the second headline |
contacts_fts: Full-text index over contacts (SQLite FTS5), always in step with them.
    name | words of the name, accents folded |
    role | words of the role |
    office | words of the office |
search_words: A view: what is indexed of each article, with Arabic signs, foreign digits and special letters folded.
    id | the article | 42
    title | its headline, folded | New Clinic Opens on the Border
    text | its body, folded | The clinic opened.
    subtitle | its second headline, folded | Doctors see 80 patients on the first day
"""


_VIEWS = "".join(f"{view.name}: {view.meaning}{view.columns}" for view in VIEWS)


def _parse(description: str) -> tuple[dict[str, str], tuple[Column, ...]]:
    tables: dict[str, str] = {}
    columns: list[Column] = []
    table = ""
    for line in description.strip().splitlines():
        if line.startswith(" "):
            name, meaning, example = (part.strip() for part in line.split("|", 2))
            columns.append(Column(table, name, meaning, example))
        else:
            table, meaning = line.split(": ", 1)
            tables[table] = meaning
    return tables, tuple(columns)


TABLES, COLUMNS = _parse(_DESCRIPTION + _VIEWS)
"""TABLES: table or view to meaning, in the order of the docs. COLUMNS: every column of all of them."""
