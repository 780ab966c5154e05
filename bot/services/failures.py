"""What was not delivered or not done reaches the facilitators, with the cure: silence is never ambiguous."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlmodel import Session

from bot.domain.chat import Message
from bot.services import outbox
from bot.services.access import Sender, access_facilitator, company_day
from bot.services.context import Context
from bot.services.messages import failures as messages
from bot.services.messages.failures import Failed, Place
from bot.services.outbox import Notice
from bot.templates import Speaker, speaker
from storage.members import find_member, list_facilitators
from storage.tables import Meeting, Outgoing, Schedule, ScheduleKind, Workspace

PRIVATE: Final = "private"


def explain_failure(session: Session, context: Context, row: Outgoing, reason: str) -> Sequence[Notice]:
    """One private message to each facilitator about a post that failed for good, or that may stand somewhere twice."""
    workspace = session.get(Workspace, row.workspace_id)
    if workspace is None:
        return []
    if reason == outbox.UNREADABLE:
        channel = _channels(workspace).get(row.target_id)
        about = row.target_id if channel else PRIVATE
        return _notices(session, context, workspace, lambda speak: messages.unreadable(speak, channel), about)
    failed = _failed(session, workspace, row, reason)
    notices = _notices(session, context, workspace, lambda speak: messages.failed(speak, failed))
    return [notice for notice in notices if notice.target_id != row.target_id]


def post_again(session: Session, context: Context, sender: Sender, outbox_id: str) -> Message:
    """A facilitator has cured it: put the post back in line."""
    actor = access_facilitator(session, context, sender)
    is_waiting = outbox.post_again(session, context, actor.workspace.id, outbox_id)
    return messages.posted_again(actor.speaker, waiting=is_waiting)


def tell_skipped(session: Session, context: Context, schedule: Schedule) -> None:
    """Nothing ran until it no longer helped: each facilitator hears what was not done."""
    due_at = schedule.next_due_at
    assert due_at is not None
    _tell(session, context, schedule, "skipped", lambda speak: messages.skipped(speak, schedule.kind, due_at))


def tell_given_up(session: Session, context: Context, schedule: Schedule) -> None:
    """It went wrong for a day: each facilitator hears of it, with the code to find it in the log."""
    due_at = schedule.next_due_at
    assert due_at is not None
    meeting = session.get(Meeting, schedule.subject_id) if schedule.kind == ScheduleKind.BRIEF else None

    def given_up(speak: Speaker) -> Message:
        what = speak.plain("event", schedule.kind, meeting=meeting)
        return messages.given_up(speak, what, due_at, schedule.id)

    _tell(session, context, schedule, "given_up", given_up)


def _tell(session: Session, context: Context, schedule: Schedule, what: str, say: Callable[[Speaker], Message]) -> None:
    workspace = session.get_one(Workspace, schedule.workspace_id)
    key = f"{what}:{schedule.id}:{schedule.next_due_at:%Y%m%d%H%M%S}"
    outbox.tell(session, context, workspace.id, key, _notices(session, context, workspace, say))


def _notices(
    session: Session, context: Context, workspace: Workspace, say: Callable[[Speaker], Message], about: str = ""
) -> Sequence[Notice]:
    """One for each facilitator, in their language."""
    return [
        Notice(lead.external_id, say(speaker(lead.language, lead.timezone)), about)
        for lead in list_facilitators(session, workspace.id, company_day(workspace, context))
    ]


def _failed(session: Session, workspace: Workspace, row: Outgoing, reason: str) -> Failed:
    person = find_member(session, workspace.id, row.target_id)
    return Failed(
        outbox_id=row.id,
        what="change" if row.replaces else row.key.partition(":")[0],
        where=Place(_channels(workspace).get(row.target_id), person.name if person else None),
        reason=reason,
        waits=row.replaces is None and row.thread_of is None,
    )


def _channels(workspace: Workspace) -> Mapping[str, str | None]:
    """The names of the channels that are written to, without the sign."""
    channels = (
        (workspace.channel_id, workspace.channel_name),
        (workspace.help_channel_id, workspace.help_channel_name),
    )
    return {id_: name.removeprefix("#") if name else None for id_, name in channels if id_}
