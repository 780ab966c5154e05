"""What a brief knows, and what it may show of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.brief import BRIDGES, BriefSnapshot, Records, from_json, take_snapshot, to_json
from bot.domain.figures import change
from storage.tables import (
    COMPANY,
    Agreement,
    AgreementStatus,
    Entry,
    Kind,
    Level,
    Meeting,
    MeetingType,
    Objective,
    ObjectiveActual,
    Side,
    SideKind,
    Tension,
    Visibility,
)
from tests.companies import records_of_a_company

SINCE = datetime(2026, 5, 13, 7, tzinfo=UTC)  # 09:00 in Amsterdam
DUE = datetime(2026, 6, 11, 7, tzinfo=UTC)
ENOUGH = {"sales": 9, "operations": 8, "supply_planning": 3, "finance": 2, "general": 1}
SIDES = [
    Side(workspace_id="w", key=key, name=key.title(), kind=kind)
    for key, kind in {
        "sales": SideKind.COUNTERPART,
        "operations": SideKind.COUNTERPART,
        "supply_planning": SideKind.BRIDGE,
        "finance": SideKind.BRIDGE,
        "general": SideKind.BRIDGE,
    }.items()
]
MEETING = Meeting(
    id="m",
    workspace_id="w",
    key="2026-06-PS",
    cycle="2026-06",
    type=MeetingType.PRE_SOP,
    title="Pre-S&OP",
    starts_at=datetime(2026, 6, 15, 11, 30, tzinfo=UTC),
    duration_minutes=90,
    timezone="Europe/Amsterdam",
    brief_due_at=DUE,
)


def an_entry(number: int, **over: Any) -> Entry:
    defaults: dict[str, Any] = {
        "id": f"e{number}",
        "workspace_id": "w",
        "ref": str(number),
        "kind": Kind.CLASH,
        "visibility": Visibility.NAMED,
        "side": "sales",
        "created_at": datetime(2026, 6, 1, 9, tzinfo=UTC),
        "created_on": date(2026, 6, 1),
        "what_happened": "The order was changed on Friday at four.",
    }
    return Entry(**defaults | over)


def side_only(number: int, day: date, **over: Any) -> Entry:
    return an_entry(number, visibility=Visibility.SIDE_ONLY, created_at=None, created_on=day, **over)


def an_agreement(key: str, due_on: date, **over: Any) -> Agreement:
    defaults: dict[str, Any] = {
        "id": key,
        "workspace_id": "w",
        "key": key,
        "title": key,
        "text": key,
        "made_on": date(2026, 4, 1),
        "owner_id": "a",
        "partner_id": "b",
        "due_on": due_on,
        "status": AgreementStatus.OPEN,
    }
    return Agreement(**defaults | over)


def snapshot(entries: Sequence[Entry] = (), as_of: datetime = DUE, **over: Any) -> BriefSnapshot:
    records = Records(
        meeting=MEETING,
        zone="Europe/Amsterdam",
        since=SINCE,
        sides=SIDES,
        people=ENOUGH,
        entries=entries,
        tensions=[],
        objectives=[],
        actuals=[],
        agreements=[],
    )
    return take_snapshot(replace(records, **over), as_of)


@pytest.mark.parametrize(
    ("created_at", "counts"),
    [
        (SINCE - timedelta(seconds=1), False),
        (SINCE, True),
        (DUE - timedelta(seconds=1), True),
        (DUE, False),
    ],
)
def test_a_named_entry_counts_from_the_last_brief_to_the_minute_this_one_is_due(
    created_at: datetime, counts: bool
) -> None:
    assert snapshot([an_entry(1, created_at=created_at, created_on=created_at.date())]).entries.total == counts


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2026, 5, 12), False), (date(2026, 5, 13), True), (date(2026, 6, 10), True), (date(2026, 6, 11), False)],
)
def test_a_side_only_entry_is_known_when_its_day_is_over(day: date, counts: bool) -> None:
    assert snapshot([side_only(1, day)]).entries.total == counts


def test_the_day_ends_in_the_zone_of_the_company() -> None:
    midnight_in_amsterdam = datetime(2026, 6, 10, 22, tzinfo=UTC)
    entries = [side_only(1, date(2026, 6, 10))]

    assert snapshot(entries, as_of=midnight_in_amsterdam - timedelta(minutes=1)).entries.total == 0
    assert snapshot(entries, as_of=midnight_in_amsterdam).entries.total == 1


def test_the_first_brief_tells_everything_so_far() -> None:
    entries = [an_entry(1, created_at=datetime(2020, 1, 1, tzinfo=UTC)), side_only(2, date(2020, 1, 1))]

    assert snapshot(entries, since=None).entries.total == 2


def test_what_is_withdrawn_or_hidden_is_not_told_even_when_that_was_later() -> None:
    entries = [an_entry(1, withdrawn_on=date(2026, 6, 12)), an_entry(2, hidden_reason="names a person"), an_entry(3)]

    assert snapshot(entries).entries.total == 1


def test_an_entry_without_a_title_is_told_by_its_first_sentence_cut_after_a_word() -> None:
    long = "The retailer called at ten past three and asked for one thousand nine hundred trays more. Nobody knew."
    wins = [an_entry(1, kind=Kind.WENT_WELL, what_happened=long), an_entry(2, kind=Kind.WENT_WELL, title="Eight\ndays")]

    assert {win.ref: win.headline for win in snapshot(wins).went_well} == {
        "1": "The retailer called at ten past three and asked for one…",
        "2": "Eight days",
    }


def test_a_clash_came_back_when_the_entry_it_repeats_can_still_be_read() -> None:
    entries = [
        an_entry(1, created_at=SINCE - timedelta(days=40)),
        an_entry(2, recurrence_of="e1", resolved_on=date(2026, 6, 10)),
        an_entry(3, recurrence_of="e1", resolved_on=date(2026, 6, 11), created_at=SINCE),
        an_entry(4, recurrence_of="e5"),
        an_entry(5, created_at=SINCE - timedelta(days=40), withdrawn_on=date(2026, 6, 1)),
        an_entry(6, recurrence_of="e1", kind=Kind.WENT_WELL),
    ]

    came_back = snapshot(entries).came_back

    assert [(repeat.ref, repeat.resolved_on) for repeat in came_back] == [("3", None), ("2", date(2026, 6, 10))]


def test_entries_are_told_by_kind_the_newest_first_and_counted_beyond_thirty() -> None:
    clashes = [an_entry(n, created_at=datetime(2026, 6, 1, 9, n, tzinfo=UTC), title=f"Clash {n}") for n in range(32)]
    clashes.append(an_entry(40, created_at=SINCE - timedelta(days=1), created_on=date(2026, 5, 12)))
    others = [an_entry(50, kind=Kind.WENT_WELL), an_entry(51, kind=Kind.IMPROVE, title="One owner")]

    clash, improve = snapshot([*clashes, *others]).told

    assert (clash.kind, len(clash.named), clash.left_out) == (Kind.CLASH, 30, 2)
    assert [(one.ref, one.headline) for one in clash.named[:2]] == [("31", "Clash 31"), ("30", "Clash 30")]
    assert (improve.kind, [one.ref for one in improve.named], improve.left_out) == (Kind.IMPROVE, ["51"], 0)


def test_wins_come_by_stated_benefit_then_the_newest_first() -> None:
    wins = [
        an_entry(1, kind=Kind.WENT_WELL, effect_eur=-350),
        an_entry(2, kind=Kind.WENT_WELL, effect_eur=-7400),
        an_entry(3, kind=Kind.WENT_WELL, created_at=datetime(2026, 6, 1, 8, tzinfo=UTC)),
        an_entry(4, kind=Kind.WENT_WELL, created_at=datetime(2026, 6, 1, 12, tzinfo=UTC)),
        an_entry(5, kind=Kind.WENT_WELL, effect_eur=200),
    ]

    assert [win.ref for win in snapshot(wins).went_well] == ["2", "1", "4", "3", "5"]


def test_agreements_stand_as_they_stood_then() -> None:
    kept, later = {"status": AgreementStatus.KEPT}, date(2026, 6, 11)
    facts = snapshot(
        agreements=[
            an_agreement("kept before its date", date(2026, 7, 1), closed_on=date(2026, 6, 10), **kept),
            an_agreement("kept in the last brief", date(2026, 5, 12), closed_on=date(2026, 5, 12), **kept),
            an_agreement("kept today, not known at nine", date(2026, 6, 12), closed_on=later, **kept),
            an_agreement("replaced", date(2026, 6, 1), closed_on=date(2026, 6, 1), status=AgreementStatus.SUPERSEDED),
            an_agreement("long overdue", date(2026, 4, 20)),
            an_agreement("newly overdue", date(2026, 6, 10)),
            an_agreement("due today", date(2026, 6, 11)),
            an_agreement("due on the day of the meeting", date(2026, 6, 15)),
            an_agreement("due after it", date(2026, 6, 16)),
            an_agreement("only proposed", date(2026, 6, 16), status=AgreementStatus.PROPOSED),
            an_agreement("made today", date(2026, 6, 16), made_on=date(2026, 6, 11)),
        ]
    ).agreements

    titles = {
        name: [fact.title for fact in getattr(facts, name)]
        for name in ("kept", "partly_kept", "not_kept", "overdue", "due", "later")
    }
    assert titles == {
        "kept": ["kept before its date"],
        "partly_kept": [],
        "not_kept": [],
        "overdue": ["long overdue", "newly overdue"],
        "due": ["due today", "kept today, not known at nine", "due on the day of the meeting"],
        "later": ["due after it"],
    }
    assert (facts.fell_due, facts.all_closed) == (2, False)


def an_objective(direction: str, target: float) -> Objective:
    return Objective(
        workspace_id="w",
        key=direction,
        name=direction,
        name_nl=direction,
        indicator="",
        indicator_nl="",
        measure="",
        unit="%",
        direction=direction,
        baseline=0.0,
        target=target,
        target_date=date(2026, 12, 31),
    )


def test_objectives_show_the_last_month_that_is_over_against_the_month_before() -> None:
    def actual(key: str, month: int, value: float) -> ObjectiveActual:
        return ObjectiveActual(workspace_id="w", objective_key=key, month=date(2026, month, 1), value=value)

    brief = snapshot(
        objectives=[an_objective("up", 97.5), an_objective("down", 3.2)],
        actuals=[
            *[actual("up", month, value) for month, value in {4: 94.6, 5: 96.1, 6: 99.0}.items()],
            *[actual("down", month, value) for month, value in {4: 3.0, 5: 3.2}.items()],
        ],
    )

    assert brief.month == date(2026, 5, 1)
    assert [(fact.actual, str(fact.change), fact.better, fact.at_target) for fact in brief.objectives] == [
        (3.2, "0.2", False, True),
        (96.1, "1.5", True, False),
    ]
    assert brief.objectives[1].indicator.of("nl") == "up"


def test_changes_are_exact_and_rounded_away_from_zero() -> None:
    assert [str(change(*pair)) for pair in [(0.3, 0.1), (2.25, 0.0), (-2.25, 0.0)]] == ["0.2", "2.3", "-2.3"]


# ---------------------------------------------------------------- what may be shown


def test_counts_by_side_are_shown_for_groups_of_five_and_the_bridges_together() -> None:
    entries = [an_entry(1), an_entry(2, side="finance"), an_entry(3, side="general"), an_entry(4, side=COMPANY)]

    facts = snapshot(entries).entries

    assert facts.by_side is not None
    assert {side.key: side.entries for side in facts.by_side} == {"sales": 1, "operations": 0, BRIDGES: 2}
    assert facts.total == 4
    assert facts.silent == ("operations",)


def test_nobody_says_the_bridges_were_silent_when_the_company_spoke() -> None:
    assert snapshot([an_entry(1, side=COMPANY)]).entries.silent == ("sales", "operations")


def test_counts_by_side_are_hidden_when_subtracting_would_show_a_small_group() -> None:
    """Every combination of sizes: what is shown beside the total never leaves fewer than five people."""
    wrote = [an_entry(1), an_entry(2, side="operations"), an_entry(3, side="finance"), an_entry(4, side=COMPANY)]
    for sales, operations, finance, general in product((0, 1, 4, 5, 9), repeat=4):
        people = {"sales": sales, "operations": operations, "finance": finance, "general": general}
        by_side = snapshot(wrote, people=people).entries.by_side
        if by_side is not None:
            under_five = sum(number for number in people.values() if number < 5)
            assert min(sales, operations, finance + general) >= 5
            assert under_five >= 5, "an entry from the company would point at fewer than five"


@pytest.mark.parametrize("small", ["sales", "operations", "finance"])
@given(sides=st.lists(st.sampled_from(sorted(ENOUGH)), min_size=1, max_size=12), data=st.data())
def test_with_a_small_group_the_brief_does_not_depend_on_which_side_wrote(
    small: str, sides: list[str], data: st.DataObject
) -> None:
    others = data.draw(st.permutations(sides) | st.lists(st.sampled_from(sorted(ENOUGH)), min_size=len(sides)))
    people = ENOUGH | {"supply_planning": 0, "general": 0} | {small: 4}

    def brief(writers: Sequence[str]) -> BriefSnapshot:
        return snapshot([an_entry(n, side=writers[n]) for n in range(len(sides))], people=people)

    assert brief(sides) == brief(others)
    assert brief(sides).entries.by_side is None


def test_a_side_without_people_is_no_group_unless_somebody_who_left_wrote() -> None:
    people = {"sales": 9, "operations": 8}

    shown = snapshot([an_entry(1)], people=people).entries.by_side
    assert shown is not None
    assert [side.key for side in shown] == ["sales", "operations"]
    assert snapshot([an_entry(1, side="finance")], people=people).entries.by_side is None


# ---------------------------------------------------------------- frozen


@given(records_of_a_company())
def test_every_snapshot_survives_the_database(records: Records) -> None:
    brief = take_snapshot(records, DUE)

    assert from_json(json.loads(json.dumps(to_json(brief)))) == brief


@given(records_of_a_company(), st.randoms())
def test_the_order_of_rows_changes_nothing(records: Records, random: Any) -> None:
    shuffled = {
        name: random.sample(list(rows), len(rows))
        for name in ("entries", "tensions", "objectives", "actuals", "agreements")
        for rows in [getattr(records, name)]
    }

    assert take_snapshot(replace(records, **shuffled), DUE) == take_snapshot(records, DUE)


def test_the_levels_are_counted_with_those_not_set() -> None:
    facts = snapshot([an_entry(1, level=Level.STRATEGIC), an_entry(2), an_entry(3)]).entries

    assert (facts.by_level[Level.STRATEGIC], facts.by_level[Level.DAY_TO_DAY], facts.without_level) == (1, 0, 2)


def test_a_tension_is_told_in_both_languages() -> None:
    tension = Tension(
        workspace_id="w",
        key="T",
        name="Late changes",
        name_nl="",
        first_interest="",
        second_interest="",
        shared_interest="",
    )
    entries = [an_entry(1, created_at=SINCE - timedelta(days=1)), an_entry(2, recurrence_of="e1", tension_key="T")]

    told = snapshot(entries, tensions=[tension]).came_back[0].tension

    assert told is not None
    assert told.of("nl") == "Late changes"
