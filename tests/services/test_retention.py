"""What has had its time is forgotten, in batches; what is still needed stays, and no figure of a half year changes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

import bot.services.privacy.keeping as keeping
from bot.domain import retention as kept_for
from bot.services.figures import as_json, period_figures
from bot.services.privacy import Forgotten, keep_retention
from bot.services.samples import load_sample, read_sample
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.tables import (
    Absence,
    AgendaItem,
    Ask,
    AskState,
    AuditRecord,
    ChannelPerson,
    Checkin,
    CheckinAsked,
    CheckinState,
    CheckinText,
    DecisionObjection,
    Disturbance,
    Entry,
    Member,
    Outgoing,
    Platform,
    PrivateItem,
    PulseAsked,
    Side,
    Visibility,
    Workspace,
)
from tests.builders import WORKSPACE, a_context, a_member, a_side, a_workspace, an_entry
from tests.clock import T0
from tests.services.a_life import lives
from tests.services.entry_world import EntryWorld, build_world
from tests.services.test_figures import END, HALF_YEAR

ONE_DAY = timedelta(days=1)
TODAY = T0.date()


@pytest.fixture
def company(database: Database) -> Database:
    with database.transaction() as session:
        a_workspace(session)
        a_side(session)
        for _ in range(5):
            a_member(session)
    return database


def keep(database: Database, now: datetime = T0, workspace_id: str = WORKSPACE) -> Forgotten:
    with database.transaction() as session:
        return keep_retention(session, a_context(now), workspace_id)


def rows(database: Database, table: type[Any]) -> list[Any]:
    with database.snapshot() as session:
        return list(session.exec(select(table)).all())


@pytest.mark.parametrize("gone", ["withdrawn_on", "hidden_on"])
def test_what_was_withdrawn_or_hidden_goes_after_thirty_days(company: Database, gone: str) -> None:
    reason: dict[str, Any] = {"hidden_reason": "names a person"} if gone == "hidden_on" else {}
    last_day = an_entry(company, ref="k7mx", **reason, **{gone: TODAY - kept_for.GONE_ENTRIES})
    an_entry(company, ref="k7my", **reason, **{gone: TODAY - kept_for.GONE_ENTRIES - ONE_DAY})
    standing = an_entry(company)
    repeats = an_entry(company, recurrence_of="entry2")

    assert keep(company) == Forgotten(1, more=False)
    assert {entry.id for entry in rows(company, Entry)} == {last_day.id, standing.id, repeats.id}


def test_where_it_was_posted_goes_with_it(company: Database) -> None:
    gone = an_entry(company, withdrawn_on=date(2026, 1, 1))
    with company.transaction() as session:
        for key in (f"share:{gone.id}", "share:another"):
            session.add(
                Outgoing(id=key, workspace_id=WORKSPACE, key=key, target_id="C-SOP", delivery_key=key, not_before=T0)
            )
    keep(company)
    assert [row.key for row in rows(company, Outgoing)] == ["share:another"]


def test_a_name_comes_off_after_three_years_and_the_example_stays(company: Database) -> None:
    old = an_entry(company, author_id="member1", created_on=TODAY - kept_for.NAMES_ON_ENTRIES - ONE_DAY)
    young = an_entry(company, author_id="member1", created_on=TODAY - kept_for.NAMES_ON_ENTRIES)

    assert keep(company).rows == 1
    kept = {entry.id: entry for entry in rows(company, Entry)}
    assert (kept[old.id].visibility, kept[old.id].author_id, kept[old.id].side) == (Visibility.SIDE_ONLY, None, "sales")
    assert kept[old.id].what_happened == old.what_happened
    assert kept[young.id].author_id == "member1"


def test_who_was_asked_goes_a_year_after_the_question_ended(company: Database) -> None:
    entries = [an_entry(company) for _ in range(3)]
    long_ago = TODAY - kept_for.ENDED_ASKS - ONE_DAY
    with company.transaction() as session:
        for number, (state, until) in enumerate(
            [(AskState.ANSWERED, long_ago), (AskState.ANSWERED, TODAY), (AskState.OPEN, long_ago)]
        ):
            session.add(
                Ask(
                    id=f"ask{number}",
                    workspace_id=WORKSPACE,
                    entry_id=entries[number].id,
                    asked_id="member1",
                    show_words=True,
                    state=state,
                    until=until,
                )
            )
    keep(company)
    assert {ask.id for ask in rows(company, Ask)} == {"ask1", "ask2"}


def test_what_was_said_before_a_meeting_and_who_was_asked_goes_in_time(database: Database) -> None:
    """The meeting and the round of the life are twenty days old."""
    world = build_world(database)
    lives(world)
    tables: Mapping[type[SQLModel], timedelta] = {
        PrivateItem: kept_for.SAID_UNASKED,
        Absence: kept_for.ABSENCES,
        AgendaItem: kept_for.SAID_BEFORE_MEETINGS,
        DecisionObjection: kept_for.SAID_BEFORE_MEETINGS,
        PulseAsked: kept_for.ASKED_IN_CHECKINS,
        CheckinAsked: kept_for.ASKED_IN_CHECKINS,
        AuditRecord: kept_for.CHANGES,
    }
    for table, kept in tables.items():
        keep(database, T0 + kept - 20 * ONE_DAY)
        assert rows(database, table), table
    for table, kept in tables.items():
        keep(database, T0 + kept - 19 * ONE_DAY)
        assert not [row for row in rows(database, table) if getattr(row, "at", T0) <= T0 - 20 * ONE_DAY], table


def test_names_come_off_what_was_told_in_a_check_in_and_off_an_announcement(database: Database) -> None:
    world = build_world(database)
    lives(world)
    held = (
        (Disturbance, "announced_by_id", kept_for.CHANGES),
        (CheckinText, "author_id", kept_for.NAMES_ON_ENTRIES),
    )
    for table, column, kept in held:
        keep(database, T0 + kept - 20 * ONE_DAY)
        assert [row for row in rows(database, table) if getattr(row, column)], table
        keep(database, T0 + kept - 19 * ONE_DAY)
        assert rows(database, table), table
        assert not [row for row in rows(database, table) if getattr(row, column)], table


def test_who_is_in_a_channel_goes_when_no_check_in_asks_it(database: Database) -> None:
    lives(build_world(database))
    keep(database)
    assert rows(database, ChannelPerson)
    with database.transaction() as session:
        session.get_one(Checkin, "checkin1").state = CheckinState.DELETED
    keep(database)
    assert not rows(database, ChannelPerson)


def test_somebody_who_left_is_erased_a_year_later(company: Database) -> None:
    a_member(company, name="Long Gone", active_to=TODAY - kept_for.LEFT_MEMBERS - ONE_DAY)
    a_member(company, name="Just Gone", active_to=TODAY - kept_for.LEFT_MEMBERS)
    assert keep(company).rows == 1
    names = {member.name for member in rows(company, Member)}
    assert "Long Gone" not in names
    assert "Just Gone" in names
    assert keep(company).rows == 0


def test_a_workspace_that_took_the_app_away_goes_whole_and_no_other(database: Database) -> None:
    world = build_world(database)
    lives(world)
    other = a_workspace(database, name="Other")
    a_side(database, workspace_id=other.id)
    a_member(database, workspace_id=other.id)
    with database.transaction() as session:
        workspace = session.get_one(Workspace, WORKSPACE)
        workspace.disconnected_at = T0 - kept_for.DISCONNECTED
        session.add(workspace)

    keep(database)
    assert len(rows(database, Workspace)) == 2
    keep(database, T0 + ONE_DAY)
    assert [one.id for one in rows(database, Workspace)] == [other.id]
    with database.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if "workspace_id" in table.c and table.name != "workspaces":
                left = connection.execute(select(table.c.workspace_id)).scalars().all()
                assert set(left) <= {other.id}, table.name
    assert len(rows(database, Side)) == 1
    assert rows(database, PulseAsked) == []


def test_a_full_batch_says_that_there_is_more(company: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "BATCH", 2)
    monkeypatch.setattr(keeping, "RULES", {keeping._gone_entries: 2})
    for number in range(3):
        an_entry(company, ref=f"k{number}", withdrawn_on=date(2026, 1, 1))
    assert [keep(company), keep(company)] == [Forgotten(2, more=True), Forgotten(1, more=False)]


def test_nothing_of_another_workspace_is_touched(company: Database) -> None:
    an_entry(company, withdrawn_on=date(2026, 1, 1))
    other = a_workspace(company)
    assert keep(company, workspace_id=other.id) == Forgotten(0, more=False)
    assert len(rows(company, Entry)) == 1


def test_no_figure_of_the_half_year_changes_for_a_year(database: Database) -> None:
    def figures() -> Mapping[str, Any]:
        with database.snapshot() as session:
            return as_json(period_figures(session, session.exec(select(Workspace)).one(), HALF_YEAR, END))

    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Voorbeeldkeuken Vers")
        load_sample(session, a_context(), workspace, read_sample())
    before = figures()
    for days in (40, 200, 400):
        while keep(database, T0 + days * ONE_DAY, workspace.id).more:
            pass
        assert figures() == before
    assert [entry for entry in rows(database, Entry) if entry.author_id]


def test_names_come_off_without_a_change_of_the_figures_of_their_period(database: Database) -> None:
    """Three years on: nobody's period, and still the same counts."""
    world = EntryWorld(database)
    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Voorbeeldkeuken Vers")
        load_sample(session, a_context(), workspace, read_sample())
    while keep(database, T0 + kept_for.NAMES_ON_ENTRIES + 40 * ONE_DAY, workspace.id).more:
        pass
    with database.snapshot() as session:
        named = session.exec(select(Entry).where(col(Entry.author_id).is_not(None))).all()
    assert named == []
    assert len(world.entries()) == 120
