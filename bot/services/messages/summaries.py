"""The weekly summary as messages: the post of at most ten lines (golden messages 8 and 15), its details, its form."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from bot.domain.brief import AgreementFact, SideCount
from bot.domain.chat import (
    Buttons,
    ChannelField,
    ChoiceField,
    Form,
    Heading,
    Message,
    Option,
    Part,
    Small,
    Text,
    TextField,
)
from bot.domain.example import KINDS, Example
from bot.domain.markup import strip_markup
from bot.domain.summary import SummaryFacts, Thanks
from bot.services.messages.brief_lines import more
from bot.services.messages.fitting import first_that_fits, fit_line, pack
from bot.services.messages.late import late_note
from bot.services.messages.not_shown import why_button
from bot.templates import Rich, Speaker
from bot.templates.formats import LOCALES, cut

MOMENT: Final = "%Y-%m-%dT%H:%M:%S.%f"
"""How the two ends of a summary's time stand in the value of its buttons, in UTC."""

LISTED: Final = 40
PARAGRAPH: Final = 2_000
LENGTHS: Final = (80, 60, 40, 24)
OFF: Final = "off"


def post(speak: Speaker, facts: SummaryFacts, late_at: datetime | None = None) -> Message:
    """The post in the channel; `late_at` = when it came, where that is late."""
    note = [Small(late_note(speak, facts.as_of, late_at))] if late_at else []
    return Message(_heading(speak, facts), (*note, *_parts(speak, facts, examples=1 if late_at else 2)))


def preview(speak: Speaker, facts: SummaryFacts, due_at: datetime | None, *, may_change: bool) -> Message:
    """What it would say now; `due_at` = when it comes, None = it does not."""
    note = Small(speak.text("summary", "preview", due_at=due_at))
    change = [Buttons((speak.button("when_it_comes", "summary.open"),))] if may_change else []
    return Message(_heading(speak, facts), (note, *_parts(speak, facts, examples=2), *change))


def entries(speak: Speaker, facts: SummaryFacts) -> Message:
    """Every entry it told of, by kind."""
    heading, shown = _heading(speak, facts), facts.told[:LISTED]
    rows = [Text(_example(speak, one, 150), speak.button("open", "entry.open", one.ref)) for one in shown]
    rest = len(facts.told) - len(shown)
    end = [Small(speak.text("summary", "entries_more", count=rest))] if rest else []
    return Message(heading, (Heading(heading), *(rows or [Text(speak.text("summary", "entries_none"))]), *end))


def agreements(speak: Speaker, facts: SummaryFacts) -> Message:
    """All agreements that are new or open, by how they stand; nobody's name."""
    stand = facts.agreements
    lists = {"new": stand.new, "overdue": stand.overdue, "due": (*stand.due_today, *stand.due), "later": stand.later}
    said = [
        speak.text("summary", f"list_{name}", names=group)
        for name, found in lists.items()
        for group in pack([_agreement(speak, one, 150) for one in found], PARAGRAPH)
    ]
    parts = [Text(one) for one in said or [speak.text("summary", "list_none")]]
    return Message(_heading(speak, facts), (Heading(_heading(speak, facts)), *parts))


def form(speak: Speaker, *, zone: str, weekday: int | None, at: time, channel_id: str | None) -> Form:
    """As it is now; `weekday` None = it is off."""
    names = get_day_names("wide", locale=LOCALES[speak.language])
    days = [Option(str(number), names[number]) for number in range(7)]
    return Form(
        action="summary.save",
        title=speak.plain("summary", "form_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            ChoiceField(
                "day",
                speak.plain("summary", "day_label"),
                (*days, Option(OFF, speak.plain("summary", "day_off"))),
                hint=speak.plain("summary", "day_hint"),
                required=True,
                initial=OFF if weekday is None else str(weekday),
            ),
            TextField(
                "at",
                speak.plain("summary", "at_label"),
                hint=speak.plain("summary", "at_hint", zone=zone),
                initial=f"{at:%H:%M}",
                max_length=12,
            ),
            ChannelField(
                "channel",
                speak.plain("summary", "channel_label"),
                hint=speak.plain("summary", "channel_hint"),
                initial=channel_id,
            ),
        ),
    )


