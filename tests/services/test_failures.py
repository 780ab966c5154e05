"""A facilitator hears what did not arrive or was not done, in a sentence with its cure; others are not affected."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.domain.chat import Buttons, DeliveryError, Message, Sent, Text
from bot.domain.chat_json import from_json
from bot.domain.markup import strip_markup
from bot.services import outbox
from bot.services.failures import explain_failure
from bot.services.outbox import Claimed
from storage.database import Database
from storage.tables import OutboxState, Outgoing, Role
from tests.builders import WORKSPACE, a_context, a_member, a_message, a_side, a_workspace
from tests.clock import T

CHANNEL = "C-SOP"
UNPACED = timedelta(0)


@pytest.fixture(autouse=True)
def els(database: Database) -> None:
    """Els facilitates in English, Truus in Dutch, Bram sells."""
    with database.transaction() as session:
        a_workspace(session, id=WORKSPACE, channel_id=CHANNEL, channel_name="#sales-operations")
        a_side(session)
        a_member(session, external_id="U-ELS", name="Els", role=Role.FACILITATOR)
        a_member(session, external_id="U-TRUUS", name="Truus", role=Role.FACILITATOR, language="nl")
        a_member(session, external_id="U-BRAM", name="Bram")


def put(database: Database, key: str, target_id: str = CHANNEL, days: float = 0, **over: Any) -> str:
    with database.transaction() as session:
        return outbox.enqueue(
            session,
            a_context(T(days=days)),
            workspace_id=WORKSPACE,
            key=key,
            target_id=target_id,
            message=a_message(key),
            **over,
        )


def take(database: Database, days: float = 0) -> Claimed:
    with database.transaction() as session:
        claimed = outbox.claim(session, a_context(T(days=days)), WORKSPACE, UNPACED)
    assert isinstance(claimed, Claimed)
    return claimed


def fail(database: Database, reason: str, days: float = 0) -> None:
    claimed, error = take(database, days), DeliveryError(reason, permanent=True)
    with database.transaction() as session:
        outbox.mark_not_sent(session, a_context(T(days=days)), claimed, error, explain_failure)


def send(database: Database, days: float = 0) -> None:
    claimed = take(database, days)
    with database.transaction() as session:
        outbox.mark_sent(session, a_context(T(days=days)), claimed, Sent("C", "1.0"))


def waiting(database: Database) -> dict[str, Message]:
    """What is on its way to whom."""
    with database.snapshot() as session:
        rows = session.exec(select(Outgoing).where(Outgoing.state == OutboxState.PENDING))
        return {row.target_id: from_json(row.message or {}) for row in rows}


def words(message: Message) -> str:
    return " ".join(strip_markup(part.text) for part in message.parts if isinstance(part, Text))


def buttons(message: Message) -> list[tuple[str, str]]:
    rows = [part.buttons for part in message.parts if isinstance(part, Buttons)]
    return [(button.label, button.action) for row in rows for button in row]


POST_AGAIN, CHOOSE = ("Post again", "outbox.again"), ("Choose channel", "setup.channels")
NOT_INVITED = (
    "The brief is not in #sales-operations: I am not in that channel. "
    "Type /invite @Ampersand there, then post again. Nothing is lost."
)
ARCHIVED = "#sales-operations is archived, so the brief waits. Choose another channel; it goes out at once."
CASES = [
    ("brief:m1:1", CHANNEL, "not_in_channel", NOT_INVITED, [POST_AGAIN]),
    ("brief:m1:1", CHANNEL, "archived", ARCHIVED, [CHOOSE]),
    (
        "share:e1",
        CHANNEL,
        "channel_gone",
        (
            "I no longer see #sales-operations, so a shared example waits. "
            "Type /invite @Ampersand there and post again, or choose another channel; it goes out at once."
        ),
        [CHOOSE, POST_AGAIN],
    ),
    (
        "ask:a1",
        "U-BRAM",
        "person_gone",
        (
            "A question to the other side did not reach Bram: their account is closed. "
            "I do not write to them any more. If somebody else should have it, tell them yourself."
        ),
        [],
    ),
    (
        "ask:a1",
        "U-BRAM",
        "refused",
        (
            "A question to the other side did not reach Bram: Slack did not take it. "
            "Post again; if it still does not work, ask your admin to look at the log."
        ),
        [POST_AGAIN],
    ),
    (
        "told:e1",
        "U-SOMEBODY",
        "not_allowed",
        (
            "A message did not arrive: I lack a permission. "
            "Ask your admin to install Ampersand again, then post again. Nothing is lost."
        ),
        [POST_AGAIN],
    ),
]


@pytest.mark.sqlite
@pytest.mark.parametrize(("key", "target_id", "reason", "said", "offered"), CASES)
def test_els_reads_what_is_so_what_is_safe_and_the_cure(
    database: Database, key: str, target_id: str, reason: str, said: str, offered: list[tuple[str, str]]
) -> None:
    put(database, key, target_id)

    fail(database, reason)

    notice = waiting(database)["U-ELS"]
    assert (words(notice), buttons(notice)) == (said, offered)
    assert said.startswith(notice.summary), "the notification is its opening"


def test_truus_reads_it_in_dutch(database: Database) -> None:
    put(database, "brief:m1:1")

    fail(database, "archived")

    said = words(waiting(database)["U-TRUUS"])
    assert (
        said
        == "#sales-operations is gearchiveerd, dus de briefing wacht. Kies een ander kanaal; het gaat er meteen uit."
    )


def test_a_change_that_fails_is_not_called_the_brief(database: Database) -> None:
    post = put(database, "brief:m1:1")
    send(database)
    put(database, "brief:m1:1:changed", replaces=post)

    fail(database, "archived")

    notice = waiting(database)["U-ELS"]
    assert words(notice) == (
        "A change of an earlier message is not in #sales-operations: the channel is archived. "
        "Restore the channel, then post again. Nothing is lost."
    )
    assert buttons(notice) == [POST_AGAIN]


def test_a_facilitator_who_cannot_be_reached_is_not_told_so(database: Database) -> None:
    put(database, "told:e1", "U-ELS")

    fail(database, "person_gone")

    assert waiting(database).keys() == {"U-TRUUS"}


def test_once_a_channel_is_chosen_what_waited_goes_out_there_with_its_thread(database: Database) -> None:
    old = put(database, "share:e0")
    send(database)
    put(database, "share:e0:removed", replaces=old)
    fail(database, "archived")
    put(database, "brief:m1:1", thread=[a_message("details")])
    fail(database, "archived")

    with database.transaction() as session:
        assert outbox.post_in(session, a_context(T(hours=1)), WORKSPACE, CHANNEL, "C-NEW") == 1

    with database.snapshot() as session:
        rows = session.exec(select(Outgoing).where(col(Outgoing.key).startswith("brief"))).all()
        stays = session.exec(select(Outgoing).where(Outgoing.key == "share:e0:removed")).one()
    assert {(row.target_id, row.state) for row in rows} == {("C-NEW", OutboxState.PENDING)}
    assert (stays.target_id, stays.state) == (CHANNEL, OutboxState.FAILED), "it stands in the old one"


def test_who_has_left_is_not_written_to_again_and_els_hears_it_once(database: Database) -> None:
    put(database, "ask:a1", "U-BRAM")
    put(database, "reminder", "U-BRAM", days=1, not_before=T(days=1))

    fail(database, "person_gone")
    put(database, "told:e1", "U-BRAM", days=2)
    put(database, "told:e2", "U-ELS", days=2)

    with database.snapshot() as session:
        states = dict(session.exec(select(Outgoing.key, Outgoing.state)).all())
    assert [states[key] for key in ("ask:a1", "reminder", "told:e1", "told:e2")] == [
        *[OutboxState.FAILED] * 3,
        OutboxState.PENDING,
    ]
    assert len([key for key in states if key.startswith("failed:")]) == 2, "one notice for each facilitator"


def test_after_a_month_who_has_come_back_is_written_to(database: Database) -> None:
    put(database, "ask:a1", "U-BRAM")
    fail(database, "person_gone")
    put(database, "told:e1", "U-BRAM", days=29)

    put(database, "told:e2", "U-BRAM", days=31)

    assert "U-BRAM" in waiting(database)


def unreadable(session: Session, claimed: Claimed) -> None:
    outbox.tell_unreadable(session, a_context(), claimed, explain_failure)


def test_where_history_cannot_be_read_els_hears_once_for_each_place(database: Database) -> None:
    for key, target_id in (("one", CHANNEL), ("two", CHANNEL), ("three", "U-BRAM"), ("four", "U-TRUUS")):
        put(database, key, target_id)
    claims = [take(database) for _ in range(4)]

    with database.transaction() as session:
        for claimed in claims:
            unreadable(session, claimed)

    with database.snapshot() as session:
        rows = session.exec(select(Outgoing).where(Outgoing.topic == outbox.NOTICE, Outgoing.target_id == "U-ELS"))
        said = sorted(from_json(row.message or {}).summary for row in rows)
    assert said == [
        "A message may stand twice in #sales-operations: I cannot read there.",
        "A message may stand twice in a private chat: I cannot read there.",
    ]
