"""Chance looks for an order of time, breakdowns, absences, moves and pauses that breaks a promise of the rounds.

Each person is asked once per round or has a recorded reason, within their own hours, and reminded at most once.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, SQLModel, select

from bot.domain.errors import Refused
from bot.services.access import Sender
from bot.services.checkins.people import end_turns, replan_member, replan_members
from bot.services.checkins.planning import run_now
from bot.services.checkins.putting_off import ask_later, skip
from bot.services.checkins.stopping import pause, resume
from bot.services.unasked import settle
from storage.checkins import add_pulse_asked, list_pulse_rounds, remove_pulse_asked
from storage.database import Database
from storage.tables import (
    Absence,
    Checkin,
    CheckinAsked,
    CheckinRound,
    Holiday,
    ItemKind,
    Member,
    OutboxState,
    Outcome,
    Outgoing,
    Platform,
    PulseAsked,
    PulseRound,
    RoundState,
    Schedule,
    ScheduleKind,
    Workspace,
)
from tests.builders import WORKSPACE, start_over
from tests.services.checkins.round_world import THURSDAY, RoundWorld, at

ZONES = ("Pacific/Auckland", "Asia/Dubai", "Europe/Amsterdam", "America/New_York")
HOURS = (1, 2, 5, 13, 26)
WHO = st.integers(0, len(ZONES) - 1)
COUNTED = {Outcome.ASKED, Outcome.DECLINED}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Told:
    """A question ("checkin") or reminder ("checkin_nudge") that reached somebody; they lived in `zone` when it was
    written.
    """

    what: str
    round_id: str
    to: str
    zone: str
    moment: datetime

    @property
    def local(self) -> datetime:
        return self.moment.astimezone(ZoneInfo(self.zone))


class Rounds(RuleBasedStateMachine):
    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        start_over()
        with self.database.transaction() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                session.execute(table.delete())
        self.world = RoundWorld(self.database)
        self.people = [self.world.person(zone, timezone=zone) for zone in ZONES]
        self.hears = True
        self.is_calm = True
        """Nothing happens for which somebody may rightly not be asked."""

        self.zones: dict[str, str] = {}
        """By row of the outbox: the zone its person lived in when it was written."""

        self.arrived: dict[str, Told] = {}
        """By row of the outbox."""

        self.reasons: defaultdict[str, set[Outcome]] = defaultdict(set)
        """By person: why they may not have been asked."""

        self.excused: set[tuple[str, str]] = set()
        """Who was asked, and said then that they are away: of which round, and who."""

        self.in_peace: dict[tuple[str, str], int] = {}
        """Who has answered, or wants no more of a round: how much they had heard of it by then."""

        self.wished: set[tuple[str, str]] = set()
        self.is_paused = False
        self.days = 1

    @initialize(is_calm=st.sampled_from([True, False, False, False]), days=st.sampled_from([1, 4]))
    def begin(self, is_calm: bool, days: int) -> None:
        """Until Friday, or over the weekend until Monday."""
        self.is_calm, self.days = is_calm, days
        with self.database.transaction() as session:
            session.get_one(Checkin, self.world.checkin_id).close_after_days = days
        self.world.plan()
        self.go(at(THURSDAY, "09:00"))

    # ------------------------------------------------------------ what happens

    @rule(hours=st.sampled_from(HOURS))
    def time_passes(self, hours: int) -> None:
        self.go(self.world.now + timedelta(hours=hours))

    @precondition(lambda self: not self.is_calm)
    @rule(hours=st.sampled_from((*HOURS, 60)))
    def nothing_runs(self, hours: int) -> None:
        self.may_be_late()
        self.look(self.world.now + timedelta(hours=hours))

    @precondition(lambda self: not self.is_calm)
    @rule(minutes=st.sampled_from([1, 90, 1000]))
    def the_clock_is_put_back(self, minutes: int) -> None:
        self.may_be_late()
        self.world.now -= timedelta(minutes=minutes)

    @precondition(lambda self: not self.is_calm)
    @rule()
    def the_chat_goes_or_comes(self) -> None:
        self.may_be_late()
        self.hears = not self.hears

    @rule(who=WHO)
    def somebody_answers(self, who: int) -> None:
        """What they were asked, or before they were."""
        with self.database.transaction() as session:
            for turn, round_ in self.open_turns(session, who):
                if turn.outcome in {Outcome.WAITING, Outcome.ASKED} and not turn.has_answered:
                    turn.has_answered = True
                    session.flush()
                    add_pulse_asked(session, list_pulse_rounds(session, round_), [turn])
                    settle(session, turn.member_id, ItemKind.CHECKIN, round_.id)
                    self.leave_in_peace(who, round_)

    @precondition(lambda self: not self.is_calm)
    @rule(who=WHO)
    def somebody_skips(self, who: int) -> None:
        with self.database.transaction() as session:
            for turn, round_ in self.open_turns(session, who):
                if turn.outcome is Outcome.ASKED and not turn.has_answered and self.world.now < round_.closes_at:
                    skip(session, self.world.context(), self.sender(who), round_.id)
                    self.leave_in_peace(who, round_)

    @precondition(lambda self: not self.is_calm)
    @rule(who=WHO)
    def somebody_says_later_today(self, who: int) -> None:
        with self.database.transaction() as session:
            for turn, round_ in self.open_turns(session, who):
                if (round_.id, self.people[who].external_id) in self.asked() and turn.outcome is Outcome.ASKED:
                    try:
                        ask_later(session, self.world.context(), self.sender(who), round_.id)
                    except Refused:
                        continue
                    self.wished.add((round_.id, self.people[who].external_id))

    @precondition(lambda self: not self.is_calm)
    @rule(who=WHO, zone=st.sampled_from(ZONES))
    def somebody_moves(self, who: int, zone: str) -> None:
        self.reasons[self.people[who].id].add(Outcome.NO_TIME)
        self.world.using(replan_member, self.world.change(self.people[who], timezone=zone))

    @precondition(lambda self: not self.is_calm)
    @rule(who=WHO, first=st.integers(-1, 2), days=st.integers(0, 9))
    def somebody_is_away(self, who: int, first: int, days: int) -> None:
        member, day = self.people[who], self.world.now.date() + timedelta(days=first)
        self.reasons[member.id] |= {Outcome.AWAY, Outcome.NO_TIME}
        with self.database.transaction() as session:
            for absence in session.exec(select(Absence).where(Absence.member_id == member.id)).all():
                session.delete(absence)
        row = {"workspace_id": WORKSPACE, "member_id": member.id}
        self.world.add(Absence(id=f"a{who}", first_day=day, last_day=day + timedelta(days=days), **row))
        self.world.using(replan_member, member)

    @precondition(lambda self: not self.is_calm)
    @rule(who=WHO)
    def somebody_says_they_are_away(self, who: int) -> None:
        """With the button of the question: they were not asked then, and are not asked again."""
        with self.database.transaction() as session:
            for turn, round_ in self.open_turns(session, who):
                was_told = (round_.id, self.people[who].external_id) in self.asked()
                if was_told and turn.outcome is Outcome.ASKED and not turn.has_answered:
                    turn.outcome, turn.nudge_at = Outcome.AWAY, None
                    session.flush()
                    remove_pulse_asked(session, round_, [turn.member_id])
                    self.excused.add((turn.round_id, turn.member_id))

    @rule(who=WHO)
    def somebody_is_back(self, who: int) -> None:
        with self.database.transaction() as session:
            for absence in session.exec(select(Absence).where(Absence.member_id == self.people[who].id)).all():
                session.delete(absence)
        self.world.using(replan_member, self.people[who])

    @precondition(lambda self: not self.is_calm)
    @rule(day=st.integers(0, 2))
    def the_company_closes_that_day_or_opens_again(self, day: int) -> None:
        off = self.world.now.date() + timedelta(days=day)
        for member in self.people:
            self.reasons[member.id] |= {Outcome.DAY_OFF, Outcome.NO_TIME}
        with self.database.transaction() as session:
            holiday = session.get(Holiday, (WORKSPACE, off))
            if holiday:
                session.delete(holiday)
            else:
                session.add(Holiday(workspace_id=WORKSPACE, day=off, name="Strike"))
            replan_members(session, self.world.context(), session.get_one(Workspace, WORKSPACE))

    @precondition(lambda self: not self.is_calm)
    @rule(who=WHO)
    def somebody_wants_no_questions_or_does_again(self, who: int) -> None:
        self.reasons[self.people[who].id] |= {Outcome.UNDISTURBED, Outcome.NO_TIME}
        with self.database.transaction() as session:
            member = session.get_one(Member, self.people[who].id)
            member.undisturbed = not member.undisturbed
            session.flush()
            if member.undisturbed:
                end_turns(session, member, Outcome.UNDISTURBED)
        if not member.undisturbed:
            self.world.using(replan_member, member)

    @precondition(lambda self: not self.is_calm)
    @rule()
    def it_is_paused_or_resumed(self) -> None:
        self.may_be_late(Outcome.STOPPED)
        self.world.using(resume if self.is_paused else pause)
        self.is_paused = not self.is_paused
        if not self.is_paused:
            with self.database.snapshot() as session:
                turns = session.exec(select(CheckinAsked).join(CheckinRound)).all()
            open_for = [turn for turn in turns if turn.until and turn.until > self.world.now]
            assert [turn for turn in open_for if turn.outcome is Outcome.STOPPED] == [], "resumed, and not asked"

    @precondition(lambda self: not (self.is_calm or self.is_paused))
    @rule(who=WHO, then=st.sampled_from(["pause", "quiet", "answer", "away", "close"]))
    def something_is_written_and_before_it_leaves(self, who: int, then: str) -> None:
        """The next question or reminder waits to be sent when that happens."""
        self.may_be_late()
        if due := self.world.next_due():
            self.world.tick(max(due, self.world.now))
            self.note_written()
        if then == "pause":
            self.it_is_paused_or_resumed()
        elif then == "quiet":
            self.somebody_wants_no_questions_or_does_again(who)
        elif then == "answer":
            self.somebody_answers(who)
        elif then == "away":
            self.somebody_is_away(who, 0, 3)
        else:
            self.look(self.world.now + timedelta(hours=9))
        self.look(self.world.now)

    @precondition(
        lambda self: not (self.is_calm or self.is_paused)
    )  # the second question of a day waits, and may find no other day
    @rule()
    def it_is_run_by_hand(self) -> None:
        self.may_be_late()
        try:
            self.world.using(run_now)
        except Refused:
            assert any(one.state is RoundState.OPEN for one in self.world.rounds())

    # ------------------------------------------------------------ time and the chat

    def go(self, moment: datetime) -> None:
        """The bot runs until then: it looks whenever something is due."""
        while (due := self.world.next_due()) and due <= moment:
            self.look(max(due, self.world.now))
        self.look(moment)
        self.nothing_is_overdue()

    def look(self, moment: datetime) -> None:
        self.world.tick(moment)
        self.note_written()
        if self.hears:
            self.world.send()
            self.note_arrived()
        else:
            self.world.try_in_vain()

    def note_written(self) -> None:
        """Whoever is told something is at work at that moment, and the round is open for them."""
        with self.database.snapshot() as session:
            members = {member.external_id: member for member in session.exec(select(Member)).all()}
            for row in session.exec(select(Outgoing)).all():
                if row.id not in self.zones:
                    self.zones[row.id] = members[row.target_id].timezone if row.target_id in members else "UTC"
                    if row.topic and row.topic.startswith(("checkin:", "checkin_nudge:")):
                        self.check_written(session, row.topic, members[row.target_id])

    def check_written(self, session: Session, topic: str, member: Member) -> None:
        what, _, round_id = topic.partition(":")
        local = self.world.now.astimezone(ZoneInfo(member.timezone))
        round_, turn = session.get_one(CheckinRound, round_id), session.get_one(CheckinAsked, (round_id, member.id))
        away = session.exec(select(Absence).where(Absence.member_id == member.id)).all()
        assert 8 <= local.hour < 18, (what, local)
        assert local.weekday() < 5, (what, local)
        assert not any(one.first_day <= local.date() <= one.last_day for one in away), (what, "they are away")
        assert session.get(Holiday, (WORKSPACE, local.date())) is None, (what, "a day off")
        assert self.world.now < (turn.until or round_.closes_at), (what, "too late")
        assert local >= datetime.combine(round_.day, time(10), local.tzinfo) or round_.starts_at, (what, "too early")
        assert not member.undisturbed, "they wanted no questions"

    def note_arrived(self) -> None:
        with self.database.snapshot() as session:
            quiet = set(session.exec(select(Member.external_id).where(Member.undisturbed)).all())
            for row in session.exec(select(Outgoing).where(Outgoing.state == OutboxState.SENT)).all():
                is_about_a_round = row.topic and row.topic.startswith("checkin") and row.error != "superseded"
                if row.topic and is_about_a_round and row.id not in self.arrived:
                    assert row.target_id not in quiet, "they wanted no questions"
                    what, _, round_id = row.topic.partition(":")
                    assert not self.is_paused or what == "checkin_result", "paused, and yet somebody heard something"
                    told = Told(what, round_id, row.target_id, self.zones[row.id], self.world.now)
                    self.arrived[row.id] = told

    # ------------------------------------------------------------ what is known

    def may_be_late(self, *reasons: Outcome) -> None:
        for member in self.people:
            self.reasons[member.id] |= {Outcome.NO_TIME, *reasons}

    def leave_in_peace(self, who: int, round_: CheckinRound) -> None:
        key = round_.id, self.people[who].external_id
        self.in_peace[key] = self.heard()[key]

    def heard(self) -> Counter[tuple[str, str]]:
        """How much of a round has reached each person."""
        return Counter((one.round_id, one.to) for one in self.arrived.values() if one.what != "checkin_result")

    def asked(self) -> dict[tuple[str, str], Told]:
        return {(one.round_id, one.to): one for one in self.arrived.values() if one.what == "checkin"}

    def reminded(self) -> dict[tuple[str, str], Told]:
        return {(one.round_id, one.to): one for one in self.arrived.values() if one.what == "checkin_nudge"}

    def sender(self, who: int) -> Sender:
        return Sender(Platform.SLACK, "T1", self.people[who].external_id)

    def open_turns(self, session: Session, who: int) -> list[tuple[CheckinAsked, CheckinRound]]:
        turns = select(CheckinAsked, CheckinRound).join(CheckinRound)
        mine = turns.where(CheckinAsked.member_id == self.people[who].id, CheckinRound.state == RoundState.OPEN)
        return list(session.exec(mine).all())

    # ------------------------------------------------------------ what must hold

    @invariant()
    def nobody_is_asked_or_reminded_twice(self) -> None:
        told = Counter((one.what, one.round_id, one.to) for one in self.arrived.values())
        assert [once for once, number in told.items() if number > 1] == []

    @invariant()
    def nobody_hears_anything_outside_their_hours(self) -> None:
        for one in self.arrived.values():
            assert 8 <= one.local.hour < 18, one
            assert one.local.weekday() < 5, one

    @invariant()
    def nobody_hears_two_things_unasked_on_one_day(self) -> None:
        unasked = [one for one in self.arrived.values() if (one.round_id, one.to) not in self.wished]
        days = Counter((one.to, one.zone, one.local.date()) for one in unasked)
        assert [day for day, number in days.items() if number > 1] == []

    @invariant()
    def who_has_answered_or_skipped_hears_no_more_of_it(self) -> None:
        heard = self.heard()
        assert {key: heard[key] for key in self.in_peace} == self.in_peace

    @invariant()
    def a_reminder_follows_its_question_on_a_later_day(self) -> None:
        asked = self.asked()
        for key, nudge in self.reminded().items():
            assert asked[key].moment <= nudge.moment
            is_same_day = asked[key].zone == nudge.zone and asked[key].local.date() == nudge.local.date()
            assert not is_same_day or key in self.wished, nudge

    @invariant()
    def a_day_of_the_rule_has_one_round(self) -> None:
        days = Counter[date](one.day for one in self.world.rounds() if one.starts_at is None)
        assert [day for day, number in days.items() if number > 1] == []

    @invariant()
    def who_counts_as_asked_is_who_was(self) -> None:
        with self.database.snapshot() as session:
            turns = session.exec(select(CheckinAsked)).all()
            labels = {one.id: one.label for one in session.exec(select(PulseRound)).all()}
            counted = {(labels[row.round_id], row.member_id) for row in session.exec(select(PulseAsked)).all()}
        rounds = {one.id: one.label for one in self.world.rounds()}
        is_asked = [turn for turn in turns if turn.outcome in COUNTED or turn.has_answered]
        assert counted == {(rounds[turn.round_id], turn.member_id) for turn in is_asked}

    def nothing_is_overdue(self) -> None:
        """While the bot runs and the check-in is asked, whose moment has come is asked or reminded."""
        overdue = self.world.now - MINUTE
        if self.is_paused:
            return
        with self.database.snapshot() as session:
            turns = session.exec(select(CheckinAsked).join(CheckinRound).where(CheckinRound.state == RoundState.OPEN))
            for turn in turns.all():
                is_due = turn.outcome is Outcome.WAITING and turn.ask_at and turn.ask_at < overdue
                assert not is_due, turn
                assert turn.nudge_at is None or turn.nudge_at >= overdue, turn

    def teardown(self) -> None:
        """In the end every round has closed, every turn has come to something, and the next round is planned."""
        self.hears = True
        if self.is_paused:
            self.it_is_paused_or_resumed()
        self.go(self.world.now + timedelta(days=9))
        self.nobody_is_asked_or_reminded_twice()
        self.nobody_hears_anything_outside_their_hours()
        self.nobody_hears_two_things_unasked_on_one_day()
        self.who_has_answered_or_skipped_hears_no_more_of_it()
        self.who_counts_as_asked_is_who_was()
        with self.database.snapshot() as session:
            members = {member.id: member.external_id for member in session.exec(select(Member)).all()}
            turns = session.exec(select(CheckinAsked, CheckinRound).join(CheckinRound)).all()
            opening = session.exec(select(Schedule).where(Schedule.kind == ScheduleKind.CHECKIN)).one()
            nudges = [row.topic for row in session.exec(select(Outgoing)).all() if "nudge" in f"{row.topic}{row.key}"]
        assert opening.next_due_at
        assert turns
        for turn, round_ in turns:
            if round_.closes_at <= self.world.now:
                self.check_ended(turn, round_, members[turn.member_id])
                assert f"checkin_nudge:{round_.id}" not in nudges, "who was reminded is forgotten"

    def check_ended(self, turn: CheckinAsked, round_: CheckinRound, person: str) -> None:
        assert round_.state is not RoundState.OPEN
        was_told = (round_.id, person) in self.asked()
        if (turn.round_id, turn.member_id) in self.excused:
            assert turn.outcome is Outcome.AWAY
            return
        assert (turn.outcome in COUNTED) == (was_told or turn.has_answered), (turn, was_told)
        assert turn.outcome in COUNTED or turn.outcome in self.reasons[turn.member_id], turn
        if self.is_calm:
            self.check_calm(turn, round_, person)

    def check_calm(self, turn: CheckinAsked, round_: CheckinRound, person: str) -> None:
        """At ten, unless they had answered before; and at eight on the last day, unless they had by then."""
        question, reminder = self.asked().get((round_.id, person)), self.reminded().get((round_.id, person))
        assert turn.outcome is Outcome.ASKED
        assert turn.has_answered or (question and reminder), (turn, question, reminder)
        if question:
            assert (question.local.date(), f"{question.local:%H:%M}") == (round_.day, "10:00")
        if reminder:
            assert (reminder.local.date(), f"{reminder.local:%H:%M}") == (
                round_.day + timedelta(days=self.days),
                "08:00",
            )


def test_the_promises_hold_in_any_order(database: Database) -> None:
    class OnThisDatabase(Rounds):
        pass

    OnThisDatabase.database = database
    how_long = settings(
        max_examples=20 if database.is_sqlite else 5,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],
    )
    run_state_machine_as_test(OnThisDatabase, settings=how_long)
