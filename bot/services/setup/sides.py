"""Question 1: what the two sides and the bridges between them are called. Their keys stay."""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import chain, count
from typing import Final

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender
from bot.services.audit import note
from bot.services.context import Context
from bot.services.messages import setup as messages
from bot.services.messages import setup_forms as forms
from bot.services.requests import claim_request
from bot.services.setup.claiming import access_setup
from bot.services.setup.finishing import answered
from bot.services.workspaces import DEFAULT_SIDES
from storage.checkin_settings import follow_sides
from storage.members import list_sides
from storage.setup import side_is_used
from storage.tables import SetupQuestion, Side, SideKind

NEW: Final = "another"
"""Stands for one bridge more until it has a name."""

RESERVED: Final = {"company", "the company", "former colleague", "bedrijf", "het bedrijf", "oud-collega"}
"""What a side under five, and somebody who was erased, reads as."""

MOST: Final = 9
"""Sides of a company: as many as one can look through with one glance."""


def sides_form(session: Session, context: Context, sender: Sender) -> Form:
    actor = access_setup(session, context, sender)
    offered = _offered(session, actor)
    return forms.sides(actor.speaker, offered, new=NEW if len(offered) < MOST else None)


def save_sides(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Rename the sides; a bridge without a name goes. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor = access_setup(session, context, sender)
    before = _names(session, actor)
    wished = _wished(session, actor, submission)
    _check_names(wished)
    for side, name in wished:
        _change(session, side, name)
    session.flush()
    after = _names(session, actor)
    if after != before:
        note(session, context, actor, "workspace.sides", actor.workspace.id, before, after)
        follow_sides(session, actor.workspace.id, json.loads(before), json.loads(after))
    return answered(session, context, actor, SetupQuestion.SIDES, messages.said(actor, "sides_saved"))


def _offered(session: Session, actor: Actor) -> list[Side]:
    """The sides there are, and the usual bridges that were taken away, without a name."""
    present = list(list_sides(session, actor.workspace.id))
    keys = {side.key for side in present}
    gone = [(key, kind) for key, _, kind in DEFAULT_SIDES if key not in keys]
    return [*present, *(_unnamed(actor, key, kind, present) for key, kind in gone)]


def _unnamed(actor: Actor, key: str, kind: SideKind, present: Sequence[Side]) -> Side:
    last = max((side.position for side in present), default=0)
    return Side(workspace_id=actor.workspace.id, key=key, name="", kind=kind, position=last + 1)


def _wished(session: Session, actor: Actor, submission: Submission) -> list[tuple[Side, str]]:
    """Each side with the name it is to have, "" = none."""
    offered = _offered(session, actor)
    wished = [(side, _tidy(submission.text(forms.field_of(side.key)))) for side in offered]
    if name := _tidy(submission.text(forms.field_of(NEW))):
        key = _free_key(name, {side.key for side in offered})
        wished.append((_unnamed(actor, key, SideKind.BRIDGE, offered), name))
    return wished


def _tidy(typed: str) -> str:
    """One spelling of what looks the same: no wide letters, nothing invisible."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", typed) if unicodedata.category(char) != "Cf")
    return " ".join(plain.split())


def _check_names(wished: Sequence[tuple[Side, str]]) -> None:
    taken: set[str] = set()
    for side, name in wished:
        if not name and side.kind == SideKind.COUNTERPART:
            raise Refused("side_name_empty", field=forms.field_of(side.key))
        if name.casefold() in taken:
            raise Refused("side_name_twice", field=forms.field_of(side.key if side.name else NEW))
        if name.casefold() in RESERVED:
            raise Refused("side_name_reserved", field=forms.field_of(side.key if side.name else NEW), name=name)
        taken |= {name.casefold()} if name else set()


def _change(session: Session, side: Side, name: str) -> None:
    if name:
        side.name = name
        session.add(side)
    elif side.name and side_is_used(session, side):
        raise Refused("side_in_use", field=forms.field_of(side.key))
    elif side.name:
        session.delete(side)


def _free_key(name: str, taken: Collection[str]) -> str:
    """ "quality_control", or with a number when another side has it."""
    wanted = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or NEW
    return next(key for key in chain([wanted], (f"{wanted}_{n}" for n in count(2))) if key not in taken)


def _names(session: Session, actor: Actor) -> str:
    return json.dumps({side.key: side.name for side in list_sides(session, actor.workspace.id)}, ensure_ascii=False)
