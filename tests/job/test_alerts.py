"""Mail and webhook, to real servers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from iomscrape.job import mail, webhook
from iomscrape.job.logs import LOGGER
from iomscrape.job.telling import tell
from tests.job.accounts import FINDING, job, profile
from tests.job.servers import Mails, Posts, certificate, mail_server, web_server


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mails() -> Iterator[Mails]:
    with mail_server() as mails:
        yield mails


@pytest.fixture
def posts() -> Iterator[Posts]:
    with web_server() as posts:
        yield posts


def letters_to(port: int, *more: str) -> str:
    lines = ['[mail]', 'to = ["ada@example.org", "office@example.org"]', 'from = "iomscrape@example.org"',
             'server = "localhost"', f"port = {port}", *more]  # fmt: skip
    return "\n".join(lines)


def test_a_letter_says_what_is_wrong_where_and_how_to_go_on(mails: Mails, tmp_path: Path) -> None:
    assert tell(profile(tmp_path, letters_to(mails.port, 'security = "none"')), job(FINDING)) == []
    [letter] = mails.letters
    assert mails.to == ["ada@example.org", "office@example.org"]
    assert letter["Subject"] == "iomscrape iom: timor-leste.iom.int: published not as usual"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = (part.get_content() for part in letter.iter_parts())
    for said in ("0 of 5 pages have published", "drupal9", *FINDING["examples"], FINDING["reread"]):
        assert said in text
        assert said in html


def test_a_letter_over_starttls_with_a_login(
    certified: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certified))
    monkeypatch.setenv("MAIL_PASSWORD", "s3cret")
    (tmp_path / "password").write_text("s3cret\n")
    with mail_server(certified) as mails:
        for key in ('password_env = "MAIL_PASSWORD"', 'password_file = "password"'):
            mail.send(profile(tmp_path, letters_to(mails.port, 'user = "ada"', key)), job(FINDING))
    assert mails.encrypted == [True, True]
    assert mails.users == ["ada", "ada"]


def test_a_letter_that_is_encrypted_from_the_start(
    certified: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(certified, from_the_start=True) as mails:
        settings = profile(tmp_path, letters_to(mails.port, 'security = "tls"'))
        [said] = tell(settings, job(FINDING))
        assert "certificate" in said
        monkeypatch.setenv("SSL_CERT_FILE", str(certified))
        assert tell(settings, job(FINDING)) == []
    assert len(mails.letters) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_password(certified: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    with mail_server(certified) as mails:
        [said] = tell(
            profile(tmp_path, letters_to(mails.port, 'user = "ada"', 'password_file = "password"')),
            job(FINDING),
        )
    assert "certificate" in said
    assert (mails.letters, mails.users) == ([], [])


def test_a_server_without_starttls_gets_no_letter(mails: Mails, tmp_path: Path) -> None:
    [said] = tell(profile(tmp_path, letters_to(mails.port)), job(FINDING))
    assert said == "mail failed: STARTTLS extension not supported by server."
    assert mails.letters == []


def test_passwords_are_in_no_message(
    certified: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certified))
    monkeypatch.setenv("MAIL_PASSWORD", "wr0ng-one")
    LOGGER.propagate = True
    with mail_server(certified) as mails, caplog.at_level(logging.DEBUG):
        [said] = tell(
            profile(tmp_path, letters_to(mails.port, 'user = "ada"', 'password_env = "MAIL_PASSWORD"')),
            job(FINDING),
        )
        monkeypatch.setenv("MAIL_PASSWORD", "")
        [empty] = tell(
            profile(tmp_path, letters_to(mails.port, 'user = "ada"', 'password_env = "MAIL_PASSWORD"')),
            job(FINDING),
        )
    assert "535" in said
    assert "MAIL_PASSWORD" in empty
    logged = "".join(record.getMessage() for record in caplog.records if record.name == LOGGER.name)
    assert "535" in logged
    assert "wr0ng" not in said + logged
    assert mails.letters == []


def test_a_letter_that_is_refused_is_a_line(mails: Mails, tmp_path: Path) -> None:
    mails.refuse = "554 not wanted"
    [said] = tell(profile(tmp_path, letters_to(mails.port, 'security = "none"')), job(FINDING))
    assert "554" in said


def test_nobody_is_written_to_without_need(mails: Mails, posts: Posts, tmp_path: Path) -> None:
    sections = (letters_to(mails.port, 'security = "none"'), f'[webhook]\nurl = "{posts.url}"')
    assert tell(profile(tmp_path, *sections), job()) == []
    assert (mails.letters, posts.got) == ([], [])
    always = [f'{section}\nwhen = "always"' for section in sections]
    assert tell(profile(tmp_path, *always), job()) == []
    assert mails.letters[0]["Subject"] == "iomscrape iom: done"
    assert posts.got[0]["needs_help"] is False


def test_a_step_that_failed_is_told_as_well(mails: Mails, tmp_path: Path) -> None:
    tell(profile(tmp_path, letters_to(mails.port, 'security = "none"')), job(crawl=3))
    assert mails.letters[0]["Subject"] == "iomscrape iom: crawl nothing came"
    assert "it timed out" in mails.letters[0].as_string()


def test_a_webhook_gets_it_as_json(posts: Posts, tmp_path: Path) -> None:
    webhook.post(profile(tmp_path, f'[webhook]\nurl = "{posts.url}"'), job(FINDING))
    [got] = posts.got
    assert posts.kinds == ["application/json; charset=utf-8"]
    assert got["findings"] == [FINDING]
    assert got["exit_code"] == 4
    assert got["headline"] in got["text"]
    assert [step["step"] for step in got["steps"]] == ["crawl", "watch", "backup"]


@pytest.mark.parametrize(
    ("answers", "asked", "said"),
    [
        ([503], 2, None),
        ([503, 502], 2, "answered 502"),
        ([404], 1, "answered 404"),
        ([302], 1, "answered 302"),
    ],
)
def test_a_webhook_is_tried_once_more_where_that_may_help(
    posts: Posts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answers: list[int],
    asked: int,
    said: str | None,
) -> None:
    monkeypatch.setattr(webhook, "PAUSE", 0.01)
    posts.answers = list(answers)
    failed = tell(profile(tmp_path, f'[webhook]\nurl = "{posts.url}"'), job(FINDING))
    assert posts.asked == asked
    assert failed == ([] if said is None else [f"webhook failed: 127.0.0.1 {said}"])


def test_a_webhook_that_is_not_there_names_its_host_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(webhook, "PAUSE", 0.01)
    monkeypatch.setenv("HOOK", "http://127.0.0.1:9/hook/secret-token")
    LOGGER.propagate = True
    with caplog.at_level(logging.DEBUG):
        [said] = tell(profile(tmp_path, '[webhook]\nurl_env = "HOOK"'), job(FINDING))
    assert said.startswith("webhook failed: 127.0.0.1: ")
    assert "secret-token" not in said + caplog.text


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.int/", "hook", "http://[", "http://"])
def test_a_webhook_is_a_web_address(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="no web address"):
        webhook.post(profile(tmp_path, f'[webhook]\nurl = "{url}"'), job(FINDING))
