"""docs/roles.md is true: the real app is asked every line of it, in every role."""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from bot.domain.sop_words import ENGLISH
from bot.playground import PersonSeed
from bot.playground.dispatch import FORM, Request
from bot.playground.model import Message
from bot.playground.payloads import Payloads
from bot.templates import speaker
from handlers import registered
from storage.tables import (
    AgendaItem,
    Ask,
    AskState,
    Checkin,
    CheckinAsked,
    CheckinRound,
    Entry,
    Kind,
    Meeting,
    Member,
    Outcome,
    Role,
    Visibility,
)
from tests.databases import SqliteFiles
from tests.flows.world import CHANNEL, DUTCH_OPERATIONS, FACILITATOR, FINANCE, OPERATIONS, World, open_world, person_id

ROLES: Final = ("guest", "member", "facilitator", "admin")
PEOPLE: Final = {"guest": "GUEST", "member": OPERATIONS, "facilitator": FACILITATOR, "admin": FINANCE}
GUEST: Final = PersonSeed("U0GUEST", "gus", "Gus Guest", "from an agency", is_restricted=True)
ROW: Final = re.compile(r"\| [^|]+<sub>`([^`]+)`</sub> \| (\w+) \| (\w+) \| (\w+) \| (\w+) \|")

SENTENCES: Final = (
    *("guest", "facilitators_only", "admins_only", "setup_by_others", "not_yours", "token_needed", "status_rights"),
    *("agenda_not_yours", "not_asked", "not_your_side", "entry_hidden", "left", "checkin_not_yours"),
)
"""What is said to who may not."""

OF_ENTRIES: Final = "{entry}"
VALUES: Final[Mapping[str, str]] = {
    "entry.set_kind": "{entry}|went_well",
    "entry.link": "{entry}|{entry}",
    **dict.fromkeys(("ask.tell", "ask.tell_beside", "ask.later", "ask.refuse", "ask.tell_save"), "{ask}"),
    "ask.take": "{side_ask}",
    "agenda.remove": "{item}",
    **dict.fromkeys(("checkin.answer", "checkin.answer_home", "checkin.save", "checkin.change"), "{round}"),
    "checkin.kind": "{round} {entry}",
    "checkin.set_kind": "{round} {entry} went_well",
    **dict.fromkeys(("checkin.later", "checkin.away", "checkin.away_save", "checkin.skip", "checkin.undo"), "{round}"),
}
"""The value of a button that is about something of somebody's; an entry unless it says otherwise."""

LAST: Final = "privacy.erase"
"""After it nobody is there to ask for more."""


