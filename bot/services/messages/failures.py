"""What a facilitator reads when a post did not arrive."""

from dataclasses import dataclass

from bot.domain.chat import Buttons, Message, Text
from bot.templates import Speaker

WHATS = frozenset({"brief", "share", "ask", "help"})
CURES = frozenset({"not_in_channel", "archived", "channel_gone", "person_gone", "not_allowed"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where it should have stood: a channel by name, or a person; neither where we know no name."""

    channel: str | None
    person: str | None


def failed(speak: Speaker, what: str, where: Place, reason: str, outbox_id: str) -> Message:
    """`what` is the first word of the outbox key, `reason` that of the `DeliveryError`."""
    thing = speak.plain("failure", f"thing_{what}" if what in WHATS else "thing_other")
    cure = f"cure_{reason}" if reason in CURES else "cure_other"
    said = speak.text("failure", "failed", thing=thing, where=where, cure=speak.text("failure", cure))
    again = Buttons((speak.button("post_again", "outbox.again", outbox_id, "primary"),))
    return Message(speak.plain("failure", "failed", thing=thing, where=where, cure=""), (Text(said), again))


def posted_again(speak: Speaker, *, waiting: bool) -> Message:
    block = "again" if waiting else "not_again"
    return Message(speak.plain("failure", block), (Text(speak.text("failure", block)),))
