"""Check-ins as facilitators see them: the list, and one of them with all that can be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.chat import Button, Buttons, Facts, Message, Part, Small, Text
from bot.domain.checkin.questions import Template, text_of
from bot.domain.markup import escape
from bot.domain.recurrence import moment, parse_rule, write_rule
from bot.services.messages.checkin_rounds import Running, asked_between, running
from bot.templates import Rich, Speaker
from bot.templates.formats import city, cut
from bot.templates.formats import day as day_name
from storage.tables import Checkin, CheckinQuestion, CheckinRound, CheckinState

NAME: Final = 60
QUESTION: Final = 80
NAMED: Final = 6
"""Zones, sides or people in one line; of the others the number."""


@dataclass(frozen=True, slots=True)
class Row:
    """A check-in in the list. `next_on` None = no round to come; `open` is the round that runs."""

    checkin: Checkin
    people: int
    next_on: date | None
    open: CheckinRound | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom it asks, by name; `zones` are those of all `total` people, and how many live in each."""

    sides: Sequence[str]
    people: Sequence[str]
    observers: int
    channel: str | None
    total: int
    zones: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CardFacts:
    """One check-in in full. `asking` is how long it takes to ask all of one moment, `last` the round that closed last,
    `channel` where results go.
    """

    checkin: Checkin
    questions: Sequence[CheckinQuestion]
    audience: Audience
    next_on: date | None
    asking: timedelta
    rounds: Sequence[Running]
    last: CheckinRound | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What was done just now, and the button that takes it back."""

    text: Rich
    undo: Button | None = None


def said(speak: Speaker, block: str, undo: Button | None = None, **facts: object) -> Said:
    return Said(speak.text("checkin_setup", block, **facts), undo)


def page(speak: Speaker, rows: Sequence[Row], news: Said | None, *, has_weekly: bool) -> Message:
    """All of them; the usual one is offered as long as nothing asks it."""
    opening = Text(speak.text("checkin_setup", "opening" if rows else "empty"))
    lines = [Text(_line(speak, row), speak.button("open", "checkin.open", row.checkin.id)) for row in rows]
    weekly = () if has_weekly else (speak.button("start_weekly", "checkin.start", "", "primary"),)
    buttons = Buttons((*weekly, speak.button("add_checkin", "checkin.templates"), *_undo(news)))
    return Message(speak.plain("checkin_setup", "summary"), (*_news(news), opening, *lines, buttons))


def templates(speak: Speaker) -> Message:
    """What a new one can begin from."""
    lines = [
        Text(speak.text("checkin_setup", f"about_{one}"), speak.button("choose", "checkin.new", one))
        for one in Template
    ]
    opening = Text(speak.text("checkin_setup", "templates"))
    back = Buttons((speak.button("all_checkins", "checkin.list"),))
    return Message(speak.plain("checkin_setup", "templates"), (opening, *lines, back))


def card(speak: Speaker, facts: CardFacts, news: Said | None = None) -> Message:
    """One of them in full, what was done just now above it."""
    checkin = facts.checkin
    named = {"name": cut(checkin.name, NAME), "when": when(speak, checkin), "paused": is_paused(checkin)}
    rounds = [running(speak, one, named=False) for one in facts.rounds]
    rows = Facts(_rows(speak, facts))
    opening = Text(speak.text("checkin_setup", "card", **named))
    parts = (*_news(news), opening, rows, *_coming(speak, facts), *rounds, *_actions(speak, facts, news))
    return Message(speak.plain("checkin_setup", "card", **named), parts)


def questions(speak: Speaker, checkin: Checkin, asked: Sequence[CheckinQuestion], news: Said | None = None) -> Message:
    """What it asks in order; each can be changed."""
    name = cut(checkin.name, NAME)
    opening = Text(speak.text("checkin_setup", "questions_of", name=name))
    lines = [
        Text(question_line(speak, number, one), speak.button("change", "checkin.question", one.id))
        for number, one in enumerate(asked, 1)
    ]
    buttons = Buttons(
        (
            speak.button("add_question", "checkin.question_new", checkin.id),
            speak.button("preview", "checkin.preview", checkin.id),
            speak.button("back", "checkin.open", checkin.id),
            *_undo(news),
        )
    )
    return Message(speak.plain("checkin_setup", "questions_of", name=name), (*_news(news), opening, *lines, buttons))


def when(speak: Speaker, checkin: Checkin) -> str:
    """ "every Thursday 10:00" in the reader's language."""
    if checkin.rule is None:
        return speak.plain("checkin_setup", "by_hand")
    return f"{write_rule(parse_rule(checkin.rule)[0], speak.language)} {checkin.local_time:%H:%M}"


def channel_unread(speak: Speaker, channel: str, names: Sequence[str]) -> Message:
    """To facilitators: whom these check-ins ask by a channel stands still. What they can do about it."""
    facts = {"channel": channel.removeprefix("#"), "names": [cut(name, NAME) for name in names]}
    said = speak.text("checkin_setup", "channel_unread", **facts)
    return Message(speak.plain("checkin_setup", "channel_unread_summary", **facts), (Text(said),))


def is_paused(checkin: Checkin) -> bool:
    return checkin.state is CheckinState.PAUSED


