"""The command line as it is typed, on a real database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import main
from bot.cli import app
from bot.settings import ALLOWED
from tests.clock import T0
from tests.conftest import BOTH
from tests.databases import PostgresServer

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Type `ampersand …` in an empty folder on 10 June 2026, 16:00; exit code, standard output, standard error."""
    for name in ALLOWED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main, "now", lambda: T0)

    def typed(*words: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, words, env={"COLUMNS": "120"})
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return typed


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.fresh_url("template0") as url:
            yield url


@pytest.fixture
def run_on(run: Run, empty_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same on SQLite and on PostgreSQL."""
    monkeypatch.setenv("AMPERSAND_DATABASE_URL", empty_url)
    return run
