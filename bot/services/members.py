"""Who somebody is: the first contact, the draft that waits for it, and their settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.entry import is_quiet, side_only
from bot.domain.errors import DuplicateRequest, Refused
from bot.services.access import Actor, Sender, access_actor, access_workspace, company_day
from bot.services.context import Context
from bot.services.messages import members as messages
from bot.services.requests import claim_request
from bot.templates import LANGUAGES, speaker
from storage.members import (
    delete_drafts,
    find_member,
    find_side,
    list_active_members,
    list_drafts,
    list_sides,
    lock_members,
)
from storage.tables import Draft, Member, Side, Visibility, Workspace

DRAFT_LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the chat platform says about a person. `home_team_id` is the company they belong to."""

    name: str
    timezone: str | None
    language: str | None
    is_guest: bool
    home_team_id: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody unknown wanted: `command` as typed ("/clash"), or "form" for the form of a message shortcut."""

    command: str
    text: str
    permalink: str | None = None


def ask_side(session: Session, context: Context, sender: Sender, request_id: str, wish: Wish) -> Message:
    """Keep the wish as a draft and ask where they work. A quiet text is repeated back instead: it is never kept."""
    claim_request(session, context, request_id)
    workspace = access_workspace(session, sender)
    speak = speaker(workspace.language, workspace.timezone)
    quiet = wish.command != "/sop" and is_quiet(wish.text)
    if not quiet:
        session.add(
            Draft(
                id=context.new_id(),
                workspace_id=workspace.id,
                external_id=sender.user_id,
                command=wish.command,
                text=wish.text,
                permalink=wish.permalink,
                expires_at=context.now + DRAFT_LIFETIME,
            )
        )
    return messages.first_contact(speak, list_sides(session, workspace.id), wish.text if quiet else None)


def choose_side(
    session: Session, context: Context, sender: Sender, side: str, profile: Profile
) -> tuple[Actor, Sequence[Wish]]:
    """Make the person a member of that side and give back all they wanted, once, the oldest first.

    Raises `DuplicateRequest` when that was done before: a second press must not take away the first one's answer.
    """
    workspace = access_workspace(session, sender)
    if profile.is_guest or profile.home_team_id != workspace.external_id:
        raise Refused("guest", company=workspace.name)
    member = find_member(session, workspace.id, sender.user_id)
    drafts = list_drafts(session, workspace.id, sender.user_id)
    if member and not drafts:
        raise DuplicateRequest
    if member is None:
        member = _new_member(context, sender, workspace, _known_side(session, workspace.id, side), profile)
        session.add(member)
    wishes = [Wish(draft.command, draft.text, draft.permalink) for draft in drafts if draft.expires_at > context.now]
    delete_drafts(session, workspace.id, sender.user_id)
    session.flush()
    return Actor(workspace, member), wishes


def settings_form(session: Session, context: Context, sender: Sender) -> Form:
    actor = access_actor(session, context, sender)
    sides = list_sides(session, actor.workspace.id)
    without_name = _side_without_name(session, context, actor)
    return messages.settings_form(actor, sides, without_name, default_visibility(context, actor))


def save_settings(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    member = actor.member
    member.side = _known_side(session, actor.workspace.id, submission.text("side")).key
    member.language = submission.text("language") if submission.text("language") in LANGUAGES else member.language
    _seal_default(session, context, actor, Visibility(submission.text("shown_with")))
    session.add(member)
    return messages.settings_saved(actor)


def _seal_default(session: Session, context: Context, actor: Actor, default: Visibility) -> None:
    """Seal everybody's default anew: a single fresh seal would tell whose it was that changed."""
    for member in lock_members(session, actor.workspace.id):
        word = default if member.id == actor.member.id else context.secrets.unseal(member.sealed_default)
        member.sealed_default = context.secrets.seal(word) if word else member.sealed_default


def default_visibility(context: Context, actor: Actor) -> Visibility:
    """How this member's examples are shown unless they say otherwise."""
    word = context.secrets.unseal(actor.member.sealed_default)
    return Visibility(word) if word else Visibility.NAMED


def _side_without_name(session: Session, context: Context, actor: Actor) -> str | None:
    """The name of the side that this member's examples read as without a name; None = "from the company"."""
    day = company_day(actor.workspace, context)
    of_side = list_active_members(session, actor.workspace.id, day, actor.member.side)
    kept = find_side(session, actor.workspace.id, side_only(of_side, actor.member.side, None, None).side)
    return kept.name if kept else None


def _known_side(session: Session, workspace_id: str, key: str) -> Side:
    side = find_side(session, workspace_id, key)
    if side is None:
        raise Refused("unknown_side", field="side")
    return side


def _new_member(context: Context, sender: Sender, workspace: Workspace, side: Side, profile: Profile) -> Member:
    return Member(
        id=context.new_id(),
        workspace_id=workspace.id,
        external_id=sender.user_id,
        name=profile.name,
        side=side.key,
        timezone=profile.timezone or workspace.timezone,
        language=profile.language if profile.language in LANGUAGES else workspace.language,
        active_from=company_day(workspace, context),
        sealed_default=context.secrets.seal(Visibility.NAMED),
    )
