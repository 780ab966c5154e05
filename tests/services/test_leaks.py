"""The 21 ways in which figures gave away a person in realistic companies (product.md section 4), each tried."""

import csv
import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from shutil import copytree
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Date, DateTime
from sqlmodel import SQLModel, select

from bot.domain.entry import side_only
from bot.domain.figures import (
    AsOf,
    Group,
    GroupResult,
    Period,
    PulsePoint,
    PulseWindow,
    end_of,
    partition,
    pulse_gap,
    pulse_points,
    pulse_window,
    rounded,
    shown_apart,
    strategy_recall,
    thirteen_weeks,
)
from bot.domain.figures.participation import participation, response_rates
from bot.services.figures import as_json, period_figures, pulse_facts
from bot.services.samples import load_sample, read_sample
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.tables import COMPANY, Member, Platform, PulseAsked, PulseScore, SideKind, Workspace
from storage.types import UtcDateTime
from tests.builders import a_context
from tests.cli.conftest import Run, run  # noqa: F401  the command line as it is typed
from tests.domain.figures.rounds import a_round, closes, day_of, sides

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
HALF_YEAR_END = end_of(date(2026, 6, 30), AMSTERDAM)
SALES, OTHERS = [2, 3, 4, 3, 4, 2], [1, 2, 2, 3, 2]


def load(database: Database, folder: Path | None = None) -> None:
    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Voorbeeldkeuken Vers")
        load_sample(session, a_context(), workspace, read_sample(folder))


def shown(database: Database, period: Period = QUARTER, moment: datetime = HALF_YEAR_END) -> dict[str, Any]:
    with database.snapshot() as session:
        return as_json(period_figures(session, session.exec(select(Workspace)).one(), period, moment))


def people(**sizes: int) -> list[Member]:
    return [
        Member(id=f"{side}{n}", workspace_id="w", external_id="", name="", side=side, active_from=date(2025, 1, 1))
        for side, size in sizes.items()
        for n in range(size)
    ]


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects_in(inner)


def test_total_minus_visible(database: Database) -> None:
    """Two of the bridges are asked: no overall response rate, or their answers would be the rest of it."""
    load(database)

    rates = shown(database)["response_rate"]
    assert (rates["sales"]["asked"], rates["operations"]["asked"]) == (104, 91)
    assert rates["total"] == rates["bridges"] == {"asked": None, "answered": None, "pct": None}

    groups, as_of = partition(sides()), AsOf(HALF_YEAR_END, AMSTERDAM)
    four = participation(["sales"] * 6, people(sales=9, operations=8, finance=4), groups, QUARTER, as_of)
    five = participation(["sales"] * 6, people(sales=9, operations=8, finance=5), groups, QUARTER, as_of)
    assert (four.entries_per_member["sales"], four.balance) == (None, None)
    assert five.entries_per_member["sales"] == Decimal("0.67")


def test_means_times_counts_over_two_overlapping_windows() -> None:
    """Week 3 has four answers: neither window holds them, so no difference does."""

    def windows(hidden: list[int]) -> list[PulseWindow | None]:
        rounds = [a_round(week, operations=hidden if week == 3 else OTHERS) for week in range(1, 8)]
        return [pulse_window(rounds, closes(week), "operations") for week in (5, 6, 7)]

    assert windows([1, 1, 1, 1]) == windows([5, 5, 5, 5])
    assert [window and window.answers for window in windows([1, 1, 1, 1])] == [15, 15, 20]


def test_a_response_count_of_one() -> None:
    rounds = [a_round(1, asked={"sales": 7, "finance": 1}, sales=[4], finance=[2])]
    week = Period(day_of(1), day_of(1))
    by_group, total = response_rates(rounds, partition(sides()), week, AsOf(closes(1), AMSTERDAM))

    assert by_group["bridges"] is total is None
    assert pulse_window(rounds, closes(1), "sales") is None


def test_a_late_answer_moving_a_mean(database: Database, tmp_path: Path) -> None:
    """Somebody answers after the round closed; who compares two posts sees one answer more, and no mean that moved."""
    folder = copytree(str(files("bot") / "sample"), tmp_path / "company")
    path = folder / "pulses.csv"
    with path.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    last_round = [row for row in rows if (row["question_id"], row["week"], row["side"]) == ("Q1", "2026-W26", "sales")]
    silent = next(row for row in last_round if not row["score"])
    silent.update(score="1", answered_at_utc="2026-06-29T08:00:00Z")
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    load(database, folder)

    found = shown(database)
    assert found["pulse"]["Q1"]["sales"] == {"respondents": 8, "mean": 3.64}
    assert found["response_rate"]["sales"]["answered"] == 90


