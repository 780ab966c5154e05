"""The list of what meetings are asked, one question in full, its answers, and objections."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.domain.chat import Button, Buttons, Heading, Message, Part, Quote, Small, Text
from bot.domain.decision import DecisionFacts, DecisionRecord, Objection, OptionFacts, as_said
from bot.services.messages.brief_lines import local_day
from bot.templates import Rich, Speaker
from bot.templates.formats import cut
from storage.tables import (
    AgendaItem,
    Decision,
    DecisionKind,
    DecisionStatus,
    Meeting,
    MeetingType,
)

OPTION = 150
"""Characters of an option in the list; [Options and price] shows the rest."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was done just now: a block of decision.j2 ("said_…"), about a question or a text."""

    block: str
    decision: Decision | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A coming meeting with what it is asked. `carried` gives the same question at its meeting before."""

    meeting: Meeting
    records: Sequence[DecisionRecord]
    carried: Mapping[str, tuple[Decision, Meeting]]
    objectable: Collection[str]
    items: Sequence[tuple[AgendaItem, str, str | None]]
    brief_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A meeting that has begun; `waiting` = questions without an answer."""

    meeting: Meeting
    decisions: Sequence[Decision]
    waiting: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class ListFacts:
    coming: Sequence[Listed]
    begun: Sequence[Begun]
    member_id: str
    leads: bool


@dataclass(frozen=True, slots=True)
class MoreFacts:
    """What is known of a question that no brief has frozen."""

    meeting: Meeting
    objections: Sequence[Objection]
    history: Sequence[tuple[Decision, Meeting]]
    may_object: bool
    objected: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """`followed_at` gives the meeting a question went on to; `final` cannot be undone any more."""

    meeting: Meeting
    records: Sequence[DecisionRecord]
    followed_at: Mapping[str, Meeting]
    final: Collection[str]


Frozen: TypeAlias = tuple[DecisionFacts, datetime]
"""A question as a brief has it, and the brief's as-of moment."""


def list_card(speak: Speaker, facts: ListFacts, said: Said | None) -> Message:
    parts: list[Part] = [_said(speak, said)] if said else []
    parts += [_begun(speak, begun, leads=facts.leads) for begun in facts.begun]
    for listed in facts.coming:
        parts += _coming(speak, listed, facts)
    if not facts.coming:
        parts.append(Text(speak.text("decision", "no_meeting")))
    elif facts.leads:
        parts.append(Buttons((speak.button("ask_decision", "decision.ask", "", "primary"),)))
    summary = speak.plain("decision", "summary")
    return Message(summary, (Heading(summary), *parts, Small(speak.text("decision", "note"))))


def options(
    speak: Speaker,
    facts: DecisionFacts,
    objectives: Sequence[str],
    as_of: datetime | None = None,
    more: MoreFacts | None = None,
) -> Message:
    """One question in full: as a brief has it (`as_of` its moment), else as it stands (`more`)."""
    paragraphs = [_option(speak, option) for option in facts.options]
    paragraphs.append(_recommended(speak, facts.recommendation, facts.owner, facts.co_owner))
    if objectives:
        paragraphs.append(speak.text("decision", "about", names=objectives))
    refs = {"refs": _marked(facts.entry_refs), "earlier": _marked(facts.earlier_entry_refs)}
    if facts.entry_refs or facts.earlier_entry_refs:
        paragraphs.append(speak.text("decision", "entries", **refs))
    if as_of is not None:
        paragraphs.append(speak.text("decision", "frozen", as_of=as_of))
    buttons: tuple[Part, ...] = ()
    if more is not None:
        paragraphs += _more(speak, more)
        buttons = tuple(_object_buttons(speak, facts.id, more))
    asked = as_said(facts.kind, facts.question)
    return Message(asked, (Heading(asked), *(Text(each) for each in paragraphs), *buttons))


def answers(speak: Speaker, facts: Answers) -> Message:
    heading = speak.plain("decision", "answers", **_meeting(speak, facts.meeting))
    numbers = _numbers(facts.records)
    parts = [part for record in facts.records for part in _answer(speak, record, numbers[record.decision.id], facts)]
    taken = sum(record.decision.status is DecisionStatus.TAKEN for record in facts.records)
    counted = speak.text("decision", "counted", asked=len(facts.records), taken=taken)
    back = Buttons((speak.button("decisions", "decision.list"),))
    return Message(heading, (Heading(heading), *parts, Small(counted), back))


