"""What a form lets choose from, and whether an answer is one of it."""

from sqlmodel import Session

from bot.domain.errors import Refused
from bot.services.access import Actor
from bot.services.entries.guesses import Guesses
from bot.services.messages.entry_forms import Choices
from storage.objectives import list_objectives
from storage.tables import Entry, Kind
from storage.tensions import find_tension, list_tensions


def choices_of(session: Session, actor: Actor, guesses: Guesses | None = None, entry: Entry | None = None) -> Choices:
    """What is stored is filled in; where nothing is, the guess."""
    tension = (entry and entry.tension_key) or (guesses and guesses.tension_key)
    level = (entry and entry.level) or (guesses and guesses.level)
    return Choices(
        tensions=list_tensions(session, actor.workspace.id),
        objectives=list_objectives(session, actor.workspace.id),
        tension=tension or None,
        objective=entry.objective_key if entry else None,
        level=level or None,
    )


def kind_named(word: str) -> Kind:
    """The kind a button stands for."""
    if word not in set(Kind):
        raise Refused("old_button")
    return Kind(word)


def known_tension(session: Session, actor: Actor, key: str | None) -> str | None:
    return key if key and find_tension(session, actor.workspace.id, key) else None


def known_objective(session: Session, actor: Actor, key: str | None) -> str | None:
    known = {objective.key for objective in list_objectives(session, actor.workspace.id)} if key else ()
    return key if key in known else None
