"""What is so, as far as it could be found out; gathered at the edge, judged in this package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Folder:
    """`error` is the system's word why nothing can be written there; `variable` decides on the folder.

    `open` are files with data that others on this machine may read, or the folder itself.
    """

    path: str
    variable: str
    error: str | None = None
    open: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The secret of the installation where AMPERSAND_SECRET is not set; `error` says why it cannot be used."""

    path: str
    is_there: bool = True
    error: str | None = None
    is_open_to_others: bool = False


@dataclass(frozen=True, slots=True)
class Store:
    """The database. `place` holds no password; `is_there` is False for a file that is not made yet.

    `revision` is that of its tables (None = it has none), `known` are those of this program, oldest first.
    """

    kind: str
    place: str
    error: str | None = None
    is_there: bool = True
    revision: str | None = None
    known: Sequence[str] = ()

    @property
    def is_current(self) -> bool:
        return self.error is None and self.revision is not None and self.revision == self.known[-1]


class ChannelState(StrEnum):
    MEMBER = "member"
    NOT_MEMBER = "not_member"
    ARCHIVED = "archived"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel the bot posts in. `error` is Slack's own word where the state is UNKNOWN."""

    name: str
    state: ChannelState
    error: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """One workspace in the database; `team_id` and the channels are Slack's ids, the latter with their names."""

    team_id: str
    name: str
    facilitators: int
    channels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the database holds, where it can be read; `zones` are names with what they belong to ("2 members")."""

    companies: Sequence[Company]
    zones: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SlackAnswer:
    """What Slack says about the bot's token. `error` is Slack's own word, "" when all is well, None without an answer.

    `scopes` is None where Slack did not tell. `slack_time` is the time of its answer, `our_time` that of this machine.
    """

    address: str
    error: str | None
    team_id: str = ""
    team_name: str = ""
    scopes: frozenset[str] | None = None
    slack_time: datetime | None = None
    our_time: datetime | None = None

    @property
    def is_welcome(self) -> bool:
        return self.error == ""


class Occupant(StrEnum):
    NOBODY = "nobody"
    AMPERSAND = "ampersand"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class Port:
    """Who is on the port. `error` is the system's word; the rest is what an Ampersand that runs there says."""

    host: str
    number: int
    occupant: Occupant
    error: str = ""
    last_tick: datetime | None = None
    is_connected: bool = True

    @property
    def is_running(self) -> bool:
        return self.occupant is Occupant.AMPERSAND


@dataclass(frozen=True, slots=True)
class Address:
    """The public address. `answer` says who answers there; None when it was not asked."""

    url: str | None
    answer: Occupant | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything. None stands for what could not be found out.

    `wrong_settings` are sentences by variable. `key_file` is None where AMPERSAND_SECRET takes its place.
    `app_token_error` is as in `SlackAnswer`; it and `address` are about Socket Mode and HTTP: `uses_socket_mode`
    decides which. `is_trial` = Slack's API is one of this machine.
    """

    now: datetime
    wrong_settings: Mapping[str, str]
    folders: Sequence[Folder]
    key_file: KeyFile | None
    store: Store | None
    contents: Contents | None
    default_zone: str
    named_facilitators: int
    slack: SlackAnswer | None
    needed_scopes: frozenset[str]
    uses_socket_mode: bool
    app_token_error: str | None
    channels: Sequence[Channel] | None
    port: Port | None
    address: Address
    is_trial: bool = False
