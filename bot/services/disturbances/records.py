"""A change ahead with what belongs to it, and the one that a button means."""

from sqlmodel import Session

from bot.domain.errors import Refused
from bot.services.access import Actor
from bot.services.messages.disturbances import Change, RoundState
from storage.checkins import count_outcomes, list_rounds
from storage.disturbances import count_linked, find_disturbance, touched_by
from storage.tables import CheckinRound, Disturbance, Member, Outcome
from storage.tables import RoundState as State

TO_BE_ASKED = (Outcome.WAITING, Outcome.ASKED, Outcome.DECLINED)


def access_change(session: Session, actor: Actor, disturbance_id: str) -> Disturbance:
    """Withdrawn or not, for every member."""
    disturbance = find_disturbance(session, actor.workspace.id, disturbance_id)
    if disturbance is None:
        raise Refused("disturbance_gone")
    return disturbance


def change_of(session: Session, disturbance: Disturbance) -> Change:
    author = session.get(Member, disturbance.announced_by_id) if disturbance.announced_by_id else None
    touched = touched_by(session, disturbance)
    rounds = list_rounds(session, disturbance.checkin_id) if disturbance.checkin_id else ()
    last = rounds[0] if rounds else None
    return Change(
        disturbance=disturbance,
        announced_by=author.name if author else None,
        sides=touched.sides,
        names=touched.people,
        round=_state(session, last),
        until=last.closes_at if last else None,
        people=_people(session, last),
        entries=count_linked(session, disturbance.workspace_id).get(disturbance.id, 0),
    )


def _state(session: Session, last: CheckinRound | None) -> RoundState:
    if last is None:
        return "none"
    if last.state is State.CANCELLED:
        return "stopped" if Outcome.STOPPED in count_outcomes(session, last.id) else "none"
    return "open" if last.state is State.OPEN else "closed"


def _people(session: Session, last: CheckinRound | None) -> int:
    """Whose turn came or is to come."""
    outcomes = count_outcomes(session, last.id) if last else {}
    return sum(outcomes.get(outcome, 0) for outcome in TO_BE_ASKED)
