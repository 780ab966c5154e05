"""Who somebody is: the first contact, the draft that waits for it, and their settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from bot.domain.changes import write_state
from bot.domain.chat import Form, Message, Submission
from bot.domain.entry import is_quiet, says_something
from bot.domain.errors import DuplicateRequest, Refused
from bot.domain.zones import find_zone
from bot.services.access import (
    Actor,
    Profile,
    Sender,
    access_actor,
    access_workspace,
    check_colleague,
    company_day,
)
from bot.services.appointments import take_up
from bot.services.audit import note
from bot.services.context import Context
from bot.services.days import days_facts, save_days
from bot.services.entries.cards import side_without_name
from bot.services.messages import members as messages
from bot.services.people import tell_side_empty
from bot.services.requests import claim_request
from bot.services.sealed_defaults import default_visibility
from bot.templates import LANGUAGES, speaker
from storage.members import (
    delete_drafts,
    find_member,
    find_side,
    list_drafts,
    list_sides,
    lock_members,
)
from storage.tables import Draft, Member, Side, Visibility, Workspace, ZoneFrom
from storage.workspaces import find_workspace

DRAFT_LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody unknown wanted: `command` as typed ("/clash"), or "form" for the form of a message shortcut."""

    command: str
    text: str
    permalink: str | None = None


def ask_side(
    session: Session, context: Context, sender: Sender, request_id: str, wish: Wish | None, profile: Profile | None
) -> Message:
    """Keep the wish as a draft and ask where they work. A quiet text is repeated back instead: it is never kept.

    `profile` None = the platform did not say who they are; it is asked again before they become a member.
    """
    claim_request(session, context, request_id)
    workspace = access_workspace(session, sender)
    if profile is not None:
        check_colleague(workspace, profile)
    speak = speaker(workspace.language, workspace.timezone)
    text = wish.text if wish and wish.command != "/sop" else ""
    quiet = is_quiet(text)
    if wish and not quiet:
        session.add(_draft(context, workspace, sender, wish))
    sides = list_sides(session, workspace.id)
    return messages.first_contact(speak, sides, text if quiet else None, is_text_kept=says_something(text))


def _draft(context: Context, workspace: Workspace, sender: Sender, wish: Wish) -> Draft:
    return Draft(
        id=context.new_id(),
        workspace_id=workspace.id,
        external_id=sender.user_id,
        command=wish.command,
        text=wish.text,
        permalink=wish.permalink,
        expires_at=context.now + DRAFT_LIFETIME,
    )


def choose_side(
    session: Session, context: Context, sender: Sender, side: str, profile: Profile
) -> tuple[Actor, Sequence[Wish]]:
    """Make the person a member of that side and give back all they wanted, once, the oldest first.

    Raises `DuplicateRequest` when that was done before: a second press must not take away the first one's answer.
    """
    workspace = access_workspace(session, sender)
    check_colleague(workspace, profile)
    member = find_member(session, workspace.id, sender.user_id)
    drafts = list_drafts(session, workspace.id, sender.user_id)
    if member and not drafts:
        raise DuplicateRequest
    if member is None:
        member = _new_member(context, sender, workspace, _known_side(session, workspace.id, side), profile)
        session.add(member)
        session.flush()
        actor = Actor(workspace, member)
        note(session, context, actor, "member.join", member.id, None, write_state({"side": member.side}))
        take_up(session, context, workspace, member)
    wishes = [Wish(draft.command, draft.text, draft.permalink) for draft in drafts if draft.expires_at > context.now]
    delete_drafts(session, workspace.id, sender.user_id)
    session.flush()
    return Actor(workspace, member), wishes


def is_known(session: Session, sender: Sender) -> bool:
    """Whether they are a member: then the platform need not be asked who they are."""
    workspace = access_workspace(session, sender)
    return find_member(session, workspace.id, sender.user_id) is not None


def forget_drafts(session: Session, sender: Sender) -> None:
    """Keep nothing of what somebody typed who turned out to be a guest."""
    workspace = find_workspace(session, sender.platform, sender.team_id)
    if workspace is not None:
        delete_drafts(session, workspace.id, sender.user_id)


def settings_form(session: Session, context: Context, sender: Sender) -> Form:
    actor = access_actor(session, context, sender)
    sides = list_sides(session, actor.workspace.id)
    without_name = side_without_name(session, context, actor)
    facts = days_facts(session, context, actor.workspace, actor.member)
    return messages.settings_form(actor, sides, facts, without_name, default_visibility(context, actor))


def save_settings(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    member = actor.member
    before, member.side = member.side, _known_side(session, actor.workspace.id, submission.text("side")).key
    if member.side != before:
        note(session, context, actor, "member.side", member.id, before, member.side)
        tell_side_empty(session, context, actor.workspace, before)
    member.language = submission.text("language") if submission.text("language") in LANGUAGES else member.language
    _seal_default(session, context, actor, Visibility(submission.text("shown_with")))
    save_days(session, context, actor, member, submission)
    return messages.settings_saved(actor, days_facts(session, context, actor.workspace, member))


def _seal_default(session: Session, context: Context, actor: Actor, default: Visibility) -> None:
    """Seal everybody's default anew: a single fresh seal would tell whose it was that changed."""
    for member in lock_members(session, actor.workspace.id):
        word = default if member.id == actor.member.id else context.secrets.unseal(member.sealed_default)
        member.sealed_default = context.secrets.seal(word) if word else member.sealed_default


def _known_side(session: Session, workspace_id: str, key: str) -> Side:
    side = find_side(session, workspace_id, key)
    if side is None:
        raise Refused("unknown_side", field="side")
    return side


def _new_member(context: Context, sender: Sender, workspace: Workspace, side: Side, profile: Profile) -> Member:
    zone = find_zone(profile.timezone or "")
    return Member(
        id=context.new_id(),
        workspace_id=workspace.id,
        external_id=sender.user_id,
        name=profile.name,
        side=side.key,
        timezone=zone or workspace.timezone,
        timezone_from=ZoneFrom.OWN if zone else ZoneFrom.WORKSPACE,
        platform_timezone=zone,
        language=profile.language if profile.language in LANGUAGES else workspace.language,
        active_from=company_day(workspace, context),
        sealed_default=context.secrets.seal(Visibility.NAMED),
    )
