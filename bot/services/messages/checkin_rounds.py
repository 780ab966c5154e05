"""Rounds of check-ins as facilitators see them: how many were asked, and what became of asking each. Never who
answered, nor how many did while it runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.domain.chat import Message, Part, Small, Text
from bot.services.messages.fitting import pack
from bot.templates import Rich, Speaker
from bot.templates.formats import cut, moment
from storage.tables import CheckinRound, Outcome

NAME: Final = 60
LISTED: Final = 300
"""People in one list; of the others the number."""

PARAGRAPH: Final = 2_000
ROUNDS: Final = 4
SHORT: Final = timedelta(minutes=1)

ASKED: Final = (Outcome.ASKED, Outcome.DECLINED)
"""Skipping is an answer to being asked, and told nobody."""

NOT_ASKED: Final = (
    *(Outcome.AWAY, Outcome.DAY_OFF, Outcome.NO_TIME),
    *(Outcome.LEFT, Outcome.UNDISTURBED, Outcome.STOPPED),
)
GROUPS: Final = (
    ("group_asked", ASKED),
    ("group_to_come", (Outcome.WAITING,)),
    ("group_not_delivered", (Outcome.NOT_DELIVERED,)),
    *((f"group_{reason}", (reason,)) for reason in NOT_ASKED),
)


@dataclass(frozen=True, slots=True)
class Running:
    """A round that runs, how many people became what, and how long it takes to ask all of one moment."""

    round: CheckinRound
    name: str
    at: time
    outcomes: Mapping[Outcome, int]
    asking: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Coming:
    """A round to come, at that time of everybody's own zone."""

    name: str
    day: date
    at: time


@dataclass(frozen=True, slots=True)
class Turn:
    """One person in a round; `ask_at` in their own `zone`."""

    name: str
    outcome: Outcome
    ask_at: datetime | None
    zone: str


def running(speak: Speaker, one: Running, *, named: bool) -> Text:
    """One that runs, with counts."""
    text = speak.text(
        "checkin_setup",
        "running",
        name=cut(one.name, NAME) if named else None,
        day=one.round.day,
        counts=_counts(speak, one.outcomes),
        begins=f"{one.at:%H:%M}" if one.round.starts_at is None else None,
        ends=asked_between(one.at, one.asking),
        until=one.round.closes_at,
    )
    return Text(text, speak.button("who_was_asked", "checkin.outcomes", one.round.id))


def home(speak: Speaker, rounds: Sequence[Running], coming: Sequence[Coming]) -> tuple[Part, ...]:
    """On the Home of facilitators: the rounds that run and those to come."""
    lines = [
        speak.text("checkin_setup", "coming", name=cut(one.name, NAME), day=one.day, at=f"{one.at:%H:%M}")
        for one in coming[:ROUNDS]
    ]
    told = speak.text("checkin_setup", "home", lines=lines)
    shown = [running(speak, one, named=True) for one in rounds[:ROUNDS]]
    return (*shown, Text(told, speak.button("checkins", "checkin.list")))


def offer(speak: Speaker) -> tuple[Part, ...]:
    """As long as there is no check-in."""
    return (Text(speak.text("checkin_setup", "empty"), speak.button("start_weekly", "checkin.start")),)


def outcomes(speak: Speaker, name: str, round_: CheckinRound, turns: Sequence[Turn]) -> Message:
    """What became of asking each, by what it became."""
    facts = {"name": cut(name, NAME), "day": round_.day}
    found = [(block, [one for one in turns if one.outcome in kinds]) for block, kinds in GROUPS]
    parts = [part for block, there in found if there for part in _group(speak, block, there)]
    return Message(
        speak.plain("checkin_setup", "outcomes", **facts),
        (
            Text(speak.text("checkin_setup", "outcomes", **facts)),
            *(parts or [Text(speak.text("checkin_setup", "nobody_there"))]),
            Small(speak.text("checkin_setup", "outcomes_note")),
        ),
    )


def asked_between(at: time, asking: timedelta) -> str | None:
    """Until when all of one moment are asked; None where that takes no time to speak of."""
    if asking <= SHORT:
        return None
    return f"{datetime.combine(date.min, at) + asking:%H:%M}"


def counts_of(outcomes: Mapping[Outcome, int]) -> dict[str, int]:
    """How many were asked, are to come, were not asked, and were not reached."""
    return {
        "asked": sum(outcomes.get(one, 0) for one in ASKED),
        "to_come": outcomes.get(Outcome.WAITING, 0),
        "not_asked": sum(outcomes.get(one, 0) for one in NOT_ASKED),
        "not_delivered": outcomes.get(Outcome.NOT_DELIVERED, 0),
    }


def _counts(speak: Speaker, outcomes: Mapping[Outcome, int]) -> list[Rich]:
    counts = counts_of(outcomes)
    shown = [name for name, number in counts.items() if number or name == "asked"]
    return [speak.text("checkin_setup", f"count_{name}", number=counts[name]) for name in shown]


def _group(speak: Speaker, block: str, turns: Sequence[Turn]) -> list[Part]:
    """The heading, and the names in paragraphs that fit; of those to come by the moment in their own zone."""
    heading = Text(speak.text("checkin_setup", block, number=len(turns)))
    rest = len(turns) - LISTED
    shown: list[Part] = []
    for when, there in _by_moment(speak, turns[:LISTED]).items():
        names = [speak.text("checkin_setup", "person", name=speak.person(one.name)) for one in there]
        shown += [
            Text(speak.text("checkin_setup", "names", when="" if number else when, names=part))
            for number, part in enumerate(pack(names, PARAGRAPH))
        ]
    more = [Small(speak.text("checkin_setup", "more", number=rest))] if rest > 0 else []
    return [heading, *shown, *more]


def _by_moment(speak: Speaker, turns: Sequence[Turn]) -> Mapping[str, list[Turn]]:
    """The first moment first; everybody else, without one, together."""
    found: dict[str, list[Turn]] = {}
    for one in sorted(turns, key=lambda turn: (_to_come(turn) or datetime.min.replace(tzinfo=UTC), turn.zone)):
        at = _to_come(one)
        found.setdefault(moment(at, speak.language, one.zone) if at else "", []).append(one)
    return found


def _to_come(turn: Turn) -> datetime | None:
    """When they are asked; None once they were, or are not: that moment is told nobody."""
    return turn.ask_at if turn.outcome is Outcome.WAITING else None