def table() -> dict[str, dict[str, str]]:
    """What docs/roles.md says: of each command, button and form what every role may."""
    text = (Path(__file__).parents[2] / "docs/roles.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "What |" not in line]
    parsed = [ROW.fullmatch(row) for row in rows]
    assert all(parsed), [row for row, found in zip(rows, parsed, strict=True) if not found]
    found = [(match[1], dict(zip(ROLES, match.groups()[1:], strict=True))) for match in parsed if match]
    names = [name for name, _ in found]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    return dict(found)


def test_every_command_button_form_and_shortcut_has_its_line() -> None:
    handled = registered()
    words = [f"/sop {word}" for word in ENGLISH]
    commands = [command for command in handled["commands"] if command != "/sop"]
    everything = [*commands, *words, *handled["actions"], *handled["views"], *handled["shortcuts"]]
    assert len(everything) == len(set(everything))
    assert set(table()) == set(everything)


def test_the_table_says_nothing_but_yes_no_and_own() -> None:
    assert {word for roles in table().values() for word in roles.values()} == {"yes", "no", "own"}


@dataclass
class Asking:
    """One person asks the app; things of theirs, and of somebody else, are at hand."""

    world: World
    key: str
    _numbers: Iterator[int] = field(default_factory=count)

    async def is_refused(self, name: str, *, own: bool = False) -> bool:
        """Whether the app says that they may not."""
        answer = await self._sends(name, VALUES.get(name, OF_ENTRIES).format(**self._things(own=own)))
        return any(sentence in answer for sentence in REFUSALS)

    async def _sends(self, name: str, value: str) -> str:
        """All that the person reads in answer."""
        people, payloads = self.world.playground.workspace, Payloads(self.world.playground)
        person, channel = people.find_person(person_id(self.key)), people.find_channel(CHANNEL)
        before = len(await self._ephemeral())
        if name.startswith("/"):
            command, _, typed = name.partition(" ")
            body = payloads.command(person, channel, command, typed or "On 3 June at 10:05 line 2 stood still.")
        else:
            body = {"payload": json.dumps(self._payload(name, value, person, channel, payloads))}
        answer = await self.world.playground.dispatcher.post(Request(urlencode(body), FORM))
        await self.world.ampersand.house.settle()
        windows = self.world.playground.workspace.views.stack(person.id)
        told = [json.dumps([message.text, message.blocks]) for message in await self._ephemeral(before)]
        shown = [json.dumps(windows[-1].payload)] if windows else []
        for window in reversed(windows):
            self.world.playground.workspace.views.close(window)
        return "\n".join(_unescaped(text) for text in (answer.text, *told, *shown))

    async def _ephemeral(self, known: int = 0) -> list[Message]:
        """What only they see in the channel, from the message of that number on."""
        messages = await self.world.playground.workspace.messages(CHANNEL, person_id(self.key))
        return [message for message in messages if message.ephemeral_to][known:]

    def _payload(self, name: str, value: str, person: Any, channel: Any, payloads: Payloads) -> dict[str, Any]:
        handled = registered()
        trigger = payloads.trigger(person)
        if name in handled["shortcuts"]:
            kind = "shortcut" if name == "capture_anywhere" else "message_action"
            message = self.world.playground.workspace.message_book.in_channel(CHANNEL, person.id)[0]
            place = {} if kind == "shortcut" else payloads.on_message(kind, person, channel, message)
            url = {} if kind == "shortcut" else payloads.response_url(person, message)
            return payloads.common(kind, person) | place | url | trigger | {"callback_id": name, "type": kind}
        if name in handled["views"]:
            return payloads.common("view_submission", person) | trigger | {"view": self._view(name, value)}
        message = self.world.playground.workspace.message_book.in_channel(CHANNEL, person.id)[0]
        place = payloads.on_message("block_actions", person, channel, message)
        pressed = {"action_id": name, "block_id": "b", "type": "button", "value": value, "action_ts": "1"}
        return place | payloads.response_url(person, message) | trigger | {"actions": [pressed]}

    def _view(self, name: str, value: str) -> dict[str, Any]:
        """A form that carries whose it is, and holds nothing."""
        carried = {"entry": value, "handle": value, "ask": value, "round": value} | dict.fromkeys(
            ("meeting", "decision", "brief", "member", "series", "checkin", "question"), "junk"
        )
        field_ = {"type": "input", "block_id": "field", "element": {"type": "plain_text_input", "action_id": "field"}}
        return {
            "id": f"V{next(self._numbers)}{self.key}",
            "callback_id": name,
            "hash": "1",
            "type": "modal",
            "private_metadata": json.dumps(carried),
            "state": {"values": {}},
            "blocks": [field_],
        }

    def _things(self, *, own: bool) -> dict[str, str]:
        """A fresh entry, question and point of an agenda: their own, or those of somebody of the plants."""
        with self.world.ampersand.database.transaction() as session:
            members = {member.external_id: member for member in session.exec(select(Member)).all()}
            me, other = members.get(person_id(self.key)), members[person_id(DUTCH_OPERATIONS)]
            mine = me if own and me else other
            entry, asked_about, side_asked = (self._entry(mine) for _ in range(3))
            session.add_all((entry, asked_about, side_asked))
            session.flush()
            until = self.world.clock.now().date()
            here: dict[str, Any] = {
                "workspace_id": mine.workspace_id,
                "show_words": True,
                "state": AskState.OPEN,
                "until": until,
            }
            ask = Ask(id=f"{entry.id}a", entry_id=asked_about.id, asked_id=mine.id, **here)
            side = mine.side if own else "general"
            side_ask = Ask(id=f"{entry.id}s", entry_id=side_asked.id, asked_side=side, **here)
            meeting = max(session.exec(select(Meeting)).all(), key=lambda meeting: meeting.starts_at)
            item = AgendaItem(
                id=f"{entry.id}i",
                workspace_id=mine.workspace_id,
                meeting_id=meeting.id,
                member_id=mine.id,
                text="The noon wash",
                added_at=self.world.clock.now(),
            )
            side_asked.author_id = other.id if own else mine.id
            round_ = self._round(session.exec(select(Checkin)).all()[0], f"{entry.id}r")
            session.add_all((ask, side_ask, item, round_))
            session.flush()
            session.add(CheckinAsked(round_id=round_.id, member_id=mine.id, side=mine.side, outcome=Outcome.ASKED))
            return {
                "entry": entry.ref,
                "ask": ask.id,
                "side_ask": side_ask.id,
                "item": item.id,
                "round": round_.id,
            }

    def _round(self, checkin: Checkin, round_id: str) -> CheckinRound:
        now = self.world.clock.now()
        return CheckinRound(
            id=round_id,
            workspace_id=checkin.workspace_id,
            checkin_id=checkin.id,
            day=now.date(),
            number=next(self._numbers),
            label=round_id,
            closes_at=now + timedelta(days=1),
        )

    def _entry(self, author: Member) -> Entry:
        number = next(self._numbers)
        return Entry(
            id=f"{self.key}{number}",
            workspace_id=author.workspace_id,
            ref="".join("bcdfghjkmn"[int(digit)] for digit in f"{number:05d}"),
            kind=Kind.CLASH,
            visibility=Visibility.NAMED,
            side=author.side,
            author_id=author.id,
            created_on=self.world.clock.now().date(),
            created_at=self.world.clock.now(),
            what_happened="On 3 June at 10:05 line 2 stood still.",
        )


def _unescaped(text: str) -> str:
    """Without the signs that JSON and Slack's markup put before others."""
    return (
        re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text).replace("*", "").replace("&amp;", "&")
    )


