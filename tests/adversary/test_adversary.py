"""Who wrote it? An adversary with the whole machine in their hands finds it out no better than by guessing."""

import asyncio
import base64
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from storage.tables import Entry, Member
from tests.adversary import attacks, plants
from tests.adversary.attacks import ATTACKS, Attack
from tests.adversary.case import CHANCE, LUCK, Case, collect, everything_said, groups_of, likelihood
from tests.adversary.evidence import seals
from tests.adversary.office import GROUPS, WAYS, busy_afternoon
from tests.conftest import BOTH
from tests.databases import PostgresServer, SqliteFiles
from tests.flows.world import World, open_world, person_id

ERASED = {"sales": ("M02", "M03", "M05", "M07"), "operations": ("M12", "M15", "M16")}
"""Five are left on either side: what the others told reads as theirs."""


@dataclass(frozen=True)
class Cases:
    """What there is to find one purge after the last entry, the next day, and after some were erased."""

    evening: Case
    next_day: Case
    erased: Case

    def __iter__(self) -> Iterator[Case]:
        """Those in which everybody is still there."""
        return iter((self.evening, self.next_day))


@pytest.fixture(scope="session")
def sqlite_cases(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Cases:
    folder = tmp_path_factory.mktemp("office")
    return asyncio.run(_investigate(sqlite_files.fresh_url(folder), folder))


@pytest.fixture(scope="session")
def postgres_cases(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Cases:
    with postgres_server.fresh_url() as url:
        return asyncio.run(_investigate(url, tmp_path_factory.mktemp("office")))


@pytest.fixture(params=BOTH)
def cases(request: pytest.FixtureRequest) -> Cases:
    found: Cases = request.getfixturevalue(f"{request.param}_cases")
    return found


async def _investigate(url: str, folder: Path) -> Cases:
    log = StringIO()
    with everything_said(log):
        async with open_world(url, folder) as world:
            before = seals(world.ampersand.database)
            office = await busy_afternoon(world)
            ids = {member.external_id: member.id for member in world.rows(Member)}
            truth = {ref: ids[person_id(who)] for ref, who in office.quiet.items()}
            groups = groups_of(ids, GROUPS)
            evening = Case(await collect(world, log, before), truth, groups)
            await world.forward(timedelta(days=1))
            next_day = Case(await collect(world, log, before), truth, groups)
            return Cases(evening, next_day, await _erase_some(world, log, before, ids))


async def _erase_some(world: World, log: StringIO, before: dict[str, str], ids: Mapping[str, str]) -> Case:
    """Whoever was erased, the adversary knows; which of them told what had a name before is the question."""
    groups = groups_of(ids, ERASED)
    gone = set().union(*groups.values())
    named = {entry.ref: entry.author_id for entry in world.rows(Entry) if entry.author_id in gone}
    for who in (key for keys in ERASED.values() for key in keys):
        card = await world.says(who, "/sop", "privacy")
        await world.presses(who, await world.presses(who, card, "privacy.delete"), "privacy.erase")
        await world.forward(timedelta(minutes=7))
    await world.forward(timedelta(hours=2))
    truth = {ref: author for ref, author in named.items() if author}
    shares = [_largest_share([who for who in truth.values() if who in group]) for group in groups.values()]
    return Case(await collect(world, log, before), truth, groups, max(shares))


def _largest_share(authors: Sequence[str]) -> float:
    return max(Counter(authors).values()) / len(authors)


def test_every_way_was_taken_and_every_entry_is_there(cases: Cases) -> None:
    for case in cases:
        assert len(list(case.suspects())) == len(case.truth) == 2 * len(WAYS)
        assert len(set(case.truth.values())) == sum(len(group) for group in GROUPS.values())
        for group in case.groups.values():
            wrote = [who for who in case.truth.values() if who in group]
            assert _largest_share(wrote) <= LUCK
        assert {entry["visibility"] for entry, _ in case.suspects()} == {"side_only"}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_no_attack_is_better_than_a_guess(cases: Cases, attack: Attack) -> None:
    for case in cases:
        assert likelihood(case, attack) > CHANCE


def test_no_row_anywhere_holds_both_an_entry_and_one_of_its_side(cases: Cases) -> None:
    for case in cases:
        assert [attacks.same_row(case.evidence, *suspect) for suspect in case.suspects()] == [None] * len(case.truth)


def test_nothing_without_a_name_has_a_moment(cases: Cases) -> None:
    for case in cases:
        refs = set(case.truth)
        for row in case.evidence.tables["entries"]:
            assert row["ref"] not in refs or (row["created_at"], row["permalink"], row["author_id"]) == (None,) * 3


def test_no_moment_in_a_row_about_it_is_finer_than_an_hour(cases: Cases) -> None:
    for case in cases:
        for entry, _ in case.suspects():
            assert [moment for moment in attacks.moments_about(case.evidence, entry) if moment % 3600] == []


def test_no_seal_tells_whose_default_changed(cases: Cases) -> None:
    for case in cases:
        members = case.evidence.tables["members"]
        assert all(row["sealed_default"] != case.evidence.seals_before[row["id"]] for row in members)
        assert {base64.urlsafe_b64decode(row["sealed_default"])[:9] for row in members} == {b"\x80" + bytes(8)}
        assert len({len(row["sealed_default"]) for row in members}) == 1


def test_no_export_of_the_day_itself_has_it_and_every_later_one_does(cases: Cases) -> None:
    """Two exports of one day would tell the minute between them."""
    assert _exported(cases.evening).isdisjoint(cases.evening.truth)
    assert _exported(cases.next_day) >= set(cases.next_day.truth)
    assert _exported(cases.erased) >= set(cases.erased.truth)


def _exported(case: Case) -> set[str]:
    return {line.split(",")[0] for line in case.evidence.exports["export_entries.csv"].splitlines()}


def test_neither_log_nor_health_names_a_person_or_an_entry(cases: Cases) -> None:
    for case in cases:
        people = [row[name] for row in case.evidence.tables["members"] for name in ("id", "external_id", "name")]
        named = [row[name] for row in case.evidence.tables["entries"] for name in ("id", "what_happened")]
        assert "sent" in case.evidence.log
        assert not [word for word in [*people, *named] if word in case.evidence.log + case.evidence.health]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_each_attack_finds_the_leak_it_looks_for(cases: Cases, attack: Attack) -> None:
    """So that the tests above can fail: the leak is put into what the adversary gets."""
    for case in cases:
        few = attack is attacks.fresh_seal
        truth = plants.few_wrote(case.evidence, case.truth) if few else case.truth
        assert (
            likelihood(replace(case, evidence=plants.FOR[attack](case.evidence, truth), truth=truth), attack) < CHANCE
        )


def test_what_the_erased_told_has_no_name_and_stays(cases: Cases) -> None:
    for entry, group in cases.erased.suspects():
        assert (entry["visibility"], entry["author_id"], entry["created_at"]) == ("side_only", None, None)
        assert entry["change_token_hash"]
        assert {member["name"] for member in group} == {""}
    assert len(list(cases.erased.suspects())) == len(cases.erased.truth) > 20


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_no_attack_finds_which_of_the_erased_told_it(cases: Cases, attack: Attack) -> None:
    assert likelihood(cases.erased, attack) > CHANCE


def test_no_moment_and_no_row_is_left_beside_what_the_erased_told(cases: Cases) -> None:
    for entry, group in cases.erased.suspects():
        assert attacks.same_row(cases.erased.evidence, entry, group) is None
        assert [moment for moment in attacks.moments_about(cases.erased.evidence, entry) if moment % 3600] == []


@pytest.mark.parametrize(
    "attack", [attacks.same_row, attacks.alike_ids, attacks.nearest_moment, attacks.trail_of_changes]
)
def test_the_attacks_would_find_a_leak_among_the_erased(cases: Cases, attack: Attack) -> None:
    case = cases.erased
    planted = replace(case, evidence=plants.FOR[attack](case.evidence, case.truth))
    assert likelihood(planted, attack) < CHANCE


def test_nothing_names_the_erased(cases: Cases) -> None:
    evidence = cases.next_day.evidence
    gone = {who for group in cases.erased.groups.values() for who in group}
    names = {row[name] for row in evidence.tables["members"] if row["id"] in gone for name in ("name", "external_id")}
    told = {
        str(value) for table, rows in cases.erased.evidence.tables.items() for row in rows for value in row.values()
    }
    assert len(names) == 2 * len(gone)
    assert not names & told
