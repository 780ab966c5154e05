"""Answering a check-in by form, and changing what was answered."""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender
from bot.services.checkins.answers import (
    Told,
    check_required,
    example_in,
    has_late_score,
    is_told_in_chat,
    may_answer_anew,
    note_answered,
    token_hash,
    write_answers,
    write_example,
)
from bot.services.checkins.asking import question_facts
from bot.services.checkins.turns import MyTurn, access_turn, read_turn
from bot.services.context import Context
from bot.services.entries.access import access_own_entry
from bot.services.entries.cards import plan_of, side_name, side_without_name, tension_name
from bot.services.messages import checkin_answers as messages
from bot.services.messages.checkin_answers import Answer, Blank, Given, field_of
from bot.services.requests import claim_request
from bot.services.sealed_defaults import default_visibility
from bot.services.unasked import beside, settle
from storage.checkin_answers import find_choices, find_score, find_text
from storage.checkin_settings import list_all_questions
from storage.checkins import list_pulse_rounds
from storage.pulses import list_questions
from storage.tables import Entry, ItemKind, PulseQuestion, QuestionType

HOME = "home"


def answer_form(session: Session, context: Context, sender: Sender, value: str) -> Form:
    """The form of a round; `value` is "round [handle]", after an example told in the chat. Raises `Refused` for who has
    answered: only that answer's own button changes it.
    """
    round_id, handle = [*value.split(), "", ""][:2]
    return _form(session, context, read_turn(session, context, sender, round_id), {"handle": handle})


def answer_form_at_home(session: Session, context: Context, sender: Sender, round_id: str) -> Form:
    """From the Home, where no message keeps what changes the answer."""
    return _form(session, context, read_turn(session, context, sender, round_id), {HOME: "yes"})


def change_form(session: Session, context: Context, sender: Sender, value: str) -> Form:
    """`value` is "round token [handle]", from the answer's own button, and "home" in a window opened there."""
    round_id, token, *rest = [*value.split(), "", ""]
    handle, home = "".join(one for one in rest if one != HOME), "yes" if HOME in rest else ""
    mine = read_turn(session, context, sender, round_id)
    if not mine.is_open:
        raise Refused("checkin_closed", day=mine.round.day)
    return _form(session, context, mine, {"token": token, "handle": handle, HOME: home})


