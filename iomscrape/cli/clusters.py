"""Files that lie elsewhere, and a cluster that reads them, as the command line knows them: the extra ``cluster``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from iomscrape.cli.output import WRONG_USE, Failure

if TYPE_CHECKING:
    from iomscrape.cluster.dask import Cluster
    from iomscrape.filework import FileWork

    Readers = Callable[[FileWork, Callable[[], None]], Cluster]

_EXTRA = "install it with: pip install 'iomscrape[cluster]'"


class Place(click.Path):
    """A path, or an address such as ``https://…`` or ``s3://…``, which becomes a ``RemoteFile``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Called by click."""
        scheme, sign, _ = value.partition("://") if isinstance(value, str) else ("", "", "")
        if not sign or not scheme.isalnum() or scheme == "file":
            return super().convert(value, param, ctx)
        try:
            from iomscrape.cluster.remote import RemoteFile
        except ImportError:
            raise Failure(f"{value} lies elsewhere, and that needs fsspec; {_EXTRA}", WRONG_USE) from None
        return RemoteFile(value)


@contextmanager
def readers(address: str | None, folder: str | None) -> Iterator[Readers | None]:
    """What makes the readers of an import out of the cluster at an address; None where there is none."""
    if address is None:
        yield None
        return
    try:
        from iomscrape.cluster.dask import Cluster, connected
    except ImportError:
        raise Failure(f"--cluster needs Dask and pyarrow; {_EXTRA}", WRONG_USE) from None
    with connected(address) as client:
        yield lambda work, tick: Cluster(client, work, folder=folder, tick=tick)
