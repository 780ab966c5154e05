"""Tries things on this machine and in the network, so that nothing of the trial stays."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import make_url

from bot.cli.common import why_not_free
from bot.domain.diagnosis import KeyFile, Occupant, Port
from bot.settings import SHORTEST_SECRET
from storage.private import files_of, is_open_to_others

WITHIN = ClientTimeout(total=3)
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 where to ask a bot that listens everywhere


def database_file(url: str) -> Path | None:
    """The file of an SQLite database, None for a server."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database).absolute() if is_file and parsed.database else None


def why_not_writable(folder: Path) -> str | None:
    """The system's word why nothing can be written there, or the folder cannot be made; None when it can.

    A file without a name is written: the right to write alone says nothing about a full or read-only disk.
    """
    try:
        nearest = next(place for place in (folder, *folder.parents) if place.exists())
        with tempfile.TemporaryFile(dir=nearest) as trial:
            trial.write(b"trial")
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return None


def open_to_others(folder: Path, database: Path | None) -> list[str]:
    """The folder, if data is in it, and the files of an SQLite database: those that others on this machine may use."""
    files = files_of(database) if database else []
    holds_data = (folder / "secret.key").exists() or any(file.parent == folder for file in files)
    return [str(path) for path in ([folder] * holds_data + files) if is_open_to_others(path)]


def look_at_key_file(file: Path) -> KeyFile:
    """Whether it can be used, and by whom; it is not made."""
    try:
        found = file.read_bytes().strip()
    except FileNotFoundError:
        return KeyFile(str(file), is_there=False)
    except OSError as error:
        return KeyFile(str(file), error=(error.strerror or str(error)).lower())
    damaged = None if len(found) >= SHORTEST_SECRET else "it is too short"
    return KeyFile(str(file), error=damaged, is_open_to_others=is_open_to_others(file))


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers; the rest is what an Ampersand tells of itself."""

    occupant: Occupant
    last_tick: datetime | None = None
    is_connected: bool = True


async def look_at_port(host: str, number: int, session: ClientSession) -> Port:
    """Whether it is free; if not, whether a running Ampersand has it."""
    error = why_not_free(host, number)
    if error is None:
        return Port(host, number, Occupant.NOBODY)
    asked = EVERYWHERE.get(host, host)
    found = await who_answers(f"http://{f'[{asked}]' if ':' in asked else asked}:{number}", session)
    occupant = Occupant.AMPERSAND if found.occupant is Occupant.AMPERSAND else Occupant.ANOTHER
    return Port(host, number, occupant, error, found.last_tick, found.is_connected)


async def who_answers(url: str, session: ClientSession) -> Answering:
    """Asks for our own /health there; NOBODY when there is no answer at all."""
    try:
        async with session.get(f"{url}/health", allow_redirects=False, timeout=WITHIN) as response:
            report = await response.json(content_type=None)
    except (ClientError, TimeoutError, OSError):
        return Answering(Occupant.NOBODY)
    except ValueError:  # a page of somebody else
        return Answering(Occupant.ANOTHER)
    if not isinstance(report, dict) or not report.keys() >= {"status", "database"}:
        return Answering(Occupant.ANOTHER)
    return Answering(Occupant.AMPERSAND, _moment(report.get("last_tick")), report.get("slack") != "connecting")


def _moment(told: object) -> datetime | None:
    """None for what is no moment: it may be somebody else's page after all."""
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
