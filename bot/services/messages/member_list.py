"""The list of members for facilitators, the form that changes one, and who is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.chat import Buttons, ChoiceField, DateField, Field, Form, Message, Option, Part, Small, Text
from bot.services.access import Actor
from bot.services.messages import days
from bot.services.messages.days import DaysFacts
from bot.templates import Rich, Speaker
from bot.templates.formats import cut
from storage.tables import Member, Role, Side

NEWCOMERS: Final = 5
"""So many stand on the Home; the list has them all."""

SOUGHT: Final = 40


@dataclass(frozen=True, slots=True)
class Row:
    """`away_until` is the last day of the absence that runs."""

    member: Member
    side: str
    is_new: bool
    away_until: date | None = None


def page(actor: Actor, rows: Sequence[Row], found: int, sought: str, more: str | None, today: date) -> Message:
    """`found` members in all; `more` is the value of the button to the next page."""
    speak = actor.speaker
    opening = speak.text("member_list", "opening", n=found, sought=cut(sought, SOUGHT))
    lines = [Text(_line(speak, row, today), speak.button("change", "member.open", row.member.id)) for row in rows]
    buttons = (Buttons((speak.button("more", "member.list", more),)),) if more else ()
    parts: tuple[Part, ...] = (Text(opening), *lines, *buttons, Small(speak.text("member_list", "note")))
    return Message(speak.plain("member_list", "summary"), parts)


def newcomers(speak: Speaker, rows: Sequence[Row]) -> tuple[Part, ...]:
    """ "New this week" on the Home of a facilitator; nothing when nobody is."""
    if not rows:
        return ()
    lines = [
        Text(speak.text("member_list", "newcomer", row=row), speak.button("change", "member.open", row.member.id))
        for row in rows[:NEWCOMERS]
    ]
    rest = len(rows) - len(lines)
    opening = speak.text("member_list", "newcomers", rest=rest)
    return (Text(opening, speak.button("all_members", "member.list")), *lines)


def form(speak: Speaker, facts: DaysFacts, sides: Sequence[Side], *, with_role: bool) -> Form:
    member = facts.member
    role = _role(speak, member, with_role=with_role)
    their_days = days.fields(speak, facts, types_site=True)
    return Form(
        action="member.save",
        title=speak.plain("member_list", "form_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(_side(speak, member, sides), *their_days, *_how(speak, member), *role),
        notice=speak.text("member_list", "form_notice", name=member.name),
        payload={"member": member.id, **days.payload(facts, their_days)},
    )


def saved(actor: Actor, row: Row) -> Message:
    speak = actor.speaker
    facts = {"row": row, "role": _role_word(speak, row.member)}
    buttons = Buttons((speak.button("all_members", "member.list"),))
    text = Text(speak.text("member_list", "saved", **facts), speak.button("change", "member.open", row.member.id))
    return Message(speak.plain("member_list", "saved", **facts), (text, buttons))


def _line(speak: Speaker, row: Row, today: date) -> Rich:
    member = row.member
    has_left = member.active_to is not None and member.active_to < today
    return speak.text("member_list", "line", row=row, role=_role_word(speak, member), has_left=has_left)


def _role_word(speak: Speaker, member: Member) -> str | None:
    return None if member.role == Role.MEMBER else speak.word(f"role_{member.role}")


def _side(speak: Speaker, member: Member, sides: Sequence[Side]) -> ChoiceField:
    options = tuple(Option(side.key, side.name) for side in sides)
    hint = speak.plain("member_list", "side_hint")
    return ChoiceField("side", _label(speak, "side"), options, hint=hint, required=True, initial=member.side)


def _how(speak: Speaker, member: Member) -> tuple[Field, ...]:
    languages = (Option("en", "English"), Option("nl", "Nederlands"))
    hint = speak.plain("member_list", "last_day_hint")
    return (
        ChoiceField("language", _label(speak, "language"), languages, required=True, initial=member.language),
        DateField("active_to", _label(speak, "last_day"), hint=hint, initial=member.active_to),
    )


def _role(speak: Speaker, member: Member, *, with_role: bool) -> tuple[Field, ...]:
    roles = tuple(Option(role, speak.word(f"role_{role}")) for role in Role)
    hint = speak.plain("member_list", "role_hint")
    field = ChoiceField("role", _label(speak, "role"), roles, hint=hint, required=True, initial=member.role)
    return (field,) if with_role else ()


def _label(speak: Speaker, name: str) -> str:
    return speak.plain("member_list", f"{name}_label")
