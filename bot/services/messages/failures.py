"""What a facilitator reads when a post did not arrive, or something planned was not done."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.chat import Button, Buttons, Message, Text
from bot.domain.markup import strip_markup
from bot.templates import Speaker

WHATS: Final = frozenset(
    {
        "brief",
        "share",
        "ask",
        "help",
        "test",
        "change",
        "checkin",
        "checkin_nudge",
        "checkin_result",
        "summary",
        "disturbance",
    }
)
REASONS: Final = frozenset({"not_in_channel", "archived", "channel_gone", "person_gone", "not_allowed", "unreachable"})
WAITING: Final = frozenset({"archived", "channel_gone"})
"""Another channel cures it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it should have stood: a channel by name, or a person; neither where we know no name."""

    channel: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """`what` is the first word of the outbox key, or "change"; `reason` that of the `DeliveryError`.

    `waits`: it can go to another channel.
    """

    outbox_id: str
    what: str
    where: Place
    reason: str
    waits: bool


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Rounds of a check-in that nobody was asked in, of those `days`; `following` is the day of the next, at the local
    time `at`. `name` None = the weekly check-in. `unreachable` = the chat took nothing; else nothing ran.
    """

    checkin_id: str
    name: str | None
    days: tuple[date, ...]
    following: date | None
    at: time
    unreachable: bool


def failed(speak: Speaker, row: Failed) -> Message:
    known = row.reason if row.reason in REASONS else "other"
    waits = row.waits and known in WAITING and row.where.channel is not None
    thing = speak.plain("failure", f"thing_{row.what}" if row.what in WHATS else "thing_other")
    opening = speak.text(
        "failure",
        "failed",
        thing=thing,
        thing_first=thing[:1].upper() + thing[1:],
        why=speak.plain("failure", f"why_{known}"),
        channel=row.where.channel,
        person=row.where.person,
        waits=waits,
        archived=known == "archived",
    )
    message = _told(opening, speak.text("failure", f"cure_{known}_waits" if waits else f"cure_{known}"))
    buttons = tuple(_buttons(speak, row.outbox_id, known, waits=waits))
    return replace(message, parts=(*message.parts, Buttons(buttons))) if buttons else message


def posted_again(speak: Speaker, *, waiting: bool) -> Message:
    block = "again" if waiting else "not_again"
    return Message(speak.plain("failure", block), (Text(speak.text("failure", block)),))


def unreadable(speak: Speaker, channel: str | None) -> Message:
    """No channel: in a private chat."""
    opening = speak.text("failure", "unreadable", channel=channel)
    return _told(opening, speak.text("failure", "cure_unreadable"))


def skipped(speak: Speaker, kind: str, due_at: datetime) -> Message:
    """Only the day is told: the time may be that of somebody's own zone."""
    day = due_at.astimezone(ZoneInfo(speak.zone)).date()
    opening = speak.text("failure", f"skipped_{kind}", day=day)
    return _told(opening, speak.text("failure", f"safe_{kind}"))


def not_asked(speak: Speaker, facts: NotAsked) -> Message:
    opening = speak.text("failure", "not_asked", name=facts.name, days=facts.days, unreachable=facts.unreachable)
    safe = speak.text("failure", "safe_not_asked", following=facts.following, at=f"{facts.at:%H:%M}")
    message = _told(opening, safe)
    run = speak.button("run_now", "checkin.run_now", facts.checkin_id, "primary")
    return replace(message, parts=(*message.parts, Buttons((run,))))


def given_up(speak: Speaker, what: str, due_at: datetime, code: str) -> Message:
    """`what` is a sentence of event.j2, `code` stands in the log."""
    opening = speak.text("failure", "given_up", due_at=due_at)
    return _told(opening, speak.text("failure", "cure_given_up", what=what, code=code))


def _told(opening: str, cure: str) -> Message:
    return Message(strip_markup(opening), (Text(f"**{opening}** {cure}"),))


def _buttons(speak: Speaker, outbox_id: str, reason: str, *, waits: bool) -> Iterator[Button]:
    if waits:
        yield speak.button("choose_channel", "setup.channels", "", "primary")
    if reason != "person_gone" and not (waits and reason == "archived"):
        yield speak.button("post_again", "outbox.again", outbox_id, "normal" if waits else "primary")
