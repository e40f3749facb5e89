"""The keys of a profile, as data: what there is, of what kind, and how it is explained."""

from __future__ import annotations

from typing import Any, NamedTuple

from iomscrape.job import kinds
from iomscrape.job.kinds import Kind


class Key(NamedTuple):
    """One key of a section."""

    name: str
    kind: Kind
    default: Any
    """As it comes out where the key is left out."""
    example: str
    """As the commented profile shows it, in TOML."""
    comment: str
    shown: bool = False
    """Whether it stands in the commented profile without a ``#`` before it."""


SECTIONS: dict[str, tuple[str, tuple[Key, ...]]] = {
    "archive": (
        "Where everything is kept. Paths are relative to this file.",
        (
            Key("database", kinds.text, "iom.db", '"iom.db"', "The SQLite file.", True),
            Key(
                "raw_pages",
                kinds.text,
                None,
                '"iom-warc"',
                "Folder of the WARC files; NAME-warc beside NAME.db.",
            ),
        ),
    ),
    "crawl": (
        "The live sites. Leave the section out to crawl none.",
        (
            Key(
                "contact",
                kinds.text,
                None,
                '"you@example.org"',
                "Who crawls: goes into the User-Agent.",
                True,
            ),
            Key(
                "sites",
                kinds.texts,
                (),
                '["www.iom.int"]',
                'Host names or addresses; "all" is every known site.',
                True,
            ),
            Key(
                "offices",
                kinds.texts,
                (),
                '["timor-leste"]',
                "Offices by name; `iomscrape sites` lists them.",
            ),
            Key(
                "shard",
                kinds.shard,
                None,
                '"2/3"',
                "Only this part of the sites; other machines crawl the others.",
            ),
            Key("linked_offices", kinds.flag, False, "true", "Also the offices that the home page links to."),
            Key("since", kinds.day, None, "2025-01-01", "Leave out what is older."),
            Key("languages", kinds.texts, (), '["en", "es"]', "Only pages under these language prefixes."),
            Key("max_pages", kinds.count, None, "5000", "Stop after so many article pages."),
            Key("delay", kinds.amount, None, "1.0", "Least pause between requests to a site, in seconds."),
            Key(
                "settings",
                kinds.settings,
                (),
                "{ DOWNLOAD_TIMEOUT = 60 }",
                "Scrapy settings, see docs/crawling.md.",
            ),
        ),
    ),
    "wayback": (
        "What the Wayback Machine kept. Slow by intention; what is here is not asked for again.",
        (
            Key("targets", kinds.texts, (), '["www.iom.int"]', "Sites or pages.", True),
            Key("from", kinds.period, None, "2003", "First year, month or day of captures."),
            Key("to", kinds.period, None, '"2007-06"', "Last year, month or day of captures."),
            Key(
                "which",
                kinds.one_of("every-version", "latest", "year", "month"),
                None,
                '"year"',
                "every-version, latest, or one a year or month.",
            ),
            Key("limit", kinds.count, None, "2000", "At most so many captures a run."),
            Key("server", kinds.text, None, '"https://web.archive.org"', "Another Wayback server."),
        ),
    ),
    "commoncrawl": (
        "What Common Crawl kept.",
        (
            Key(
                "targets", kinds.texts, (), '["*.iom.int"]', "Sites or pages; *.iom.int is all of them.", True
            ),
            Key("crawls", kinds.text, None, '"latest:1"', "Which crawls: all, latest:N, or their names."),
            Key("limit", kinds.count, None, "2000", "At most so many captures a run."),
            Key("server", kinds.text, None, '"https://index.commoncrawl.org"', "Where the indexes are."),
            Key("data", kinds.text, None, '"https://data.commoncrawl.org"', "Where the files are."),
        ),
    ),
    "import": (
        "Files that others put somewhere: WARC, WACZ, saved pages, dumps. Taken in once.",
        (
            Key("files", kinds.texts, (), '["inbox"]', "Files or folders.", True),
            Key("cluster", kinds.text, None, '"tcp://10.0.0.1:8786"', "A Dask cluster that reads them."),
            Key("parts", kinds.text, None, '"/shared/parts"', "Where its workers leave what they read."),
        ),
    ),
    "watch": (
        "Judge each crawl against earlier ones: has a site changed, or stopped? See docs/monitoring.md.",
        (
            Key(
                "report",
                kinds.page,
                None,
                '"iom-report.html"',
                "A page that says how the run went; the same as .txt beside it.",
                True,
            ),
            Key("metrics", kinds.text, None, '"iom.prom"', "Figures for node_exporter's textfile collector."),
            Key(
                "false_alarm_once_in",
                kinds.amount,
                100.0,
                "100",
                "Runs without a change that bring one false alarm.",
            ),
            Key("least_change", kinds.share, 0.25, "0.25", "Shares that move less are not told."),
            Key(
                "least_pages", kinds.count, 3, "3", "Where a run brings fewer, the last are judged together."
            ),
            Key("runs", kinds.count, 30, "30", "So many earlier runs are looked at."),
        ),
    ),
    "stories": (
        "Find copies and translations after each run (needs the extra: iomscrape[stories]).",
        (Key("find", kinds.flag, False, "true", "Whether to.", True),),
    ),
    "backup": (
        "A copy of the archive at the end of each run, proved whole.",
        (
            Key("folder", kinds.text, None, '"/mnt/backup/iom"', "Where; better on another disk.", True),
            Key("keep", kinds.count, 7, "7", "How many backups stay."),
            Key("raw_pages", kinds.flag, True, "false", "Whether the WARC files are copied, too."),
        ),
    ),
    "mail": (
        "Who is written to when a run needs a person.",
        (
            Key("to", kinds.texts, (), '["you@example.org"]', "Addresses.", True),
            Key("from", kinds.text, None, '"iomscrape@example.org"', "The sender.", True),
            Key("server", kinds.text, "localhost", '"smtp.example.org"', "Host of the mail server.", True),
            Key("port", kinds.count, None, "587", "25, 587 or 465 by default, as security has it."),
            Key(
                "security",
                kinds.one_of("starttls", "tls", "none"),
                "starttls",
                '"starttls"',
                "starttls, tls, or none.",
            ),
            Key("user", kinds.text, None, '"iomscrape"', "Where the server wants a login."),
            Key(
                "password_env", kinds.text, None, '"IOMSCRAPE_MAIL_PASSWORD"', "The variable that holds it …"
            ),
            Key("password_file", kinds.text, None, '"mail-password"', "… or the file. Never in here."),
            Key("when", kinds.one_of("needed", "always"), "needed", '"always"', "needed, or always."),
        ),
    ),
    "webhook": (
        "An address that gets the same as JSON, by POST, when a run needs a person.",
        (
            Key("url", kinds.text, None, '"https://chat.example.org/hook"', "Where to.", True),
            Key("url_env", kinds.text, None, '"IOMSCRAPE_WEBHOOK"', "The variable that holds it, if secret."),
            Key("timeout", kinds.amount, 10.0, "10", "Seconds to wait for an answer."),
            Key("when", kinds.one_of("needed", "always"), "needed", '"always"', "needed, or always."),
        ),
    ),
    "limits": (
        "When a run has to end, whatever is left: the next one goes on.",
        (Key("hours", kinds.amount, None, "6", "Hours for all steps together.", True),),
    ),
    "log": (
        "What the run writes for you to look at.",
        (
            Key(
                "file", kinds.text, None, '"iom.log"', "A file, rotated; left out: to the screen alone.", True
            ),
            Key(
                "format",
                kinds.one_of("text", "json"),
                "text",
                '"json"',
                "json: one object a line, for programs.",
            ),
            Key("megabytes", kinds.amount, 10.0, "10", "A file that grows larger is set aside …"),
            Key("keep", kinds.count, 5, "5", "… and so many of them stay."),
        ),
    ),
}
"""Section: (what it is for, its keys). The commented profile is made from this, too."""