def save_answer(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Save what was answered and say so in place of the question. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    mine = access_turn(session, context, sender, submission.payload["round"])
    _check_nothing_is_lost(session, mine, submission)
    check_required(mine, submission)
    token = submission.payload.get("token") or context.new_token()
    if not submission.payload.get("token"):
        _check_new(session, mine)
    may_be_noted = write_answers(session, context, mine, submission, token)
    told = _tell(session, context, mine, submission)
    if may_be_noted or (told and told.entry.author_id):
        note_answered(session, mine)
    handle = told.handle if told else submission.payload.get("handle", "")
    answer = replace(
        answer_of(session, context, mine, token, handle, told), has_late_score=has_late_score(mine, submission)
    )
    if HOME in submission.payload:
        settle_turn(session, mine)
        kept = replace(answer, in_window=True, value=f"{answer.value} {HOME}")
        return messages.answered(mine.actor.speaker, kept)
    return _in_place(session, context, mine, messages.answered(mine.actor.speaker, answer))


def _check_nothing_is_lost(session: Session, mine: MyTurn, submission: Submission) -> None:
    """What was written for a question that was taken out meanwhile stays in the form."""
    for question in list_all_questions(session, mine.checkin.id):
        is_written = question.type in {QuestionType.TEXT, QuestionType.EXAMPLE} and submission.text(field_of(question))
        if question.position is None and is_written:
            raise Refused("checkin_closed", field=field_of(question), day=mine.round.day)


def _check_new(session: Session, mine: MyTurn) -> None:
    """Without the answer's own button nothing of it is changed; an example can always be added."""
    if not mine.is_open or may_answer_anew(session, mine):
        return
    raise Refused("checkin_answered", field=field_of(mine.asks[0]))


def _form(session: Session, context: Context, mine: MyTurn, payload: Mapping[str, str]) -> Form:
    actor = mine.actor
    if not mine.asks:
        raise Refused("checkin_closed", day=mine.round.day)
    if mine.is_open and not payload.get("token") and not may_answer_anew(session, mine):
        raise Refused("checkin_answered")
    facts = question_facts(session, actor.workspace, mine.checkin, mine.round)
    blank = Blank(
        name=mine.checkin.name,
        is_default=facts.is_default,
        questions=mine.asks,
        scales=_scales(session, mine),
        visibility=default_visibility(context, actor),
        side=side_without_name(session, context, actor),
        payload={"round": mine.round.id, **{name: held for name, held in payload.items() if held}},
        given=_given(session, mine, payload.get("token", "")),
        out_on=None if mine.is_open else mine.round.day,
    )
    return messages.form(actor.speaker, blank)


def _scales(session: Session, mine: MyTurn) -> Mapping[str, PulseQuestion]:
    return {one.key: one for one in list_questions(session, mine.actor.workspace.id)}


def _given(session: Session, mine: MyTurn, token: str) -> Given:
    """What was answered before, found by its token; a named text by its author."""
    given: dict[str, str | tuple[str, ...]] = {}
    rounds = {one.question_key: one.id for one in list_pulse_rounds(session, mine.round)}
    for question in mine.questions if token else ():
        name, held = field_of(question), token_hash(token, question)
        if question.type is QuestionType.SCALE and (round_id := rounds.get(question.pulse_key or "")):
            score = find_score(session, round_id, held)
            given |= {name: str(score.score)} if score else {}
        elif question.type in {QuestionType.CHOICE, QuestionType.MULTI}:
            hashes = [token_hash(token, question, str(place)) for place in range(len(question.options))]
            ticked = tuple(str(one.option) for one in find_choices(session, mine.round.id, hashes))
            is_multi = question.type is QuestionType.MULTI
            given |= {name: ticked if is_multi else ticked[0]} if ticked else {}
        elif question.type is QuestionType.TEXT:
            text = find_text(session, mine.round.id, question.id, mine.actor.member.id, held)
            given |= {name: text.text} if text else {}
    return given


def _tell(session: Session, context: Context, mine: MyTurn, submission: Submission) -> Told | None:
    example = example_in(mine, submission)
    if example is None:
        return None
    text, kind, visibility, name = example
    try:
        return write_example(session, context, mine, text, kind, visibility)
    except Refused as refused:
        raise Refused(refused.sentence, field=name, **refused.facts) from refused


def answer_of(
    session: Session, context: Context, mine: MyTurn, token: str, handle: str, told: Told | None = None
) -> Answer:
    """What stands there of their answer: told just now, or found again by its token and the handle of its example."""
    actor = mine.actor
    entry = told.entry if told else _still_there(session, actor, handle)
    plan = plan_of(session, context, actor, entry) if entry else None
    scales, given = mine.of_type(QuestionType.SCALE), _given(session, mine, token)
    has_score = mine.is_open and any(field_of(scale) in given for scale in scales)
    can_change = entry is None or any(one.type is not QuestionType.EXAMPLE for one in mine.questions)
    is_guess = told is not None and told.tension_key is not None and entry is not None
    return Answer(
        round_id=mine.round.id,
        value=" ".join(filter(None, (mine.round.id, token, handle if entry else ""))) if can_change else "",
        until=mine.turn.until if mine.turn.until and mine.turn.until > context.now else mine.round.closes_at,
        has_score=has_score,
        may_score=bool(scales) and mine.is_open and not has_score and may_answer_anew(session, mine),
        is_noted=mine.turn.has_answered,
        entry=entry,
        handle=handle,
        frozen_at=plan.frozen_at if plan else None,
        advice=told.advice if told else None,
        tension=tension_name(session, actor.speaker, entry) if entry and is_guess else None,
        side=side_name(session, entry) if entry else None,
        out_on=None if mine.is_open else mine.round.day,
        has_more=len(mine.questions) > 1 and not is_told_in_chat(mine),
    )


def _still_there(session: Session, actor: Actor, handle: str) -> Entry | None:
    """The example told before, unless it was removed meanwhile."""
    entry = access_own_entry(session, actor, handle) if handle else None
    return entry if entry and entry.withdrawn_on is None else None


def _in_place(session: Session, context: Context, mine: MyTurn, message: Message) -> Message:
    """What stands in place of the question; whatever else is said in the same message stays below it."""
    shown = beside(session, context, mine.actor.member, ItemKind.CHECKIN, mine.round.id, message)
    settle_turn(session, mine)
    return shown


def settle_turn(session: Session, mine: MyTurn) -> None:
    """Nothing more is said about it; where it may not be noted that they answered, this does not tell it either."""
    if mine.turn.has_answered:
        settle(session, mine.actor.member.id, ItemKind.CHECKIN, mine.round.id)
