"""How an answer is written: scores, ticks and texts apart from the person, a flag that they answered, an example."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.domain.chat import Submission
from bot.domain.errors import Refused
from bot.domain.figures import SMALLEST_GROUP
from bot.services.access import company_day
from bot.services.checkins.turns import MyTurn
from bot.services.context import Context, hash_token
from bot.services.disturbances.linking import link_by_round
from bot.services.entries.capture import advice_on
from bot.services.entries.guesses import guess
from bot.services.entries.saving import Example, check_text, save_example
from bot.services.messages.checkin_answers import KIND, SHOWN_WITH, field_of
from bot.services.messages.entries import Advice
from storage.checkin_answers import (
    count_asked_of,
    find_choices,
    find_score,
    find_text,
    forget_choices,
    gave_score,
    take_score,
)
from storage.checkins import add_pulse_asked, list_pulse_rounds
from storage.tables import (
    COMPANY,
    Answered,
    CheckinChoice,
    CheckinExample,
    CheckinQuestion,
    CheckinText,
    Entry,
    Kind,
    PulseScore,
    QuestionType,
    Source,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Told:
    """An example, the handle for its author's buttons, one question about it, and the key of a guessed tension."""

    entry: Entry
    handle: str
    advice: Advice | None
    tension_key: str | None


def token_hash(token: str, question: CheckinQuestion, option: str = "") -> str:
    """Another for each row, so that nothing tells which rows one person wrote."""
    return hash_token(f"{token}:{question.id}:{option}")


def is_told_in_chat(mine: MyTurn) -> bool:
    """Whether a line in the private chat answers the whole of it, but for a score."""
    return all(one.type in {QuestionType.SCALE, QuestionType.EXAMPLE} for one in mine.questions)


def may_answer_anew(session: Session, mine: MyTurn) -> bool:
    """Whether it can be answered without a token: once, and a score after a line in the chat. From then on what is told
    apart from the person is changed with its token only."""
    if not mine.turn.has_answered:
        return True
    rounds = [one.id for one in list_pulse_rounds(session, mine.round)]
    return is_told_in_chat(mine) and bool(rounds) and not gave_score(session, rounds, mine.actor.member.id)


def write_answers(session: Session, context: Context, mine: MyTurn, submission: Submission, token: str) -> bool:
    """Write everything but an example. Returns whether it may be noted that they answered: not for words without a name
    alone, for then the note would be the name."""
    told_apart = [one for one in mine.questions if one.type not in {QuestionType.TEXT, QuestionType.EXAMPLE}]
    may_be_noted = not mine.is_open and any(_is_said(one, submission) for one in told_apart)
    for question in mine.asks:
        match question.type:
            case QuestionType.SCALE:
                may_be_noted |= _write_score(session, context, mine, question, submission, token)
            case QuestionType.CHOICE | QuestionType.MULTI:
                may_be_noted |= _write_choices(session, context, mine, question, submission, token)
            case QuestionType.TEXT:
                may_be_noted |= _write_text(session, context, mine, question, submission, token)
            case QuestionType.EXAMPLE:
                pass
    return may_be_noted


def note_answered(session: Session, mine: MyTurn) -> None:
    """A flag, without a time. Whoever answers before their turn counts as asked; after the close, as late."""
    pulse_rounds = list_pulse_rounds(session, mine.round)
    add_pulse_asked(session, pulse_rounds, [mine.turn])
    mine.turn.has_answered, mine.turn.nudge_at = True, None
    session.flush()
    if not mine.is_open:
        for one in pulse_rounds:
            take_score(session, one.id, mine.actor.member.id, Answered.LATE)


def write_example(
    session: Session, context: Context, mine: MyTurn, text: str, kind: Kind, visibility: Visibility
) -> Told:
    """An entry as any other, told in a check-in: same coaching, same guesses.

    Only a named one belongs to the round, and says that it came from a check-in: of one without a name that would leave
    those who answered, fewer than its side.
    """
    actor = mine.actor
    said = check_text(text)
    guesses = guess(session, actor.workspace.id, said, company_day(actor.workspace, context))
    advice = advice_on(actor, said, kind, guesses, visibility)
    example = Example(
        kind=kind,
        what_happened=said,
        visibility=visibility,
        language=guesses.language,
        tension_key=None if advice else guesses.tension_key,
        level=guesses.level,
        source=Source.CHECKIN if visibility is Visibility.NAMED else Source.CAPTURE,
    )
    entry, handle = save_example(session, context, actor, example)
    if visibility is Visibility.NAMED:
        session.add(CheckinExample(entry_id=entry.id, round_id=mine.round.id))
        link_by_round(session, entry, mine.round.id)
    return Told(entry, handle, advice, example.tension_key)


