from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.figures import AsOf, Period, end_of, thirteen_weeks

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def test_thirteen_weeks_end_on_the_day_itself() -> None:
    period = thirteen_weeks(date(2026, 6, 30))

    assert period == Period(date(2026, 4, 1), date(2026, 6, 30))
    assert period.before == Period(date(2025, 12, 31), date(2026, 3, 31))
    assert [day in period for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), None)] == [
        False,
        True,
        True,
        False,
    ]


def test_as_of_a_day_is_its_end_also_when_clocks_change() -> None:
    assert end_of(date(2026, 6, 30), AMSTERDAM) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert end_of(date(2026, 3, 29), AMSTERDAM) - end_of(date(2026, 3, 28), AMSTERDAM) == timedelta(hours=23)


def test_what_is_known_at_the_end_of_a_day() -> None:
    as_of = AsOf(end_of(date(2026, 6, 30), AMSTERDAM), AMSTERDAM)

    assert as_of.day == date(2026, 6, 30)
    assert as_of.over(date(2026, 6, 30))
    assert as_of.knows(datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30))
    assert not as_of.knows(datetime(2026, 6, 30, 22, tzinfo=UTC), date(2026, 7, 1))


def test_what_is_known_at_a_minute() -> None:
    as_of = AsOf(datetime(2026, 6, 11, 7, tzinfo=UTC), AMSTERDAM)

    assert as_of.day == date(2026, 6, 11)
    assert as_of.over(date(2026, 6, 10))
    assert not as_of.over(date(2026, 6, 11))
    assert not as_of.over(None)
    assert not as_of.knows(None, date(2026, 6, 11))  # side-only: no time, so the day must be over
