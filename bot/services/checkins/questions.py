"""The questions of a check-in: the list, adding, changing, ordering, and taking one out. What was answered stays."""

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.checkin.questions import HAS_OPTIONS
from bot.domain.checkin.settings import MOST_QUESTIONS, Wording, read_wording
from bot.domain.errors import Refused
from bot.services.access import Sender
from bot.services.checkins.access import access_checkin, access_question, access_to_change
from bot.services.checkins.listing import questions_of
from bot.services.checkins.records import State, note_change, state_of
from bot.services.checkins.scales import follow_text, new_scale
from bot.services.context import Context
from bot.services.messages import checkin_question_forms as forms
from bot.services.messages import checkins as messages
from bot.services.requests import claim_request
from storage.checkin_settings import set_order
from storage.checkins import list_open_rounds, list_questions, list_rounds
from storage.tables import Checkin, CheckinQuestion, QuestionType, RoundState, Workspace


def list_questions_card(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """What it asks, in order."""
    actor, checkin = access_checkin(session, context, sender, checkin_id)
    return questions_of(session, actor, checkin)


def new_question_form(session: Session, context: Context, sender: Sender, checkin_id: str) -> Form:
    """Empty. Raises `Refused` where there are as many as fit into two minutes."""
    actor, checkin = access_checkin(session, context, sender, checkin_id)
    number = len(list_questions(session, checkin.id))
    if number >= MOST_QUESTIONS:
        raise Refused("checkin_questions_many", most=MOST_QUESTIONS)
    return forms.new(actor.speaker, checkin, number)


def question_form(session: Session, context: Context, sender: Sender, question_id: str) -> Form:
    """As it is asked now."""
    actor, checkin, question = access_question(session, context, sender, question_id)
    return forms.change(actor.speaker, question, len(list_questions(session, checkin.id)))


def save_question(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Ask it from the next round on. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor, checkin = access_to_change(session, context, sender, submission.payload["checkin"])
    before, held = state_of(session, checkin), submission.payload["question"]
    question = _asked(session, checkin, held) if held else None
    wording = read_wording(submission, question.type if question else None)
    _check(session, checkin, question, wording, place := submission.choice("place"))
    if question is None:
        question = _add(session, context, actor.workspace, checkin, wording)
    elif place != forms.OUT:
        question = _reword(session, context, actor.workspace, checkin, question, wording)
    _put_at(session, checkin, question, place)
    note_id = note_change(session, context, actor, "questions", checkin, before)
    undo = actor.speaker.button("undo", "checkin.undo_change", note_id)
    return questions_of(session, actor, checkin, messages.said(actor.speaker, "questions_changed", undo))


def add_first_question(
    session: Session, context: Context, workspace: Workspace, checkin: Checkin, submission: Submission
) -> None:
    """That of a new check-in that had none. Raises `Refused` beside the field that is wrong."""
    _add(session, context, workspace, checkin, read_wording(submission, None))


def check_put_back(session: Session, checkin: Checkin, now: State, then: State) -> None:
    """Whether the questions can be as they were then: a round that runs asks what it asked, and of what was ticked no
    choice goes. Raises `Refused`.
    """
    options, earlier = _options(now), _options(then)
    if options == earlier:
        return
    if running := list_open_rounds(session, checkin.id):
        raise Refused("checkin_questions_run", until=running[0].closes_at)
    goes = any(len(earlier.get(key, lines)) < len(lines) for key, lines in options.items())
    if goes and any(one.state is RoundState.CLOSED for one in list_rounds(session, checkin.id)):
        raise Refused("checkin_changed_since")


def _options(state: State) -> dict[str, list[str]]:
    """Those of each question, by its id."""
    return {question["id"]: question["options"] for question in state["questions"]}


def _asked(session: Session, checkin: Checkin, question_id: str) -> CheckinQuestion:
    found = next((one for one in list_questions(session, checkin.id) if one.id == question_id), None)
    if found is None:
        raise Refused("checkin_question_gone")
    return found


def _check(
    session: Session, checkin: Checkin, question: CheckinQuestion | None, wording: Wording, place: str | None
) -> None:
    """While a round runs everybody is asked the same: words and order may change, nothing else."""
    asked = list_questions(session, checkin.id)
    others = [one for one in asked if one is not question]
    if place == forms.OUT and not others:
        raise Refused("checkin_last_question", field="place")
    if wording.type is QuestionType.EXAMPLE and any(one.type is QuestionType.EXAMPLE for one in others):
        raise Refused("checkin_one_example", field="type")
    if question is None and len(asked) >= MOST_QUESTIONS:
        raise Refused("checkin_questions_many", field="text", most=MOST_QUESTIONS)
    is_other = question is None or place == forms.OUT or _has_other_options(question, wording)
    if is_other and (running := list_open_rounds(session, checkin.id)):
        raise Refused("checkin_questions_run", field="place", until=running[0].closes_at)


def _has_other_options(question: CheckinQuestion, wording: Wording) -> bool:
    """Whether earlier ticks would mean something else; choices that are added at the end are no others."""
    kept = wording.options[: len(question.options)]
    return question.type in HAS_OPTIONS and kept != question.options


def _add(
    session: Session, context: Context, workspace: Workspace, checkin: Checkin, wording: Wording
) -> CheckinQuestion:
    question = CheckinQuestion(
        id=context.new_id(),
        workspace_id=workspace.id,
        checkin_id=checkin.id,
        position=None,
        type=wording.type,
        **wording.columns(),
    )
    if wording.type is QuestionType.SCALE:
        question.pulse_key = new_scale(session, context, workspace, question).key
    session.add(question)
    session.flush()
    order = [one.id for one in list_questions(session, checkin.id)]
    set_order(session, checkin.id, [*order, question.id])
    return question


def _reword(
    session: Session,
    context: Context,
    workspace: Workspace,
    checkin: Checkin,
    question: CheckinQuestion,
    wording: Wording,
) -> CheckinQuestion:
    """In other words; with other choices it is another question in its place, once the first was asked."""
    was_asked = any(one.state is not RoundState.CANCELLED for one in list_rounds(session, checkin.id))
    if was_asked and _has_other_options(question, wording):
        order = [one.id for one in list_questions(session, checkin.id)]
        other = _add(session, context, workspace, checkin, wording)
        set_order(session, checkin.id, [other.id if one == question.id else one for one in order])
        return other
    for name, value in wording.columns().items():
        setattr(question, name, value)
    session.add(question)
    follow_text(session, question)
    return question


def _put_at(session: Session, checkin: Checkin, question: CheckinQuestion, place: str | None) -> None:
    """At that place, counted from 1, or no longer asked."""
    others = [one.id for one in list_questions(session, checkin.id) if one.id != question.id]
    if place == forms.OUT:
        set_order(session, checkin.id, others)
        return
    at = int(place) - 1 if place and place.isdecimal() else len(others)
    set_order(session, checkin.id, [*others[:at], question.id, *others[at:]])
