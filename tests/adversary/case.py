"""A crime and its suspects: what the adversary has, what is true, and how well an attack has to do."""

import logging
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from math import comb
from typing import Any, Final

import pytest
import structlog

import storage.database
from bot.cli.common import COMPANY_ZONE
from bot.demo import TEAM
from bot.main import configure_logs
from tests.adversary.attacks import Attack
from tests.adversary.evidence import Evidence, Row, gather
from tests.flows.world import World, person_id

LUCK: Final = 1 / 6
"""Nobody wrote more of their group than that, so the best blind guess is right as often."""

CHANCE: Final = 1e-6
"""A score that guessing reaches more rarely than this is a leak."""

BUSY_SECONDS: Final = 60.0
"""What a rewriting may take on a machine that runs other tests beside."""


@dataclass(frozen=True)
class Case:
    """`truth` is who wrote each row of `table` (their id), by what the row holds under `name`.

    `groups` are those among whom they are (their ids), by side; `luck` is how often the best blind guess is right.
    """

    evidence: Evidence
    truth: Mapping[str, str]
    groups: Mapping[str, Set[str]]
    luck: float = LUCK
    table: str = "entries"
    name: str = "ref"

    def suspects(self) -> Iterator[tuple[Row, Sequence[Row]]]:
        """Every row in question, with those among whom its author is."""
        for row in self.evidence.tables[self.table]:
            if row[self.name] in self.truth:
                people = self.groups[row["side"]]
                yield row, [member for member in self.evidence.tables["members"] if member["id"] in people]


def likelihood(case: Case, attack: Attack) -> float:
    """How likely guessing does as well as the attack, over the rows for which it names somebody."""
    guesses = [(attack(case.evidence, row, group), case.truth[row[case.name]]) for row, group in case.suspects()]
    right = sum(guess == author for guess, author in guesses)
    total = sum(guess is not None for guess, _ in guesses)
    luck = case.luck
    return sum(comb(total, hits) * luck**hits * (1 - luck) ** (total - hits) for hits in range(right, total + 1))


def groups_of(ids: Mapping[str, str], keys: Mapping[str, Sequence[str]]) -> dict[str, Set[str]]:
    return {side: {ids[person_id(key)] for key in people} for side, people in keys.items()}


async def collect(world: World, log: StringIO, before: dict[str, str]) -> Evidence:
    """All there is to find now, one purge later: one that takes its time, for here a day passes in seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage.database, "QUICK_SECONDS", BUSY_SECONDS)
        patch.setattr(world.ampersand.database, "_rests_until", 0.0)
        patch.setattr(world.ampersand.database, "_tries_from", 0.0)
        await world.ampersand.jobs.purge()
    origin = f"http://127.0.0.1:{world.ampersand.settings.port}"
    async with world.ampersand.session.get(f"{origin}/health") as answer:
        health = await answer.text()
    today = world.clock.now().astimezone(COMPANY_ZONE).date()
    return gather(world.ampersand.database, TEAM.id, health, log.getvalue(), before, today)


class everything_said:  # noqa: N801  reads as a verb where it is used
    """The log as it is in production, and whatever else the process prints."""

    def __init__(self, log: StringIO) -> None:
        self._handler = logging.StreamHandler(log)
        self._streams = redirect_stdout(log), redirect_stderr(log)

    def __enter__(self) -> None:
        for stream in self._streams:
            stream.__enter__()
        configure_logs()
        logging.getLogger().addHandler(self._handler)

    def __exit__(self, *failure: Any) -> None:
        logging.getLogger().removeHandler(self._handler)
        structlog.reset_defaults()
        for stream in self._streams:
            stream.__exit__(*failure)
