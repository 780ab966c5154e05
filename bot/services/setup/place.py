"""Question 3: the company's zone, country and language, for working days, holidays and what is said in channels."""

from sqlmodel import Session

from bot.domain.changes import write_state
from bot.domain.chat import Form, Message, Submission
from bot.domain.countries import find_country, nearest_country
from bot.domain.errors import Refused
from bot.domain.zones import find_zone, nearest_zone
from bot.services.access import Actor, Sender
from bot.services.audit import note
from bot.services.checkins.people import replan_members
from bot.services.checkins.planning import plan_all
from bot.services.context import Context
from bot.services.meetings import replan_all
from bot.services.messages import setup as messages
from bot.services.messages import setup_forms as forms
from bot.services.requests import claim_request
from bot.services.setup.claiming import access_setup
from bot.services.setup.finishing import answered
from bot.services.setup.standing import proposed_place
from bot.services.summaries.planning import plan_summary
from bot.services.zones import follow_zones
from bot.templates import LANGUAGES
from storage.meetings import list_series
from storage.setup import answered_questions
from storage.tables import SetupQuestion, Workspace


def place_form(session: Session, context: Context, sender: Sender) -> Form:
    """Filled in; until it is answered with what the chat says of whoever opens it."""
    actor = access_setup(session, context, sender)
    is_answered = SetupQuestion.PLACE in answered_questions(session, actor.workspace.id)
    has_meetings = bool(list_series(session, actor.workspace.id))
    return forms.place(actor.speaker, *proposed_place(actor, is_answered=is_answered), has_meetings=has_meetings)


def save_place(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Briefs follow the zone, meetings the days off of the country; the meetings keep the zone of their series."""
    claim_request(session, context, request_id)
    actor = access_setup(session, context, sender)
    zone, country = _zone(submission.text("zone")), _country(actor, submission.text("country"))
    language = submission.choice("language")
    before = _state(actor.workspace)
    actor.workspace.timezone, actor.workspace.country = zone, country
    actor.workspace.language = language if language in LANGUAGES else actor.workspace.language
    session.add(actor.workspace)
    session.flush()
    if _state(actor.workspace) != before:
        note(session, context, actor, "workspace.place", actor.workspace.id, before, _state(actor.workspace))
        replan_all(session, context, actor.workspace)
        plan_summary(session, context, actor.workspace)
        follow_zones(session, context, actor.workspace)
        plan_all(session, context, actor.workspace)
        replan_members(session, context, actor.workspace)
    has_meetings = bool(list_series(session, actor.workspace.id))
    said = messages.said(actor, "place_saved", zone=zone, has_meetings=has_meetings)
    return answered(session, context, actor, SetupQuestion.PLACE, said)


def _zone(typed: str) -> str:
    zone = find_zone(typed)
    if zone is None:
        raise Refused("zone_unknown", field="zone", words=typed, meant=nearest_zone(typed))
    return zone


def _country(actor: Actor, typed: str) -> str:
    country = find_country(typed)
    if country is None:
        meant = nearest_country(typed, actor.member.language)
        raise Refused("country_unknown", field="country", words=typed, meant=meant)
    return country


def _state(workspace: Workspace) -> str:
    names = ("timezone", "country", "language")
    return write_state({name: getattr(workspace, name) for name in names})
