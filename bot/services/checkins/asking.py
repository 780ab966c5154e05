"""Asking and reminding: at each look a minute's worth of people, each within their own hours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.checkin.timing import Window, nudge_at
from bot.domain.figures import partition
from bot.domain.recurrence import moment
from bot.domain.working_time import LATEST, WorkingTime
from bot.services.access import has_left
from bot.services.checkins.closing import close
from bot.services.checkins.planning import plan_asking, window_of
from bot.services.checkins.skipping import is_default_checkin
from bot.services.checkins.topics import checkin_topic, nudge_key, nudge_topic, question_key
from bot.services.context import Context
from bot.services.messages import checkin_questions as messages
from bot.services.messages.checkin_questions import QuestionFacts
from bot.services.outbox import enqueue
from bot.services.scheduling import first_free, plan
from bot.services.unasked import Item, tell_all, waiting_until
from bot.services.working_time import working_times
from bot.templates import speaker
from storage.checkins import (
    Turn,
    Turns,
    add_pulse_asked,
    find_checkin,
    find_round,
    find_turn,
    list_pulse_rounds,
    list_questions,
    next_moment,
    remove_pulse_asked,
    take_due_nudges,
    take_due_turns,
)
from storage.members import list_sides
from storage.outbox import count_active
from storage.private_items import list_said
from storage.tables import (
    Checkin,
    CheckinAsked,
    CheckinRound,
    CheckinState,
    ItemKind,
    Member,
    OccurrenceState,
    Outcome,
    PrivateItem,
    RoundState,
    Schedule,
    ScheduleKind,
    Workspace,
)

BATCH: Final = 240
"""People asked or reminded in a minute, less than the lane of a workspace sends in that time.

So many messages of a round wait in the outbox at most: what is not sent can be stopped, however large the company.
"""

MINUTE: Final = timedelta(minutes=1)
ONE_DAY: Final = timedelta(days=1)


def ask_due(session: Session, context: Context, schedule: Schedule, _due_at: datetime) -> OccurrenceState:
    """Ask and remind whoever is due, and plan the next look; the last one closes the round."""
    round_ = find_round(session, schedule.workspace_id, schedule.subject_id)
    checkin = find_checkin(session, schedule.workspace_id, round_.checkin_id) if round_ else None
    if round_ is None or checkin is None or round_.state is not RoundState.OPEN:
        return OccurrenceState.SKIPPED
    workspace = session.get_one(Workspace, schedule.workspace_id)
    if context.now >= round_.closes_at:
        close(session, context, workspace, checkin, round_)
        return OccurrenceState.DONE
    if checkin.state is not CheckinState.ACTIVE:
        return OccurrenceState.SKIPPED
    under_way = count_active(session, workspace.id, [checkin_topic(round_.id), nudge_topic(round_.id)])
    turns = take_due_turns(session, round_.id, context.now, max(BATCH - under_way, 0))
    nudges = take_due_nudges(session, round_.id, context.now, max(BATCH - under_way - len(turns), 0))
    works = _working_times(session, workspace, round_, context.now, [member for _, member in (*turns, *nudges)])
    _ask(session, context, workspace, checkin, round_, turns, works)
    _remind(session, context, workspace, checkin, round_, nudges, works)
    _plan_next_look(session, context, round_)
    return OccurrenceState.DONE


def undelivered(session: Session, context: Context, item: PrivateItem, for_good: bool) -> None:
    """A question or reminder did not reach its person; `for_good` = nor can anything else."""
    (not_delivered if for_good else put_back)(session, context, item)


def put_back(session: Session, context: Context, item: PrivateItem) -> None:
    """A question did not leave before its hours were over: it is asked in the next inside their window, or never; where
    the check-in is stopped, once it is resumed.
    """
    found = _asked(session, item)
    if found is None:
        return
    turn, round_, member = found
    workspace, checkin = session.get_one(Workspace, item.workspace_id), session.get_one(Checkin, round_.checkin_id)
    works = _working_times(session, workspace, round_, context.now, [member])[member.id]
    turn.nudge_at = None
    _wait(turn, works, context.now)
    _not_asked(session, round_, turn)
    if turn.ask_at and checkin.state is not CheckinState.ACTIVE:
        turn.outcome = Outcome.STOPPED
    elif turn.ask_at:
        plan_asking(session, context, round_, turn.ask_at)


def not_delivered(session: Session, _context: Context, item: PrivateItem) -> None:
    """A question failed for good: they were not asked."""
    if found := _asked(session, item):
        turn, round_, _ = found
        turn.outcome, turn.nudge_at = Outcome.NOT_DELIVERED, None
        _not_asked(session, round_, turn)


def question_facts(session: Session, workspace: Workspace, checkin: Checkin, round_: CheckinRound) -> QuestionFacts:
    """What a question of the round says; `until` is to be each person's own."""
    questions = tuple(list_questions(session, checkin.id))
    is_default = is_default_checkin(session, workspace, questions)
    return QuestionFacts(round_.id, checkin.name, questions, round_.closes_at, is_default)


