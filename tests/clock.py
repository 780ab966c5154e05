"""The moment every test starts at: Wednesday 10 June 2026, 16:00 in Amsterdam."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

T0 = datetime(2026, 6, 10, 14, 0, tzinfo=UTC)


def T(**after: float) -> datetime:  # noqa: N802
    """T(minutes=5) is five minutes later."""
    return T0 + timedelta(**after)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = T0

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now