def open_until(speak: Speaker, checkin: Checkin) -> str:
    """ "the day after, 12:00"."""
    at = f"{checkin.close_at:%H:%M}"
    return speak.plain("checkin_setup", "open_until", days=checkin.close_after_days, at=at)


def question_line(speak: Speaker, number: int, question: CheckinQuestion) -> Rich:
    """ "1 How well did we work together? · score"."""
    said_as = cut(text_of(question, speak.language), QUESTION)
    kind = speak.plain("checkin_setup", f"type_{question.type}")
    return speak.text("checkin_setup", "question_line", number=number, kind=kind, question=said_as)


def _line(speak: Speaker, row: Row) -> Rich:
    return speak.text(
        "checkin_setup",
        "line",
        name=cut(row.checkin.name, NAME),
        when=when(speak, row.checkin),
        people=row.people,
        next_on=row.next_on,
        paused=is_paused(row.checkin),
        until=row.open.closes_at if row.open else None,
    )


def _rows(speak: Speaker, facts: CardFacts) -> tuple[tuple[str, str], ...]:
    lines = [question_line(speak, number, one) for number, one in enumerate(facts.questions, 1)]
    closes = {"until": open_until(speak, facts.checkin), "share": facts.checkin.nudge_share_pct}
    return (
        (_plain(speak, "fact_questions"), "\n".join(lines) or speak.text("checkin_setup", "no_questions")),
        (_plain(speak, "fact_asked"), _audience(speak, facts.audience)),
        (_plain(speak, "fact_open"), speak.text("checkin_setup", "window", **closes)),
        (_plain(speak, "fact_result"), speak.text("checkin_setup", "result_in", channel=facts.channel)),
    )


def _audience(speak: Speaker, audience: Audience) -> Rich:
    people = [speak.person(name) for name in audience.people]
    names = [escape(name) for name in (*audience.sides, *people)]
    channel = [f"#{escape(audience.channel.removeprefix('#'))}"] if audience.channel else []
    shown = [Rich(name) for name in named(speak, [*names, *channel])]
    return speak.text("checkin_setup", "audience", total=audience.total, names=shown, observers=audience.observers)


def named(speak: Speaker, names: Sequence[str]) -> list[str]:
    """As many as there is room for, and the number of the others."""
    rest = len(names) - NAMED
    return [*names[:NAMED], *([speak.plain("checkin_setup", "more", number=rest)] if rest > 0 else [])]


def _coming(speak: Speaker, facts: CardFacts) -> tuple[Part, ...]:
    """The next round, with what each zone's time is here."""
    if facts.next_on is None:
        return ()
    zones = _zones(speak, facts.checkin, facts.next_on, facts.audience.zones)
    ends = asked_between(facts.checkin.local_time, facts.asking)
    begins = f"{facts.checkin.local_time:%H:%M}"
    said_as = speak.text("checkin_setup", "next", day=facts.next_on, begins=begins, ends=ends)
    return (Text(said_as), *([Small(speak.text("checkin_setup", "zones", zones=zones))] if zones else []))


def _zones(speak: Speaker, checkin: Checkin, day: date, zones: Mapping[str, int]) -> list[str]:
    """ "London 10:00 (11:00 here)", the first to be asked first."""
    moments = sorted((moment(day, checkin.local_time, zone), zone) for zone in zones)

    def line(zone: str) -> str:
        at = moment(day, checkin.local_time, zone)
        there, here = (at.astimezone(ZoneInfo(name)) for name in (zone, speak.zone))
        weekday = "" if here.date() == there.date() else f"{day_name(here.date(), speak.language)}, "
        clock = f"{weekday}{here:%H:%M}" if there.utcoffset() != here.utcoffset() else None
        return speak.plain("checkin_setup", "zone", city=city(zone), at=f"{there:%H:%M}", here=clock)

    return named(speak, [line(zone) for _, zone in moments])


def _actions(speak: Speaker, facts: CardFacts, news: Said | None) -> tuple[Part, ...]:
    checkin = facts.checkin
    stop = (
        speak.button("resume", "checkin.resume", checkin.id, "primary")
        if is_paused(checkin)
        else speak.button("pause", "checkin.pause", checkin.id)
    )
    last = (speak.button("last_round", "checkin.outcomes", facts.last.id),) if facts.last and not facts.rounds else ()
    halt = (speak.button("stop_round", "checkin.stop", checkin.id),) if facts.rounds else ()
    run = () if facts.rounds or is_paused(checkin) else (speak.button("run_now", "checkin.run_now", checkin.id),)
    return (
        Buttons(
            (
                speak.button("preview", "checkin.preview", checkin.id),
                speak.button("change", "checkin.settings", checkin.id),
                speak.button("whom", "checkin.audience", checkin.id),
                speak.button("questions", "checkin.questions", checkin.id),
            )
        ),
        Buttons(
            (
                *run,
                *halt,
                stop,
                speak.button("duplicate", "checkin.duplicate", checkin.id),
                speak.button("delete_checkin", "checkin.delete", checkin.id),
            )
        ),
        Buttons((*last, speak.button("all_checkins", "checkin.list"), *_undo(news))),
    )


def _news(news: Said | None) -> tuple[Text, ...]:
    return (Text(news.text),) if news else ()


def _undo(news: Said | None) -> tuple[Button, ...]:
    return (news.undo,) if news and news.undo else ()


def _plain(speak: Speaker, block: str) -> str:
    return speak.plain("checkin_setup", block)
