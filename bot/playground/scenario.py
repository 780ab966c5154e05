"""What the composition root hands to the playground: settings, seeds, and what it shows beyond Slack."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class TeamSeed:
    """The workspace itself; `domain` is the part before `.slack.com`."""

    id: str = "T0PLAYGROUND"
    name: str = "Playground"
    domain: str = "playground"


@dataclass(frozen=True)
class PersonSeed:
    """A person who is there from the start; `title` is a label such as "Operations · Noord", `tz` an IANA zone.

    What Slack calls restricted is a guest, ultra-restricted a guest of one channel. `team_id` is that of another
    company for somebody who came over Slack Connect ("": this workspace); a stranger shares no channel with the bot.
    """

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Europe/Amsterdam"
    locale: str = "en-US"
    team_id: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False


@dataclass(frozen=True)
class ChannelSeed:
    """A channel that is there from the start; `name` without the `#`."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    members: tuple[str, ...] = ()
    bot_is_member: bool = True


@dataclass(frozen=True)
class PlaygroundSettings:
    """Where the bot listens and how it proves itself.

    `store` is the SQLite file that survives a restart, None keeps everything in memory. `address` is where browsers and
    the bot reach the playground (default: the origin of `events_url`). `answer_seconds` is the time the bot has to
    acknowledge, `retry_seconds` the waits before an unanswered event is sent again. With an `app_token` (xapp-…) and a
    manifest that enables Socket Mode everything goes over the bot's WebSockets instead of to `events_url`.
    """

    events_url: str
    signing_secret: str
    bot_token: str
    app_token: str = ""
    store: Path | None = None
    team: TeamSeed = TeamSeed()
    address: str = ""
    answer_seconds: float = 3.0
    retry_seconds: tuple[float, ...] = (0.1, 60.0, 300.0)

    @property
    def origin(self) -> str:
        """The address of the playground without a slash at the end."""
        bot = urlsplit(self.events_url)
        return (self.address or f"{bot.scheme}://{bot.netloc}").rstrip("/")


@dataclass(frozen=True)
class Scenario:
    """A world with its own clock; everything here is shown in the browser beside what Slack has.

    now: the workspace's clock (aware UTC), message timestamps come from it.
    advance: moves the clock forward to that moment; returns when the bot has done what fell due.
    next_event: when and what comes next, in a short sentence; None when nothing does.
    zone: the IANA zone in which the clock is shown.   tour: (title, text) hints for a newcomer.
    arrival: the address where somebody begins who was never here, such as "as=U…&channel=C…".
    """

    now: Callable[[], datetime]
    advance: Callable[[datetime], Awaitable[None]]
    next_event: Callable[[], Awaitable[tuple[datetime, str] | None]]
    zone: str = "UTC"
    tour: tuple[tuple[str, str], ...] = ()
    arrival: str = ""
