from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.figures import AsOf, Period
from bot.domain.figures.reach import BriefFact, Reach, brief_reach

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


def brief(day: int, opened: int = 6, invited: int = 8, *, on_time: bool = True) -> BriefFact:
    return BriefFact(datetime(2026, 6, day, 11, 30, tzinfo=UTC), on_time, invited, opened)


def test_reach_of_the_meetings_that_were_held() -> None:
    as_of = AsOf(datetime(2026, 6, 18, 11, 30, tzinfo=UTC), AMSTERDAM)

    found = brief_reach([brief(4), brief(15, on_time=False), brief(18)], JUNE, as_of)
    assert found == Reach(2, 1, Decimal("50.0"), 12, 16, Decimal("75.0"))


def test_a_meeting_of_few_counts_no_read_receipts() -> None:
    as_of = AsOf(datetime(2026, 7, 1, tzinfo=UTC), AMSTERDAM)

    assert brief_reach([brief(4), brief(5, 1, 4)], JUNE, as_of) == Reach(2, 2, Decimal("100.0"), 6, 8, Decimal("75.0"))
    assert brief_reach([brief(5, 1, 4)], JUNE, as_of) == Reach(1, 1, Decimal("100.0"), None, None, None)
    assert brief_reach([], JUNE, as_of) == Reach(0, 0, None, None, None, None)
