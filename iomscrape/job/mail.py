"""A letter to whoever looks after the archive."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from iomscrape.job.account import Account
from iomscrape.job.profile import Profile
from iomscrape.job.report import as_html, as_text

TIMEOUT = 30.0
"""Seconds for each answer of the server."""
PORTS = {"starttls": 587, "tls": 465, "none": 25}


def send(profile: Profile, account: Account) -> None:
    """Send the report to the addresses of ``[mail]``. Raises OSError (``smtplib``'s errors are such), ValueError."""
    letter = EmailMessage()
    letter["Subject"] = f"iomscrape {account.headline}"[:200]
    letter["From"] = profile.get("mail", "from")
    letter["To"] = ", ".join(profile.get("mail", "to"))
    letter["Date"] = format_datetime(account.ended_at)
    letter["Message-ID"] = make_msgid(domain=profile.get("mail", "from").rpartition("@")[2] or None)
    # So that no machine answers it with a letter of its own.
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(as_text(account))
    letter.add_alternative(as_html(account), subtype="html")
    user = profile.get("mail", "user")
    password = _password(profile) if user else ""
    with _server(profile) as server:
        if user:
            server.login(user, password)
        if refused := server.send_message(letter):
            raise OSError(f"the server refused {', '.join(refused)}")


def _server(profile: Profile) -> smtplib.SMTP:
    security = profile.get("mail", "security")
    place = profile.get("mail", "server"), profile.get("mail", "port") or PORTS[security]
    if security == "tls":
        return smtplib.SMTP_SSL(*place, timeout=TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(*place, timeout=TIMEOUT)
    if security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except (OSError, RuntimeError):
            server.close()
            raise
    return server


def _password(profile: Profile) -> str:
    name, file = profile.get("mail", "password_env"), profile.get("mail", "password_file")
    if name:
        password = os.environ.get(name, "")
        if not password:
            raise ValueError(f"the variable {name}, which should hold the password, is empty")
        return password
    return profile.place(file).read_text(encoding="utf-8").strip()
