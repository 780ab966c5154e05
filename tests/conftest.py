"""Real databases for every test that remembers, and the line that says what ran where."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from storage.database import Database
from tests.builders import start_over
from tests.databases import PostgresServer, SqliteFiles

settings.register_profile("house", deadline=None)  # a busy machine is no reason to fail
settings.load_profile("house")

BOTH = [
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgres", marks=pytest.mark.postgres),
]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite: runs on SQLite")


@pytest.fixture(autouse=True)
def _same_ids_in_every_test() -> None:
    start_over()


@pytest.fixture(autouse=True)
def _rewriting_has_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no reason to leave it for the night."""
    monkeypatch.setattr("storage.database.QUICK_SECONDS", 60.0)


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> Iterator[PostgresServer]:
    server = PostgresServer(testrun_uid)
    yield server
    server.close()


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with all tables; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        files: SqliteFiles = request.getfixturevalue("sqlite_files")
        yield files.fresh_url(tmp_path)
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.fresh_url() as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with all tables and no rows; the test runs once on SQLite and once on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What ran on which database."""
    passed = terminalreporter.stats.get("passed", [])

    def count(word: str) -> int:
        return sum(word in report.keywords for report in passed)

    counts = f"{count('sqlite')} on SQLite, {count('postgres')} on PostgreSQL, {count('browser')} in the browser"
    terminalreporter.write_line(f"{len(passed)} tests passed: {counts}")