def _ask(
    session: Session,
    context: Context,
    workspace: Workspace,
    checkin: Checkin,
    round_: CheckinRound,
    turns: Turns,
    works: Mapping[str, WorkingTime],
) -> None:
    asked = [one for one in turns if _is_to_be_asked(workspace, context, one, works)]
    window, groups = window_of(checkin, round_.starts_at), partition(list_sides(session, workspace.id))
    for turn, member in asked:
        turn.outcome, turn.ask_at, turn.side = Outcome.ASKED, context.now, groups.group_of(member.side)
    session.flush()
    add_pulse_asked(session, list_pulse_rounds(session, round_), [turn for turn, _ in asked])
    facts = question_facts(session, workspace, checkin, round_)
    items = [(one[1], _item(ItemKind.CHECKIN, context, facts, one)) for one in asked]
    too_late = {member.id for member, _ in tell_all(session, context, workspace, items)}
    later = waiting_until(session, [item.key for _, item in items])
    for (turn, member), (_, item) in zip(asked, items, strict=True):
        if member.id in too_late:  # their day had its message
            turn.outcome, turn.ask_at = Outcome.NO_TIME, None
            _not_asked(session, round_, turn)
        elif turn.until:
            told_at = later.get(item.key, context.now)
            turn.nudge_at = nudge_at(window, told_at, turn.until, works[member.id])


def _is_to_be_asked(workspace: Workspace, context: Context, one: Turn, works: Mapping[str, WorkingTime]) -> bool:
    """Whether they are asked now; else their turn says what becomes of it."""
    turn, member = one
    if turn.has_answered:
        turn.outcome = Outcome.ASKED  # before their turn: nobody sees when
    elif has_left(workspace, context, member):
        turn.outcome, turn.ask_at = Outcome.LEFT, None
    elif member.undisturbed:
        turn.outcome, turn.ask_at = Outcome.UNDISTURBED, None
    else:
        _wait(turn, works[member.id], context.now)
        return turn.ask_at == context.now
    return False


def _remind(
    session: Session,
    context: Context,
    workspace: Workspace,
    checkin: Checkin,
    round_: CheckinRound,
    nudges: Turns,
    works: Mapping[str, WorkingTime],
) -> None:
    """Who has not answered hears it once. Whose moment it was forgets it, answered or not: nothing tells them apart."""
    reminded: list[Turn] = []
    nudges = _without_untold(session, window_of(checkin, round_.starts_at), nudges, works)
    wished = _who_wishes(session, context, round_, nudges)
    for turn, member in nudges:
        at = works[member.id].next_moment(context.now, turn.until) if turn.until else None
        is_now = at is not None and at <= context.now
        turn.nudge_at = None if is_now else at
        if is_now and _may_remind(workspace, context, turn, member):
            reminded.append((turn, member))
    if reminded:
        facts = question_facts(session, workspace, checkin, round_)
        items = [(one, _item(ItemKind.NUDGE, context, facts, one)) for one in reminded]
        tell_all(session, context, workspace, [(one[1], item) for one, item in items if one[1].id not in wished])
        for one, item in items:
            if one[1].id in wished:
                _show_again(session, context, workspace, one[1], item)