def objected(speak: Speaker, decision: Decision, meeting: Meeting, reason: str) -> Message:
    said = speak.text("decision", "objected", **_meeting(speak, meeting))
    buttons = (
        speak.button("change", "decision.object", decision.id),
        speak.button("withdraw", "decision.object_withdraw", decision.id),
    )
    summary = speak.plain("decision", "objected", **_meeting(speak, meeting))
    return Message(summary, (Text(said), Quote(reason), Buttons(buttons)))


def objection_withdrawn(speak: Speaker, decision: Decision) -> Message:
    facts = {"question": as_said(decision.kind, decision.question)}
    said = Text(speak.text("decision", "objection_withdrawn", **facts))
    again = Buttons((speak.button("object", "decision.object", decision.id),))
    return Message(speak.plain("decision", "objection_withdrawn", **facts), (said, again))


def objection_notice(speak: Speaker, name: str, decision: Decision, meeting: Meeting, reason: str | None) -> Message:
    """To a facilitator; without a reason it was withdrawn."""
    facts = {"name": name, "question": as_said(decision.kind, decision.question), **_meeting(speak, meeting)}
    summary = speak.plain("decision", "objection_summary", **facts)
    if reason is None:
        return Message(summary, (Text(speak.text("decision", "objection_gone", **facts)),))
    button = speak.button("options_and_price", "decision.options", decision.id)
    return Message(summary, (Text(speak.text("decision", "objection_notice", **facts), button), Quote(reason)))


def on_the_agenda(speak: Speaker, item: AgendaItem, meeting: Meeting) -> Message:
    facts = {"text": item.text, **_meeting(speak, meeting)}
    buttons = (
        speak.button("decisions", "decision.list"),
        speak.button("remove", "agenda.remove", item.id),
    )
    said = Text(speak.text("decision", "on_the_agenda", **facts))
    return Message(speak.plain("decision", "on_the_agenda", **facts), (said, Buttons(buttons)))


def _said(speak: Speaker, said: Said) -> Text:
    decision = said.decision
    about = as_said(decision.kind, decision.question) if decision else said.text
    text = speak.text("decision", f"said_{said.block}", text=about)
    if decision and said.block == "removed":
        return Text(text, speak.button("put_back", "decision.restore", decision.id))
    return Text(text)


def _begun(speak: Speaker, begun: Begun, *, leads: bool) -> Text:
    taken = sum(decision.status is DecisionStatus.TAKEN for decision in begun.decisions)
    counts = {"asked": len(begun.decisions), "taken": taken, "waiting": begun.waiting, "over": begun.is_over}
    text = speak.text("decision", "begun", **counts, **_meeting(speak, begun.meeting))
    label = "answer" if begun.waiting else "open"
    return Text(text, speak.button(label, "decision.answers", begun.meeting.id) if leads else None)


def _coming(speak: Speaker, listed: Listed, facts: ListFacts) -> list[Part]:
    add = speak.button("add_to_agenda", "agenda.add", listed.meeting.id)
    parts: list[Part] = [Text(speak.text("decision", "meeting", **_meeting(speak, listed.meeting)), add)]
    if listed.brief_as_of and any(record.decision.entered_at >= listed.brief_as_of for record in listed.records):
        parts.append(Small(speak.text("decision", "after_brief", as_of=listed.brief_as_of)))
    numbers = _numbers(listed.records)
    for record in listed.records:
        parts += _line(speak, record, numbers[record.decision.id], listed, leads=facts.leads)
    if not listed.records:
        parts.append(Text(speak.text("decision", "nothing_asked")))
    return [*parts, *_agenda(speak, listed, facts)]


def _line(speak: Speaker, record: DecisionRecord, number: int, listed: Listed, *, leads: bool) -> list[Part]:
    decision = record.decision
    lines = [_question(speak, decision, number), *(_option(speak, option, OPTION) for option in record.options)]
    lines.append(_recommended(speak, decision.recommendation, record.owner, record.co_owner))
    if decision.id in listed.carried:
        lines.append(_carried(speak, *listed.carried[decision.id]))
    if record.objections:
        lines.append(speak.text("decision", "objections", count=len(record.objections)))
    buttons = [speak.button("object", "decision.object", decision.id)] if decision.id in listed.objectable else []
    if leads:
        buttons.append(speak.button("change", "decision.change", decision.id))
        buttons.append(speak.button("remove", "decision.remove", decision.id))
    row = [Buttons(tuple(buttons))] if buttons else []
    return [Text("\n".join(lines), speak.button("options_and_price", "decision.options", decision.id)), *row]


