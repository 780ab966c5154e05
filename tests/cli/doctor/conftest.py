"""An installation for the doctor, in which nothing is wrong yet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.inspection import known_revisions
from tests.cli.conftest import Run
from tests.cli.doctor.installation import Installation, installed
from tests.databases import make_tables


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, and the note which schema that is."""
    file = tmp_path_factory.mktemp("migrated") / "ampersand.db"
    make_tables(f"sqlite:///{file}")
    note_schema(f"sqlite:///{file}")
    return file


def note_schema(url: str) -> None:
    """As Alembic does at the end of a migration."""
    database = Database(url)
    with database.transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{known_revisions()[-1]}')")
    database.close()


@pytest.fixture
async def company(
    run: Run, migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Installation]:
    async with installed(run, migrated, tmp_path, monkeypatch) as installation:
        yield installation
