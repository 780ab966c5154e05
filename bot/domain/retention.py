"""How long each kind of thing is kept: the one place that says it. docs/privacy.md gives the reasons."""

from datetime import timedelta
from typing import Final

DAY: Final = timedelta(days=1)

GONE_ENTRIES: Final = 30 * DAY
"""Withdrawn or hidden entries: time to put one back, or to object to its being hidden."""

NAMES_ON_ENTRIES: Final = 3 * 365 * DAY
"""Then the example stays and reads as side-only: three rounds of the yearly plan learn from who told it."""

ENDED_ASKS: Final = 365 * DAY
"""Who was asked how they saw it, after the question has ended."""

SAID_BEFORE_MEETINGS: Final = 365 * DAY
"""What members put on an agenda or objected to, after its meeting."""

ASKED_IN_CHECKINS: Final = 2 * 365 * DAY
"""Who was asked in a round, and whether they answered, after it closed: half years and 13 + 13 weeks are counted."""

ABSENCES: Final = 90 * DAY
"""When somebody was away, after it ended: until the round it explains has closed, and the quarter it lies in."""

SAID_UNASKED: Final = 14 * DAY
"""What was said to somebody unasked on a day: as long as one message may still be written anew."""

CHANGES: Final = 2 * 365 * DAY
"""Who changed what."""

LEFT_MEMBERS: Final = 365 * DAY
"""Somebody who left is erased so long after their last day."""

DISCONNECTED: Final = 90 * DAY
"""All of a workspace that took the app away: time to come back."""
