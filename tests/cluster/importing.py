"""An import by a cluster as a program: ``python importing.py SCHEDULER-FILE DB FOLDER PID FORGIVES``, beside ``in``.

The process PID, a worker, is killed when some pages have come. FORGIVES: the scheduler gives a task up that was the
end of more workers; -1 leaves that as it is.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from archive import Archive, WarcWriter
from iomscrape.cluster.dask import Cluster, connected
from iomscrape.importing import Import, sources
from spiders.files import Source

PART = 10_000


def _set_allowed_failures(number: int, dask_scheduler: Any = None) -> None:
    dask_scheduler.allowed_failures = number


def main(scheduler: str, name: str, folder: str, pid: int, forgives: int) -> None:
    killed: list[int] = []

    def watch() -> None:
        if not killed and bringing.tally.pages:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    with (
        connected(scheduler) as client,
        Archive.open(f"{name}.db") as archive,
        WarcWriter(Path(f"{name}-warc"), run="1", software="t") as raw,
    ):
        if forgives >= 0:
            client.run_on_scheduler(_set_allowed_failures, forgives)
        run = archive.start_run("import", {}, version="1")
        with Import(
            archive,
            raw,
            run,
            part_size=PART,
            cluster=lambda work, tick: Cluster(client, work, folder=folder or None, tick=tick),
        ) as bringing:
            bringing.watch = watch
            found = sources([Path("in")])
            bringing.take_all([item for item in found if isinstance(item, Source)])
            for item in found:
                if not isinstance(item, Source):
                    bringing.note(item)
            bringing.end()
    print(json.dumps({"counts": bringing.tally.counts(), "killed": killed}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
