"""A round that nobody was asked in is never silence: the facilitators hear so, and can start it by hand."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from bot.services.access import company_day
from bot.services.context import Context
from bot.services.figures.pulse import is_weekly_pulse
from bot.services.messages import failures as messages
from bot.services.messages.failures import NotAsked
from bot.services.outbox import Notice, tell
from bot.templates import speaker
from storage.checkins import list_questions
from storage.members import list_facilitators
from storage.pulses import list_questions as list_pulse_questions
from storage.tables import Checkin, CheckinQuestion, Workspace


def tell_not_asked(
    session: Session,
    context: Context,
    workspace: Workspace,
    checkin: Checkin,
    days: Sequence[date],
    following: date | None,
    *,
    unreachable: bool = False,
) -> None:
    """The rounds of those days were asked of nobody; `following` is the day of the next. `unreachable` = we ran, and
    the chat took nothing.
    """
    is_default = is_default_checkin(session, workspace, list_questions(session, checkin.id))
    facts = NotAsked(
        checkin_id=checkin.id,
        name=None if is_default else checkin.name,
        days=tuple(days),
        following=following,
        at=checkin.local_time,
        unreachable=unreachable,
    )
    notices = [
        Notice(lead.external_id, messages.not_asked(speaker(lead.language, lead.timezone), facts))
        for lead in list_facilitators(session, workspace.id, company_day(workspace, context))
    ]
    tell(session, context, workspace.id, f"skipped:{checkin.id}:{days[0]:%Y%m%d}", notices)


def is_default_checkin(session: Session, workspace: Workspace, questions: Sequence[CheckinQuestion]) -> bool:
    """Whether they ask the weekly pulse of the company: the check-in that needs no name."""
    weekly = (question.key for question in list_pulse_questions(session, workspace.id) if is_weekly_pulse(question))
    key = next(weekly, None)
    return key is not None and any(question.pulse_key == key for question in questions)
