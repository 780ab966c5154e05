"""One conversation of several people, over HTTP or over Socket Mode: what each of them sees after every act.

python -m tests.wire.conversation --seconds 60

plays it at the pace of people, once for each transport, and says whether all of them saw the same.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from pathlib import Path

from bot.demo import START
from bot.main import configure_logs
from bot.playground import labels, words
from bot.playground.model import Message, View
from storage.tables import Meeting
from tests.databases import SqliteFiles
from tests.flows.world import (
    CHANNEL,
    DUTCH_SALES,
    FACILITATOR,
    NEWCOMER,
    OPERATIONS,
    PLANNING,
    SALES,
    World,
    open_world,
    person_id,
)

APP_TOKEN = "xapp-conversation"
BRIEF_DUE = datetime(2026, 6, 11, 7, 0, tzinfo=UTC)
EVERYBODY = (OPERATIONS, SALES, FACILITATOR, DUTCH_SALES, NEWCOMER)
CLASH = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."
TOLD = "Retailer A told us at four; a fast yes was worth 2,000 trays."

ENTRY = re.compile(r"#([2-9a-z]{4,5})\b")

Act = Callable[["Conversation"], Awaitable[object]]


@dataclass
class Conversation:
    """Where it is played, the cards people come back to, and what everybody saw so far."""

    world: World
    cards: dict[str, Message] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=dict)

    @property
    def over_sockets(self) -> bool:
        return self.world.ampersand.socket is not None

    async def look(self, act: str) -> None:
        """Write down what everybody sees now."""
        for key in EVERYBODY:
            person = self.world.person(key)
            places = {"channel": CHANNEL, "planning": PLANNING, "chat": None}
            for name, channel in places.items():
                for message in await person.sees(channel):
                    self._note(act, key, name, message)
                    if message.reply_count:
                        for reply in (await person.sees(thread=message))[1:]:
                            self._note(act, key, f"{name}, thread", reply)
            for view in self.world.playground.workspace.views.stack(person.user):
                self._note(act, key, "window", view)
            if home := await person.home():
                self._note(act, key, "home", home)

    def _note(self, act: str, key: str, where: str, shown: Message | View) -> None:
        """Line by line without their order: entries of the same day are listed as chance has it."""
        text = f"{words(shown)}\n{labels(shown)}".replace(self.world.playground.settings.origin, "<origin>")
        lines = sorted(ENTRY.sub(self._ref, text).split("\n"))
        self.seen.append("\n  ".join([f"after {act}, {key} sees in {where}:", *lines]))

    def _ref(self, found: re.Match[str]) -> str:
        """The same name in every run, by the order in which names come up."""
        return self.refs.setdefault(found[1], f"#entry-{len(self.refs) + 1}")


async def a_clash_is_told(talk: Conversation) -> None:
    talk.cards["clash"] = await talk.world.says(OPERATIONS, "/clash", CLASH)


async def details_are_added(talk: Conversation) -> None:
    await talk.world.opens(OPERATIONS, talk.cards["clash"], "Add details")
    assert await talk.world.submits(OPERATIONS, effect="2 washes of 40 minutes") == {}


async def the_kind_is_changed_and_changed_back(talk: Conversation) -> None:
    await talk.world.presses(OPERATIONS, talk.cards["clash"], "Change kind")
    await talk.world.presses(OPERATIONS, talk.cards["clash"], "Back")


async def the_other_side_is_asked(talk: Conversation) -> None:
    await talk.world.opens(OPERATIONS, talk.cards["clash"], "Ask the other side")
    assert await talk.world.submits(OPERATIONS, whom="person", person=person_id(SALES)) == {}


async def the_other_side_forgets_to_tell_anything(talk: Conversation) -> None:
    await talk.world.opens(SALES, await talk.world.newest(SALES, None), "Tell my side")
    assert await talk.world.submits(SALES, what_happened=" ") != {}


async def the_other_side_tells(talk: Conversation) -> None:
    assert await talk.world.submits(SALES, what_happened=TOLD, kind="went_well") == {}


async def both_sides_are_read(talk: Conversation) -> None:
    await talk.world.opens(OPERATIONS, await talk.world.newest(OPERATIONS, None), "Read both sides")


async def it_is_shared(talk: Conversation) -> None:
    talk.cards["clash"] = await talk.world.says(OPERATIONS, "/clash", "On Monday 8 June line 2 stood still at 14:10.")
    await talk.world.presses(OPERATIONS, talk.cards["clash"], "Share")


async def the_home_is_opened_while_the_connection_breaks(talk: Conversation) -> None:
    opening = asyncio.create_task(talk.world.person(SALES).open_home())
    if talk.over_sockets:
        await asyncio.sleep(0)  # the event is under way now
        talk.world.playground.dispatcher.sockets.drop()
    await opening
    await talk.world.settle()


async def somebody_new_comes_in(talk: Conversation) -> None:
    talk.cards["new"] = await talk.world.says(NEWCOMER, "/win", "The night shift swapped two batches on 3 June.")


async def they_say_where_they_work(talk: Conversation) -> None:
    await talk.world.presses(NEWCOMER, talk.cards["new"], "Operations")


async def somebody_writes_in_dutch(talk: Conversation) -> None:
    await talk.world.says(DUTCH_SALES, "/win", "Op 9 juni reed de extra vrachtwagen op tijd.")


async def a_message_is_captured(talk: Conversation) -> None:
    message = (await talk.world.person(SALES).sees(PLANNING))[0]
    await talk.world.person(SALES).shortcut("capture_clash", message)
    await talk.world.settle()
    assert await talk.world.submits(SALES, effect="900 trays") == {}


async def the_entries_are_listed(talk: Conversation) -> None:
    talk.cards["list"] = await talk.world.says(SALES, "/sop", "entries")


async def they_are_filtered(talk: Conversation) -> None:
    await talk.world.opens(SALES, talk.cards["list"], "Filter…")
    assert await talk.world.submits(SALES, kind="clash", text="football") == {}


async def a_decision_is_asked(talk: Conversation) -> None:
    page = await talk.world.says(FACILITATOR, "/sop", "decisions")
    await talk.world.opens(FACILITATOR, page, "Ask a decision")
    meeting = next(one for one in talk.world.rows(Meeting) if one.key == "2026-06-EX")
    form = {
        "question": "Which days does line 2 wash at noon?",
        "kind": "decide",
        "option_a": "Monday and Thursday; 40 trays less",
        "option_b": "Friday only; a fuller Monday",
        "recommendation": "B",
        "owner": person_id(SALES),
    }
    assert await talk.world.submits(FACILITATOR, meeting=meeting.id, **form) == {}


async def somebody_objects(talk: Conversation) -> None:
    page = await talk.world.says(OPERATIONS, "/sop", "decisions")
    await talk.world.opens(OPERATIONS, page, "Object")
    assert await talk.world.submits(OPERATIONS, reason="It names each customer on line 1.") == {}


async def somebody_writes_to_the_bot(talk: Conversation) -> None:
    await talk.world.person(DUTCH_SALES).message("Hallo?")
    await talk.world.settle()


async def the_brief_comes(talk: Conversation) -> None:
    await talk.world.forward(BRIEF_DUE)


async def its_details_are_read(talk: Conversation) -> None:
    seen = await talk.world.person(SALES).sees(CHANNEL)
    brief = next(message for message in reversed(seen) if "Brief for the pre-S&amp;OP" in words(message))
    await talk.world.opens(DUTCH_SALES, brief, "Details")


async def the_help_is_read(talk: Conversation) -> None:
    await talk.world.says(NEWCOMER, "/sop", "help")


async def slack_announces_a_new_connection(talk: Conversation) -> None:
    await talk.world.playground.dispatcher.sockets.refresh("warning")


async def slack_asks_for_it(talk: Conversation) -> None:
    sockets = talk.world.playground.dispatcher.sockets
    await sockets.connected(2)
    await sockets.refresh()


async def the_connection_breaks(talk: Conversation) -> None:
    sockets = talk.world.playground.dispatcher.sockets
    sockets.drop()
    await sockets.connected()


PEOPLE: tuple[Act, ...] = (
    a_clash_is_told,
    details_are_added,
    the_kind_is_changed_and_changed_back,
    the_other_side_is_asked,
    the_other_side_forgets_to_tell_anything,
    the_other_side_tells,
    both_sides_are_read,
    somebody_new_comes_in,
    they_say_where_they_work,
    it_is_shared,
    somebody_writes_in_dutch,
    a_message_is_captured,
    the_home_is_opened_while_the_connection_breaks,
    the_entries_are_listed,
    they_are_filtered,
    a_decision_is_asked,
    somebody_objects,
    somebody_writes_to_the_bot,
    the_brief_comes,
    its_details_are_read,
    the_help_is_read,
)
CONNECTION: dict[Act, Act] = {
    the_other_side_is_asked: slack_announces_a_new_connection,
    the_other_side_tells: slack_asks_for_it,
    they_say_where_they_work: the_connection_breaks,
}
"""What happens to the connection before an act of theirs."""


async def play(talk: Conversation, wait: Callable[[], Awaitable[None]]) -> list[str]:
    """Every act in its turn, at moments of the world's clock that are the same in every run; what everybody saw."""
    for number, act in enumerate(PEOPLE):
        if number and act is not its_details_are_read:
            talk.world.clock.set(max(talk.world.clock.now(), START + timedelta(seconds=30 * number)))
        if talk.over_sockets and act in CONNECTION:
            await CONNECTION[act](talk)
        await act(talk)
        await talk.look(act.__name__)
        await wait()
    return talk.seen


