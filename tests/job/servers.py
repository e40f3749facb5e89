"""A mail server and a web server of a test's own, on loopback."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Mails:
    """What a mail server got."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    refuse: str | None = None
    """What it answers in place of taking a letter."""

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse:
            return self.refuse
        letter = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.letters.append(letter)
        self.to += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def log_in(self, *call: Any) -> AuthResult:
        given = call[-1]
        assert isinstance(given, LoginPassword)
        self.users.append(given.login.decode())
        return AuthResult(success=given.password == b"s3cret", handled=False)


@contextmanager
def mail_server(certificate: Path | None = None, *, from_the_start: bool = False) -> Iterator[Mails]:
    """With STARTTLS and login where there is a certificate, without both otherwise.

    ``from_the_start``: encrypted from the first byte, without login.
    """
    mails = Mails()
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    controller = Controller(
        mails,
        hostname="localhost",
        port=_free_port(),
        ssl_context=context if from_the_start else None,
        tls_context=None if from_the_start else context,
        require_starttls=bool(context) and not from_the_start,
        authenticator=mails.log_in,
        auth_required=bool(context) and not from_the_start,
        auth_require_tls=bool(context) and not from_the_start,
    )
    controller.start()
    mails.port = controller.port
    try:
        yield mails
    finally:
        controller.stop()


def certificate(folder: Path) -> Path:
    """A certificate for localhost that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@dataclass
class Posts:
    """What a web server got, and what it answers, one status after the other; 200 when there are no more."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    asked: int = 0


@contextmanager
def web_server() -> Iterator[Posts]:
    """Takes JSON by POST."""
    posts = Posts()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posts.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = posts.answers.pop(0) if posts.answers else 200
            if status == 200:
                posts.got.append(json.loads(body))
                posts.kinds.append(self.headers["Content-Type"])
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    posts.url = f"http://127.0.0.1:{server.server_address[1]}/hook/secret-token"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield posts
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _free_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        port: int = taken.getsockname()[1]
        return port