def saved(speak: Speaker, due_at: datetime | None, channel: str | None, note_id: str) -> Message:
    text = speak.text("summary", "saved", due_at=due_at, channel=channel.removeprefix("#") if channel else None)
    return Message(strip_markup(text), (Text(text), Buttons((speak.button("undo", "summary.undo", note_id),))))


def undone(speak: Speaker, due_at: datetime | None) -> Message:
    text = speak.text("summary", "undone", due_at=due_at)
    return Message(strip_markup(text), (Text(text),))


def _heading(speak: Speaker, facts: SummaryFacts) -> str:
    counts = {"total": facts.entries.total, "new": len(facts.agreements.new)}
    return speak.plain("summary", "heading", week=facts.week, **counts)


def _parts(speak: Speaker, facts: SummaryFacts, *, examples: int) -> tuple[Part, ...]:
    if facts.is_quiet:
        add = speak.button("add_example", "entry.new", "clash")
        return Text(_quiet(speak, facts)), Buttons((add,))
    lines = (line for line in _lines(speak, facts, examples) if line)
    return Heading(_heading(speak, facts)), *(Text(line) for line in lines), _buttons(speak, facts)


def _lines(speak: Speaker, facts: SummaryFacts, examples: int) -> Iterator[Rich]:
    """At most nine."""
    yield _kinds(speak, facts)
    yield Rich("\n".join(first_that_fits(_examples(speak, one)) for one in facts.examples[-examples:]))
    yield _thanks(speak, facts.thanks) if facts.thanks else Rich()
    yield _agreements(speak, facts)
    yield _came_back(speak, facts)
    yield Rich("\n".join(filter(None, (_pulse(speak, facts), _heard(speak, facts)))))
    yield _next(speak, facts)


def _buttons(speak: Speaker, facts: SummaryFacts) -> Buttons:
    time_ = " ".join(f"{moment:{MOMENT}}" for moment in (_utc(facts.since), _utc(facts.as_of)))
    usual = (
        speak.button("all_entries", "summary.entries", time_),
        speak.button("agreements", "summary.agreements", time_),
        speak.button("add_example", "entry.new", "clash"),
    )
    return Buttons((*usual, why_button(speak)) if facts.leaves_out_a_figure else usual)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC"))


def _quiet(speak: Speaker, facts: SummaryFacts) -> Rich:
    ahead = facts.ahead
    at = f"{ahead.checkin_at:%H:%M}" if ahead.checkin_at else ""
    return speak.text("summary", "quiet", week=facts.week, checkin_on=ahead.checkin_on, at=at, off=_off(speak, facts))


def _kinds(speak: Speaker, facts: SummaryFacts) -> Rich:
    counts = facts.entries.by_kind
    kinds = [speak.text("brief", f"kind_{kind}", count=counts[kind]) for kind in KINDS if counts[kind]]
    since = facts.since.astimezone(ZoneInfo(speak.zone)).date()
    return speak.text("summary", "kinds", kinds=kinds, before=facts.before, since=since)


def _examples(speak: Speaker, example: Example) -> Iterator[Rich]:
    return (_example(speak, example, length) for length in LENGTHS)


def _example(speak: Speaker, example: Example, length: int) -> Rich:
    return speak.text(
        "checkin_result", "example", example=example, headline=cut(example.headline, length), thanks=False
    )


def _thanks(speak: Speaker, thanks: Thanks) -> Rich:
    """The quote is cut before the title."""

    def say(length: int, quote: int) -> Rich:
        words = {"headline": cut(thanks.headline, length), "quote": cut(thanks.quote, quote)}
        return speak.text("summary", "thanks", ref=thanks.ref, **words)

    return first_that_fits(say(length, quote) for length in LENGTHS for quote in (150, 100, 60, 40))


def _agreements(speak: Speaker, facts: SummaryFacts) -> Rich:
    """By name as far as there is room, then counted."""
    stand = facts.agreements

    def say(named: int, length: int) -> Rich:
        lists = {"new": stand.new, "due": stand.due, "overdue": stand.overdue}
        return speak.text(
            "summary", "agreements", **{name: _named(speak, found, named, length) for name, found in lists.items()}
        )

    return fit_line(say, max(len(stand.new), len(stand.due), len(stand.overdue)))


