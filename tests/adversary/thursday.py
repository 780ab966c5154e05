"""Two days of check-ins: everybody scores on Thursday, and on Friday they also tick and write, with or without a name.

What goes with the score goes in one go: an example with the name or without it, in one form, a change a minute later,
a line in the chat before. Whoever could see what was written with what would know every score.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.playground import labels, words
from bot.playground.model import Message, View
from storage.tables import CheckinChoice, CheckinQuestion, CheckinText, Entry, PulseScore, QuestionType
from tests.adversary.office import SEED, Office
from tests.flows.world import FACILITATOR, World, filled_in

GROUPS: Final = {
    "sales": ("M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09"),
    "operations": ("M11", "M12", "M13", "M14", "M15", "M16", "M17", "M24"),
}
"""Among whom it must not be found who answered what. One of them left in March and is asked nothing."""

LEFT: Final = "M14"
AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
EVERYBODY_ASKED: Final = datetime(2026, 6, 11, 11, 2, tzinfo=AMSTERDAM)
FRIDAY: Final = datetime(2026, 6, 12, 13, 30, tzinfo=AMSTERDAM)
CLOSED: Final = datetime(2026, 6, 17, 9, tzinfo=AMSTERDAM)
LAUNCH: Final = "checkin.new#3"
NAMELESS: Final = (PulseScore, CheckinChoice, CheckinText, Entry)


@dataclass
class Days:
    """`truth` is what nobody may find: who wrote each row without a name, by table and id."""

    office: Office
    truth: dict[str, dict[str, str]] = field(default_factory=lambda: {str(t.__tablename__): {} for t in NAMELESS})

    @property
    def world(self) -> World:
        return self.office.world

    @property
    def dice(self) -> Random:
        return self.office.dice

    def nameless(self) -> dict[str, set[str]]:
        return {
            str(table.__tablename__): {str(row.model_dump()["id"]) for row in self.world.rows(table) if _is_free(row)}
            for table in NAMELESS
        }

    async def note(self, who: str, does: Awaitable[object]) -> None:
        before = self.nameless()
        await does
        for table, ids in self.nameless().items():
            self.truth[table] |= dict.fromkeys(ids - before[table], who)

    def fields(self, form: View) -> dict[QuestionType, str]:
        types = {f"q{question.id}": question.type for question in self.world.rows(CheckinQuestion)}
        return {types[name]: name for name in filled_in(form) if name in types}

    def filled(self, form: View, *, example: bool, shown_with: str) -> dict[str, str]:
        """Everything the form asks, the example only where it is told."""
        asked = self.fields(form)
        said = {
            QuestionType.SCALE: self.dice.choice("12345"),
            QuestionType.CHOICE: self.dice.choice("012"),
            QuestionType.TEXT: self.office.text(),
            QuestionType.EXAMPLE: self.office.text() if example else "",
        }
        values = {name: said[kind] for kind, name in asked.items() if said[kind]}
        return values | ({"shown_with": shown_with} if "shown_with" in filled_in(form) else {})

    async def answers(self, who: str, *, example: bool, shown_with: str) -> None:
        """Send the form that is open on their screen."""
        form = await self.world.screen(who)
        assert await self.world.submits(who, **self.filled(form, example=example, shown_with=shown_with)) == {}

    async def question(self, who: str) -> Message:
        asked = [message for message in await self.world.person(who).sees() if set(labels(message)) & ANSWER]
        return asked[-1]

    async def presses(self, who: str, names: set[str]) -> View:
        card = await self.question(who)
        return await self.world.opens(who, card, next(name for name in labels(card) if name in names))


ANSWER: Final = {"Answer", "Antwoorden"}
CHANGE: Final = {"Change", "Wijzigen", "Aanpassen"}
SCORE: Final = {"Give the score", "Score geven", "De score geven"}

Way: TypeAlias = Callable[[Days, str], Awaitable[None]]


def _is_free(row: object) -> bool:
    return getattr(row, "author_id", None) is None


async def with_a_named_example(days: Days, who: str) -> None:
    await days.presses(who, ANSWER)
    await days.answers(who, example=True, shown_with="named")


async def with_a_nameless_example(days: Days, who: str) -> None:
    await days.presses(who, ANSWER)
    await days.answers(who, example=True, shown_with="side_only")


async def and_changes_it(days: Days, who: str) -> None:
    await days.presses(who, ANSWER)
    await days.answers(who, example=False, shown_with="side_only")
    await days.office.minutes(2)
    card = (await days.world.person(who).sees())[-1]
    await days.world.opens(who, card, next(name for name in labels(card) if name in CHANGE))
    await days.answers(who, example=True, shown_with="side_only")


async def after_a_line_in_the_chat(days: Days, who: str) -> None:
    await days.world.person(who).message(days.office.text())
    await days.world.settle()
    await days.office.minutes(2)
    card = (await days.world.person(who).sees())[-1]
    await days.world.opens(who, card, next(name for name in labels(card) if name in SCORE | ANSWER))
    await days.answers(who, example=False, shown_with="side_only")


async def from_home(days: Days, who: str) -> None:
    home = await days.world.person(who).open_home()
    assert home is not None
    await days.world.opens(who, home, next(name for name in labels(home) if name in ANSWER))
    await days.answers(who, example=True, shown_with="side_only")
    await days.office.closes(who)


WAYS: Final[Sequence[Way]] = (
    with_a_named_example,
    with_a_nameless_example,
    and_changes_it,
    after_a_line_in_the_chat,
    from_home,
)


async def thursday(world: World) -> Days:
    """Everybody answers the weekly check-in, in every way there is."""
    days = Days(Office(world, Random(SEED)))
    await world.forward(EVERYBODY_ASKED)
    await _everybody_answers(days)
    return days


async def friday(days: Days) -> None:
    """The weekly one is closed; one about a launch asks for a tick and a text as well."""
    world = days.world
    await world.forward(FRIDAY)
    page = await world.says(FACILITATOR, "/sop", "checkins")
    await world.opens(FACILITATOR, await world.presses(FACILITATOR, page, "Add a check-in"), LAUNCH)
    assert await world.submits(FACILITATOR, name="After the launch", sides=list(GROUPS)) == {}
    card = await world.presses(FACILITATOR, await world.person(FACILITATOR).again(page), "Run now")
    assert "Started" in words(card)
    await world.forward(timedelta(minutes=2))
    await _everybody_answers(days)


async def _everybody_answers(days: Days) -> None:
    everybody = [who for group in GROUPS.values() for who in group if who != LEFT]
    days.dice.shuffle(everybody)
    for number, who in enumerate(everybody):
        await days.note(who, WAYS[number % len(WAYS)](days, who))
        await days.office.minutes(4)