def _stable_part(sentence: str) -> str:
    """The longest piece of what it says first that names nobody and nothing."""
    said = speaker("en", "UTC").text("error", sentence, company="\0", names="\0", ref="\0", side="\0")
    opening = said.split("**")[1] if said.startswith("**") else said
    return max(re.split("[\0\n]", opening), key=len).strip()


REFUSALS: Final = tuple(_stable_part(sentence) for sentence in SENTENCES)


@pytest.fixture
async def world(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[World]:
    """The sample company with an admin and a guest."""
    async with open_world(sqlite_files.fresh_url(tmp_path), tmp_path) as opened:
        guest = opened.playground.workspace.add_person(GUEST)
        workspace = opened.playground.workspace
        workspace.join(workspace.find_channel(CHANNEL), guest.id)
        with opened.ampersand.database.transaction() as session:
            admin = session.exec(select(Member).where(Member.external_id == person_id(FINANCE))).one()
            admin.role = Role.ADMIN
            session.add(admin)
        await opened.person(OPERATIONS).message("The truck to Retailer A left at 05:10.", CHANNEL)
        yield opened


@pytest.mark.parametrize("role", ROLES)
async def test_the_app_answers_as_the_table_says(world: World, role: str) -> None:
    asking, wrong = Asking(world, PEOPLE[role]), {}
    rows = table()
    for name in sorted(rows, key=lambda name: name == LAST):
        may = rows[name][role]
        refused = await asking.is_refused(name)
        if refused == (may == "yes"):
            wrong[name] = f"{may}, and was {'refused' if refused else 'answered'}"
        if may == "own" and await asking.is_refused(name, own=True):
            wrong[name] = "own, and was refused"
    assert wrong == {}


async def test_of_a_guest_nothing_is_kept(world: World) -> None:
    before = {table: len(world.rows(table)) for table in (Member, Entry)}
    asking = Asking(world, "GUEST")
    for name in ("/clash", "capture_clash", "entry.save", "side.choose", "settings.save"):
        assert await asking.is_refused(name)
    entries_at_hand = 3 * 5
    assert len(world.rows(Member)) == before[Member]
    assert len(world.rows(Entry)) == before[Entry] + entries_at_hand
