"""What waits to be said: in order, once, and never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.domain.chat import DeliveryError, Message, Sent
from bot.services import outbox, outbox_keeping
from bot.services.context import Context
from bot.services.outbox import Claimed, Notice, Wait, backoff
from storage.database import Database
from storage.tables import OutboxState, Outgoing
from tests.builders import WORKSPACE, a_context, a_message, a_workspace
from tests.clock import T

UNPACED = timedelta(0)
BUSY = DeliveryError("busy", retry_after=timedelta(seconds=30))
UNREACHABLE = DeliveryError("unreachable", ambiguous=True)
ARCHIVED = DeliveryError("archived", permanent=True)


@pytest.fixture(autouse=True)
def workspace(database: Database) -> str:
    return a_workspace(database).id


def put(database: Database, key: str, *, text: str = "", workspace_id: str = WORKSPACE, **over: Any) -> str:
    with database.transaction() as session:
        message = a_message(text or key)
        return outbox.enqueue(
            session, a_context(), workspace_id=workspace_id, key=key, target_id="C1", message=message, **over
        )


def take(database: Database, *, workspace_id: str = WORKSPACE, **later: float) -> Claimed | None:
    with database.transaction() as session:
        taken = outbox.claim(session, a_context(T(**later)), workspace_id, UNPACED)
    assert not isinstance(taken, Wait)
    return taken


def take_one(database: Database, **later: float) -> Claimed:
    claimed = take(database, workspace_id=WORKSPACE, **later)
    assert claimed is not None
    return claimed


def sent(database: Database, claimed: Claimed, message_id: str = "1.0") -> bool:
    with database.transaction() as session:
        return outbox.mark_sent(session, a_context(), claimed, Sent("C1", message_id))


def not_sent(database: Database, claimed: Claimed, error: DeliveryError, **later: float) -> bool:
    with database.transaction() as session:
        return outbox.mark_not_sent(session, a_context(T(**later)), claimed, error, tell_els)


def tell_els(_session: Session, _context: Context, row: Outgoing, reason: str) -> list[Notice]:
    return [Notice("U-ELS", a_message(f"{row.key}: {reason}"))]


def reap(database: Database, **later: float) -> int:
    with database.transaction() as session:
        return outbox.reap_leases(session, a_context(T(**later)))


def row(database: Database, key: str) -> Outgoing:
    with database.snapshot() as session:
        return session.exec(select(Outgoing).where(Outgoing.key == key)).one()


def keys(database: Database) -> set[str]:
    with database.snapshot() as session:
        return set(session.exec(select(Outgoing.key)).all())


def test_a_key_is_there_once_and_the_first_words_stand(database: Database) -> None:
    first = put(database, "brief:1", text="first")

    assert put(database, "brief:1", text="second", thread=[a_message("a reply")]) == first
    head = take_one(database)
    assert head.message().summary == "first"
    sent(database, head)
    assert take(database) is None


def test_a_message_enqueued_in_a_transaction_that_fails_was_never_there(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        raise_after_enqueue(session)

    assert take(database, days=1) is None


def raise_after_enqueue(session: Session) -> None:
    outbox.enqueue(session, a_context(), workspace_id=WORKSPACE, key="k", target_id="C1", message=a_message())
    raise ZeroDivisionError


def test_the_thread_follows_its_message_in_order(database: Database) -> None:
    put(database, "brief:1", thread=[a_message("first reply"), a_message("second reply")])

    head = take_one(database)
    assert take(database) is None, "the thread waits for its message"
    sent(database, head, "7.0")
    first = take_one(database)
    assert take(database) is None, "the second reply waits for the first"
    sent(database, first)
    second = take_one(database)

    assert [head.place, first.place, second.place] == [None, Sent("C1", "7.0"), Sent("C1", "7.0")]
    assert [claimed.message().summary for claimed in (first, second)] == ["first reply", "second reply"]


def test_a_reply_that_is_late_is_not_overtaken_in_its_thread(database: Database) -> None:
    put(database, "brief:1", thread=[a_message("first reply"), a_message("second reply")])
    sent(database, take_one(database))

    not_sent(database, take_one(database), UNREACHABLE)

    assert take(database) is None
    assert take_one(database, minutes=1).message().summary == "first reply"


def test_an_answer_to_an_answer_stands_in_the_same_thread(database: Database) -> None:
    head = put(database, "head")
    reply = put(database, "reply", thread_of=head)
    put(database, "reply to the reply", thread_of=reply)

    assert row(database, "reply to the reply").thread_of == head


def test_of_several_changes_only_the_last_is_sent(database: Database) -> None:
    head = put(database, "card")
    put(database, "card:2", text="second state", replaces=head)
    put(database, "card:3", text="third state", replaces=head)
    put(database, "card:2", text="second state", replaces=head)  # delivered twice

    sent(database, take_one(database), "7.0")
    change = take_one(database)

    assert (change.replaces, change.place, change.message().summary) == (True, Sent("C1", "7.0"), "third state")
    sent(database, change)
    assert take(database) is None


def test_what_may_not_be_sent_yet_waits(database: Database) -> None:
    put(database, "later", not_before=T(hours=1))

    assert take(database, minutes=59) is None
    assert take(database, minutes=60) is not None


def test_a_sent_message_leaves_no_text_behind(database: Database) -> None:
    put(database, "brief:1", text="what somebody wrote")

    assert sent(database, take_one(database), "7.0")

    kept = row(database, "brief:1")
    assert (kept.state, kept.message) == (OutboxState.SENT, None)
    assert (kept.sent_channel_id, kept.sent_message_id) == ("C1", "7.0")


def test_asked_to_wait_is_no_attempt_and_nothing_to_look_up(database: Database) -> None:
    put(database, "brief:1")

    not_sent(database, take_one(database), BUSY)

    waiting = row(database, "brief:1")
    assert (waiting.state, waiting.attempts, waiting.ambiguous) == (OutboxState.PENDING, 0, False)
    assert waiting.not_before == T(seconds=30)


def test_what_may_have_arrived_is_looked_up_next_time(database: Database) -> None:
    put(database, "brief:1")

    not_sent(database, take_one(database), UNREACHABLE)
    again = take_one(database, minutes=1)
    not_sent(database, again, BUSY, minutes=1)

    assert again.ambiguous
    assert take_one(database, minutes=2).ambiguous, "a refused look-up does not settle it"


def test_the_waits_grow_to_a_quarter_of_an_hour() -> None:
    longest = [backoff(attempts, 255).total_seconds() for attempts in (1, 2, 3, 8, 9, 100)]
    shortest = [backoff(attempts, 0).total_seconds() for attempts in (1, 2, 3, 8, 9, 100)]

    assert longest == [5, 10, 20, 640, 900, 900]
    assert shortest == [half / 2 for half in longest]


def test_a_lease_that_ran_out_is_given_back_to_be_looked_up(database: Database) -> None:
    put(database, "brief:1")
    lost = take_one(database)

    assert reap(database, seconds=59) == 0
    assert reap(database, seconds=60) == 1
    taken_over = take_one(database, seconds=60)

    assert taken_over.ambiguous
    assert taken_over.delivery_key == lost.delivery_key


def test_who_lost_the_lease_changes_nothing(database: Database) -> None:
    put(database, "brief:1")
    lost = take_one(database)
    reap(database, minutes=2)
    now_owned = take_one(database, minutes=2)

    assert not sent(database, lost, "1.0")
    assert not not_sent(database, lost, UNREACHABLE, minutes=2)
    assert not not_sent(database, lost, ARCHIVED, minutes=2)

    assert row(database, "brief:1").state == OutboxState.SENDING
    assert sent(database, now_owned, "2.0")
    assert row(database, "brief:1").sent_message_id == "2.0"


def test_a_message_that_cannot_arrive_fails_with_all_that_hangs_on_it_and_els_hears_why_once(
    database: Database,
) -> None:
    head = put(database, "brief:1", thread=[a_message("reply")])
    put(database, "brief:2", replaces=head)

    not_sent(database, take_one(database), ARCHIVED)

    assert [row(database, key).state for key in ("brief:1", "brief:1/1", "brief:2")] == [OutboxState.FAILED] * 3
    notice = take_one(database)
    assert (notice.target_id, notice.message().summary) == ("U-ELS", "brief:1: archived")
    assert take(database) is None


def test_a_notice_that_fails_does_not_call_for_another(database: Database) -> None:
    put(database, "brief:1")
    not_sent(database, take_one(database), ARCHIVED)

    not_sent(database, take_one(database), ARCHIVED)

    assert take(database, days=1) is None
    assert len(keys(database)) == 2


def test_a_failure_that_cannot_be_explained_has_still_failed(database: Database) -> None:
    def broken(session: Session, context: Context, row: Outgoing, _reason: str) -> list[Notice]:
        outbox.enqueue(
            session, context, workspace_id=row.workspace_id, key="half", target_id="U1", message=a_message("half")
        )
        raise KeyError

    put(database, "brief:1")
    claimed = take_one(database)
    with database.transaction() as session:
        assert outbox.mark_not_sent(session, a_context(), claimed, ARCHIVED, broken)

    assert row(database, "brief:1").state == OutboxState.FAILED
    assert keys(database) == {"brief:1"}


def test_a_reply_to_a_failed_message_does_not_wait_for_ever(database: Database) -> None:
    head = put(database, "brief:1")
    not_sent(database, take_one(database), ARCHIVED)
    put(database, "reply", thread_of=head)

    reap(database)

    assert row(database, "reply").state == OutboxState.FAILED


def test_post_again_brings_back_the_message_and_its_thread(database: Database) -> None:
    head = put(database, "brief:1", thread=[a_message("reply")])
    not_sent(database, take_one(database), ARCHIVED)
    sent(database, take_one(database))  # the notice

    with database.transaction() as session:
        assert outbox.post_again(session, a_context(T(hours=1)), WORKSPACE, head)
        assert not outbox.post_again(session, a_context(T(hours=1)), WORKSPACE, head), "a second press does nothing"
    sent(database, take_one(database, hours=1))

    assert take_one(database, hours=1).message().summary == "reply"


def test_a_workspace_posts_only_its_own_again(database: Database) -> None:
    other = a_workspace(database).id
    theirs = put(database, "theirs", workspace_id=other, thread=[a_message("their reply")])
    claimed = take(database, workspace_id=other)
    assert claimed is not None
    not_sent(database, claimed, ARCHIVED)

    with database.transaction() as session:
        assert not outbox.post_again(session, a_context(T(hours=1)), WORKSPACE, theirs)
    assert {row(database, key).state for key in ("theirs", "theirs/1")} == {OutboxState.FAILED}

    with database.transaction() as session:
        assert outbox.post_again(session, a_context(T(hours=1)), other, theirs)
    assert {row(database, key).state for key in ("theirs", "theirs/1")} == {OutboxState.PENDING}


def test_when_it_fails_again_els_hears_it_again(database: Database) -> None:
    head = put(database, "brief:1")
    not_sent(database, take_one(database), ARCHIVED)
    sent(database, take_one(database))
    with database.transaction() as session:
        outbox.post_again(session, a_context(), WORKSPACE, head)

    not_sent(database, take_one(database), DeliveryError("not_in_channel", permanent=True))

    assert take_one(database).message().summary == "brief:1: not_in_channel"


def test_after_a_day_of_trying_it_is_given_up(database: Database) -> None:
    put(database, "brief:1")
    with database.transaction() as session:
        session.exec(select(Outgoing)).one().attempts = outbox.GIVE_UP_AFTER - 1

    not_sent(database, take_one(database), UNREACHABLE)

    assert row(database, "brief:1").error == "unreachable"
    assert row(database, "brief:1").state == OutboxState.FAILED


def test_the_text_of_a_failed_message_is_kept_for_a_week(database: Database) -> None:
    head = put(database, "brief:1")
    not_sent(database, take_one(database), ARCHIVED)

    with database.transaction() as session:
        assert outbox_keeping.purge(session, a_context(T(days=6))) == 0
        assert outbox_keeping.purge(session, a_context(T(days=7))) == 1
        assert not outbox.post_again(session, a_context(T(days=7)), WORKSPACE, head)


def test_every_workspace_has_its_own_lane(database: Database) -> None:
    other = a_workspace(database).id
    put(database, "one")
    put(database, "two", workspace_id=other)

    with database.snapshot() as session:
        assert set(outbox.ready_workspaces(session, T())) == {WORKSPACE, other}
    assert take_one(database).message().summary == "one"
    assert take(database) is None
    claimed = take(database, workspace_id=other)
    assert claimed is not None
    assert claimed.message().summary == "two"


def test_the_backlog_says_how_many_wait_and_since_when(database: Database) -> None:
    put(database, "one", not_before=T(minutes=1))
    put(database, "two", not_before=T(minutes=2))
    put(database, "later", not_before=T(hours=9))
    take(database, minutes=3)

    with database.snapshot() as session:
        backlog = outbox.backlog(session, T(minutes=3))

    assert (backlog.waiting, backlog.oldest_due_at) == (2, T(minutes=1))


def test_two_processes_never_hold_the_same_row(database: Database, database_url: str) -> None:
    for number in range(12):
        put(database, f"row{number}")
    other = Database(database_url)

    with ThreadPoolExecutor(4) as threads:
        held = list(threads.map(take_one, [database, other] * 6))
    other.close()

    assert len({claimed.id for claimed in held}) == 12
    with database.snapshot() as session:
        leases = session.exec(select(Outgoing.lease).where(col(Outgoing.lease).is_not(None))).all()
    assert len(set(leases)) == 12


def test_a_row_without_words_can_be_claimed_and_only_then_breaks(database: Database) -> None:
    put(database, "empty")
    with database.transaction() as session:
        session.exec(select(Outgoing)).one().message = {"summary": "no parts"}

    claimed = take_one(database)

    with pytest.raises(KeyError):
        claimed.message()


def test_a_message_survives_the_outbox(database: Database) -> None:
    message = a_message('Truck 4 — "now"? & <!channel> 🚚')
    put(database, "k", text=message.summary)

    assert take_one(database).message() == Message(message.summary, message.parts)
