"""Who gave that score? Nobody finds it out, nor who ticked or wrote what without a name in a check-in."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest

from storage.tables import CheckinAsked, Member
from tests.adversary import answer_attacks, answer_plants, attacks
from tests.adversary.answer_attacks import ATTACKS, NAMELESS
from tests.adversary.attacks import Attack, moments
from tests.adversary.case import CHANCE, LUCK, Case, collect, everything_said, groups_of, likelihood
from tests.adversary.evidence import Evidence, seals
from tests.adversary.thursday import CLOSED, GROUPS, Days, friday, thursday
from tests.conftest import BOTH
from tests.databases import PostgresServer, SqliteFiles
from tests.flows.world import open_world, person_id


@dataclass(frozen=True)
class Cases:
    """What there is to find while each of the two check-ins runs, and when both are closed."""

    thursday: Evidence
    friday: Evidence
    closed: Evidence
    truth: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, Set[str]]

    def of(self, table: str, *whens: Evidence) -> Iterator[Case]:
        """The rows without a name of that table, at those of the three times or at all."""
        for evidence in whens or (self.thursday, self.friday, self.closed):
            yield Case(evidence, self.truth[table], self.groups, LUCK, table, name="id")


@pytest.fixture(scope="session")
def sqlite_answers(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Cases:
    folder = tmp_path_factory.mktemp("check-ins")
    return asyncio.run(_investigate(sqlite_files.fresh_url(folder), folder))


@pytest.fixture(scope="session")
def postgres_answers(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Cases:
    with postgres_server.fresh_url() as url:
        return asyncio.run(_investigate(url, tmp_path_factory.mktemp("check-ins")))


@pytest.fixture(params=BOTH)
def cases(request: pytest.FixtureRequest) -> Cases:
    found: Cases = request.getfixturevalue(f"{request.param}_answers")
    return found


async def _investigate(url: str, folder: Path) -> Cases:
    log = StringIO()
    with everything_said(log):
        async with open_world(url, folder) as world:
            before = seals(world.ampersand.database)
            days: Days = await thursday(world)
            first = await collect(world, log, before)
            await friday(days)
            second = await collect(world, log, before)
            await world.forward(CLOSED)
            third = await collect(world, log, before)
            assert not [turn for turn in world.rows(CheckinAsked) if turn.nudge_at]
            ids = {member.external_id: member.id for member in world.rows(Member)}
            truth = {
                table: {row: ids[person_id(who)] for row, who in wrote.items()} for table, wrote in days.truth.items()
            }
            return Cases(first, second, third, truth, groups_of(ids, GROUPS))


def test_everybody_answered_in_every_table(cases: Cases) -> None:
    asked = sum(len(group) for group in GROUPS.values()) - 1
    counts = {table: len(wrote) for table, wrote in cases.truth.items()}
    assert counts == {
        "pulse_scores": 2 * asked,
        "checkin_choices": asked,
        "checkin_texts": counts["checkin_texts"],
        "entries": counts["entries"],
    }
    assert counts["checkin_texts"] > asked / 2
    assert counts["entries"] > asked
    for wrote in cases.truth.values():
        for group in cases.groups.values():
            authors = Counter(who for who in wrote.values() if who in group)
            assert max(authors.values()) / authors.total() <= 2 * LUCK


def test_what_is_to_be_found_is_there(cases: Cases) -> None:
    for table, evidence in (("pulse_scores", cases.thursday), ("checkin_choices", cases.friday)):
        (case,) = cases.of(table, evidence)
        assert len(list(case.suspects())) >= sum(len(group) for group in GROUPS.values()) - 1


@pytest.mark.parametrize("table", NAMELESS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_no_attack_on_an_answer_is_better_than_a_guess(cases: Cases, table: str, attack: Attack) -> None:
    for case in cases.of(table):
        assert likelihood(case, attack) > CHANCE


@pytest.mark.parametrize("attack", attacks.ATTACKS, ids=lambda attack: str(attack.__name__))
def test_no_attack_on_an_example_is_better_than_a_guess(cases: Cases, attack: Attack) -> None:
    for case in cases.of("entries"):
        assert likelihood(case, attack) > CHANCE


def test_no_row_anywhere_holds_both_an_answer_and_one_of_its_side(cases: Cases) -> None:
    for table in NAMELESS:
        for case in cases.of(table):
            found = [answer_attacks.same_row(case.evidence, *suspect) for suspect in case.suspects()]
            assert set(found) <= {None}


def test_no_answer_has_a_moment(cases: Cases) -> None:
    for table in NAMELESS:
        for case in cases.of(table):
            assert not [moment for row, _ in case.suspects() for moment in moments(row)]


@pytest.mark.parametrize("table", NAMELESS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_each_attack_finds_the_leak_it_looks_for(cases: Cases, table: str, attack: Attack) -> None:
    """So that the tests above can fail."""
    (case,) = cases.of(table, cases.friday)
    planted = replace(case, evidence=answer_plants.FOR[attack.__name__](case))
    assert likelihood(planted, attack) < CHANCE