def _without_untold(session: Session, window: Window, nudges: Turns, works: Mapping[str, WorkingTime]) -> Turns:
    """Those who were told the question. Where it was put off once more, so is its reminder."""
    keys = {
        turn.member_id: question_key(turn.round_id, turn.member_id, turn.ask_at) for turn, _ in nudges if turn.ask_at
    }
    waiting = waiting_until(session, [*keys.values()])
    untold = {member_id: waiting[key] for member_id, key in keys.items() if key in waiting}
    for turn, member in nudges:
        if member.id in untold and turn.until:
            turn.nudge_at = nudge_at(window, untold[member.id], turn.until, works[member.id])
    return [one for one in nudges if one[1].id not in untold]


def _who_wishes(session: Session, context: Context, round_: CheckinRound, nudges: Turns) -> Collection[str]:
    """Who said "later today", by id: unasked nobody is reminded on the day of the question."""
    days = {member.id: context.now.astimezone(ZoneInfo(member.timezone)).date() for _, member in nudges}
    said = list_said(session, days)
    return {item.member_id for item in said if item.kind is ItemKind.CHECKIN and item.subject_id == round_.id}


def _show_again(session: Session, context: Context, workspace: Workspace, member: Member, item: Item) -> None:
    """They asked for it, so it is a message of its own."""
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=item.key,
        topic=item.topic,
        target_id=member.external_id,
        message=item.message,
        expires_at=item.expires_at,
    )


def _may_remind(workspace: Workspace, context: Context, turn: CheckinAsked, member: Member) -> bool:
    is_open = turn.outcome is Outcome.ASKED and not turn.has_answered
    return is_open and not member.undisturbed and not has_left(workspace, context, member)


def _item(kind: ItemKind, context: Context, facts: QuestionFacts, one: Turn) -> Item:
    turn, member = one
    assert turn.until is not None
    speak, facts = speaker(member.language, member.timezone), replace(facts, until=turn.until)
    is_nudge = kind is ItemKind.NUDGE
    evening = moment(context.now.astimezone(ZoneInfo(member.timezone)).date(), LATEST, member.timezone)
    key = nudge_key(turn.round_id, member.id) if is_nudge else question_key(turn.round_id, member.id, context.now)
    return Item(
        kind=kind,
        subject_id=turn.round_id,
        key=key,
        message=messages.nudge(speak, facts) if is_nudge else messages.question(speak, facts),
        line=messages.line(speak, facts),
        topic=nudge_topic(turn.round_id) if is_nudge else checkin_topic(turn.round_id),
        helps_until=turn.until,
        expires_at=min(evening, turn.until),
    )


def _plan_next_look(session: Session, context: Context, round_: CheckinRound) -> None:
    """When somebody is due, at the earliest in a minute; in the end when the round closes."""
    session.flush()
    at = max(next_moment(session, round_.id) or round_.closes_at, context.now + MINUTE)
    free = first_free(session, ScheduleKind.CHECKIN_ASK, round_.id, at)
    plan(session, context, round_.workspace_id, ScheduleKind.CHECKIN_ASK, round_.id, free)


def _working_times(
    session: Session, workspace: Workspace, round_: CheckinRound, now: datetime, members: Sequence[Member]
) -> Mapping[str, WorkingTime]:
    """By member, for what is left of the round."""
    return working_times(session, workspace, members, (now - ONE_DAY).date(), (round_.closes_at + ONE_DAY).date())


def _wait(turn: CheckinAsked, works: WorkingTime, now: datetime) -> None:
    """Let them wait for their next moment from now on, or say why there is none."""
    turn.ask_at = works.next_moment(now, turn.until) if turn.until else None
    if turn.ask_at:
        turn.outcome = Outcome.WAITING
    else:
        turn.outcome = works.why_not(now.astimezone(ZoneInfo(works.zone)).date()) or Outcome.NO_TIME


def _asked(session: Session, item: PrivateItem) -> tuple[CheckinAsked, CheckinRound, Member] | None:
    """Whom the question was for, while they have not answered it elsewhere; None for a reminder."""
    member = session.get(Member, item.member_id)
    is_question = item.kind is ItemKind.CHECKIN
    round_ = find_round(session, item.workspace_id, item.subject_id) if is_question else None
    turn = find_turn(session, round_.id, member.id) if round_ and member else None
    if turn is None or round_ is None or member is None or turn.outcome is not Outcome.ASKED or turn.has_answered:
        return None
    return turn, round_, member


def _not_asked(session: Session, round_: CheckinRound, turn: CheckinAsked) -> None:
    session.flush()
    remove_pulse_asked(session, round_, [turn.member_id])
