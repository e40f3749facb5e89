"""Datasette with the archive, our pages, templates and settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from archive.web import plugin
from archive.web.metadata import DATABASE, metadata
from archive.web.reading import ReadingDatabase
from archive.web.safety import safe
from archive.web.shown import Everything, Shown, WithoutPeople
from archive.web.withheld import WithheldDatabase

_HERE = Path(__file__).parent

SQL_SECONDS = 3.0
"""How long a statement of the SQL page, or a page of a table, may take."""

SETTINGS: dict[str, Any] = {
    "sql_time_limit_ms": int(SQL_SECONDS * 1000),
    "facet_time_limit_ms": 500,
    "facet_suggest_time_limit_ms": 20,
    # The file as it lies there holds everything, also what is left out of the pages.
    "allow_download": False,
    "default_cache_ttl": 0,
    "num_sql_threads": 4,
    "max_csv_mb": 0,
    "truncate_cells_html": 240,
    "default_page_size": 50,
}

# What is left of a text is made anew for each question: some milliseconds an article.
_WITHOUT_CONTACTS: dict[str, Any] = {"suggest_facets": False, "max_returned_rows": 300}


class Site(Datasette):  # type: ignore[misc]  # Datasette publishes no types
    """The archive at ``path`` as a web site. Serve what :meth:`app` gives."""

    def __init__(self, path: Path, *, host: str = "127.0.0.1", without_contacts: bool = False) -> None:
        """``host``: where it will listen. ``without_contacts``: nothing personal is shown."""
        _register()
        self.path = path
        self.host = host
        self.without_contacts = without_contacts
        self.shown: Shown = WithoutPeople() if without_contacts else Everything()
        super().__init__(
            files=[],
            metadata=metadata(),
            settings=SETTINGS | (_WITHOUT_CONTACTS if without_contacts else {}),
            template_dir=str(_HERE / "templates"),
            static_mounts=[("assets", str(_HERE / "static"))],
        )
        self.remove_database("_memory")
        tables = WithheldDatabase if without_contacts else ReadingDatabase
        self.add_database(tables(self, path, DATABASE), name=DATABASE)
        # Our own pages ask through connections that no statement of a user's reaches.
        self.own = ReadingDatabase(self, path, "iomscrape-pages")

    async def refresh_schemas(self) -> None:
        """Nothing: Datasette would copy the schema into a database that nobody may look at."""

    def app(self) -> Any:
        """The ASGI application: Datasette's, with the headers of :mod:`archive.web.safety` on every answer."""
        return safe(super().app(), self.host)

    def close(self) -> None:
        """Wait for the threads that read, and let their connections go."""
        self.executor.shutdown(wait=True, cancel_futures=True)


def _register() -> None:
    """Tell Datasette of our pages, once in a process."""
    if not pm.is_registered(plugin):
        pm.register(plugin, "iomscrape")
        # Its answer to an error comes with all variables of the program on the terminal.
        pm.unregister(name="datasette.handle_exception")
