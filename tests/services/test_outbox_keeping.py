"""What has been said is forgotten in time, but for posts in a channel: something may become of them years later."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.domain.chat import DeliveryError, Sent
from bot.services import outbox, outbox_keeping
from bot.services.outbox import Claimed
from storage.database import Database
from storage.outbox import forget_rows, list_posts
from storage.tables import Outgoing
from tests.builders import WORKSPACE, a_context, a_message, a_workspace
from tests.clock import T

UNPACED = timedelta(0)


@pytest.fixture(autouse=True)
def workspace(database: Database) -> str:
    return a_workspace(database).id


def put(database: Database, key: str, target_id: str = "C1", days: float = 0, **over: Any) -> str:
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


def send(database: Database, days: float = 0) -> None:
    """Everything that is due; a person's message stands in their private chat."""
    with database.transaction() as session:
        context = a_context(T(days=days))
        while isinstance(claimed := outbox.claim(session, context, WORKSPACE, UNPACED), Claimed):
            outbox.mark_sent(session, context, claimed, Sent(claimed.target_id.replace("U", "D"), "1.0"))


def purge(database: Database, days: float) -> int:
    with database.transaction() as session:
        return outbox_keeping.purge(session, a_context(T(days=days)))


def keys(database: Database) -> set[str]:
    with database.snapshot() as session:
        return set(session.exec(select(Outgoing.key)).all())


def test_what_people_were_told_is_forgotten_after_90_days(database: Database) -> None:
    put(database, "told", "U1", thread=[a_message("more")])
    put(database, "brief", thread=[a_message("details")])
    send(database)

    assert purge(database, days=89) == 0
    while purge(database, days=90):
        pass

    assert keys(database) == {"brief"}, "a post stays as long as what it is about; its details need no change"


def test_a_post_can_still_be_changed_years_later(database: Database) -> None:
    post = put(database, "share:e1")
    send(database)
    while purge(database, days=900):
        pass

    put(database, "share:e1:removed", days=900, replaces=post)

    with database.transaction() as session:
        claimed = outbox.claim(session, a_context(T(days=900)), WORKSPACE, UNPACED)
    assert isinstance(claimed, Claimed)
    assert (claimed.replaces, claimed.place) == (True, Sent("C1", "1.0"))


def test_what_something_still_hangs_on_stays_and_what_waits_stays(database: Database) -> None:
    card = put(database, "card", "U1")
    send(database)
    put(database, "card:answered", "U1", days=80, replaces=card)
    send(database, days=80)
    put(database, "later", "U2", not_before=T(days=400))

    while purge(database, days=100):
        pass
    assert keys(database) == {"card", "card:answered", "later"}

    while purge(database, days=171):
        pass
    assert keys(database) == {"later"}


def test_a_post_that_failed_is_forgotten_too(database: Database) -> None:
    put(database, "brief")
    with database.transaction() as session:
        claimed = outbox.claim(session, a_context(), WORKSPACE, UNPACED)
        assert isinstance(claimed, Claimed)
        outbox.mark_not_sent(session, a_context(), claimed, DeliveryError("archived", permanent=True), lambda *_: [])

    while purge(database, days=90):
        pass

    assert keys(database) == set()


def test_a_purge_takes_a_thousand_rows_at_most(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_keeping, "FORGET_AT_ONCE", 2)
    for number in range(3):
        put(database, f"told{number}", "U1")
    send(database)

    assert [purge(database, days=90) for _ in range(3)] == [2, 1, 0]


def test_a_topic_finds_its_posts_and_only_those(database: Database) -> None:
    first = put(database, "ask:1", topic="ask:1")
    again = put(database, "ask:1:again", topic="ask:1")
    put(database, "ask:1:ended", topic="ask:1", replaces=first)
    put(database, "ask:10", topic="ask:10")

    with database.snapshot() as session:
        assert set(list_posts(session, WORKSPACE, "ask:1")) == {first, again}
        assert list_posts(session, "another", "ask:1") == []
    with database.transaction() as session:
        forget_rows(session, WORKSPACE, "ask:1")
    assert keys(database) == {"ask:10"}


def test_whoever_enqueues_says_so_and_a_key_that_is_there_does_not(database: Database) -> None:
    heard: list[str] = []
    context = a_context()
    listening = type(context)(context.now, context.random, context.secrets, lambda: heard.append("!"))
    for _ in range(2):
        with database.transaction() as session:
            outbox.enqueue(session, listening, workspace_id=WORKSPACE, key="k", target_id="U1", message=a_message())

    assert heard == ["!"]
