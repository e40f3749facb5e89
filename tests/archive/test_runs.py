from __future__ import annotations

import pytest

from archive import Archive

SITES = {"sites": ["www.iom.int"], "since": "2025-01-01"}


def start(archive: Archive, **changes: object) -> int:
    return archive.start_run("crawl", SITES | changes, version="0.1.0")


def end(archive: Archive, run: int, outcome: str) -> None:
    archive.finish_run(run, outcome=outcome, exit_code=0, counts={"new": 2})


def test_a_run_is_open_until_it_is_finished(archive: Archive) -> None:
    run = start(archive)
    assert archive.stats()["latest_runs"][0]["ended_at"] is None
    end(archive, run, "done")
    shown = archive.stats()["latest_runs"][0]
    assert (shown["outcome"], shown["counts"], shown["exit_code"]) == ("done", {"new": 2}, 0)
    assert shown["ended_at"] >= shown["started_at"]


def test_an_unknown_outcome_is_a_mistake(archive: Archive) -> None:
    with pytest.raises(ValueError, match="not 'great'"):
        end(archive, start(archive), "great")


def test_nothing_to_go_on_with(archive: Archive) -> None:
    assert archive.unfinished("crawl", SITES) == set()
    end(archive, start(archive), "done")
    assert archive.unfinished("crawl", SITES) == set()


def test_a_chain_of_killed_and_stopped_runs_is_one_piece_of_work(archive: Archive) -> None:
    end(archive, start(archive), "done")
    first = start(archive)  # killed
    end(archive, start(archive), "interrupted")
    start(archive, since="2020-01-01")  # other arguments, another piece of work
    own = start(archive)
    runs = archive.unfinished("crawl", dict(reversed(SITES.items())), before=own)
    assert runs == set(range(first, own))
    assert archive.unfinished("import", SITES, before=own) == set()


def test_a_proper_end_closes_the_chain(archive: Archive) -> None:
    start(archive)
    end(archive, start(archive), "done")
    assert archive.unfinished("crawl", SITES, before=start(archive)) == set()