def example_in(mine: MyTurn, submission: Submission) -> tuple[str, Kind, Visibility, str] | None:
    """What was told, its kind, how it is shown, and the name of its field; None where the form has no example."""
    for question in mine.of_type(QuestionType.EXAMPLE):
        if text := submission.text(field_of(question)):
            kind = Kind(submission.text(KIND) or Kind.CLASH)
            return text, kind, Visibility(submission.text(SHOWN_WITH) or Visibility.NAMED), field_of(question)
    return None


def check_required(mine: MyTurn, submission: Submission) -> None:
    """Raises `Refused` beside the first field that says nothing and has to, or where nothing is said at all.

    After the close nothing has to: whoever had the form open by then is not sent away, but for a text that would be
    kept nowhere; it stays in the form. An example that was told already is in no form.
    """
    asked = [
        one for one in mine.questions if not (one.type is QuestionType.EXAMPLE and submission.payload.get("handle"))
    ]
    for question in asked:
        is_said = _is_said(question, submission)
        if mine.is_open and question.required and not is_said:
            raise Refused("checkin_required", field=field_of(question))
        if is_said and not mine.is_open and question.type is QuestionType.TEXT:
            raise Refused("checkin_closed", field=field_of(question), day=mine.round.day)
    if not any(_is_said(question, submission) for question in asked):
        shown = [one for one in mine.asks if one in asked]
        raise Refused("checkin_empty", field=field_of((shown or asked or mine.questions)[0]))


def has_late_score(mine: MyTurn, submission: Submission) -> bool:
    """Whether a score came after the close, from a form that was open by then."""
    return not mine.is_open and any(_is_said(one, submission) for one in mine.of_type(QuestionType.SCALE))


def _is_said(question: CheckinQuestion, submission: Submission) -> bool:
    name = field_of(question)
    return bool(submission.choices(name) if question.type is QuestionType.MULTI else submission.text(name))


def _write_score(
    session: Session, context: Context, mine: MyTurn, question: CheckinQuestion, submission: Submission, token: str
) -> bool:
    said = submission.choice(field_of(question))
    rounds = {one.question_key: one for one in list_pulse_rounds(session, mine.round)}
    pulse_round = rounds.get(question.pulse_key or "")
    if said is None or pulse_round is None:
        return False
    held = token_hash(token, question)
    if given := find_score(session, pulse_round.id, held):
        given.score = int(said)
        return True
    add_pulse_asked(session, [pulse_round], [mine.turn])
    if not take_score(session, pulse_round.id, mine.actor.member.id, Answered.IN_TIME):
        raise Refused("checkin_answered", field=field_of(question))
    new = {"id": context.new_id(), "round_id": pulse_round.id, "side": mine.turn.side}
    session.add(PulseScore(**new, score=int(said), change_token_hash=held))
    session.flush()
    return True


def _write_choices(
    session: Session, context: Context, mine: MyTurn, question: CheckinQuestion, submission: Submission, token: str
) -> bool:
    name, places = field_of(question), range(len(question.options))
    said = submission.choices(name) if question.type is QuestionType.MULTI else filter(None, [submission.choice(name)])
    hashes = {token_hash(token, question, str(place)): place for place in places}
    forget_choices(session, find_choices(session, mine.round.id, hashes))
    ticked = {int(place) for place in said} & set(places)
    session.add_all(
        CheckinChoice(
            id=context.new_id(),
            round_id=mine.round.id,
            question_id=question.id,
            side=mine.turn.side,
            option=place,
            change_token_hash=held,
        )
        for held, place in hashes.items()
        if place in ticked
    )
    session.flush()
    return bool(ticked)


def _write_text(
    session: Session, context: Context, mine: MyTurn, question: CheckinQuestion, submission: Submission, token: str
) -> bool:
    """With the name or with a token, as it was chosen the first time."""
    text, held = submission.text(field_of(question)), token_hash(token, question)
    given = find_text(session, mine.round.id, question.id, mine.actor.member.id, held)
    if given and text:
        given.text = text
    elif given:
        session.delete(given)
    elif text:
        is_named = Visibility(submission.text(SHOWN_WITH) or Visibility.NAMED) is Visibility.NAMED
        given = CheckinText(
            id=context.new_id(),
            round_id=mine.round.id,
            question_id=question.id,
            side=mine.turn.side if is_named else _side_of_nobody(session, mine),
            author_id=mine.actor.member.id if is_named else None,
            text=text,
            change_token_hash=None if is_named else held,
        )
        session.add(given)
    session.flush()
    return bool(text and given and given.author_id)


def _side_of_nobody(session: Session, mine: MyTurn) -> str:
    """What a text without a name is from: a group under five is never written."""
    is_group = count_asked_of(session, mine.round.id, mine.turn.side) >= SMALLEST_GROUP
    return mine.turn.side if is_group else COMPANY
