"""The ticks never raise, and tell how it goes."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from bot.main import TICKS
from bot.services import privacy
from bot.services.context import Context
from bot.services.privacy import Forgotten
from handlers.jobs import Jobs
from storage.database import Database
from storage.tables import ChannelPerson, Checkin, Occurrence, OutboxState, Outgoing, RequestKey
from tests.builders import WORKSPACE, a_context, a_member, a_side, a_workspace
from tests.clock import Clock, T
from tests.fake_chat import FakeChat, refused_for_good
from tests.handlers.jobs_at import CHANNEL, jobs_at, plan_brief, say


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chat() -> FakeChat:
    return FakeChat()


@pytest.fixture
def jobs(clock: Clock, database: Database, chat: FakeChat) -> Jobs:
    a_workspace(database)
    return jobs_at(clock, database, chat)


def plan(database: Database, subject: str, **later: float) -> None:
    with database.transaction() as session:
        plan_brief(session, a_context(), subject, T(**later))


def occurrences(session: Session) -> list[str]:
    return sorted(str(state) for state in session.exec(select(Occurrence.state)))


async def test_the_brief_is_posted_at_its_moment_by_the_ticks(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    plan(database, "june", minutes=5)

    for minute in range(4, 9):
        clock.now = T(minutes=minute)
        await jobs.tick_schedules()
        await jobs.deliver()

    assert chat.texts() == ["brief:june", "brief:june more", "brief:june even more"]
    assert jobs.last_tick == T(minutes=8)


async def test_what_was_missed_while_down_is_late_or_skipped_with_a_note(
    database: Database, jobs: Jobs, chat: FakeChat
) -> None:
    plan(database, "june")
    plan(database, "may", hours=-9)

    await jobs.run_until_idle(T(hours=1))

    assert chat.texts("U-ELS") == ["skipped:may"]
    assert chat.texts(CHANNEL)[0] == "brief:june"
    assert await database.read(occurrences) == ["late", "skipped"]


async def test_idle_means_that_nothing_is_due_at_that_moment(database: Database, jobs: Jobs, chat: FakeChat) -> None:
    for number in range(45):
        plan(database, f"m{number}", minutes=number)

    await jobs.run_until_idle(T(minutes=43))

    assert len(chat.texts()) == 3 * 44
    assert await jobs.next_due() == T(minutes=44)
    await jobs.run_until_idle(T(minutes=44))
    assert await jobs.next_due() is None


async def test_the_backlog_is_told(database: Database, jobs: Jobs, clock: Clock) -> None:
    with database.transaction() as session:
        say(session, a_context(), "one", "U1")
    clock.move(minutes=5)

    assert (await jobs.backlog()).waiting == 1
    await jobs.deliver()

    assert (await jobs.backlog()).waiting == 0


async def test_after_a_request_only_what_it_enqueued_makes_for_a_delivery(
    database: Database, jobs: Jobs, chat: FakeChat
) -> None:
    with database.transaction() as session:
        say(session, a_context(), "one", "U1")

    await jobs.deliver_new()
    assert chat.texts() == [], "nobody said that there is something new: it goes with the next tick"

    jobs.note_enqueued()
    await jobs.deliver_new()
    assert chat.texts() == ["one"]


async def test_a_tick_that_breaks_is_logged_without_words_and_comes_again(
    database: Database, jobs: Jobs, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_args: object) -> int:
        raise RuntimeError("what somebody typed")

    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr("bot.services.scheduling.materialise_due", break_down)
        await jobs.tick_schedules()

    assert [(entry["event"], entry["tick"]) for entry in logs] == [("tick_failed", "tick_schedules")]
    assert "RuntimeError at test_jobs.py" in logs[0]["error"]
    assert "typed" not in str(logs)
    assert jobs.last_tick is None
    await jobs.tick_schedules()
    assert jobs.last_tick == clock()


async def test_the_log_carries_ids_and_no_words(database: Database, jobs: Jobs, chat: FakeChat) -> None:
    chat.broken["U-GONE"] = refused_for_good("person_gone")
    with database.transaction() as session:
        say(session, a_context(), "what Els wrote", CHANNEL, "and what Bram wrote")
        say(session, a_context(), "what nobody reads", "U-GONE")

    with capture_logs() as logs:
        await jobs.run_until_idle(T())

    assert {"sent", "delivery_failed"} <= {entry["event"] for entry in logs}
    told = str(logs)
    assert not [word for word in ("wrote", "reads", "U-GONE", CHANNEL, "U-ELS") if word in told]


async def test_what_has_had_its_time_is_forgotten(database: Database, jobs: Jobs, chat: FakeChat, clock: Clock) -> None:
    chat.broken["U-GONE"] = refused_for_good("person_gone")
    with database.transaction() as session:
        session.add(RequestKey(key="k", expires_at=T(minutes=10)))
        say(session, a_context(), "words nobody got", "U-GONE")
    await jobs.run_until_idle(clock())

    clock.move(days=8)
    await jobs.purge()

    with database.snapshot() as session:
        assert session.exec(select(RequestKey)).all() == []
        rows = session.exec(select(Outgoing)).all()
    assert {row.state for row in rows} == {OutboxState.SENT, OutboxState.FAILED}
    assert [row.message for row in rows] == [None, None]


async def test_retention_is_kept_once_an_hour_and_goes_on_where_more_waits(
    database: Database, jobs: Jobs, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[datetime] = []
    more = iter([True, False, False])

    def keep(_session: Session, context: Context, _workspace_id: str) -> Forgotten:
        kept.append(context.now)
        return Forgotten(1, next(more))

    monkeypatch.setattr(privacy, "keep_retention", keep)
    for minutes in (0, 1, 30, 29, 1):
        clock.move(minutes=minutes)
        await jobs.purge()

    assert kept == [T(), T(minutes=1), T(minutes=61)]


async def test_where_retention_fails_others_are_kept_and_files_are_scrubbed(
    jobs: Jobs, clock: Clock, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    kept: list[str] = []
    scrubbed: list[bool] = []

    def keep(_session: Session, _context: Context, workspace_id: str) -> Forgotten:
        kept.append(workspace_id)
        if workspace_id == "w1":
            raise RuntimeError("poison")
        return Forgotten(1, more=False)

    async def scrub(*, nobody_waits: bool) -> bool:
        scrubbed.append(nobody_waits)
        return True

    monkeypatch.setattr(privacy, "workspaces_to_keep", lambda _session: ["w1", "w2"])
    monkeypatch.setattr(privacy, "keep_retention", keep)
    monkeypatch.setattr(database, "scrub", scrub)
    for _ in range(2):
        await jobs.purge()
        clock.move(minutes=1)

    assert kept == ["w1", "w2", "w1", "w2"]
    assert len(scrubbed) == 2


async def test_no_request_waits_for_a_turn_that_is_under_way(database: Database, jobs: Jobs, chat: FakeChat) -> None:
    with database.transaction() as session:
        say(session, a_context(), "one", "U1")
    jobs.note_enqueued()

    async with jobs._sending:
        await jobs.deliver_new()
    assert chat.texts() == []
    await jobs.deliver_new()
    assert chat.texts() == ["one"]


async def test_leases_of_a_stopped_process_are_given_back(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    with database.transaction() as session:
        say(session, a_context(), "one", "U1")
        row = session.exec(select(Outgoing)).one()
        row.state, row.lease, row.lease_until = OutboxState.SENDING, "gone", T(minutes=1)

    await jobs.reap_leases()
    await jobs.deliver()
    assert chat.texts() == []
    clock.move(minutes=1)
    await jobs.reap_leases()
    await jobs.deliver()

    assert chat.texts() == ["one"]
    await jobs.stop()


def ask_channels(database: Database, *channel_ids: str) -> None:
    """A check-in each asks everybody in these channels; Els, Sam and somebody new are members."""
    a_side(database)
    for external_id in ("U-ELS", "U-SAM", "U-NEW"):
        a_member(database, external_id=external_id)
    with database.transaction() as session:
        for channel_id in channel_ids:
            checkin = Checkin(
                id=channel_id,
                workspace_id=WORKSPACE,
                name="Weekly check-in",
                starts_on=date(2026, 6, 15),
                local_time=time(10),
                close_after_days=1,
                close_at=time(12),
                audience_channel_id=channel_id,
            )
            session.add(checkin)


def who_is_there(session: Session) -> set[tuple[str, str]]:
    return {(row.channel_id, row.external_id) for row in session.exec(select(ChannelPerson))}


async def test_once_an_hour_it_is_read_who_is_in_the_channels_that_are_asked(
    database: Database, jobs: Jobs, chat: FakeChat
) -> None:
    ask_channels(database, "C-PLANNING")
    chat.people = {"C-PLANNING": frozenset({"U-ELS", "U-SAM", "U-GUEST"}), "C-OTHER": frozenset({"U-BOB"})}
    await jobs.read_channels()
    assert await database.read(who_is_there) == {("C-PLANNING", "U-ELS"), ("C-PLANNING", "U-SAM")}

    chat.people = {"C-PLANNING": frozenset({"U-SAM", "U-NEW"})}
    await jobs.read_channels()
    assert await database.read(who_is_there) == {("C-PLANNING", "U-SAM"), ("C-PLANNING", "U-NEW")}
    assert TICKS["read_channels"] == timedelta(hours=1).total_seconds()


async def test_a_channel_that_cannot_be_read_keeps_its_people_and_holds_up_no_other(
    database: Database, jobs: Jobs, chat: FakeChat
) -> None:
    ask_channels(database, "C-A", "C-B")
    chat.people = {"C-A": frozenset({"U-ELS"}), "C-B": frozenset({"U-SAM"})}
    await jobs.read_channels()

    chat.people, chat.broken = {"C-B": frozenset({"U-NEW"})}, {"C-A": refused_for_good("channel_gone")}
    with capture_logs() as logged:
        await jobs.read_channels()

    assert await database.read(who_is_there) == {("C-A", "U-ELS"), ("C-B", "U-NEW")}
    assert [(line["event"], line["channel"], line["reason"]) for line in logged] == [
        ("channel_not_read", "C-A", "channel_gone")
    ]
