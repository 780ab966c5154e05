"""The pulse in a brief: a clause of its first sentence, a line, and which weeks it is about."""

import re
from datetime import date
from typing import Final

from bot.domain.brief import BriefSnapshot, Pulse, SidePulse
from bot.services.messages.fitting import fit_line
from bot.templates import Rich, Speaker
from bot.templates.formats import cut

_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})")


def cooperation(speak: Speaker, pulse: Pulse | None, length: int) -> Rich:
    """Better or worse when both sides moved that way, the same when neither moved, else each by name.

    Empty where there is nothing to compare with. `length` is that of a name.
    """
    if pulse is None or not pulse.sides or any(side.before is None for side in pulse.sides):
        return Rich()
    moves = {side.direction for side in pulse.sides}
    together = next(iter(moves)) if len(moves) == 1 else None
    apart = (
        []
        if together
        else [
            speak.text("brief", "side_moved", name=cut(side.name or "", length), direction=side.direction)
            for side in pulse.sides
        ]
    )
    return speak.text("brief", "cooperation", together=together, apart=apart, gap=pulse.direction)


def pulse_line(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    """Empty where a pulse was never asked; where one may not be shown it says so."""
    pulse = snapshot.pulse
    if pulse is None or not pulse.asked:
        return Rich()
    if not pulse.sides:
        return speak.text("brief", "no_pulse")

    def say(_named: int, length: int) -> Rich:
        return speak.text("brief", "pulse", sides=_sides(speak, pulse.sides, length or 16), pulse=pulse)

    return fit_line(say, 1)


def _sides(speak: Speaker, sides: tuple[SidePulse, ...], length: int) -> list[Rich]:
    return [
        speak.text("brief", "side_pulse", side=side, name=cut(side.name, length) if side.name else None)
        for side in sides
    ]


def pulse_details(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    """The weeks of the window and of the one before, and the bridges where they may be shown."""
    pulse = snapshot.pulse
    if pulse is None or not pulse.rounds or not pulse.sides:
        return []
    bridges = _sides(speak, (pulse.bridges,), 60)[0] if pulse.bridges else Rich()
    return [
        speak.text(
            "brief",
            "pulse_details",
            window=_window(speak, pulse.rounds),
            before=_window(speak, pulse.rounds_before),
            days=_days(pulse.rounds),
            bridges=bridges,
        )
    ]


def _window(speak: Speaker, rounds: tuple[str, ...]) -> Rich:
    """ "weeks 20 to 23", or the labels of rounds that are no weeks."""
    weeks = [_WEEK.fullmatch(label) for label in rounds]
    if not rounds or not all(weeks):
        return speak.text("brief", "rounds", labels=[cut(label, 24) for label in rounds]) if rounds else Rich()
    numbers = [int(week[2]) for week in weeks if week]
    return speak.text("brief", "weeks", first=numbers[0], last=numbers[-1])


def _days(rounds: tuple[str, ...]) -> tuple[date, date] | None:
    """From the Monday of the first week to the Sunday of the last."""
    first, last = _WEEK.fullmatch(rounds[0]), _WEEK.fullmatch(rounds[-1])
    if not first or not last:
        return None
    monday = date.fromisocalendar(int(first[1]), int(first[2]), 1)
    return monday, date.fromisocalendar(int(last[1]), int(last[2]), 7)
