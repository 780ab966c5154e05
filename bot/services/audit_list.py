"""The audit trail as admins read it: who changed what, the newest first, and as a table for whoever runs Ampersand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.tables_as_text import Table
from bot.services.access import Actor, Sender, access_admin
from bot.services.context import Context
from bot.services.messages import audit as messages
from storage.audit import find_record, list_page, list_records, names_of_subjects, starts_of_meetings
from storage.members import find_member, list_members, list_sides
from storage.tables import AuditRecord, Member, Workspace

PAGE: Final = 10
KINDS: Final[Mapping[str, Collection[str]]] = {
    "meetings": ("meeting", "series", "days_off", "site", "brief_rule"),
    "decisions": ("decision", "agenda"),
    "entries": ("entry",),
    "briefs": ("brief",),
    "members": ("member",),
    "checkins": ("checkin", "disturbance"),
    "workspace": ("workspace", "summary"),
}
"""What can be chosen in the filter, with the nouns it stands for."""

EXPORTED: Final = ("at", "who", "action", "what", "before", "after")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody reads: what is filtered, and the record they go on from ("older" or "newer" than it)."""

    kind: str = ""
    member_id: str = ""
    way: str = ""
    record_id: str = ""

    def value(self) -> str:
        """As the value of a button."""
        return "|".join((self.kind, self.member_id, self.way, self.record_id))


def list_audit(session: Session, context: Context, sender: Sender, value: str = "") -> Message:
    """A page of what was changed. `value` is a `Place`."""
    actor = access_admin(session, context, sender)
    return _page(session, actor, _place(value))


def audit_filter_form(session: Session, context: Context, sender: Sender, value: str) -> Form:
    actor = access_admin(session, context, sender)
    place = _place(value)
    chosen = _members(session, actor.workspace).get(place.member_id)
    return messages.filter_form(actor.speaker, tuple(KINDS), place.kind, chosen.external_id if chosen else None)


def filter_audit(session: Session, context: Context, sender: Sender, submission: Submission) -> Message:
    """What was chosen in the form, from the newest on. Raises `Refused` for somebody who is no member."""
    actor = access_admin(session, context, sender)
    person = submission.text("person")
    member = find_member(session, actor.workspace.id, person) if person else None
    if person and member is None:
        raise Refused("person_unknown", field="person")
    return _page(session, actor, Place(submission.text("kind"), member.id if member else ""))


def export_audit(session: Session, workspace: Workspace, _today: date) -> Table:
    """Everything that was noted, the oldest first, with the moments in UTC and the states as they were kept."""
    records = list_records(session, workspace.id)
    people, things = _members(session, workspace), _things(session, records)
    rows = [
        (
            record.at.isoformat(),
            people[record.actor_id].name if record.actor_id in people else None,
            record.action,
            things.get(record.id, record.subject.partition(":")[2] or record.subject),
            record.before,
            record.after,
        )
        for record in records
    ]
    return Table(EXPORTED, rows)


def _page(session: Session, actor: Actor, place: Place) -> Message:
    from_here = find_record(session, actor.workspace.id, place.record_id) if place.record_id else None
    records = list_page(
        session,
        actor.workspace.id,
        nouns=KINDS.get(place.kind, ()),
        actor_id=place.member_id or None,
        older_than=from_here if place.way == "older" else None,
        newer_than=from_here if place.way == "newer" else None,
        limit=PAGE + 1,
    )
    upwards = place.way == "newer" and from_here is not None
    shown = records[-PAGE:] if upwards else records[:PAGE]
    more = len(records) > PAGE
    older = shown and (more or upwards)
    newer = shown and (more if upwards else from_here is not None)
    people = _members(session, actor.workspace)
    facts = messages.PageFacts(
        rows=_rows(session, actor, shown),
        kind=place.kind,
        person=people[place.member_id].name if place.member_id in people else "",
        filter=replace(place, way="", record_id="").value(),
        older=replace(place, way="older", record_id=shown[-1].id).value() if older else None,
        newer=replace(place, way="newer", record_id=shown[0].id).value() if newer else None,
    )
    return messages.page(actor.speaker, facts)


def _rows(session: Session, actor: Actor, records: Sequence[AuditRecord]) -> list[messages.Row]:
    people, things = _members(session, actor.workspace), _things(session, records)
    sides = {side.key: side.name for side in list_sides(session, actor.workspace.id)}
    names = sides | {member.id: member.name for member in people.values()}
    starts = starts_of_meetings(session, [record.subject.rpartition(":")[2] for record in records])
    return [
        messages.Row(
            at=record.at,
            who=people[record.actor_id].name if record.actor_id in people else None,
            action=record.action,
            name=things.get(record.id, record.subject.partition(":")[2]),
            awaited=_awaited(record, things),
            starts_at=starts.get(record.subject.rpartition(":")[2]),
            before=record.before,
            after=record.after,
            names=names,
        )
        for record in records
    ]


def _awaited(record: AuditRecord, things: Mapping[str, str]) -> str:
    """The chat's id of somebody who was no member yet; whoever was erased keeps a row, without a name."""
    return record.subject if record.action.startswith("member.") and record.id not in things else ""


def _things(session: Session, records: Sequence[AuditRecord]) -> Mapping[str, str]:
    """What was changed, by the id of the record: with one query for each noun."""
    subjects = {record.id: (record.action.partition(".")[0], record.subject.rpartition(":")[2]) for record in records}
    by_noun = defaultdict(set)
    for noun, subject in subjects.values():
        by_noun[noun].add(subject)
    called = {noun: names_of_subjects(session, noun, ids) for noun, ids in by_noun.items()}
    return {key: called[noun][subject] for key, (noun, subject) in subjects.items() if subject in called[noun]}


def _members(session: Session, workspace: Workspace) -> Mapping[str | None, Member]:
    return {member.id: member for member in list_members(session, workspace.id)}


def _place(value: str) -> Place:
    kind, *rest = value.split("|")
    return Place(kind if kind in KINDS else "", *rest) if len(rest) == 3 else Place()
