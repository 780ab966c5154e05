"""The weekly pulse as the brief of June tells it, and figures in a handful of queries."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from bot.domain.figures import Direction, Period, end_of
from bot.services.figures import PulseFacts, as_json, period_figures, pulse_facts
from bot.services.samples import load_sample, read_sample
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.tables import Entry, Kind, Member, Platform, Visibility, Workspace
from tests.builders import a_context

DUE = datetime(2026, 6, 11, 7, tzinfo=UTC)
HALF_YEAR = Period(date(2026, 1, 1), date(2026, 6, 30))
END = end_of(date(2026, 6, 30), ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def sample(database: Database) -> Database:
    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Voorbeeldkeuken Vers")
        load_sample(session, a_context(), workspace, read_sample())
    return database


def facts_at(database: Database, moment: datetime) -> PulseFacts:
    with database.snapshot() as session:
        return pulse_facts(session, session.exec(select(Workspace)).one(), moment)


def figures(session: Session, period: Period = HALF_YEAR) -> dict[str, Any]:
    return as_json(period_figures(session, session.exec(select(Workspace)).one(), period, END))


def test_the_pulse_of_the_june_brief(sample: Database) -> None:
    expected = json.loads((files("bot") / "sample" / "brief_facts_2026-06-PS.json").read_text(encoding="utf-8"))
    sales, operations, gap = (fact["value"] for fact in expected if fact["id"] in {"F47", "F48", "F49"})

    facts = facts_at(sample, DUE)
    found = {key: [float(side.mean or 0), side.people] for key, side in facts.sides.items() if side.mean}
    assert found == {"sales": sales, "operations": operations}
    assert [float(facts.gap or 0), float(facts.gap_before or 0), facts.direction] == gap
    assert [facts.sides[key].before for key in ("sales", "operations")] == [Decimal("3.28"), Decimal("3.00")]
    assert {side.direction for side in facts.sides.values()} == {Direction.SAME}
    assert facts.rounds == ("2026-W20", "2026-W21", "2026-W22", "2026-W23")
    assert facts.rounds_before == ("2026-W16", "2026-W17", "2026-W18", "2026-W19")
    assert facts.sides["bridges"].hidden == "too_few"


def test_a_week_without_a_closed_round(sample: Database) -> None:
    facts = facts_at(sample, datetime(2026, 1, 11, 22, 59, tzinfo=UTC))

    assert (facts.rounds, facts.hidden) == ((), "no_round")
    assert facts_at(sample, datetime(2026, 1, 11, 23, tzinfo=UTC)).rounds == ("2026-W02",)


def test_later_reports_never_change_what_a_window_said(sample: Database) -> None:
    first, second = (facts_at(sample, moment) for moment in (DUE, datetime(2026, 6, 14, 21, 59, tzinfo=UTC)))

    assert first == second


def test_what_is_withdrawn_or_hidden_is_in_no_figure(sample: Database) -> None:
    with sample.transaction() as session:
        clashes = session.exec(select(Entry).where(Entry.kind == Kind.CLASH)).all()
        earlier = {clash.recurrence_of for clash in clashes if clash.recurrence_of}
        for entry in session.exec(select(Entry)).all():
            if entry.id in earlier:
                entry.withdrawn_on = date(2026, 6, 30)
                session.add(entry)
    with sample.snapshot() as session:
        found = figures(session)

    assert found["entries"] == 120 - len(earlier)
    assert found["clashes_recurring"] == 0


def test_a_side_only_entry_of_the_last_day_is_known_when_the_day_is_over(sample: Database) -> None:
    with sample.transaction() as session:
        workspace = session.exec(select(Workspace)).one()
        quiet: dict[str, Any] = {"visibility": Visibility.SIDE_ONLY, "side": "sales", "kind": Kind.CLASH}
        session.add(
            Entry(
                id="new", workspace_id=workspace.id, ref="k7m2", created_on=date(2026, 6, 30), what_happened="", **quiet
            )
        )
    with sample.snapshot() as session:
        workspace = session.exec(select(Workspace)).one()
        hour_before = datetime(2026, 6, 30, 21, tzinfo=UTC)
        counts = [period_figures(session, workspace, HALF_YEAR, moment).entries for moment in (hour_before, END)]

    assert counts == [120, 121]


def test_the_other_side_counts_from_when_it_was_written(sample: Database) -> None:
    """Clash 1 is told from the other side, as clash 2, on the next morning at 08:33."""
    written = datetime(2026, 1, 9, 8, 33, tzinfo=UTC)
    with sample.snapshot() as session:
        workspace = session.exec(select(Workspace)).one()
        told = [
            period_figures(session, workspace, HALF_YEAR, moment).told_by_both.count
            for moment in (written, written + timedelta(minutes=1))
        ]

    assert told == [0, 2]


def test_a_handful_of_queries_whatever_the_period(sample: Database) -> None:
    with sample.snapshot() as session, counted(sample) as statements:
        figures(session)
    year = len(statements)
    with sample.snapshot() as session, counted(sample) as statements:
        figures(session, Period(date(2026, 6, 24), date(2026, 6, 30)))

    assert len(statements) <= year <= 20


def test_people_of_another_workspace_change_nothing(sample: Database) -> None:
    with sample.snapshot() as session:
        before = figures(session)
    with sample.transaction() as session:
        other = ensure_workspace(session, a_context(), Platform.SLACK, "T2", "Other")
        other_id = other.id
        session.add(
            Member(id="x", workspace_id=other_id, external_id="x", name="x", side="sales", active_from=date(2026, 1, 1))
        )
    with sample.snapshot() as session:
        workspace = session.exec(select(Workspace).where(Workspace.external_id == "T1")).one()
        after = as_json(period_figures(session, workspace, HALF_YEAR, END))
        other = session.get_one(Workspace, other_id)
        nothing = as_json(period_figures(session, other, HALF_YEAR, END))

    assert before == after
    assert (nothing["entries"], nothing["pulse"], nothing["briefs"]["posted"]) == (0, {}, 0)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run inside."""
    statements: list[str] = []

    def on_execute(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "after_cursor_execute", on_execute)
    try:
        yield statements
    finally:
        event.remove(database.engine, "after_cursor_execute", on_execute)
