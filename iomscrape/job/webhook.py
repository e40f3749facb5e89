"""The same as a letter, for programs: JSON by POST."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from iomscrape.job.account import Account
from iomscrape.job.profile import Profile
from iomscrape.version import __version__

PAUSE = 3.0
"""Seconds before the one further try."""
TEMPORARY = (408, 429, 500, 502, 503, 504)


def post(profile: Profile, account: Account, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Send the account to the address of ``[webhook]``; once more where that may help.

    Raises OSError or ValueError. The address may be a secret: messages name its host alone.
    """
    url = _url(profile)
    host = urlsplit(url).hostname
    asked = Request(  # noqa: S310  # _url lets http and https pass alone
        url,
        data=json.dumps(account.to_dict(), ensure_ascii=False).encode("utf-8", "replace"),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": f"iomscrape/{__version__}"},
        method="POST",
    )
    for last in (False, True):
        try:
            with _opener().open(asked, timeout=profile.get("webhook", "timeout")) as answer:
                answer.read(1)
                return
        except HTTPError as error:
            error.close()
            if last or error.code not in TEMPORARY:
                raise OSError(f"{host} answered {error.code}") from None
        except (OSError, HTTPException) as error:
            if last:
                why = error.reason if isinstance(error, URLError) else error
                raise OSError(f"{host}: {why}") from None
        sleep(PAUSE)


def _opener() -> OpenerDirector:
    # None that follows redirects: that would turn the POST into a GET, which says nothing and looks like success.
    opener = OpenerDirector()
    for part in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(part)
    return opener


def _url(profile: Profile) -> str:
    name = profile.get("webhook", "url_env")
    url: str = os.environ.get(name, "") if name else profile.get("webhook", "url")
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        whole = None
    if not whole:
        raise ValueError(f"the variable {name} holds no web address" if name else "its url is no web address")
    return url