def _named(speak: Speaker, found: Sequence[AgreementFact], named: int, length: int) -> list[Rich]:
    if found and not named:
        return [speak.text("summary", "how_many", number=len(found))]
    rest = more(speak, len(found) - named)
    return [*(_agreement(speak, one, length) for one in found[:named]), *([rest] if rest else [])]


def _agreement(speak: Speaker, agreement: AgreementFact, length: int) -> Rich:
    return speak.text("summary", "agreement", title=cut(agreement.title, length), due_on=agreement.due_on)


def _came_back(speak: Speaker, facts: SummaryFacts) -> Rich:
    """Each subject once, with its newest example; empty where nothing came back."""
    subjects = {one.tension_key or one.ref: one for one in reversed(facts.came_back)}
    newest = [one for one in facts.came_back if one in subjects.values()]

    def say(named: int, length: int) -> Rich:
        shown = newest[: max(named, 1)]
        items = [
            speak.text(
                "summary",
                "repeat",
                name=cut(one.tension.of(speak.language) if one.tension else one.headline, length or 24),
                ref=one.ref,
                earlier_ref=one.earlier_ref,
            )
            for one in shown
        ]
        return speak.text("summary", "came_back", items=items, more=more(speak, len(newest) - len(shown)))

    return fit_line(say, len(newest)) if newest else Rich()


def _pulse(speak: Speaker, facts: SummaryFacts) -> Rich:
    """Empty where a pulse was never asked."""
    pulse = facts.pulse
    if not pulse.asked:
        return Rich()
    if not pulse.sides:
        return speak.text("summary", "no_pulse")

    def say(_named: int, length: int) -> Rich:
        sides = [
            speak.text("checkin_result", "side", name=cut(side.name or "", length or 16), side=side)
            for side in pulse.sides
        ]
        return speak.text("summary", "pulse", sides=sides, pulse=pulse)

    return fit_line(say, 1)


def _heard(speak: Speaker, facts: SummaryFacts) -> Rich:
    """Entries by group, and who was silent; where nobody wrote anything, nobody is named."""
    if not facts.entries.total:
        return Rich()
    groups = facts.entries.by_side or ()
    zero = {side.key for side in groups if not side.entries}

    def say(_named: int, length: int) -> Rich:
        sides = [speak.text("summary", "side", name=_side(side, length or 16), entries=side.entries) for side in groups]
        silent = [
            _side(side, length or 16) or speak.plain("summary", "the_bridges")
            for side in groups
            if side.key in facts.entries.silent
        ]
        return speak.text("summary", "heard", sides=sides, silent=silent, nobody_silent=not zero)

    return fit_line(say, 1)


def _side(side: SideCount, length: int) -> str | None:
    return cut(side.name, length) if side.name else None


def _next(speak: Speaker, facts: SummaryFacts) -> Rich:
    """The first to come first."""
    ahead, off = facts.ahead, _off(speak, facts)
    found: list[tuple[date, Rich]] = []
    if ahead.meeting_type and ahead.starts_at:
        word = speak.word(f"meeting_{ahead.meeting_type}")
        day = ahead.starts_at.astimezone(ZoneInfo(speak.zone)).date()
        found.append((day, speak.text("summary", "next_meeting", meeting=word, starts_at=ahead.starts_at)))
    if ahead.checkin_on and ahead.checkin_at:
        at = f"{ahead.checkin_at:%H:%M}"
        found.append((ahead.checkin_on, speak.text("summary", "next_checkin", day=ahead.checkin_on, at=at)))
    if not found:
        return speak.text("summary", "next_nothing", off=off)
    first, *others = [text for _, text in sorted(found, key=lambda one: one[0])]
    return speak.text("summary", "next", items=[Rich(first[:1].upper() + first[1:]), *others], off=off)


def _off(speak: Speaker, facts: SummaryFacts) -> Rich:
    return speak.text("summary", "off", back_at=facts.ahead.back_at) if facts.ahead.is_off else Rich()
