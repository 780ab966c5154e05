"""Folders and files that only the user Ampersand runs as may read."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

FOLDER: Final = 0o700
FILE: Final = 0o600
BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""What SQLite adds to the name of a database for the files it keeps beside it."""


def make_private_folder(folder: Path) -> None:
    """Make the folder for nobody else; one that is there is closed to others where it is ours.

    A folder that everybody may use, such as /tmp, is left as it is.
    """
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    if not folder.stat().st_mode & stat.S_ISVTX:
        _close_to_others(folder, FOLDER)


def make_private_database(file: Path) -> None:
    """Make an empty file for an SQLite database, or close to others what is there and ours.

    The files that SQLite keeps beside it are made with the mode it has then.
    """
    with suppress(FileExistsError):  # opening and closing one that is in use would take SQLite's locks away
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE))
    for each in files_of(file):
        _close_to_others(each, FILE)


def files_of(database: Path) -> list[Path]:
    """The file of an SQLite database and those beside it, as far as they are there."""
    named = [database.with_name(database.name + end) for end in BESIDE]
    return [file for file in named if file.exists()]


def is_open_to_others(path: Path) -> bool:
    """Whether anybody but its owner may do something with it; False where it is not there."""
    try:
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False


def _close_to_others(path: Path, mode: int) -> None:
    with suppress(OSError):  # gone meanwhile, or on a disk that knows no modes: `ampersand doctor` tells
        if path.stat().st_uid == os.geteuid() and is_open_to_others(path):
            path.chmod(mode)
