"""A round as it is lived through: looks at odd moments, outages and clocks that jump, until it is over for all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.domain.checkin.timing import Turn, Window, nudge_at, round_closes_at, turn
from bot.domain.recurrence import moment
from bot.domain.work_calendar import WorkCalendar
from bot.domain.working_time import WorkingTime
from storage.tables import Outcome
from tests.domain.checkin.people import (
    ONE_DAY,
    QUARTER,
    days_around_changes,
    may_be_asked,
    may_work,
    people,
    windows,
    zone_names,
)


@dataclass
class Person:
    works: WorkingTime
    answers_after: timedelta | None
    turn: Turn | None = None
    nudge_at: datetime | None = None
    asked: list[datetime] = field(default_factory=list)
    reminded: list[datetime] = field(default_factory=list)
    missed: list[datetime] = field(default_factory=list)
    """Looks at which they might have been asked, and were not."""

    @property
    def outcome(self) -> Outcome:
        assert self.turn
        return Outcome.ASKED if self.asked else self.turn.outcome

    def answers_by(self, now: datetime) -> bool:
        return bool(self.asked and self.answers_after is not None and self.asked[0] + self.answers_after <= now)


class Round:
    """The engine in its smallest form: what it keeps is each person's turn and reminder, and each look may be the first
    of a new process."""

    def __init__(self, window: Window, day: date, persons: Sequence[Person]) -> None:
        self.window, self.day, self.persons = window, day, persons
        self.closes_on = day + window.close_after_days * ONE_DAY
        self.opens_at = moment(day, time(), "Pacific/Kiritimati")

    def look(self, now: datetime) -> None:
        if now < self.opens_at:
            return
        for person in self.persons:
            if person.turn is None:
                person.turn = turn(self.window, self.day, self.closes_on, person.works, now)
            self._ask(person, person.turn, now)
            self._remind(person, person.turn, now)
            if not person.asked and self._might_ask(person, now):
                person.missed.append(now)

    def _ask(self, person: Person, its: Turn, now: datetime) -> None:
        if its.ask_at is None or its.ask_at > now or person.asked:
            return
        at = person.works.next_moment(now, its.until)
        person.turn = Turn(Outcome.WAITING if at else Outcome.NO_TIME, at, its.until)
        if at == now:
            person.asked.append(now)
            person.nudge_at = nudge_at(self.window, now, its.until, person.works)

    def _remind(self, person: Person, its: Turn, now: datetime) -> None:
        if person.nudge_at is None or person.nudge_at > now:
            return
        person.nudge_at = person.works.next_moment(now, its.until)
        if person.nudge_at == now:
            person.nudge_at = None
            if not person.answers_by(now):
                person.reminded.append(now)

    def _might_ask(self, person: Person, now: datetime) -> bool:
        assert person.turn
        days = person.works.days(self.day, self.closes_on)
        usual = next((moment(day, self.window.local_time, person.works.zone) for day in days), person.turn.until)
        return usual <= now < person.turn.until and may_be_asked(person.works, now)


looks = st.lists(
    st.tuples(
        st.one_of(st.just(0), st.integers(1, 60 * 24 * 4), st.integers(-60 * 36, -1)),  # an outage, or the clock jumps
        st.integers(1, 200),  # then it looks every quarter of an hour
    ),
    min_size=1,
    max_size=8,
)


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    window = draw(windows)
    day = draw(days_around_changes(draw(zone_names)))
    answers = st.none() | st.integers(0, 3 * 24).map(lambda hours: timedelta(hours=hours))
    zones = draw(st.lists(zone_names, min_size=1, max_size=6))
    return Round(window, day, [Person(draw(people(zone, day)), draw(answers)) for zone in zones])


@settings(max_examples=200)
@given(rounds(), looks)
def test_each_is_asked_once_in_their_hours_or_there_is_a_reason(
    round_: Round, passes: Sequence[tuple[int, int]]
) -> None:
    live_through(round_, passes)

    for person in round_.persons:
        zone = ZoneInfo(person.works.zone)
        event(f"{person.outcome}, reminded {len(person.reminded)}")
        assert len(person.asked) <= 1
        assert len(person.reminded) <= len(person.asked)
        assert all(may_be_asked(person.works, at) for at in (*person.asked, *person.reminded))
        assert [at for at in person.reminded if person.answers_by(at)] == []
        days = [at.astimezone(zone).date() for at in (*person.asked, *person.reminded)]
        assert len(set(days)) == len(days)
        assert_true_reason(round_, person)
        if all(minutes >= 0 for minutes, _ in passes):
            assert person.missed == []


def test_without_an_outage_everybody_is_asked_at_their_usual_time_and_reminded_if_need_be() -> None:
    day, window = date(2026, 3, 26), Window(time(10), 1, time(12), 75)
    zones = ("Pacific/Auckland", "Asia/Dubai", "Europe/Amsterdam", "America/New_York", "Pacific/Honolulu")
    works = [WorkingTime(zone, WorkCalendar()) for zone in zones]
    silent, quick = [Person(one, None) for one in works], [Person(one, timedelta(hours=1)) for one in works]
    round_ = Round(window, day, [*silent, *quick])

    live_through(round_, [(0, 4 * 70)])

    local = [[at.astimezone(ZoneInfo(one.works.zone)).isoformat()[:16] for at in one.asked] for one in round_.persons]
    assert local == [["2026-03-26T10:00"]] * 10
    assert [len(one.reminded) for one in round_.persons] == [1] * 5 + [0] * 5
    assert round_closes_at([one.turn for one in silent if one.turn]) == moment(date(2026, 3, 27), time(12), zones[-1])


def live_through(round_: Round, passes: Sequence[tuple[int, int]]) -> None:
    """From when it opens until it is over in every zone."""
    now = round_.opens_at
    for minutes, count in passes:
        now += timedelta(minutes=minutes)
        for _ in range(count):
            round_.look(now)
            now += QUARTER
    round_.look(max(now, moment(round_.closes_on + 2 * ONE_DAY, time(), "Etc/GMT+12")))


def assert_true_reason(round_: Round, person: Person) -> None:
    assert person.turn
    if person.asked:
        return
    assert person.outcome in {Outcome.NO_TIME, Outcome.AWAY, Outcome.DAY_OFF}
    window = round_.window
    days = [round_.day + number * ONE_DAY for number in range(window.close_after_days + 1)]
    worked = [
        day
        for day in days
        if may_work(person.works, day) and moment(day, window.local_time, person.works.zone) < person.turn.until
    ]
    assert person.outcome is Outcome.NO_TIME or not worked
