"""A database somebody else holds, and a Slack that takes its time."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from threading import Event

import psycopg
from sqlmodel import Session

from bot.playground import Delay
from bot.playground.playground import Fault, Faults
from storage.database import READERS, Database
from tests.flows.world import World

HURRY = timedelta(seconds=0.1)
"""Patience for tests that do not want to wait."""


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another connection holds the lock: on SQLite that of the writer, on PostgreSQL a table all requests read."""
    if database.is_sqlite:
        other = sqlite3.connect(str(database.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        other = psycopg.connect(url)  # type: ignore[assignment]
        other.execute("LOCK TABLE workspaces IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@asynccontextmanager
async def stuck(world: World) -> AsyncIterator[None]:
    """Nothing is read or written as long as it lasts: where readers need no lock, all of them are at work."""
    database, house, over = world.ampersand.database, world.ampersand.house, Event()
    patience, house.patience = house.patience, HURRY

    def read_on(_session: Session) -> None:
        over.wait(20)

    reading = [asyncio.create_task(database.read(read_on)) for _ in range(READERS if database.is_sqlite else 0)]
    with locked(database):
        try:
            yield
        finally:
            over.set()
            house.patience = patience
    await asyncio.gather(*reading)


def slowly(world: World, seconds: float) -> None:
    """Every method of the Web API answers, and acts, only after so many seconds; a sign comes long before."""
    world.ampersand.house.patience = HURRY
    world.playground.faults = delayed(seconds)


def delayed(seconds: float) -> Faults:
    def fault(_method: str, _arguments: object) -> Fault:
        return Delay(seconds)

    return fault
