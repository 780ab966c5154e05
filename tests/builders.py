"""Rows with sensible defaults, saved: `a_member(store, name="Els")`.

`store` is a `Database` (its own transaction) or the `Session` one is in. Ids count per test and chance is seeded, so
that a test that runs again says the same.
"""

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from bot.domain.chat import Heading, Message, Text
from bot.services.context import Context, Secrets
from storage.database import Database
from storage.tables import (
    Agreement,
    AgreementStatus,
    Entry,
    Kind,
    Meeting,
    MeetingType,
    Member,
    Objective,
    Platform,
    Side,
    SideKind,
    Tension,
    Visibility,
    Workspace,
)
from tests.clock import T0

Store = Database | Session
Row = TypeVar("Row", bound=SQLModel)

SECRETS = Secrets(b"the secret of this test installation")
WORKSPACE = "workspace1"
_dice = random.Random(2026)
_ids: Counter[str] = Counter()


def start_over() -> None:
    """The same ids and the same chance for every test."""
    _dice.seed(2026)
    _ids.clear()


def dice(count: int) -> bytes:
    """Chance that repeats itself in every run."""
    return _dice.randbytes(count)


def a_context(now: datetime = T0) -> Context:
    return Context(now=now, random=dice, secrets=SECRETS)


def a_workspace(store: Store, /, **over: Any) -> Workspace:
    defaults: dict[str, Any] = {
        "id": _next_id("workspace"),
        "platform": Platform.SLACK,
        "external_id": "T" + str(_ids["workspace"]),
        "name": "Saladine Foods",
        "channel_id": "C-SOP",
        "channel_name": "sales-operations",
        "created_at": T0 - timedelta(days=100),
    }
    return _save(store, Workspace(**defaults | over))


def a_side(store: Store, /, **over: Any) -> Side:
    defaults: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "key": "sales",
        "name": "Sales",
        "kind": SideKind.COUNTERPART,
    }
    return _save(store, Side(**defaults | over))


def a_member(store: Store, /, **over: Any) -> Member:
    number = _next_id("member")
    defaults: dict[str, Any] = {
        "id": number,
        "workspace_id": WORKSPACE,
        "external_id": number.replace("member", "U"),
        "name": number.title(),
        "side": "sales",
        "active_from": (T0 - timedelta(days=100)).date(),
    }
    return _save(store, Member(**defaults | over))


def a_tension(store: Store, /, **over: Any) -> Tension:
    defaults: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "key": _next_id("tension"),
        "name": "Late changes",
        "name_nl": "Late wijzigingen",
        "first_interest": "react to the customer",
        "second_interest": "a stable schedule",
        "shared_interest": "deliver what was promised",
    }
    return _save(store, Tension(**defaults | over))


def an_objective(store: Store, /, **over: Any) -> Objective:
    defaults: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "key": _next_id("objective"),
        "name": "On time in full",
        "name_nl": "Op tijd en compleet",
        "indicator": "OTIF",
        "indicator_nl": "OTIF",
        "measure": "orders delivered on time and in full",
        "unit": "%",
        "direction": "up",
        "baseline": 91.0,
        "target": 96.0,
        "target_date": (T0 + timedelta(days=200)).date(),
    }
    return _save(store, Objective(**defaults | over))


def an_entry(store: Store, /, **over: Any) -> Entry:
    """A named entry, unless `visibility` says otherwise: then without what a side-only entry may not have."""
    number = _next_id("entry")
    defaults: dict[str, Any] = {
        "id": number,
        "workspace_id": WORKSPACE,
        "ref": number.replace("entry", "k7m"),
        "kind": Kind.CLASH,
        "visibility": Visibility.NAMED,
        "side": "sales",
        "created_on": T0.date(),
        "what_happened": "The order was changed on Friday at four.",
    }
    if over.get("visibility") != Visibility.SIDE_ONLY:
        defaults["created_at"] = T0
    return _save(store, Entry(**defaults | over))


def a_meeting(store: Store, /, **over: Any) -> Meeting:
    defaults: dict[str, Any] = {
        "id": _next_id("meeting"),
        "workspace_id": WORKSPACE,
        "key": f"2026-06-PS{_ids['meeting']}",
        "cycle": "2026-06",
        "type": MeetingType.PRE_SOP,
        "title": "Pre-S&OP (reconciliation)",
        "starts_at": T0 + timedelta(days=5),
        "duration_minutes": 90,
        "timezone": "Europe/Amsterdam",
        "brief_due_at": T0 + timedelta(hours=17),
    }
    return _save(store, Meeting(**defaults | over))


def an_agreement(store: Store, /, **over: Any) -> Agreement:
    number = _next_id("agreement")
    defaults: dict[str, Any] = {
        "id": number,
        "workspace_id": WORKSPACE,
        "key": number.replace("agreement", "A"),
        "title": "Seven days for the menu",
        "text": "The menu is fixed seven days ahead.",
        "made_on": T0.date(),
        "due_on": (T0 + timedelta(days=14)).date(),
        "status": AgreementStatus.OPEN,
    }
    return _save(store, Agreement(**defaults | over))


def a_message(summary: str = "Brief before the pre-S&OP") -> Message:
    return Message(summary, (Heading(summary), Text("In one sentence.")))


def _next_id(noun: str) -> str:
    _ids[noun] += 1
    return f"{noun}{_ids[noun]}"


def _save(store: Store, row: Row) -> Row:
    if isinstance(store, Session):
        store.add(row)
        store.flush()
        return row
    with store.transaction() as session:
        session.add(row)
    return row
