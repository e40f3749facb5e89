"""Settings of a crawl. ``scrapy settings --get NAME`` shows one, ``-s NAME=VALUE`` changes one.

What our own settings (IOMSCRAPE_…) mean stands in ``docs/crawling.md``; a test holds that page to this
file. Every value of Scrapy's that is set here differs from its default, for the reason given.
"""

from __future__ import annotations

import os

from scrapy.settings import default_settings

BOT_NAME = "iomscrape"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
ADDONS = {"iomscrape.identification.Identification": 100}

# Ours ----------------------------------------------------------------------------------------------
IOMSCRAPE_DB = os.environ.get("IOMSCRAPE_DB", "iom.db")
IOMSCRAPE_WARC_DIR: str | None = os.environ.get("IOMSCRAPE_WARC_DIR")
IOMSCRAPE_CONTACT: str | None = os.environ.get("IOMSCRAPE_CONTACT")
IOMSCRAPE_FULL = False
IOMSCRAPE_MAX_URLS = 500_000
IOMSCRAPE_MAX_LIST_PAGES = 2_000
IOMSCRAPE_MAX_DEPTH = 5
IOMSCRAPE_MAX_ALIKE = 1_000
IOMSCRAPE_MAX_CRAWL_DELAY = 120.0
IOMSCRAPE_MAX_RETRY_AFTER = 120.0
IOMSCRAPE_BACKOFF = 10.0
IOMSCRAPE_MAX_REFUSALS = 5
IOMSCRAPE_PROBLEM_SHARE = 0.2
IOMSCRAPE_STOP_SECONDS = 7.0
IOMSCRAPE_MAX_CLOCK_ERROR = 86_400.0
IOMSCRAPE_BESIDE_RATE = 10.0
IOMSCRAPE_JOBS = 1
IOMSCRAPE_REQUEST_LOG = True

# Manners -------------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.25
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
COOKIES_ENABLED = False

# Safety --------------------------------------------------------------------------------------------
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
DOWNLOAD_WARNSIZE = 8 * 1024 * 1024
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
REMOTE_CONTROL_ENABLED = False  # since Scrapy 2.19 on by default; it runs code sent over HTTP
TELNETCONSOLE_ENABLED = False
REDIRECT_MAX_TIMES = 8
METAREFRESH_ENABLED = False  # a page that refreshes itself is a page; challenges use it, too
URLLENGTH_LIMIT = 2048
# Pages are asked for in the order of discovery, each answer calling for the next: Scrapy's depth would grow
# with every page. IOMSCRAPE_MAX_DEPTH counts the steps that matter.
SPIDER_MIDDLEWARES = {"scrapy.spidermiddlewares.depth.DepthMiddleware": None}
# Items and requests of one answer that are worked on side by side: each of them costs a task, used or not.
CONCURRENT_ITEMS = 4
# A check for authors of spiders, which reads the callback's source anew for every answer.
WARN_ON_GENERATOR_RETURN_VALUE = False

# The way of a request (see iomscrape/middlewares.py) -------------------------------------------------
# What is not used of Scrapy's own lists is taken out of them: what is named with None would still be imported.
_unused = {
    # OwnSites does more than this one: ports, redirects, a row in problems.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    # Cookies are off; in use it would make tldextract fetch the list of public suffixes.
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    # WaitForRobots and PatientRetry below stand in their places.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
    "scrapy.downloadermiddlewares.retry.RetryMiddleware",
    # Nobody outside steers a crawl, whatever Scrapy's defaults become. The first brings a web server along.
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.extensions.telnet.TelnetConsole",
}
DOWNLOADER_MIDDLEWARES_BASE = {
    name: place for name, place in default_settings.DOWNLOADER_MIDDLEWARES_BASE.items() if name not in _unused
}
DOWNLOADER_MIDDLEWARES = {
    "iomscrape.middlewares.OwnSites": 10,
    "iomscrape.middlewares.Memory": 20,
    "iomscrape.robots.WaitForRobots": 100,
    "iomscrape.middlewares.RobotsUnavailable": 110,
    "iomscrape.middlewares.LeftSites": 120,
    "iomscrape.middlewares.PatientRetry": 550,
    "iomscrape.middlewares.WholeAnswers": 585,
    # Scrapy's HttpCompressionMiddleware: 590
    "iomscrape.middlewares.AsSent": 595,
    "iomscrape.requestlog.RequestLog": 900,
    "iomscrape.middlewares.SiteClocks": 910,
}
EXTENSIONS_BASE = {
    name: place for name, place in default_settings.EXTENSIONS_BASE.items() if name not in _unused
}
EXTENSIONS = {
    "iomscrape.crawling.ArchiveRun": 10,
    "iomscrape.extensions.Politeness": 20,
    "iomscrape.extensions.PromptStop": 30,
}
ITEM_PIPELINES = {"iomscrape.pipelines.IntoArchive": 100}
HTTPERROR_ALLOW_ALL = True  # a 404 is a capture, too
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "WARNING"
# In the order of discovery, newest first, as the spider yields them.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_DISK_QUEUE = "scrapy.squeues.PickleFifoDiskQueue"

# Output --------------------------------------------------------------------------------------------
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "INFO"
