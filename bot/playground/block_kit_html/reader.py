"""For whom a message is drawn: their clock, zone, language, and the names they would see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError


@dataclass(frozen=True)
class Reader:
    """`now` is aware UTC; the maps give the name shown for an id.

    A person may choose the `members`, and the `channels` that are not `archived`.
    """

    now: datetime
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Etc/UTC"))
    locale: Locale = field(default_factory=lambda: Locale("en", "GB"))
    people: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    archived: frozenset[str] = frozenset()

    @property
    def local_now(self) -> datetime:
        """The reader's own time."""
        return self.now.astimezone(self.zone)

    def local(self, ts: str) -> datetime:
        """The moment of a message's `ts` (seconds since 1970 as text) in the reader's zone."""
        return datetime.fromtimestamp(float(ts), UTC).astimezone(self.zone)


def zone_named(name: str) -> ZoneInfo:
    """The zone, or UTC for a name that is none: one bad string must not take the page away."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("Etc/UTC")


def locale_named(name: str) -> Locale:
    """The locale of Slack's `nl-NL`; English, written the European way, for all it does not know."""
    language = name.replace("_", "-").split("-")[0].lower()
    try:
        return Locale("en", "GB") if language == "en" else Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")
