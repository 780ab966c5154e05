"""A person disappears, the company's memory stays: what they told, agreed and decided loses its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from bot.domain.markup import escape
from bot.services.access import Actor, company_day
from bot.services.audit import note_from_outside
from bot.services.checkins.people import end_turns
from bot.services.context import Context
from bot.services.entries.posts import post_at, refresh_post, told
from bot.services.entries.saving import take_off_name
from bot.services.messages import help_today
from bot.services.outbox import enqueue
from bot.services.questions import replace_question, withdraw_question
from bot.services.scheduling import forget
from bot.templates import speaker
from storage import erasing
from storage.audit import note_under
from storage.entries import forget_author, list_pair
from storage.outbox import find_key
from storage.privacy import count_held
from storage.tables import Ask, Entry, Member, Outcome, Role, ScheduleKind, Visibility, Workspace, ZoneFrom

ONE_DAY = timedelta(days=1)
FROM = ("entries", "agreements", "decisions", "objections", "agenda", "checkin_texts", "announcements")
"""What loses the name and stays."""

DELETED = (
    *("meetings_invited", "series_invited", "briefs_opened", "checkins_naming_you", "channels", "absences"),
    *("said_to_you", "drafts", "messages"),
)


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there was of each kind before (names as in `storage.privacy.HELD`), and what was left alone.

    `mentions` counts, by table, the rows in which people wrote the name: nobody changes their words.
    """

    held: Mapping[str, int]
    mentions: Mapping[str, int]


def erase_member(session: Session, context: Context, workspace: Workspace, member: Member) -> Erased:
    """Erase the person, and count what there was: for whoever asked for it."""
    held, name = count_held(session, member), member.name
    erase(session, context, workspace, member)
    return Erased(held, erasing.count_mentions(session, workspace.id, name))


def erase(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Erase the person. A row without a name stays in their place, so that figures of past days do not change.

    Whoever uses the product again later is somebody new.
    """
    entries = erasing.list_written(session, member)
    _end(session, context, workspace, member)
    end_turns(session, member, Outcome.LEFT)
    for ask in erasing.list_asked(session, member):
        _forget_ask(session, context, workspace, ask)
    for entry in entries:
        forget_name(session, context, Actor(workspace, member), entry)
    for entry in entries:
        _say_so_in_slack(session, context, workspace, entry)
    erasing.delete_beside(session, member)
    erasing.forget_in_checkins(session, member)
    note_under(session, member)
    _strike(session, workspace, member)
    _blank(session, context, workspace, member)
    note_from_outside(session, context, workspace.id, "member.erase", member.id)


def forget_name(session: Session, context: Context, actor: Actor, entry: Entry) -> None:
    """Make the entry of that member side-only; nobody has the token that could still change it."""
    forget_author(session, entry, actor.member)
    forget(session, ScheduleKind.HELP_LESSON, entry.id)
    if entry.visibility == Visibility.NAMED:
        take_off_name(session, context, actor, entry)
    session.add(entry)
    session.flush()


def _end(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Their last day is over, so that the rule of five counts without them."""
    yesterday = company_day(workspace, context) - ONE_DAY
    member.active_to = min(member.active_to or yesterday, yesterday)
    session.add(member)
    session.flush()


def _forget_ask(session: Session, context: Context, workspace: Workspace, ask: Ask) -> None:
    """Who was asked, and an answer beside the question, would be a name. Where the channel says it, it says less."""
    if ask.asked_side:
        replace_question(session, context, workspace, ask, "ended_there")
    for kind in (ScheduleKind.ASK_END, ScheduleKind.ASK_AGAIN):
        forget(session, kind, ask.id)
    session.delete(ask)
    session.flush()


def _say_so_in_slack(session: Session, context: Context, workspace: Workspace, entry: Entry) -> None:
    """What the bot posted about the entry with the name is changed in place, as long as it is known where it stands."""
    withdraw_question(session, context, workspace, entry, post_at(context, entry))
    for shared in (entry, *list_pair(session, entry)):
        refresh_post(session, context, workspace, shared)
    speak, teller = speaker(workspace.language, workspace.timezone), told(session, entry).teller
    if posted := find_key(session, f"help:{entry.id}"):
        nobody, side = speak.word("former_colleague"), teller.side or speak.word("the_company")
        enqueue(
            session,
            context,
            workspace_id=workspace.id,
            key=f"help:{entry.id}:{context.new_id()}",
            target_id=posted.target_id,
            message=help_today.post(speak, entry, nobody, side),
            replaces=posted.id,
            not_before=post_at(context, entry),
        )


def _strike(session: Session, workspace: Workspace, member: Member) -> None:
    """Take the name out of what the product itself wrote and keeps."""
    names = [member.external_id, member.name, escape(member.name)]
    nobody = speaker(workspace.language, workspace.timezone).word("former_colleague")
    erasing.strike_from_briefs(session, workspace.id, member.name)
    erasing.strike_from_messages(session, workspace.id, names, nobody)
    erasing.strike_from_changes(session, workspace.id, names, nobody)


def _blank(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    member.name, member.external_id = "", f"erased:{context.new_token()}"
    member.role, member.plant, member.undisturbed = Role.MEMBER, None, False
    member.timezone, member.timezone_from = workspace.timezone, ZoneFrom.WORKSPACE
    member.language, member.working_days = workspace.language, None
    member.platform_timezone, member.ended_by_platform = None, False
    member.sealed_default = context.secrets.seal(Visibility.NAMED)
    session.add(member)
    session.flush()
