"""When briefs come: the form, and what was set."""

from collections.abc import Mapping
from datetime import time
from typing import Final

from bot.domain.brief_times import USUAL, BriefTime
from bot.domain.chat import ChoiceField, Form, Message, Option, TextField
from bot.services.access import Actor
from bot.services.messages.meetings import said
from bot.templates import Speaker
from storage.tables import Meeting, MeetingType

LEADS: Final = (1, 2, 3, 4, 5, 7, 10)


def form(speak: Speaker, zone: str, now: Mapping[MeetingType, BriefTime | None]) -> Form:
    """`now` is how it stands per type; `zone` the company's."""
    types = tuple(Option(kind, speak.word(f"meeting_{kind}")) for kind in MeetingType)
    leads = (Option("0", speak.plain("meeting", "brief_rule_none")), *(Option(str(n), str(n)) for n in LEADS))
    return Form(
        action="brieftime.save",
        title=speak.plain("meeting", "brief_rule_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            ChoiceField(
                "type",
                speak.plain("meeting", "brief_rule_type_label"),
                types,
                required=True,
                initial=MeetingType.PRE_SOP,
            ),
            ChoiceField("lead", speak.plain("meeting", "brief_rule_lead_label"), leads, required=True, initial="2"),
            TextField(
                "at",
                speak.plain("meeting", "brief_rule_at_label"),
                hint=speak.plain("meeting", "brief_rule_at_hint", zone=zone),
                initial=f"{USUAL.at:%H:%M}",
                max_length=12,
            ),
        ),
        notice="\n".join(_now(speak, kind, brief) for kind, brief in now.items()),
    )


def saved(
    actor: Actor, meeting_type: MeetingType, lead: int | None, at: time, following: Meeting | None, note_id: str
) -> Message:
    """`following` is the next meeting of the type."""
    due = following.brief_due_at if following and lead else None
    return said(actor, "brief_rule_saved", note_id, type=meeting_type, lead=lead, at=f"{at:%H:%M}", due=due)


def _now(speak: Speaker, kind: MeetingType, brief: BriefTime | None) -> str:
    lead, at = (brief.lead, f"{brief.at:%H:%M}") if brief else (None, "")
    return speak.text("meeting", "brief_rule_now", type=kind, lead=lead, at=at)
