"""Who wrote it? An adversary with the whole machine in their hands finds it out no better than by guessing."""

import asyncio
import base64
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from math import comb
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.demo import TEAM
from bot.main import configure_logs
from tests.adversary import attacks, plants
from tests.adversary.attacks import ATTACKS, Attack
from tests.adversary.evidence import Evidence, Row, gather, seals
from tests.adversary.office import GROUPS, WAYS, busy_afternoon
from tests.conftest import BOTH
from tests.databases import PostgresServer, SqliteFiles
from tests.flows.world import World, open_world, person_id

LUCK = 1 / 6
"""Nobody wrote more of their group than that, so the best blind guess is right as often."""

CHANCE = 1e-6
"""A score that guessing reaches more rarely than this is a leak."""


@dataclass(frozen=True)
class Case:
    """`truth` is the author (their id) of each side-only entry, by reference."""

    evidence: Evidence
    truth: dict[str, str]

    def suspects(self) -> Iterator[tuple[Row, Sequence[Row]]]:
        """Every entry in question, with those among whom its author is."""
        for entry in self.evidence.tables["entries"]:
            if entry["ref"] in self.truth:
                people = self.ids(GROUPS[entry["side"]])
                yield entry, [row for row in self.evidence.tables["members"] if row["id"] in people]

    def ids(self, keys: Sequence[str]) -> set[str]:
        people = {person_id(key) for key in keys}
        return {row["id"] for row in self.evidence.tables["members"] if row["external_id"] in people}


@pytest.fixture(scope="session")
def sqlite_cases(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    folder = tmp_path_factory.mktemp("office")
    return asyncio.run(_investigate(sqlite_files.fresh_url(folder), folder))


@pytest.fixture(scope="session")
def postgres_cases(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    with postgres_server.fresh_url() as url:
        return asyncio.run(_investigate(url, tmp_path_factory.mktemp("office")))


@pytest.fixture(params=BOTH)
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """What there is to find one purge after the last entry, and what is left the next day."""
    found: list[Case] = request.getfixturevalue(f"{request.param}_cases")
    return found


async def _investigate(url: str, folder: Path) -> list[Case]:
    log = StringIO()
    with _everything_said(log):
        async with open_world(url, folder) as world:
            database = world.ampersand.database
            before = seals(database)
            office = await busy_afternoon(world)
            evenings = [await _evidence(world, log, before)]
            await world.forward(timedelta(days=1))
            evenings.append(await _evidence(world, log, before))
            truth = {ref: person_id(who) for ref, who in office.quiet.items()}
    return [Case(evidence, _by_id(evidence, truth)) for evidence in evenings]


async def _evidence(world: World, log: StringIO, before: dict[str, str]) -> Evidence:
    await world.ampersand.jobs.purge()
    origin = f"http://127.0.0.1:{world.ampersand.settings.port}"
    async with world.ampersand.session.get(f"{origin}/health") as answer:
        health = await answer.text()
    return gather(world.ampersand.database, TEAM.id, health, log.getvalue(), before)


class _everything_said:  # noqa: N801  reads as a verb where it is used
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


def _by_id(evidence: Evidence, truth: dict[str, str]) -> dict[str, str]:
    ids = {row["external_id"]: str(row["id"]) for row in evidence.tables["members"]}
    return {ref: ids[who] for ref, who in truth.items()}


def likelihood(case: Case, attack: Attack) -> float:
    """How likely guessing does as well as the attack, over the entries for which it names somebody."""
    guesses = [(attack(case.evidence, entry, group), case.truth[entry["ref"]]) for entry, group in case.suspects()]
    right = sum(guess == author for guess, author in guesses)
    total = sum(guess is not None for guess, _ in guesses)
    return sum(comb(total, hits) * LUCK**hits * (1 - LUCK) ** (total - hits) for hits in range(right, total + 1))


def test_every_way_was_taken_and_every_entry_is_there(cases: list[Case]) -> None:
    for case in cases:
        assert len(list(case.suspects())) == len(case.truth) == 2 * len(WAYS)
        assert len(set(case.truth.values())) == sum(len(group) for group in GROUPS.values())
        for group in GROUPS.values():
            wrote = [who for who in case.truth.values() if who in case.ids(group)]
            assert max(Counter(wrote).values()) <= LUCK * len(wrote)
        assert {entry["visibility"] for entry, _ in case.suspects()} == {"side_only"}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_no_attack_is_better_than_a_guess(cases: list[Case], attack: Attack) -> None:
    for case in cases:
        assert likelihood(case, attack) > CHANCE


def test_no_row_anywhere_holds_both_an_entry_and_one_of_its_side(cases: list[Case]) -> None:
    for case in cases:
        assert [attacks.same_row(case.evidence, *suspect) for suspect in case.suspects()] == [None] * len(case.truth)


def test_nothing_without_a_name_has_a_moment(cases: list[Case]) -> None:
    for case in cases:
        refs = set(case.truth)
        for row in case.evidence.tables["entries"]:
            assert row["ref"] not in refs or (row["created_at"], row["permalink"], row["author_id"]) == (None,) * 3


def test_no_moment_in_a_row_about_it_is_finer_than_an_hour(cases: list[Case]) -> None:
    for case in cases:
        for entry, _ in case.suspects():
            assert [moment for moment in attacks.moments_about(case.evidence, entry) if moment % 3600] == []


def test_no_seal_tells_whose_default_changed(cases: list[Case]) -> None:
    for case in cases:
        members = case.evidence.tables["members"]
        assert all(row["sealed_default"] != case.evidence.seals_before[row["id"]] for row in members)
        assert {base64.urlsafe_b64decode(row["sealed_default"])[:9] for row in members} == {b"\x80" + bytes(8)}
        assert len({len(row["sealed_default"]) for row in members}) == 1


def test_neither_log_nor_health_names_a_person_or_an_entry(cases: list[Case]) -> None:
    for case in cases:
        people = [row[name] for row in case.evidence.tables["members"] for name in ("id", "external_id", "name")]
        named = [row[name] for row in case.evidence.tables["entries"] for name in ("id", "what_happened")]
        assert "sent" in case.evidence.log
        assert not [word for word in [*people, *named] if word in case.evidence.log + case.evidence.health]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_each_attack_finds_the_leak_it_looks_for(cases: list[Case], attack: Attack) -> None:
    """So that the tests above can fail: the leak is put into what the adversary gets."""
    for case in cases:
        few = attack is attacks.fresh_seal
        truth = plants.few_wrote(case.evidence, case.truth) if few else case.truth
        assert likelihood(Case(plants.FOR[attack](case.evidence, truth), truth), attack) < CHANCE
