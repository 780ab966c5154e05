"""When a meeting comes again: the notation, the days, and their moments in every zone of the world."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.recurrence import (
    LAST,
    MonthlyDay,
    MonthlyWeekday,
    MonthlyWorkingDay,
    Once,
    Rule,
    Weekly,
    meeting_days,
    moment,
    parse_rule,
    parse_time,
    write_rule,
)
from bot.domain.work_calendar import WorkCalendar, calendar_of
from bot.domain.zones import find_zone, nearest_zone, zones
from bot.services.samples import read_sample
from storage.tables import MeetingType, Shift

THURSDAY = 3
DUTCH = calendar_of("NL", 2025, 2031, {}, frozenset(), "en")
ENGLISH_NAMES = {day: name for day, name in DUTCH.holidays.items() if day.year == 2026}

rules: st.SearchStrategy[Rule] = st.one_of(
    st.just(Once()),
    st.builds(Weekly, st.integers(0, 6), st.integers(1, 8)),
    st.builds(MonthlyWeekday, st.sampled_from([1, 2, 3, 4, LAST]), st.integers(0, 6)),
    st.builds(MonthlyDay, st.integers(1, 31)),
    st.builds(MonthlyWorkingDay, st.sampled_from([*range(1, 21), LAST])),
)
days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
calendars = st.builds(
    WorkCalendar,
    st.dictionaries(st.dates(date(2026, 1, 1), date(2031, 6, 1)), st.just("a holiday"), max_size=60),
    st.sampled_from([frozenset({5, 6}), frozenset({4, 5}), frozenset({6})]),
)
zone_names = st.sampled_from(zones())
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("typed", "rule", "at"),
    [
        ("third Thursday 13:30", MonthlyWeekday(3, THURSDAY), time(13, 30)),
        ("derde donderdag 13:30", MonthlyWeekday(3, THURSDAY), time(13, 30)),
        ("3rd Thursday of the month at 1:30pm", MonthlyWeekday(3, THURSDAY), time(13, 30)),
        ("working day 11 09:00", MonthlyWorkingDay(11), time(9)),
        ("werkdag 11", MonthlyWorkingDay(11), None),
        ("de 11e werkdag om 9 uur", MonthlyWorkingDay(11), time(9)),
        ("laatste werkdag 10.00", MonthlyWorkingDay(LAST), time(10)),
        ("every two weeks on Tuesday 10:00", Weekly(1, 2), time(10)),
        ("om de week dinsdag 10u00", Weekly(1, 2), time(10)),
        ("elke twee weken op dinsdag", Weekly(1, 2), None),
        ("Every other Thursday at 9", Weekly(THURSDAY, 2), time(9)),
        ("every Thursday", Weekly(THURSDAY), None),
        ("Elke donderdag om 12:00", Weekly(THURSDAY), time(12)),
        ("Thursdays, 12am", Weekly(THURSDAY), time(0)),
        ("last Friday", MonthlyWeekday(LAST, 4), None),
        ("laatste vrijdag van de maand", MonthlyWeekday(LAST, 4), None),
        ("monthly on the 24th", MonthlyDay(24), None),
        ("maandelijks op de 24e 16:15", MonthlyDay(24), time(16, 15)),
        ("last day of the month", MonthlyDay(31), None),
        ("once 13:30", Once(), time(13, 30)),
        ("één keer om 13:30", Once(), time(13, 30)),
    ],
)
def test_what_people_type_is_understood(typed: str, rule: Rule, at: time | None) -> None:
    assert parse_rule(typed) == (rule, at)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "often",
        "fifth Friday",
        "third Thursday 25:00",
        "the 32nd",
        "working day 21",
        "every 9 weeks on Monday",
        "day 0",
    ],
)
def test_what_is_not_understood_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_rule(typed)
    assert refused.value.field == "rule"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(typed: str) -> None:
    for read in (parse_rule, parse_time):
        with suppress(Refused):
            read(typed)


@given(rules, st.sampled_from(["en", "nl"]), times)
def test_what_is_written_is_read_as_the_same(rule: Rule, language: str, at: time) -> None:
    assert parse_rule(f"{write_rule(rule, language)} {at:%H:%M}") == (rule, at)


@pytest.mark.parametrize(
    ("typed", "at"),
    [("13:30", time(13, 30)), ("9", time(9)), ("9.05", time(9, 5)), ("9 uur", time(9)), ("12pm", time(12))],
)
def test_a_time_alone(typed: str, at: time) -> None:
    assert parse_time(typed) == at


@pytest.mark.parametrize("typed", ["", "soon", "24:00", "13pm", "10:00 or 11:00"])
def test_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_time(typed)


def test_the_sample_companys_own_calendar_is_working_day_11_and_14() -> None:
    meetings = read_sample().meetings
    for meeting_type, number in ((MeetingType.PRE_SOP, 11), (MeetingType.EXECUTIVE_SOP, 14)):
        held = [meeting.starts_at.date() for meeting in meetings if meeting.type == meeting_type]
        assert _on(MonthlyWorkingDay(number), date(2026, 1, 1), date(2026, 12, 31)) == held


@pytest.mark.parametrize(
    ("shift", "on"),
    [(Shift.NEXT, date(2026, 5, 15)), (Shift.PREVIOUS, date(2026, 5, 13)), (Shift.SKIP, None)],
)
def test_a_holiday_moves_the_meeting_and_is_named(shift: Shift, on: date | None) -> None:
    """14 May 2026 is Ascension Day."""
    found = meeting_days(Weekly(THURSDAY), date(2026, 5, 7), date(2026, 5, 8), date(2026, 5, 21), DUTCH, shift)
    assert [(day.original, day.on, day.because) for day in found] == [
        (date(2026, 5, 14), on, "Ascension Day"),
        (date(2026, 5, 21), date(2026, 5, 21), None),
    ]


def test_who_names_a_day_of_the_weekend_means_it() -> None:
    assert _on(Weekly(5), date(2026, 6, 1), date(2026, 6, 14)) == [date(2026, 6, 6), date(2026, 6, 13)]
    assert _on(MonthlyDay(6), date(2026, 6, 1), date(2026, 6, 30)) == [date(2026, 6, 8)]


def test_a_short_month_has_a_last_day() -> None:
    ends = _on(MonthlyDay(31), date(2027, 1, 1), date(2027, 4, 30), WorkCalendar(weekend=frozenset()))
    assert ends == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_a_meeting_that_fits_nowhere_before_the_next_is_left_out() -> None:
    closed = WorkCalendar({date(2026, 6, 4) + timedelta(days=number): "works closed" for number in range(7)})
    found = meeting_days(Weekly(THURSDAY), date(2026, 6, 4), date(2026, 6, 4), date(2026, 6, 11), closed, Shift.NEXT)
    assert [day.on for day in found] == [None, date(2026, 6, 11)]


@settings(max_examples=300)
@given(rules, days, days, st.integers(0, 500), calendars, st.sampled_from(list(Shift)))
def test_every_meeting_has_a_working_day_of_its_own(
    rule: Rule, starts_on: date, first: date, length: int, calendar: WorkCalendar, shift: Shift
) -> None:
    last = first + timedelta(days=length)
    found = meeting_days(rule, starts_on, first, last, calendar, shift)
    held = [day.on for day in found if day.on]
    assert [day.original for day in found] == sorted({day.original for day in found})
    assert all(max(first, starts_on) <= day.original <= last for day in found)
    assert held == sorted(set(held))
    named = {rule.weekday} if isinstance(rule, Weekly | MonthlyWeekday) else set()
    assert all(calendar.is_working(day) or (day.weekday() in named and not calendar.holiday(day)) for day in held)


@given(rules, days, st.integers(0, 400), st.integers(0, 400), calendars, st.sampled_from(list(Shift)))
def test_a_day_is_the_same_from_wherever_one_looks(
    rule: Rule, starts_on: date, skipped: int, length: int, calendar: WorkCalendar, shift: Shift
) -> None:
    """What is planned today is what was planned a month ago: the look ahead only grows."""
    first, last = starts_on + timedelta(days=skipped), starts_on + timedelta(days=skipped + length)
    whole = meeting_days(rule, starts_on, starts_on, last + timedelta(days=60), calendar, shift)
    part = meeting_days(rule, starts_on, first, last, calendar, shift)
    assert part == [day for day in whole if first <= day.original <= last]


@given(zone_names, st.dates(date(2026, 1, 1), date(2030, 12, 31)), times)
def test_a_moment_is_the_local_time_unless_the_clock_skips_it(zone: str, day: date, at: time) -> None:
    utc = moment(day, at, zone)
    local = utc.astimezone(ZoneInfo(zone))
    assert utc.tzinfo is UTC
    assert local.date() == day
    assert local.fold == 0
    if local.time() != at:
        assert datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).time() != at


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 3, 28), time(13, 30), datetime(2026, 3, 28, 12, 30, tzinfo=UTC)),
        (date(2026, 3, 30), time(13, 30), datetime(2026, 3, 30, 11, 30, tzinfo=UTC)),
    ],
)
def test_a_clock_change_never_moves_a_meeting(day: date, at: time, utc: datetime) -> None:
    assert moment(day, at, "Europe/Amsterdam") == utc


def test_a_gap_at_the_end_of_a_day_leaves_the_meeting_on_its_day() -> None:
    """In Nuuk the clock goes from 23:00 on Saturday to 00:00 on Sunday."""
    assert moment(date(2026, 3, 28), time(23, 45), "America/Nuuk") == datetime(2026, 3, 29, 0, 45, tzinfo=UTC)
    assert moment(date(2026, 3, 29), time(0, 15), "America/Nuuk") == datetime(2026, 3, 29, 1, 15, tzinfo=UTC)


SWEPT = (time(0), time(0, 30), time(2, 30), time(13, 30), time(23, 45))
EVERY_DAY = [date(2026, 1, 1) + timedelta(days=number) for number in range(5 * 365 + 1)]


def test_every_zone_has_one_meeting_per_local_date() -> None:
    """One zone for every different history of offsets; `python -m tests.domain.test_recurrence` sweeps them all."""
    histories: dict[Sequence[timedelta | None], str] = {}
    weekly = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=5 * number) for number in range(365)]
    for name in zones():
        zone = ZoneInfo(name)
        histories.setdefault(tuple(at.astimezone(zone).utcoffset() for at in weekly), name)
    assert len(histories) > 60
    assert sweep(list(histories.values()), (SWEPT[0], SWEPT[-1]), EVERY_DAY) == {}


def sweep(names: Sequence[str], at: Sequence[time], swept_days: Sequence[date]) -> Mapping[str, Sequence[date]]:
    """The zones in which some date has no meeting of its own, with those dates."""
    wrong: dict[str, list[date]] = {}
    for name in names:
        zone = ZoneInfo(name)
        for local_time in at:
            moments = [moment(day, local_time, name) for day in swept_days]
            bad = [day for day, utc in zip(swept_days, moments, strict=True) if utc.astimezone(zone).date() != day]
            if len(set(moments)) < len(moments) or moments != sorted(moments):
                bad.append(date.min)
            wrong.setdefault(name, []).extend(bad)
    return {name: bad for name, bad in wrong.items() if bad}


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        ("europe/amsterdam", "Europe/Amsterdam"),
        ("dubai", "Asia/Dubai"),
        ("New York", "America/New_York"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_as_people_type_it(typed: str, zone: str) -> None:
    assert find_zone(typed) == zone


def test_an_unknown_zone_has_a_nearest_one() -> None:
    assert find_zone("Amsterdan") is None
    assert nearest_zone("Amsterdan") == "Europe/Amsterdam"
    assert find_zone("") is None
    assert nearest_zone("qqqqqq") is None


def _on(rule: Rule, first: date, last: date, calendar: WorkCalendar = DUTCH) -> list[date | None]:
    return [day.on for day in meeting_days(rule, first, first, last, calendar, Shift.NEXT)]


if __name__ == "__main__":
    found = sweep(zones(), SWEPT, EVERY_DAY)
    sys.stdout.write(f"{len(zones())} zones, {len(EVERY_DAY)} days, {len(SWEPT)} times: {len(found)} wrong {found}\n")
