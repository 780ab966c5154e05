"""A busy afternoon: everybody tells one example with their name and one without it, in every way the product offers.

People have habits, and the adversary knows them: what somebody tells, they tell in one go, with the name and without
it, in either order, a minute or two apart. Whoever could see what was written next to what would know every author.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final, TypeAlias

from bot.playground import labels
from bot.playground.model import Message
from tests.flows.world import CHANNEL, PLANNING, World, reference

GROUPS: Final = {
    "sales": ("M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09"),
    "operations": ("M10", "M11", "M12", "M13", "M15", "M16", "M17", "M24"),
    "company": ("M18", "M19", "M20", "M21", "M22", "M23"),
}
"""Among whom the author of a side-only entry must not be found; sides under five read "the company"."""

SEED: Final = 20260610
LATE: Final = ("The truck to Retailer", "A pallet for Discounter", "The promo order of Retailer", "Line 2 for Customer")


@dataclass
class Office:
    """`quiet` is the truth that nobody may find: the reference of each side-only entry, and who wrote it."""

    world: World
    dice: Random
    quiet: dict[str, str] = field(default_factory=dict)
    shared: list[tuple[str, Message]] = field(default_factory=list)

    def text(self) -> str:
        """An example that nobody is recognised by."""
        return (
            f"{self.dice.choice(LATE)} {self.dice.choice('ABCDE')} waited {self.dice.randint(20, 300)} minutes on "
            f"{self.dice.choice(['Monday', 'Tuesday'])} because order {self.dice.randint(10_000, 99_999)} changed."
        )

    async def minutes(self, most: int) -> None:
        seconds = self.dice.randint(20, most * 60)
        await self.world.forward(timedelta(seconds=seconds))

    async def fills_in(self, who: str, shown_with: str, channel: str = CHANNEL) -> str:
        """Fill in and save the form on their screen; the reference its card tells, there or in the channel."""
        assert await self.world.submits(who, what_happened=self.text(), shown_with=shown_with) == {}
        if not await self.world.windows(who):
            return reference(await self.world.newest(who, channel))
        ref = reference(await self.world.screen(who))
        await self.closes(who)
        return ref

    async def closes(self, who: str) -> None:
        if await self.world.windows(who):
            await self.world.person(who).close(await self.world.screen(who), clear=True)


Way: TypeAlias = Callable[[Office, str], Awaitable[str]]
"""Somebody tells an example without their name; its reference."""


async def quietly(office: Office, who: str) -> str:
    return reference(await office.world.says(who, "/clash", f"quietly {office.text()}"))


async def in_dutch(office: Office, who: str) -> str:
    return reference(await office.world.says(who, "/win", f"Stil: {office.text()}"))


async def by_form(office: Office, who: str) -> str:
    await office.world.person(who).command("/clash", "", CHANNEL)
    return await _by_opened_form(office, who)


async def from_a_message(office: Office, who: str) -> str:
    message = (await office.world.person(who).sees(PLANNING))[0]
    await office.world.person(who).shortcut("capture_went_well", message)
    return await _by_opened_form(office, who, PLANNING)


async def from_anywhere(office: Office, who: str) -> str:
    await office.world.person(who).shortcut("capture_anywhere")
    return await _by_opened_form(office, who)


async def from_home(office: Office, who: str) -> str:
    home = await office.world.person(who).open_home()
    assert home is not None
    await office.world.person(who).press(home, labels(home)[0])
    return await _by_opened_form(office, who)


async def by_default(office: Office, who: str) -> str:
    """Set once, it holds for what is typed."""
    await office.world.person(who).command("/sop", "settings", CHANNEL)
    await office.world.settle()
    assert await office.world.submits(who, shown_with="side_only") == {}
    await office.closes(who)
    return reference(await office.world.says(who, "/clash", office.text()))


async def by_taking_the_name_off(office: Office, who: str) -> str:
    text = f"I don't dare to say this in the retro, but {office.text()}"
    card = await office.world.says(who, "/clash", text)
    await office.minutes(1)
    return reference(await office.world.presses(who, card, "entry.name_off"))


async def beside_anothers(office: Office, who: str) -> str:
    """Their side of what somebody of another side has shared."""
    mine = next(group for group in GROUPS.values() if who in group)
    post = next(post for author, post in office.shared if author not in mine)
    await office.world.opens(who, post, "entry.tell")
    return await _by_opened_form(office, who)


async def and_then_changes_it(office: Office, who: str) -> str:
    """Every button of the card, the token in its hand."""
    card = await office.world.says(who, "/clash", f"quietly {office.text()}")
    kinds = await office.world.presses(who, card, "entry.kind")
    card = await office.world.presses(who, card, labels(kinds)[1])
    await office.world.opens(who, card, "entry.details")
    assert await office.world.submits(who, effect="80 minutes of line time") == {}
    await office.world.presses(who, card, "entry.undo")
    await office.minutes(1)
    return reference(await office.world.presses(who, card, "entry.restore"))


async def and_then_shares_it(office: Office, who: str) -> str:
    card = await office.world.says(who, "/clash", f"quietly {office.text()}")
    return reference(await office.world.presses(who, card, "entry.share"))


async def and_then_asks(office: Office, who: str) -> str:
    card = await office.world.says(who, "/clash", f"quietly {office.text()}")
    side = "sales" if who in GROUPS["operations"] else "operations"
    await office.world.opens(who, card, "entry.ask")
    assert await office.world.submits(who, whom=side, show_words="yes") == {}
    return reference(card)


async def and_then_resolves_it(office: Office, who: str) -> str:
    """A text too long for its card opens in a window, with all that may be done."""
    words = " ".join(office.text() for _ in range(40))
    card = await office.world.says(who, "/clash", f"stil {words}")
    window = await office.world.opens(who, card, "entry.read")
    await office.world.person(who).press(window, "entry.resolve")
    await office.world.settle()
    await office.closes(who)
    return reference(card)


WAYS: Final[Sequence[Way]] = (
    quietly,
    in_dutch,
    by_form,
    from_a_message,
    from_anywhere,
    from_home,
    by_default,
    by_taking_the_name_off,
    beside_anothers,
    and_then_changes_it,
    and_then_shares_it,
    and_then_asks,
    and_then_resolves_it,
)


async def busy_afternoon(world: World) -> Office:
    """Everybody at least once, each way twice."""
    office = Office(world, Random(SEED))
    for who in ("M02", "M12"):
        await _shares_with_name(office, who)
    everybody = [who for group in GROUPS.values() for who in group]
    everybody += office.dice.sample(GROUPS["sales"], 2 * len(WAYS) - len(everybody))
    office.dice.shuffle(everybody)
    for number, who in enumerate(everybody):
        await _tells_two(office, who, WAYS[number % len(WAYS)])
        await office.minutes(25)
    return office


async def _tells_two(office: Office, who: str, way: Way) -> None:
    turns = [_with_name, way]
    office.dice.shuffle(turns)
    for turn in turns:
        ref = await turn(office, who)
        if turn is way:
            office.quiet[ref] = who
        await office.minutes(2)


async def _with_name(office: Office, who: str) -> str:
    await office.world.person(who).command("/clash", "", CHANNEL)
    await office.world.settle()
    return await office.fills_in(who, "named")


async def _by_opened_form(office: Office, who: str, channel: str = CHANNEL) -> str:
    await office.world.settle()
    return await office.fills_in(who, "side_only", channel)


async def _shares_with_name(office: Office, who: str) -> None:
    card = await office.world.says(who, "/clash", office.text())
    await office.world.presses(who, card, "entry.share")
    office.shared.append((who, await office.world.newest("M18")))