def _agenda(speak: Speaker, listed: Listed, facts: ListFacts) -> list[Part]:
    parts: list[Part] = [Text(speak.text("decision", "agenda"))] if listed.items else []
    for item, name, ref in listed.items:
        text = speak.text("decision", "agenda_item", text=item.text, name=speak.person(name), ref=ref)
        removable = facts.leads or item.member_id == facts.member_id
        parts.append(Text(text, speak.button("remove", "agenda.remove", item.id) if removable else None))
    return parts


def _answer(speak: Speaker, record: DecisionRecord, number: int, facts: Answers) -> list[Part]:
    decision = record.decision
    question = _question(speak, decision, number)
    if decision.status is DecisionStatus.ASKED:
        lines = [question, *(_option(speak, option, OPTION) for option in record.options)]
        lines += [_objection(speak, made) for made in record.objections]
        return [Text("\n".join(lines)), Buttons(tuple(_answer_buttons(speak, record, facts.meeting)))]
    following = facts.followed_at.get(decision.id)
    said = speak.text(
        "decision",
        "answered",
        status=decision.status,
        letter=decision.taken_option,
        following=following,
        day=local_day(speak, following.starts_at) if following else None,
    )
    undo = None if decision.id in facts.final else speak.button("undo", "decision.undo", decision.id)
    return [Text(f"{question}\n{said}", undo)]


def _answer_buttons(speak: Speaker, record: DecisionRecord, meeting: Meeting) -> list[Button]:
    decision = record.decision
    buttons = [
        Button(
            "decision.take",
            speak.plain("decision", "taken", letter=option.letter),
            f"{decision.id}|{option.letter}",
            "primary" if option.letter == decision.recommendation else "normal",
        )
        for option in record.options
    ]
    buttons.append(speak.button("carried_over", "decision.carry", decision.id))
    if meeting.type is MeetingType.PRE_SOP:
        buttons.append(speak.button("to_executive", "decision.escalate", decision.id))
    return buttons


def _more(speak: Speaker, more: MoreFacts) -> list[Rich]:
    return [
        *(_carried(speak, decision, meeting) for decision, meeting in more.history),
        *(_objection(speak, made) for made in more.objections),
        speak.text("decision", "live", **_meeting(speak, more.meeting)),
    ]


def _object_buttons(speak: Speaker, decision_id: str, more: MoreFacts) -> list[Buttons]:
    if not more.may_object:
        return []
    if not more.objected:
        return [Buttons((speak.button("object", "decision.object", decision_id),))]
    change = speak.button("change", "decision.object", decision_id)
    return [Buttons((change, speak.button("withdraw", "decision.object_withdraw", decision_id)))]


def _numbers(records: Iterable[DecisionRecord]) -> dict[str, int]:
    """The place of each question among those of its kind."""
    seen: dict[DecisionKind, int] = {}
    numbers = {}
    for record in records:
        decision = record.decision
        numbers[decision.id] = seen[decision.kind] = seen.get(decision.kind, 0) + 1
    return numbers


def _question(speak: Speaker, decision: Decision, number: int) -> Rich:
    lead = speak.text("decision", "lead", kind=decision.kind, number=number)
    return speak.text("decision", "question", lead=lead, question=as_said(decision.kind, decision.question))


def _option(speak: Speaker, option: OptionFacts, length: int | None = None) -> Rich:
    text = cut(option.text, length) if length else option.text
    price = cut(option.price, length) if length and option.price else option.price
    return speak.text("decision", "option", letter=option.letter, text=text, price=price)


def _recommended(speak: Speaker, letter: str | None, owner: str, co_owner: str | None) -> Rich:
    recommendation = speak.text("decision", "recommendation", letter=letter)
    return Rich(f"{recommendation} {speak.text('decision', 'owner', owner=speak.person(owner), co_owner=co_owner)}")


def _objection(speak: Speaker, made: Objection) -> Rich:
    return speak.text("decision", "objection", name=speak.person(made.name), reason=made.reason)


def _carried(speak: Speaker, decision: Decision, meeting: Meeting) -> Rich:
    return speak.text("decision", "carried", status=decision.status, **_meeting(speak, meeting))


def _marked(refs: Iterable[str]) -> list[str]:
    return [f"#{ref}" for ref in refs]


def _meeting(speak: Speaker, meeting: Meeting) -> dict[str, object]:
    return {"meeting": meeting, "day": local_day(speak, meeting.starts_at)}
