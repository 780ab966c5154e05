"""What is stored can be read by the user Ampersand runs as, and by nobody else on the machine."""

from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest

from storage.database import Database
from storage.private import is_open_to_others, make_private_database, make_private_folder
from tests.builders import a_workspace
from tests.databases import make_tables


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ampersand.db"


@pytest.fixture
def opened(file: Path) -> Iterator[Database]:
    make_tables(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(S_IMODE(path.stat().st_mode)) for path in (folder, *folder.iterdir())}


def test_a_new_database_is_for_nobody_else(file: Path, opened: Database) -> None:
    a_workspace(opened)
    files = {"ampersand.db": "0o600", "ampersand.db-wal": "0o600", "ampersand.db-shm": "0o600"}
    assert modes(file.parent) == {"data": "0o700", **files}


def test_files_that_were_open_are_closed_to_others_with_the_next_start(file: Path, opened: Database) -> None:
    a_workspace(opened)
    for path in file.parent.iterdir():
        path.chmod(0o644)
    again = Database(f"sqlite:///{file}")
    with again.snapshot():
        assert {mode for name, mode in modes(file.parent).items() if name != "data"} == {"0o600"}
    again.close()


def test_the_folder_of_a_file_elsewhere_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_tables(f"sqlite:///{tmp_path / 'ampersand.db'}")
    assert modes(tmp_path) == {tmp_path.name: "0o755", "ampersand.db": "0o600"}


@pytest.mark.parametrize(("before", "after"), [(0o755, "0o700"), (0o770, "0o700"), (0o1777, "0o1777")])
def test_a_folder_of_data_is_closed_unless_it_is_for_everybody(tmp_path: Path, before: int, after: str) -> None:
    tmp_path.chmod(before)
    make_private_folder(tmp_path)
    assert modes(tmp_path)[tmp_path.name] == after
    assert is_open_to_others(tmp_path) is (after != "0o700")


def test_what_belongs_to_somebody_else_is_left_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    make_private_folder(tmp_path)
    assert modes(tmp_path)[tmp_path.name] == "0o755"


def test_looking_after_a_file_in_use_leaves_the_locks_of_sqlite_where_they_are(file: Path, opened: Database) -> None:
    """Closing a file takes away every lock that the process holds on it."""
    with opened.snapshot() as session:
        session.connection().exec_driver_sql("SELECT * FROM workspaces")
        assert _is_locked(file)
        make_private_database(file)
        assert _is_locked(file)


def _is_locked(file: Path) -> bool:
    inode = str(file.stat().st_ino)
    locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    return any(lock.split()[5].rpartition(":")[2] == inode for lock in locks)
