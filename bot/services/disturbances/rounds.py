"""The short extra round about a change ahead: a check-in that is asked once."""

from collections.abc import Collection
from datetime import time
from typing import Final

from sqlmodel import Session

from bot.domain.checkin.settings import LONGEST_NAME
from bot.domain.disturbance import Announcement, days_to_answer
from bot.services.access import company_day
from bot.services.checkins.planning import run_now
from bot.services.context import Context
from bot.services.messages import disturbances as messages
from bot.services.working_time import work_calendar
from bot.templates import speaker
from bot.templates.formats import cut
from storage.tables import (
    Checkin,
    CheckinPerson,
    CheckinQuestion,
    CheckinSide,
    Member,
    QuestionType,
    Workspace,
)

CLOSES_AT: Final = time(17)
REMINDED_AFTER_PCT: Final = 75


def start_round(
    session: Session, context: Context, workspace: Workspace, announced: Announcement, people: Collection[Member]
) -> Checkin:
    """Ask everybody it touches, from now on, in their own hours.

    It is called by the words that were announced: those are translated for nobody.
    """
    today = company_day(workspace, context)
    checkin = Checkin(
        id=context.new_id(),
        workspace_id=workspace.id,
        name=cut(announced.what, LONGEST_NAME),
        starts_on=today,
        local_time=time(10),
        close_after_days=days_to_answer(today, work_calendar(session, workspace, today, today)),
        close_at=CLOSES_AT,
        nudge_share_pct=REMINDED_AFTER_PCT,
    )
    session.add(checkin)
    session.flush()
    session.add_all(CheckinSide(checkin_id=checkin.id, side=side) for side in announced.sides)
    session.add_all(CheckinPerson(checkin_id=checkin.id, member_id=member.id) for member in people)
    session.add_all(_questions(context, checkin))
    session.flush()
    run_now(session, context, workspace, checkin)
    return checkin


def _questions(context: Context, checkin: Checkin) -> list[CheckinQuestion]:
    english, dutch = (messages.questions(speaker(language, "UTC")) for language in ("en", "nl"))
    types = (QuestionType.EXAMPLE, QuestionType.TEXT)
    return [
        CheckinQuestion(
            id=context.new_id(),
            workspace_id=checkin.workspace_id,
            checkin_id=checkin.id,
            position=position,
            type=kind,
            text=english[position],
            text_nl=dutch[position],
        )
        for position, kind in enumerate(types)
    ]
