"""Profiles: every key is read, every fault is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iomscrape.job.example import example
from iomscrape.job.keys import SECTIONS
from iomscrape.job.profile import ProfileError, parse, read
from iomscrape.job.steps import steps

HERE = Path("iom.toml")


def faults(source: str) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        parse(source, HERE)
    return caught.value.lines


def test_the_written_profile_is_one() -> None:
    profile = parse(example(contact='o"k@example.org', sites=["www.iom.int"]), HERE)
    assert profile.get("crawl", "contact") == 'o"k@example.org'
    assert [step.name for step in steps(profile)] == ["crawl", "watch"]


def test_all_that_is_commented_out_can_be_switched_on() -> None:
    source = re.sub(r"^# (?=\[|[a-z_]+ = )", "", example(contact="me@example.org"), flags=re.M)
    profile = parse(source, HERE)
    for section, (_, keys) in SECTIONS.items():
        for key in keys:
            assert profile.get(section, key.name) is not None, (section, key.name)
    assert [step.name for step in steps(profile)] == [
        "crawl", "wayback", "commoncrawl", "import", "watch", "stories", "backup",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ('[crawl]\nsites = ["a.int"]\nsinse = 2025-01-01\n', 3, "did you mean since?"),
        ('[crawl]\nsites = "a.int"\n', 2, "list of texts"),
        ('[crawl]\nsites = ["a.int"]\nsince = "soon"\n', 3, "write a day"),
        ('\n\n[crawl]\nsites = ["a.int"]\nmax_pages = 0\n', 5, "from 1 up"),
        ('[crawl]\nsites = ["a.int"]\n\n[crawl.settings]\nlower = 1\n', 4, "names in capitals"),
        ('[crawl]\nsites = ["a.int"]\n[crawl.settings]\nA = 1\n[wayback]\ntargets = ["a.int"]\nwhich = "all"\n', 7, "one of"),
        ('[crwl]\nsites = ["a.int"]\n[import]\nfiles = ["x"]\n', 1, "did you mean crawl?"),
        ('database = "iom.db"\n[import]\nfiles = ["x"]\n', 1, "stands in no section"),
        ("[crawl]\n", 1, "needs sites or offices"),
        ('[import]\nfiles = ["x"]\n\n[backup]\nkeep = 3\n', 4, "needs folder"),
        ('[archive]\ndatabase = "iom.db"\n', 1, "nothing to do"),
        ('[import]\nfiles = ["x"]\n[watch]\nruns = 3\n', 3, "needs a [crawl]"),
        ('[import]\nfiles = ["x"]\n[mail]\nto = ["a@b.org"]\n', 3, "needs to and from"),
        ('[import]\nfiles = ["x"]\n[mail]\nto = ["a@b.org"]\nfrom = "c@d.org"\nuser = "e"\n', 6, "needs password"),
        ('[crawl]\nsites = ["a.int"]\n[watch]\nreport = "r.txt"\n', 4, "ends in .html"),
        ('[import]\nfiles = ["x"]\n[webhook]\ntimeout = 3\n', 3, "needs url"),
        ('[crawl]\nsites = ["a.int"]\n[watch]\nleast_change = 25\n', 4, "from 0 to 1"),
        ("[crawl\n", 1, "Expected"),
        ('[crawl]\nsites = ["a\n', 2, "Illegal"),
    ],
)  # fmt: skip
def test_faults_name_their_line(source: str, line: int, said: str) -> None:
    [fault] = faults(source)
    assert fault.startswith(f"iom.toml:{line}: ")
    assert said in fault


def test_no_password_in_the_open() -> None:
    mail = 'to = ["a@b.org"]\nfrom = "c@d.org"\nuser = "e"\npassword_env = "P"\nsecurity = '
    [fault] = faults(f'[import]\nfiles = ["x"]\n[mail]\n{mail}"none"\n')
    assert fault.startswith("iom.toml:8: [mail] a password is not sent in the open")
    assert parse(f'[import]\nfiles = ["x"]\n[mail]\n{mail}"tls"\n', HERE).has("mail")


def test_all_faults_are_told_at_once() -> None:
    assert len(faults('[crawl]\nsites = 1\ndelay = -1\n[log]\nformat = "xml"\n')) == 3


@given(st.text())
def test_any_text_is_a_profile_or_a_fault(source: str) -> None:
    lines: list[str] = []
    try:
        parse(source, HERE)
    except ProfileError as error:
        lines = error.lines
    assert all(line.startswith("iom.toml") for line in lines)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "binary"])
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "iom.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProfileError):
        read(path)


def test_paths_are_relative_to_the_profile(tmp_path: Path) -> None:
    (tmp_path / "iom.toml").write_text('[archive]\ndatabase = "d/iom.db"\n[import]\nfiles = ["in", "/abs"]\n')
    [step] = steps(read(tmp_path / "iom.toml"))
    assert step.arguments == ("import", f"{tmp_path}/in", "/abs", "--db", f"{tmp_path}/d/iom.db", "--json")
