"""The audit trail: who changed what, when; never what an author does to a side-only entry."""

from sqlmodel import Session

from bot.services.access import Actor
from bot.services.context import Context
from storage.tables import AuditRecord


def note(
    session: Session,
    context: Context,
    actor: Actor,
    action: str,
    subject: str,
    before: str | None = None,
    after: str | None = None,
) -> AuditRecord:
    """Note what a member did. `action` is "noun.verb", `subject` the id of what was changed."""
    return _write(session, context, actor.workspace.id, actor.member.id, action, subject, before, after)


def note_from_outside(
    session: Session,
    context: Context,
    workspace_id: str,
    action: str,
    subject: str,
    before: str | None = None,
    after: str | None = None,
) -> AuditRecord:
    """Note what no member did: whoever runs Ampersand from the command line, the chat platform, or time itself."""
    return _write(session, context, workspace_id, None, action, subject, before, after)


def _write(
    session: Session,
    context: Context,
    workspace_id: str,
    actor_id: str | None,
    action: str,
    subject: str,
    before: str | None,
    after: str | None,
) -> AuditRecord:
    record = AuditRecord(
        id=context.new_id(),
        workspace_id=workspace_id,
        at=context.now,
        actor_id=actor_id,
        action=action,
        subject=subject,
        before=before,
        after=after,
    )
    session.add(record)
    session.flush()
    return record
