"""All that stands beside one person, as a file for them alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.sealed_defaults import default_visibility
from bot.templates import Speaker
from storage.privacy import list_held

NAME: Final = "ampersand-{day}.json"


@dataclass(frozen=True, slots=True)
class PersonalFile:
    """`content` is for the private chat of `external_id`; `speaker` speaks to them."""

    external_id: str
    name: str
    content: bytes
    speaker: Speaker


def export_mine(session: Session, context: Context, sender: Sender) -> PersonalFile:
    """What stands beside whoever asks; never what others wrote, never scores, never side-only entries.

    It leaves at once and is kept nowhere: in the outbox it would stand in the database a second time.
    """
    actor = access_actor(session, context, sender)
    day = company_day(actor.workspace, context)
    told = _told(context, actor, list_held(session, actor.member))
    content = json.dumps(told, ensure_ascii=False, indent=2, default=str).encode()
    return PersonalFile(actor.member.external_id, NAME.format(day=day), content, actor.speaker)


def _told(
    context: Context, actor: Actor, held: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]]:
    """Every kind that holds something, the person themselves first."""
    you = {**held["you"][0], "examples_shown_with": str(default_visibility(context, actor))}
    rest = {name: rows for name, rows in held.items() if rows and name != "you"}
    return {"company": {"name": actor.workspace.name}, "you": you, **rest}
