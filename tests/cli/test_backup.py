"""`backup` and `restore`: one file, on both databases and across them; all or nothing, and nothing is sent twice."""

import gzip
import json
import re
import socket
import stat
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot import main
from storage import backup as backups
from storage.database import Database
from storage.migrate import migrate, newest_revision
from storage.tables import Brief, OutboxState, Outgoing
from tests.cli.conftest import Run
from tests.clock import T0
from tests.databases import PostgresServer
from tests.storage.schemas import contents
from tests.storage.test_upgrade import KEPT, columns_of

BACKUP = KEPT / "schema_0001_sqlite.backup"
BRIEF = ("brief", "preview", "--meeting", "2026-05-PS")


@pytest.fixture
def other_url(request: pytest.FixtureRequest, empty_url: str, tmp_path: Path) -> Iterator[str]:
    """An empty database of the other kind."""
    if empty_url.startswith("sqlite"):
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.fresh_url("template0") as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path}/other.db"


@pytest.fixture(autouse=True)
def port(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The port of the settings, on which nobody is."""
    request.getfixturevalue("run")  # it empties the environment first
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    monkeypatch.setenv("AMPERSAND_PORT", str(number))
    return number


class Healthy(BaseHTTPRequestHandler):
    """A bot that runs."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "ok", "database": "ok", "slack": "http"}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name http.server gives it
        """Say nothing."""


def rewritten(file: Path, change: Callable[[list[bytes]], list[bytes]]) -> Path:
    """The backup with other lines."""
    lines = change(gzip.decompress(BACKUP.read_bytes()).splitlines(keepends=True))
    file.write_bytes(gzip.compress(b"".join(lines)))
    return file


@pytest.mark.postgres
def test_a_company_moves_to_the_other_database(
    run_on: Run, empty_url: str, other_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_on("load-sample", "--as-of", "2026-06-10")
    before = run_on(*BRIEF)
    code, out, err = run_on("backup", "moving.backup")
    assert (code, err) == (0, "")
    assert out.startswith("Saved 2,")

    monkeypatch.setenv("AMPERSAND_DATABASE_URL", other_url)
    code, out, err = run_on("restore", "moving.backup")

    assert (code, err) == (0, "")
    assert out.startswith("Restored 2,")
    assert run_on(*BRIEF) == before
    columns = columns_of(Path("moving.backup"))
    first, second = Database(empty_url), Database(other_url)
    assert {table: len(rows) for table, rows in contents(first, columns).items()} == {
        table: len(rows) for table, rows in contents(second, columns).items()
    }
    first.close()
    second.close()


def test_back_and_forth_nothing_changes(run_on: Run) -> None:
    """The file of a restored database is the file it was restored from: no value was bent on the way."""
    run_on("load-sample", "--as-of", "2026-06-10")
    run_on("backup", "first.backup")
    assert run_on("restore", "--replace", "first.backup")[0] == 0
    run_on("backup", "second.backup")

    assert gzip.decompress(Path("first.backup").read_bytes()) == gzip.decompress(Path("second.backup").read_bytes())


def test_a_backup_of_the_first_version_is_brought_up_to_date(run_on: Run, empty_url: str) -> None:
    assert run_on("restore", str(BACKUP))[0] == 0

    june = run_on("brief", "preview", "--meeting", "2026-06-PS")[1]
    assert "Retailer A doubled the football tapas box" in june
    assert "The night shift hears of every change from the drivers" in june
    never_posted(empty_url)
    assert without_names(run_on(*BRIEF)) == without_names(brief_of_a_new_company(run_on))


def never_posted(url: str) -> None:
    """Forget the brief that stands in the channel: what it has said once the next preview does not repeat."""
    database = Database(url)
    with database.transaction() as session:
        for brief in session.exec(select(Brief)):
            session.delete(brief)
    database.close()


def without_names(printed: tuple[int, str, str]) -> tuple[int, str]:
    """The names of side-only entries are drawn by lot."""
    return printed[0], re.sub(r"#[2-9b-z]{4,5}\b", "#", printed[1])


def brief_of_a_new_company(run: Run) -> tuple[int, str, str]:
    """What today's program says of the sample company that it loaded itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMPERSAND_DATABASE_URL", "sqlite:///new.db")
        assert run("load-sample", "--as-of", "2026-06-10T16:00")[0] == 0
        return run(*BRIEF)


def test_what_was_on_its_way_is_looked_up_before_it_is_sent(run_on: Run, empty_url: str) -> None:
    code, out, _ = run_on("restore", str(BACKUP))

    assert code == 0
    assert "4 messages were on their way then; each is looked up in the chat before it is sent." in out
    assert "Whoever was erased, or withdrew something, since then is back: erase them again." in out
    database = Database(empty_url)
    with database.snapshot() as session:
        rows = session.exec(select(Outgoing).where(col(Outgoing.key).startswith("kept:"))).all()
        states = {row.key: (row.state, row.ambiguous, row.attempts > 0, row.lease) for row in rows}
    database.close()
    doubted = (OutboxState.PENDING, True, True, None)
    failed = (OutboxState.FAILED, False, False, None)
    on_their_way = dict.fromkeys(["kept:sending", "kept:pending", "kept:pending/1", "kept:change"], doubted)
    assert states == on_their_way | {"kept:failed": failed}


def test_what_is_there_is_not_lost_unasked(run_on: Run, empty_url: str) -> None:
    run_on("load-sample")
    before = run_on("export", "members")

    code, out, err = run_on("restore", str(BACKUP))

    assert (code, out) == (1, "")
    assert err.startswith("Error: the database holds ")
    assert "24 members, 120 entries, 72 meetings, 41 decisions, " in err
    assert err.endswith("Restore into an empty one, or type --replace to lose what is there.\n")
    assert run_on("export", "members") == before
    assert run_on("restore", "--replace", str(BACKUP))[0] == 0


def test_it_is_refused_while_the_bot_runs(run_on: Run, port: int) -> None:
    run_on("load-sample")
    before = run_on("export", "members")
    with HTTPServer(("127.0.0.1", port), Healthy) as bot:
        Thread(target=bot.serve_forever).start()
        code, out, err = run_on("restore", "--replace", str(BACKUP))
        bot.shutdown()

    assert (code, out) == (1, "")
    assert err == f"Error: Ampersand runs on port {port}. Nothing was changed. Stop it, then restore.\n"
    assert run_on("export", "members") == before


@pytest.mark.parametrize("failing", ["insert_rows", "doubt_unsent"])
def test_a_restore_that_fails_half_way_changes_nothing(
    run_on: Run, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    run_on("load-sample")
    before = run_on("export", "entries")
    real = getattr(backups, failing)

    def full(*words: object) -> None:
        real(*words)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, failing, full)
    code, _, err = run_on("restore", "--replace", str(BACKUP))

    assert code == 1
    assert "No space left on device" in err
    assert sorted(run_on("export", "entries")[1].splitlines()) == sorted(before[1].splitlines())


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (lambda file: file.write_bytes(BACKUP.read_bytes()[:-5000]), "it ends too early: the copy was cut off"),
    "cut off at a line": (
        lambda file: rewritten(file, lambda lines: lines[:-1]),
        "it ends too early: the copy was cut off",
    ),
    "a row is missing": (
        lambda file: rewritten(file, lambda lines: [*lines[:9], *lines[10:]]),
        "its checksum does not fit",
    ),
    "a bit fell over": (
        lambda file: file.write_bytes(BACKUP.read_bytes()[:9000] + b"!!" + BACKUP.read_bytes()[9002:]),
        "it is damaged, or no backup of Ampersand at all",
    ),
    "another kind of file": (
        lambda file: file.write_text("hello"),
        "it is damaged, or no backup of Ampersand at all",
    ),
    "another packed file": (lambda file: file.write_bytes(gzip.compress(b"a\n" * 9)), "no backup of Ampersand"),
    "other JSON": (lambda file: file.write_bytes(gzip.compress(b'{"a": 1}\n[1]\n')), "it is no backup of Ampersand"),
    "another form": (
        lambda file: rewritten(file, lambda lines: [lines[0].replace(b'backup":1', b'backup":2'), *lines[1:]]),
        "a newer Ampersand wrote it; use that version",
    ),
    "empty": (lambda file: file.touch(), "it ends too early"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_no_whole_backup(run: Run, kind: str) -> None:
    file = Path("broken.backup")
    breaking, reason = BROKEN[kind]
    breaking(file)
    run("migrate")

    code, out, err = run("restore", str(file))

    assert (code, out) == (1, "")
    assert err.startswith("Error: broken.backup cannot be restored: ")
    assert reason in err
    assert err.endswith("Nothing was changed.\n")


def test_a_backup_of_a_newer_program(run: Run) -> None:
    newer = rewritten(
        Path("newer.backup"), lambda lines: _signed([lines[0].replace(b'"0001"', b'"9999"'), *lines[1:-1]])
    )

    code, _, err = run("restore", str(newer))

    assert (code, err.splitlines()[0]) == (
        1,
        "Error: a newer Ampersand wrote this (schema 9999). Install the version that was used last.",
    )


def test_a_database_may_be_shared(run_on: Run, empty_url: str) -> None:
    """What others keep in it is not saved, does not stand in the way and is not touched."""
    theirs = the_tables_of_others(empty_url)
    run_on("load-sample")

    assert run_on("backup", "mine.backup")[0] == 0
    assert run_on("restore", "--replace", "mine.backup")[0] == 0
    assert run_on("restore", "--replace", str(BACKUP))[0] == 0
    assert "customers" not in columns_of(Path("mine.backup"))
    assert theirs() == [("Noord",)]


def the_tables_of_others(url: str) -> Callable[[], list[tuple[str]]]:
    """Make a table with an index in the database; what reads it."""
    tail = " WITHOUT ROWID" if url.startswith("sqlite") else ""
    database = Database(url)
    with database.transaction() as session:
        session.connection().exec_driver_sql(f"CREATE TABLE customers (name VARCHAR PRIMARY KEY){tail}")
        session.connection().exec_driver_sql("INSERT INTO customers VALUES ('Noord')")
    database.close()

    def read() -> list[tuple[str]]:
        database = Database(url)
        with database.snapshot() as session:
            found = session.connection().exec_driver_sql("SELECT name FROM customers").all()
        database.close()
        return [tuple(row) for row in found]

    return read


SIDES = b'{"table":"sides","columns":["'
FOREIGN: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a table of others": lambda lines: [
        lines[0].replace(b'"rows":{', b'"rows":{"customers":1,'),
        b'{"table":"customers","columns":["name"]}\n',
        b'["Zuid"]\n',
        *lines[1:],
    ],
    "a column that is none": lambda lines: [line.replace(SIDES, SIDES + b'x\\" = 1; --","') for line in lines],
    "a column twice": lambda lines: [line.replace(SIDES, SIDES + b'key","') for line in lines],
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_may_not_name_what_is_not_ours(run_on: Run, empty_url: str, kind: str) -> None:
    theirs = the_tables_of_others(empty_url)
    run_on("load-sample")
    before = run_on("export", "members")
    foreign = rewritten(Path("foreign.backup"), lambda lines: _signed(FOREIGN[kind](lines[:-1])))

    code, out, err = run_on("restore", "--replace", str(foreign))

    assert (code, out) == (1, "")
    assert "cannot be restored: it holds other tables than the version that it names. Nothing was changed." in err
    assert theirs() == [("Noord",)]
    assert run_on("export", "members") == before


def test_an_older_program_restores_over_a_newer_database_but_saves_none(run_on: Run, empty_url: str) -> None:
    """It does not know all of it: going back works, a backup that lacks something is never made."""
    run_on("load-sample")
    database = Database(empty_url)
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    code, _, err = run_on("backup", "mine.backup")

    assert code == 1
    assert err.startswith("Error: a newer Ampersand wrote this (schema 9999).")
    assert not Path("mine.backup").exists()
    assert run_on("restore", "--replace", str(BACKUP))[0] == 0


def _signed(lines: list[bytes]) -> list[bytes]:
    return [*lines, json.dumps({"sha256": sha256(b"".join(lines)).hexdigest()}, separators=(",", ":")).encode()]


def test_another_secret_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("load-sample")
    run("backup", "mine.backup")
    assert run("restore", "--replace", "mine.backup")[2] == ""
    monkeypatch.setenv("AMPERSAND_SECRET", "another secret of thirty-two characters")

    code, _, err = run("restore", "--replace", "mine.backup")

    assert code == 0
    assert err.startswith("Warning: this installation has another secret than the one the backup was made with.")


def test_the_file_is_for_its_owner_and_does_not_hold_the_secret(run: Run) -> None:
    run("load-sample")

    code, out, _ = run("backup", "mine.backup")

    assert code == 0
    key = Path("data/secret.key").absolute()
    assert out.splitlines()[1] == f"Keep apart from it: {key}"
    assert stat.S_IMODE(Path("mine.backup").stat().st_mode) == 0o600
    assert key.read_bytes() not in gzip.decompress(Path("mine.backup").read_bytes())
    assert run("backup", "mine.backup")[2] == "Error: mine.backup exists already. Choose another name, or a folder.\n"
    assert [file.name for file in Path().iterdir() if file.is_file()] == ["mine.backup"]


def test_rows_stand_in_the_order_of_their_keys(run_on: Run, empty_url: str) -> None:
    """Not in that of their writing, which beside named rows would be a name."""
    migrate(empty_url)
    database = Database(empty_url)
    with database.transaction() as session:
        for key in "zebra", "ant", "mole":
            moment = (T0 + timedelta(minutes=1)).replace(tzinfo=None)
            insert = text("INSERT INTO request_keys (key, expires_at) VALUES (:key, :moment)")
            session.connection().execute(insert, {"key": key, "moment": moment.isoformat(" ")})
    database.close()
    run_on("backup", "mine.backup")

    lines = gzip.decompress(Path("mine.backup").read_bytes()).decode().splitlines()
    rows = [json.loads(line)[0] for line in lines if line.startswith("[") and "14:01:00" in line]
    assert rows == ["ant", "mole", "zebra"]


def test_memory_does_not_grow_with_the_company(database: Database, tmp_path: Path) -> None:
    rows = 10_000
    with database.transaction() as session:
        insert = text("INSERT INTO request_keys (key, expires_at) VALUES (:key, '2026-06-10 14:00:00.000000')")
        session.connection().execute(insert, [{"key": f"{number:0500}"} for number in range(rows)])
        session.connection().execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        session.connection().execute(text("INSERT INTO alembic_version VALUES (:now)"), {"now": newest_revision()})
    with database.snapshot() as session, (tmp_path / "mine.backup").open("wb") as file:
        facts = backups.facts_now(session.connection(), made_at="", sealed_with="", program="")
        assert facts is not None
        tracemalloc.start()
        backups.write_backup(session.connection(), file, facts, lambda _more: None)
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert facts.rows["request_keys"] == rows
    assert peak_bytes < 500 * rows / 2


def test_nothing_to_save(run: Run) -> None:
    code, _, err = run("backup", "mine.backup")

    assert code == 1
    assert "There is nothing to save: " in err
    assert not Path("mine.backup").exists()
    assert not Path("mine.backup.part").exists()


def test_a_folder_keeps_thirty_days(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("load-sample")
    folder = Path("backups")
    folder.mkdir()
    (folder / "ampersand-notes.txt").touch()

    def backed_up(moment: datetime, *words: str) -> list[str]:
        monkeypatch.setattr(main, "now", lambda: moment)
        assert run("backup", "backups", *words)[0] == 0
        return sorted(file.name for file in folder.iterdir())

    first = backed_up(T0)
    assert first == ["ampersand-2026-06-10-140000.backup", "ampersand-notes.txt"]
    assert len(backed_up(T0 + timedelta(days=30))) == 3
    assert backed_up(T0 + timedelta(days=30, seconds=1)) == [
        "ampersand-2026-07-10-140000.backup",
        "ampersand-2026-07-10-140001.backup",
        "ampersand-notes.txt",
    ]
    assert backed_up(T0 + timedelta(days=40), "--keep-days", "7")[0] == "ampersand-2026-07-20-140000.backup"