async def transcript(database_url: str, folder: Path, app_token: str, seconds: float = 0) -> list[str]:
    """What everybody saw over Socket Mode (with an app token) or HTTP, spread over so many real seconds."""

    async def wait() -> None:
        await asyncio.sleep(seconds / len(PEOPLE))

    async with open_world(database_url, folder, app_token) as world:
        return await play(Conversation(world), wait)


def main() -> int:
    """Both transports one after the other; 1 when somebody saw something else."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long each of the two conversations lasts")
    seconds = parser.parse_args().seconds
    configure_logs()
    over_http, over_sockets = _seen("HTTP", "", seconds), _seen("Socket Mode", APP_TOKEN, seconds)
    difference = [*unified_diff(over_http, over_sockets, "HTTP", "Socket Mode", lineterm="", n=0)]
    sys.stdout.write("\n".join(difference) or "All of them saw the same over both.\n")
    return 1 if difference else 0


def _seen(transport: str, app_token: str, seconds: float) -> list[str]:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        url = SqliteFiles(Path(folder)).fresh_url(Path(folder))
        seen = asyncio.run(transcript(url, Path(folder), app_token, seconds))
    took = time.monotonic() - began
    sys.stdout.write(f"{transport}: {len(PEOPLE)} acts in {took:.0f} s, {len(seen)} times somebody saw something\n")
    return seen


if __name__ == "__main__":
    raise SystemExit(main())
