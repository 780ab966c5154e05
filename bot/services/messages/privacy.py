"""Golden message 19: what is stored about the reader, and what comes of their presses."""

from collections.abc import Mapping, Sequence

from bot.domain.chat import Button, Buttons, Message, Part, Small, Text
from bot.services.access import Actor
from bot.templates import Rich, Speaker

ALWAYS = ("entries", "agreements")
"""Told also where there is none."""

STORED = (
    *ALWAYS,
    *("decisions", "objections", "agenda", "asked_of_you", "meetings_invited", "absences"),
    *("checkins", "checkin_turns", "checkin_texts", "announcements", "changes_by_you"),
)
STAYS = (
    *("entries", "agreements", "decisions", "objections", "agenda"),
    *("checkins", "checkin_turns", "checkin_texts", "announcements", "changes_by_you"),
)
"""What keeps its place without the name; names as in `storage.privacy.HELD`."""


def stored(actor: Actor, held: Mapping[str, int]) -> Message:
    speak = actor.speaker
    counts = [_count(speak, kind, held) for kind in STORED if held[kind] or kind in ALWAYS]
    parts: list[Part] = [Text(speak.text("privacy", "stored", counts=counts))]
    if actor.member.undisturbed:
        parts.append(Small(speak.text("privacy", "stopped_note")))
    parts.append(
        Buttons(
            (
                speak.button("export_mine", "privacy.export"),
                speak.button("delete_mine", "privacy.delete"),
                _asking(speak, undisturbed=actor.member.undisturbed),
            )
        )
    )
    return Message(speak.plain("privacy", "summary"), tuple(parts))


def before_erasure(speak: Speaker, held: Mapping[str, int]) -> Message:
    """One screen that says it all, then one press."""
    parts = (
        Text(speak.text("privacy", "erase_goes")),
        Text(speak.text("privacy", "erase_stays", counts=_counts(speak, held, STAYS))),
        Text(speak.text("privacy", "erase_words")),
        Text(speak.text("privacy", "erase_last")),
        Buttons(
            (
                speak.button("back", "privacy.show"),
                speak.button("all_my_entries", "entries.list", "mine"),
                speak.button("delete_it", "privacy.erase", style="danger"),
            )
        ),
    )
    return Message(speak.plain("privacy", "erase_summary"), parts)


def erased(speak: Speaker, mentions: Mapping[str, int]) -> Message:
    parts: list[Part] = [Text(speak.text("privacy", "erased"))]
    if count := sum(mentions.values()):
        parts.append(Small(speak.text("privacy", "erased_mentions", count=count)))
    return Message(speak.plain("privacy", "erased"), tuple(parts))


def asking_set(speak: Speaker, *, undisturbed: bool) -> Message:
    block = "asking_stopped" if undisturbed else "asking_again"
    buttons = Buttons((_asking(speak, undisturbed=undisturbed), speak.button("back", "privacy.show")))
    return Message(speak.plain("privacy", block), (Text(speak.text("privacy", block)), buttons))


def file_sent(speak: Speaker) -> Message:
    back = Buttons((speak.button("back", "privacy.show"),))
    return Message(speak.plain("privacy", "file_sent"), (Text(speak.text("privacy", "file_sent")), back))


def file_not_sent(speak: Speaker, *, not_allowed: bool) -> Message:
    text = Text(speak.text("privacy", "file_not_sent", not_allowed=not_allowed))
    again = Buttons((speak.button("export_mine", "privacy.export"), speak.button("back", "privacy.show")))
    return Message(speak.plain("privacy", "file_not_sent", not_allowed=not_allowed), (text, again))


def file_title(speak: Speaker) -> str:
    return speak.plain("privacy", "file_title")


def _asking(speak: Speaker, *, undisturbed: bool) -> Button:
    if undisturbed:
        return speak.button("ask_again", "privacy.ask")
    return speak.button("stop_asking", "privacy.stop")


def _counts(speak: Speaker, held: Mapping[str, int], kinds: Sequence[str]) -> list[Rich]:
    return [_count(speak, kind, held) for kind in kinds if held[kind]]


def _count(speak: Speaker, kind: str, held: Mapping[str, int]) -> Rich:
    return speak.text("privacy", f"count_{kind}", count=held[kind])
