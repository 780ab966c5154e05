"""The result of a check-in as messages: the post (golden message 7), its thread, what its button shows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final

from bot.domain.brief import Pulse
from bot.domain.chat import Button, Buttons, Chart, Heading, Message, Part, Quote, Series, Small, Text
from bot.domain.checkin.result import TrendPoint
from bot.domain.example import Example
from bot.services.messages.fitting import fit_line
from bot.services.messages.late import late_note
from bot.services.messages.not_shown import why_button
from bot.templates import Rich, Speaker
from bot.templates.formats import cut

EXAMPLES: Final = 2
FOUR_WEEKS: Final = 4
MOST_LISTED: Final = 25
"""Texts of one question, or examples, in a window."""

_WEEK: Final = re.compile(r"\d{4}-W(\d{2})(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Group:
    """`name` None = the bridges together. `answered` None = fewer than five."""

    name: str | None
    asked: int
    answered: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Who took part, in counts; `hidden` names the sides that are not shown."""

    shown: tuple[Group, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """What may be shown of a round. `name` None = the weekly check-in. `pulse` None = it asks no scale.

    `both_answered` = everybody can see that each side gave five answers. `sides` are the names of the two
    counterparts. `has_answers`: more was asked than a score and an example. `following` = when it is asked next.
    """

    round_id: str
    day: date
    name: str | None
    taken: Taken
    pulse: Pulse | None
    both_answered: bool
    trend: tuple[TrendPoint, ...]
    sides: tuple[str, ...]
    examples: tuple[Example, ...]
    has_answers: bool
    following: tuple[date | None, time]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        told = self.examples or self.has_answers or (self.pulse and self.pulse.sides)
        return not told and not any(group.answered for group in self.taken.shown)

    @property
    def is_weekly(self) -> bool:
        return self.name is None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a group ticked each option; `name` None = the bridges together."""

    name: str | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A text. `author` None = without a name, then it is from `side`, None = "the company"."""

    text: str
    author: str | None
    side: str | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back of one question; only what fits its type is filled in."""

    question: str
    options: tuple[str, ...] = ()
    counts: tuple[Counts, ...] | None = None
    pulse: Pulse | None = None
    texts: tuple[Said, ...] | None = None


def post(speak: Speaker, facts: ResultFacts, late: tuple[datetime, datetime] | None) -> Message:
    """The post in the channel; `late` = when it was due and when it came."""
    note = [Small(late_note(speak, *late))] if late else []
    heading = _heading(speak, facts)
    if facts.is_empty:
        return Message(heading, (*note, Text(_nothing(speak, facts)), Buttons((_add_example(speak),))))
    body = [line for line in (_taken(speak, facts), *_examples(speak, facts)) if line]
    hidden = _hidden(speak, facts)
    parts: list[Part] = [*note, Heading(heading), *(Text(line) for line in body), *_chart(speak, facts)]
    parts += [Small(hidden)] if hidden else []
    return Message(heading, (*parts, _buttons(speak, facts)))


def thread(speak: Speaker, facts: ResultFacts) -> tuple[Message, ...]:
    """The chart in words; nothing where there is none."""
    points = _shown(facts)
    if len(points) < 2:
        return ()
    said = [speak.text("checkin_result", "point", label=_label(speak, point.label), point=point) for point in points]
    text = speak.text("checkin_result", "trend", weeks=facts.is_weekly, names=facts.sides, points=said)
    return (Message(_heading(speak, facts), (Text(text),)),)


def answers(speak: Speaker, facts: ResultFacts, questions: Sequence[Answers]) -> Message:
    """Behind the button: every named example of the round, and what came back of the other questions."""
    heading = _heading(speak, facts)
    parts: list[Part] = [Heading(heading)]
    if facts.examples:
        parts.append(Text(speak.text("checkin_result", "examples")))
        shown = facts.examples[:MOST_LISTED]
        parts += [Text(_example(speak, one, 150), speak.button("open", "entry.open", one.ref)) for one in shown]
    for question in questions:
        parts += _answered(speak, question)
    hidden = _hidden(speak, facts)
    return Message(heading, (*parts, *([Small(hidden)] if hidden else [])))


def _heading(speak: Speaker, facts: ResultFacts) -> str:
    return speak.plain("checkin_result", "heading", name=facts.name, day=facts.day)


def _nothing(speak: Speaker, facts: ResultFacts) -> Rich:
    day, at = facts.following
    return speak.text("checkin_result", "nothing", name=facts.name, day=facts.day, following=day, at=f"{at:%H:%M}")


def _taken(speak: Speaker, facts: ResultFacts) -> Rich:
    """The pulse, how it moved, and how many answered."""
    pulse = facts.pulse

    def say(_named: int, length: int) -> Rich:
        length = length or 16
        answered = [
            speak.text("checkin_result", "group", name=cut(group.name, length) if group.name else None, group=group)
            for group in facts.taken.shown
        ]
        return speak.text(
            "checkin_result",
            "taken",
            pulse=pulse,
            sides=_sides(speak, pulse, length),
            rounds=len(pulse.rounds) if pulse else 0,
            weeks=facts.is_weekly and pulse is not None and len(pulse.rounds) == FOUR_WEEKS,
            answered=answered,
        )

    return fit_line(say, 1)


def _sides(speak: Speaker, pulse: Pulse | None, length: int) -> list[Rich]:
    sides = pulse.sides if pulse else ()
    return [speak.text("checkin_result", "side", name=cut(side.name or "", length), side=side) for side in sides]


def _examples(speak: Speaker, facts: ResultFacts) -> Iterator[Rich]:
    """Thanks stand once, after the last."""
    shown = facts.examples[:EXAMPLES]
    for number, example in enumerate(shown, start=1):
        thanks = number == len(shown)
        yield fit_line(partial(_in_line, speak, example, thanks), 1)


def _in_line(speak: Speaker, example: Example, thanks: bool, _named: int, length: int) -> Rich:
    return _example(speak, example, length or 24, thanks=thanks)


def _example(speak: Speaker, example: Example, length: int, *, thanks: bool = False) -> Rich:
    return speak.text(
        "checkin_result", "example", example=example, headline=cut(example.headline, length), thanks=thanks
    )


def _hidden(speak: Speaker, facts: ResultFacts) -> Rich:
    """Which figure is missing and why. Where five of each side answered, some may have told an example alone, or all
    scores are alike: which it is would tell.
    """
    missing = facts.pulse is not None and not facts.pulse.sides
    no_pulse = ("either" if facts.both_answered else "few") if missing else ""
    return speak.text("checkin_result", "hidden", hidden=facts.taken.hidden, no_pulse=no_pulse)


def _shown(facts: ResultFacts) -> list[TrendPoint]:
    return [point for point in facts.trend if point.first is not None]


def _chart(speak: Speaker, facts: ResultFacts) -> list[Chart]:
    """Two lines, from two points on; the thread says the same in words."""
    if len(_shown(facts)) < 2:
        return []
    labels = tuple(_label(speak, point.label) for point in facts.trend)
    lines = (
        tuple(None if point.first is None else float(point.first) for point in facts.trend),
        tuple(None if point.second is None else float(point.second) for point in facts.trend),
    )
    series = tuple(Series(name, values) for name, values in zip(facts.sides, lines, strict=True))
    return [Chart(speak.plain("checkin_result", "chart", weeks=facts.is_weekly), "lines", labels, series)]


def _label(speak: Speaker, label: str) -> str:
    """ "week 25", or a label that is no week as it stands."""
    week = _WEEK.fullmatch(label)
    return speak.plain("checkin_result", "week", week=int(week[1]), again=week[2]) if week else label


def _buttons(speak: Speaker, facts: ResultFacts) -> Buttons:
    told_twice = next((one.ref for one in facts.examples[:EXAMPLES] if one.beside), None)
    buttons = [speak.button("read_both", "ask.read", told_twice)] if told_twice else []
    if facts.has_answers or len(facts.examples) > EXAMPLES:
        label = "answers" if facts.has_answers else "all_entries"
        buttons.append(speak.button(label, "checkin.answers", facts.round_id))
    why = [why_button(speak)] if _hidden(speak, facts) else []
    return Buttons((*buttons, _add_example(speak), *why))


def _add_example(speak: Speaker) -> Button:
    return speak.button("add_example", "entry.new", "clash")


def _answered(speak: Speaker, answers_: Answers) -> Iterator[Part]:
    yield Text(speak.text("checkin_result", "question", question=answers_.question))
    if answers_.pulse is not None:
        sides = _sides(speak, answers_.pulse, 60)
        yield Text(speak.text("checkin_result", "scale" if sides else "no_counts", sides=sides))
    if answers_.counts is not None:
        yield from _counted(speak, answers_.options, answers_.counts)
    if answers_.texts is not None:
        yield from _said(speak, answers_.texts)


def _counted(speak: Speaker, options: Sequence[str], groups: Sequence[Counts]) -> Iterator[Part]:
    """Each group on a line of its own; never a total."""
    for group in groups:
        row = [
            speak.text("checkin_result", "count", option=option, people=people)
            for option, people in zip(options, group.counts, strict=True)
        ]
        name = group.name or speak.word("the_bridges")
        yield Text(speak.text("checkin_result", "option", name=name, counts=row))
    yield Small(speak.text("checkin_result", "some_counts" if groups else "no_counts"))


def _said(speak: Speaker, texts: Sequence[Said]) -> Iterator[Part]:
    if not texts:
        yield Text(speak.text("checkin_result", "no_texts"))
    for one in texts[:MOST_LISTED]:
        if one.author is not None:
            yield Text(speak.text("checkin_result", "said_by", author=speak.person(one.author)))
        else:
            yield Text(speak.text("checkin_result", "said_by_side", side=one.side or speak.word("the_company")))
        yield Quote(one.text)
    if len(texts) > MOST_LISTED:
        yield Small(speak.text("checkin_result", "more_texts", count=len(texts) - MOST_LISTED))
