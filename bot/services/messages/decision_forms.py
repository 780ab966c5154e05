"""The forms of a question, an objection, and of what else is on the agenda."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.chat import ChoiceField, Field, Form, Option, PersonField, TextField
from bot.domain.decision import LETTERS, DecisionRecord, as_said
from bot.templates import Speaker
from storage.tables import Decision, DecisionKind, Meeting, Objective

NONE: Final = "none"
"""The option that says "none": a list on the platforms cannot be emptied once something is chosen."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the workspace lets choose from."""

    meetings: Sequence[Meeting]
    objectives: Sequence[Objective]


def decision(
    speak: Speaker,
    choices: Choices,
    meeting: Meeting,
    record: DecisionRecord | None = None,
    people: Sequence[str] = (),
) -> Form:
    """A question to ask, or one to change: `record`, with its owners' ids on the platform."""
    stored = record.decision if record else None
    refs = ", ".join(f"#{entry.ref}" for entry in record.entries) if record else ""
    return Form(
        action="decision.save",
        title=_plain(speak, "change_title" if record else "form_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            _text(speak, "question", stored.question if stored else "", required=True, longest=300),
            _kind(speak, stored.kind if stored else DecisionKind.DECIDE),
            *_options(speak, record),
            _recommendation(speak, stored.recommendation if stored else None),
            PersonField("owner", _plain(speak, "label_owner"), required=True, initial=next(iter(people), None)),
            PersonField(
                "co_owner",
                _plain(speak, "label_co_owner"),
                hint=_plain(speak, "hint_co_owner"),
                initial=people[1] if len(people) > 1 else None,
            ),
            *_objectives(speak, choices.objectives, record.objective_keys if record else ()),
            _text(speak, "entries", refs, longest=200),
            _meeting(speak, choices.meetings, meeting),
        ),
        payload={"decision": stored.id} if stored else {},
    )


def objection(speak: Speaker, asked: Decision, reason: str) -> Form:
    about = speak.text("decision", "object_about", question=as_said(asked.kind, asked.question))
    return Form(
        action="decision.object_save",
        title=_plain(speak, "object_title"),
        submit=speak.plain("button", "send"),
        close=speak.plain("button", "cancel"),
        fields=(_text(speak, "reason", reason, required=True, longest=300),),
        notice=f"{about}\n{speak.text('decision', 'object_note')}",
        payload={"decision": asked.id},
    )


def agenda(speak: Speaker, meeting: Meeting) -> Form:
    where = speak.text("decision", "meeting", meeting=meeting)
    return Form(
        action="agenda.save",
        title=_plain(speak, "agenda_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(_text(speak, "what", "", required=True, longest=300), _text(speak, "entry", "", longest=20)),
        notice=f"{where}\n{speak.text('decision', 'agenda_note')}",
        payload={"meeting": meeting.id},
    )


def _plain(speak: Speaker, block: str, **facts: object) -> str:
    return speak.plain("decision", block, **facts)


def _text(speak: Speaker, name: str, initial: str, *, required: bool = False, longest: int) -> TextField:
    label, hint = _plain(speak, f"label_{name}"), _plain(speak, f"hint_{name}")
    return TextField(name, label, hint=hint, required=required, initial=initial, max_length=longest)


def _kind(speak: Speaker, chosen: DecisionKind) -> ChoiceField:
    kinds = tuple(Option(kind, _plain(speak, f"kind_{kind}"), _plain(speak, f"hint_{kind}")) for kind in DecisionKind)
    return ChoiceField("kind", _plain(speak, "label_kind"), kinds, required=True, initial=chosen, shown_open=True)


def _options(speak: Speaker, record: DecisionRecord | None) -> list[TextField]:
    """Four fields; the first two have to be filled in. The first says how."""
    stored = (
        {option.letter: "; ".join(filter(None, (option.text, option.price))) for option in record.options}
        if record
        else {}
    )
    return [
        TextField(
            f"option_{letter.lower()}",
            _plain(speak, "label_option", letter=letter),
            hint=_plain(speak, "hint_option") if letter == LETTERS[0] else "",
            required=letter in LETTERS[:2],
            initial=stored.get(letter, ""),
            max_length=500,
        )
        for letter in LETTERS
    ]


def _recommendation(speak: Speaker, chosen: str | None) -> ChoiceField:
    none = Option(NONE, _plain(speak, "none_yet"))
    letters = tuple(Option(letter, letter) for letter in LETTERS)
    label = _plain(speak, "label_recommendation")
    return ChoiceField("recommendation", label, (*letters, none), required=True, initial=chosen or NONE)


def _objectives(speak: Speaker, objectives: Sequence[Objective], chosen: Sequence[str]) -> list[Field]:
    if not objectives:
        return []
    none = Option(NONE, _plain(speak, "no_objective"))
    named = (*(Option(objective.key, speak.name_of(objective)) for objective in objectives), none)
    filled = [*chosen[:2], NONE, NONE]
    return [
        ChoiceField("objective", _plain(speak, "label_objective"), named, initial=filled[0]),
        ChoiceField("second_objective", _plain(speak, "label_second_objective"), named, initial=filled[1]),
    ]


def _meeting(speak: Speaker, meetings: Sequence[Meeting], chosen: Meeting) -> ChoiceField:
    options = tuple(Option(meeting.id, _plain(speak, "meeting_option", meeting=meeting)) for meeting in meetings)
    return ChoiceField("meeting", _plain(speak, "label_meeting"), options, required=True, initial=chosen.id)
