"""The check-ins of a company, one of them, and the rounds that run; for facilitators."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlmodel import Session

from bot.domain.chat import Message, Part
from bot.domain.recurrence import moment
from bot.services.access import Actor, Sender, access_facilitator, company_day
from bot.services.checkins.access import access_checkin, access_round
from bot.services.checkins.planning import next_round_day
from bot.services.checkins.skipping import is_default_checkin
from bot.services.context import Context
from bot.services.lanes import PACE
from bot.services.messages import checkin_rounds as rounds
from bot.services.messages import checkins as messages
from bot.services.messages.checkin_rounds import Coming, Running, Turn
from bot.services.messages.checkins import Audience, CardFacts, Row, Said
from storage.checkin_settings import (
    count_by_moment,
    ids_of_disturbances,
    list_outcomes,
    list_people,
    list_side_keys,
)
from storage.checkins import (
    count_audience,
    count_outcomes,
    find_checkin,
    list_checkins,
    list_questions,
    list_rounds,
    list_running,
)
from storage.members import list_sides
from storage.setup import answered_questions
from storage.tables import Checkin, CheckinRound, RoundState, SetupQuestion, Workspace


def list_checkins_card(session: Session, context: Context, sender: Sender, _words: str = "") -> Message:
    """All that were not deleted; of those that a change ahead brought only the ones that run."""
    return page_of(session, context, access_facilitator(session, context, sender))


def open_checkin(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """One of them in full."""
    actor, checkin = access_checkin(session, context, sender, checkin_id)
    return card_of(session, context, actor, checkin)


def show_outcomes(session: Session, context: Context, sender: Sender, round_id: str) -> Message:
    """What became of asking each person in a round; never who answered."""
    actor, round_ = access_round(session, context, sender, round_id)
    checkin = find_checkin(session, actor.workspace.id, round_.checkin_id)
    turns = [Turn(*one) for one in list_outcomes(session, round_.id)]
    return rounds.outcomes(actor.speaker, checkin.name if checkin else "", round_, turns)


def running_parts(session: Session, context: Context, actor: Actor) -> tuple[Part, ...]:
    """For the Home of facilitators: rounds that run with counts and the next ones; once the set-up is done and there is
    no check-in, the offer of the usual one. Nothing for everybody else.
    """
    if not actor.leads:
        return ()
    running = [_running(session, round_, checkin) for round_, checkin in list_running(session, actor.workspace.id)]
    checkins = list_checkins(session, actor.workspace.id)
    if not checkins and not running:
        is_set_up = answered_questions(session, actor.workspace.id) == frozenset(SetupQuestion)
        return rounds.offer(actor.speaker) if is_set_up else ()
    days = ((one, next_round_day(session, context, actor.workspace, one)) for one in checkins)
    coming = sorted((day, one.name, one.local_time) for one, day in days if day)
    return rounds.home(actor.speaker, running, [Coming(name, day, at) for day, name, at in coming])


def page_of(session: Session, context: Context, actor: Actor, said: Said | None = None) -> Message:
    """`said` stands above the list: what was done just now."""
    workspace = actor.workspace
    running = {checkin.id: round_ for round_, checkin in list_running(session, workspace.id)}
    extra = ids_of_disturbances(session, workspace.id) - running.keys()
    shown = [one for one in list_checkins(session, workspace.id) if one.id not in extra]
    rows = [_row(session, context, workspace, one, running.get(one.id)) for one in shown]
    has_weekly = any(is_default_checkin(session, workspace, list_questions(session, one.id)) for one in shown)
    return messages.page(actor.speaker, rows, said, has_weekly=has_weekly)


def questions_of(session: Session, actor: Actor, checkin: Checkin, said: Said | None = None) -> Message:
    """What it asks, with what was done just now above it."""
    return messages.questions(actor.speaker, checkin, list_questions(session, checkin.id), said)


def card_of(session: Session, context: Context, actor: Actor, checkin: Checkin, said: Said | None = None) -> Message:
    """One of them, with what was done just now above it."""
    workspace, all_rounds = actor.workspace, list_rounds(session, checkin.id)
    next_on = next_round_day(session, context, workspace, checkin)
    zones = count_audience(session, checkin, next_on or company_day(workspace, context))
    closed = [one for one in all_rounds if one.state is not RoundState.OPEN]
    facts = CardFacts(
        checkin=checkin,
        questions=list_questions(session, checkin.id),
        audience=_audience(session, workspace, checkin, zones),
        next_on=next_on,
        asking=_asking(_moments(checkin, next_on, zones)) if next_on else timedelta(0),
        rounds=[_running(session, one, checkin) for one in all_rounds if one.state is RoundState.OPEN],
        last=closed[0] if closed else None,
        channel=checkin.channel_name or workspace.channel_name,
    )
    return messages.card(actor.speaker, facts, said)


def _row(
    session: Session, context: Context, workspace: Workspace, checkin: Checkin, open_round: CheckinRound | None
) -> Row:
    next_on = next_round_day(session, context, workspace, checkin)
    zones = count_audience(session, checkin, next_on or company_day(workspace, context))
    return Row(checkin, sum(zones.values()), next_on, open_round)


def _audience(session: Session, workspace: Workspace, checkin: Checkin, zones: Mapping[str, int]) -> Audience:
    asked = frozenset(list_side_keys(session, checkin.id))
    return Audience(
        sides=[side.name for side in list_sides(session, workspace.id) if side.key in asked],
        people=[member.name for member in list_people(session, checkin.id, observers=False)],
        observers=len(list_people(session, checkin.id, observers=True)),
        channel=checkin.audience_channel_name if checkin.audience_channel_id else None,
        total=sum(zones.values()),
        zones=zones,
    )


def _running(session: Session, round_: CheckinRound, checkin: Checkin) -> Running:
    asking = _asking(count_by_moment(session, round_.id).values())
    return Running(round_, checkin.name, checkin.local_time, count_outcomes(session, round_.id), asking)


def _moments(checkin: Checkin, day: date, zones: Mapping[str, int]) -> Iterable[int]:
    """How many are to be asked at the same moment, in zones with one clock together."""
    at_once: Counter[object] = Counter()
    for zone, number in zones.items():
        at_once[moment(day, checkin.local_time, zone)] += number
    return at_once.values()


def _asking(at_once: Iterable[int]) -> timedelta:
    """How long it takes to ask all of the busiest moment, at the pace of a workspace, in whole minutes."""
    minutes, rest = divmod(max(at_once, default=0) * PACE, timedelta(minutes=1))
    return timedelta(minutes=minutes + bool(rest))
