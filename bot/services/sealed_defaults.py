"""How a member's examples are shown unless they say otherwise: sealed, and opened only here."""

from bot.services.access import Actor
from bot.services.context import Context
from storage.tables import Visibility


def default_visibility(context: Context, actor: Actor) -> Visibility:
    """How this member's examples are shown unless they say otherwise."""
    word = context.secrets.unseal(actor.member.sealed_default)
    return Visibility(word) if word else Visibility.NAMED