def test_min_and_max(database: Database) -> None:
    load(database)

    keys = {key for found in objects_in(shown(database)) for key in found}
    assert not [key for key in keys if key.startswith(("min", "max", "lowest", "highest", "median_score", "spread"))]
    assert {field.name for field in fields(PulseWindow)} == {"mean", "answers", "people"}


def test_chart_points_tooltips_alt_text_and_the_workbook_behind_a_slide(database: Database) -> None:
    """All of them are made from these points: a hidden one has no value in any of them, and its reason is not told."""
    load(database)
    with database.snapshot() as session:
        workspace = session.exec(select(Workspace)).one()
        facts = pulse_facts(session, workspace, datetime(2026, 6, 11, 7, tzinfo=UTC))

    points = {point.label: point for point in facts.sides["operations"].points}
    assert points["2026-W22"] == PulsePoint("2026-W22", None, None)
    assert points["2026-W23"] == PulsePoint("2026-W23", Decimal("3.29"), 7)
    assert {point.mean for point in facts.sides["bridges"].points} == {None}


def test_all_the_same_six_of_six() -> None:
    rounds = [a_round(1, sales=[5] * 6), a_round(2, sales=[1] * 6), a_round(3, sales=[5] * 5 + [4])]

    assert [pulse_window([found], closes(9), "sales") for found in rounds] == [None, None, None]
    six_of_six = a_round(1)
    six_of_six = type(six_of_six)(**_attributes(six_of_six) | {"groups": {"sales": GroupResult(scores={3: 6})}})
    assert strategy_recall(six_of_six, "sales") is None


def _attributes(found: Any) -> dict[str, Any]:
    return {field.name: getattr(found, field.name) for field in fields(found)}


def test_answers_counted_as_people() -> None:
    """Two people give eight answers in four weeks; three give six in two."""
    two = [a_round(week, finance=[3, 4]) for week in range(1, 5)]
    three = [a_round(week, finance=[3, 4, 2]) for week in range(1, 3)]

    assert pulse_window(two, closes(4), "finance") is pulse_window(three, closes(2), "finance") is None


def test_a_group_padded_with_people_who_were_not_asked(database: Database) -> None:
    """The bridges are six, two of them are asked."""
    load(database)

    found = shown(database)
    nothing = {"respondents": None, "mean": None}
    assert [found["pulse"]["Q1"][side] for side in ("bridges", "supply_planning", "finance")] == [nothing] * 3
    assert found["response_rate"]["bridges"]["asked"] is None


def test_two_audiences_with_different_groupings(database: Database) -> None:
    """Seven bridges answered as one group. Finance becomes a counterpart later: nothing of those rounds is shown anew,
    for they were written down as they were grouped then. And nobody asks for figures of an audience of their own."""
    rounds = [a_round(1, bridges=[2, 3, 4, 3, 2, 4, 5])]
    later = partition(sides(finance=SideKind.COUNTERPART, general=SideKind.BRIDGE))

    assert [pulse_window(rounds, closes(1), group) is None for group in later.groups] == [True, False]
    load(database)
    with database.transaction() as session:
        assert {asked.side for asked in session.exec(select(PulseAsked)).all()} == {"sales", "operations", "bridges"}


def test_a_gap_beside_one_mean() -> None:
    window = pulse_window([a_round(1, sales=SALES)], closes(1), "sales")

    assert window is not None
    assert pulse_gap(window, None) is pulse_gap(None, window) is None


@pytest.mark.parametrize("filter_", ["--side", "--plant", "--language"])
def test_export_filters(run: Run, filter_: str) -> None:  # noqa: F811
    """There is none; and a side-only entry has no plant or language that few share, so a spreadsheet finds nobody."""
    run("load-sample")

    assert run("export", "entries", filter_, "sales")[0] == 2
    entries = json.loads(run("export", "entries", "--format", "json")[1])
    quiet = [entry for entry in entries if entry["visibility"] == "side_only"]
    assert len(quiet) == 6  # the seventh is of a later day
    assert {(entry.get("plant"), entry.get("customer"), entry.get("author")) for entry in quiet} == {(None, None, None)}


def test_side_only_in_a_small_side() -> None:
    """It reads "from the company", and where it could still be counted for its side, no side is counted."""
    assert side_only(people(finance=4), "finance", None, "en").side == COMPANY

    groups, as_of = partition(sides()), AsOf(HALF_YEAR_END, AMSTERDAM)
    written = ["sales"] * 6 + [COMPANY]
    found = participation(written, people(sales=9, operations=4, finance=5), groups, QUARTER, as_of)
    assert set(found.entries_per_member.values()) == {None}
    assert found.balance is None


