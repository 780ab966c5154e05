"""What of the check-ins stands on somebody's Home."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.domain.chat import Part
from bot.services.access import Actor
from bot.services.checkins.answers import may_answer_anew
from bot.services.checkins.asking import question_facts
from bot.services.checkins.turns import MyTurn
from bot.services.context import Context
from bot.services.messages import checkin_questions as messages
from storage.checkin_answers import is_asked, list_asking


def my_checkins(session: Session, context: Context, actor: Actor) -> Sequence[Part]:
    """My turns in rounds that run: what waits for me, what comes, and what I have answered."""
    parts: list[Part] = []
    for turn, round_, checkin in list_asking(session, actor.workspace.id, actor.member.id, context.now):
        if is_asked(turn):
            facts = question_facts(session, actor.workspace, checkin, round_).until_of(turn)
            mine = MyTurn(actor, checkin, round_, turn, facts.questions, is_open=True)
            waits_for_score = turn.has_answered and may_answer_anew(session, mine)
            parts.append(messages.on_home(actor.speaker, facts, turn, waits_for_score=waits_for_score))
    return parts
