"""How many the briefs of the past reached, as meetings.csv tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.csv_rows import Row, parse_moment, parse_whole


class HeldMeeting(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def invited(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class ReachRow:
    """Known once the meeting has begun: until then people can still open the brief."""

    meeting: str
    meeting_starts_at: datetime
    posted_at: datetime
    invited: int
    opened: int


def read_reach(row: Row, meeting: HeldMeeting) -> ReachRow | None:
    """None without brief_posted_utc: there was no brief."""
    posted_at = row.maybe("brief_posted_utc", parse_moment)
    if posted_at is None:
        return None
    opened = row.maybe("brief_opened_n", parse_whole) or 0
    invited = len(meeting.invited)
    if not 0 <= opened <= invited:
        row.refuse("brief_opened_n", f"“{opened}” is not a part of the {invited} who were invited.")
    return ReachRow(meeting.key, meeting.starts_at, posted_at, invited, opened)