def test_time_stamps_that_betray_a_zone() -> None:
    """One person works in Dubai: nothing about an answer has a time, not even a day."""
    columns = [column for name in ("pulse_scores", "pulse_asked") for column in SQLModel.metadata.tables[name].columns]
    assert len(columns) == 9
    assert not [column.name for column in columns if isinstance(column.type, Date | DateTime | UtcDateTime)]


def test_row_order(database: Database) -> None:
    """Scores lie in the order of their random ids, not in that of the people who gave them."""
    load(database)

    with database.snapshot() as session:
        scores = session.exec(select(PulseScore).order_by("id")).all()
        raw = session.connection().exec_driver_sql("SELECT id FROM pulse_scores").scalars().all()
        assert sorted(raw) == [score.id for score in scores]
        if database.is_sqlite:
            schema = "SELECT sql FROM sqlite_master WHERE name = 'pulse_scores'"
            assert "WITHOUT ROWID" in str(session.connection().exec_driver_sql(schema).scalar())
    in_the_files = [pulse.score for pulse in read_sample().pulses if pulse.side != "supply_planning" and pulse.score]
    assert [score.score for score in scores] != in_the_files[: len(scores)]


def test_a_growing_first_window() -> None:
    """From one report to the next the first windows grow by a whole round of five or more, never by a person."""
    rounds = [a_round(1, sales=[2, 3, 4]), a_round(2, sales=SALES), a_round(3, sales=[5]), a_round(4, sales=OTHERS)]

    windows = [pulse_window(rounds, closes(week), "sales") for week in (1, 2, 3, 4)]
    assert windows[0] is None
    assert [window and window.answers for window in windows[1:]] == [6, 6, 11]
    assert windows[1] == windows[2]


def test_free_dates_differing_by_one_item(database: Database) -> None:
    """In the chat a period is thirteen weeks. With dates of one's own, on the command line, a day more is a whole round
    of a group or nothing, never one answer."""
    assert thirteen_weeks(date(2026, 6, 30)) == QUARTER
    load(database)

    before: dict[str, Any] | None = None
    for day in range(20):
        last = date(2026, 6, 5) + timedelta(days=day)
        found = shown(database, Period(date(2026, 4, 1), last))
        for side in ("sales", "operations"):
            more = found["response_rate"][side]["asked"] - (before or found)["response_rate"][side]["asked"]
            assert more == 0 or more >= 5
        before = found


def test_votes_per_side() -> None:
    votes = [Group("sales", 5, 9), Group("operations", 4, 7)]

    assert shown_apart(votes) is None
    assert shown_apart([Group("sales", 5, 9), Group("operations", 5, 7)]) == {"sales": 9, "operations": 7}


def test_a_live_counter(database: Database) -> None:
    """While a round is open nothing of it is shown, not even how many answered."""
    load(database)

    sunday, monday = datetime(2026, 6, 28, 21, 59, tzinfo=UTC), datetime(2026, 6, 28, 22, tzinfo=UTC)
    week = Period(date(2026, 6, 22), date(2026, 6, 30))
    assert shown(database, week, sunday)["response_rate"]["sales"] == {"asked": None, "answered": None, "pct": None}
    assert shown(database, week, monday)["response_rate"]["sales"] == {"asked": 8, "answered": 6, "pct": 75.0}
    assert shown(database, QUARTER, sunday)["pulse"]["Q1"]["rounds"][-1] == "2026-W25"


def test_a_percentage_without_n(database: Database) -> None:
    """Beside every share and every mean stands the count it is of."""
    load(database)

    found = shown(database)
    for inner in objects_in(found):
        value = [key for key, number in inner.items() if key in {"mean", "pct"} or key.endswith(("_pct", "_rate_pct"))]
        counts = [number for number in inner.values() if isinstance(number, int)]
        assert all(inner[key] is None for key in value) or counts, inner
    assert rounded(Fraction(100 * found["clashes"], found["clashes"] + found["went_well"]), 1) == Decimal("36.1")


def test_a_threshold_crossed_by_one_known_person() -> None:
    """Four answered for weeks, then somebody everybody knows joins: what is shown is of the five, never of the four."""

    def window(of_the_four: list[int]) -> PulseWindow | None:
        rounds = [a_round(week, operations=of_the_four) for week in (1, 2, 3)]
        return pulse_window([*rounds, a_round(4, operations=OTHERS)], closes(4), "operations")

    assert window([1, 1, 1, 1]) == window([5, 5, 5, 5]) == PulseWindow(Decimal("2.00"), 5, 5)
    four = pulse_points([a_round(1, operations=[4, 4, 4, 4])], closes(1), "operations", 4)
    assert [point.mean for point in four] == [None]
