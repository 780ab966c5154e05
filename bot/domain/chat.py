"""What is said and asked, independent of the chat platform.

`Message` and `Form` are what services make; a platform renders them (Block Kit, Adaptive Cards) and parses the answer
back into a `Submission`. Texts use one small markup, made by `bot.templates`: `**bold**`, `[label](address)`, and a
backslash before any `* [ ] ( ) \\ ` ` a person typed. `Quote` is verbatim: no markup at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol, TypeAlias

Values: TypeAlias = Mapping[str, "str | tuple[str, ...] | date | None"]


@dataclass(frozen=True, slots=True)
class Button:
    """`action` is a name of the handler table ("entry.undo"), `value` what it is about. With `url` it only opens it."""

    action: str
    label: str
    value: str = ""
    style: Literal["normal", "primary", "danger"] = "normal"
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, with at most one button beside it."""

    text: str
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person wrote, word for word."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Small:
    text: str


@dataclass(frozen=True, slots=True)
class Buttons:
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each label of its chart; None where it is not shown."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures. It never speaks alone: a platform may leave it out, so a text beside it says the same."""

    title: str
    kind: Literal["bars", "lines"]
    labels: tuple[str, ...]
    series: tuple[Series, ...]


Part: TypeAlias = Heading | Text | Quote | Facts | Small | Chart | Buttons


@dataclass(frozen=True, slots=True)
class Message:
    """`summary` is the notification: read on lock screens, so no quote, no score, no author of a side-only entry."""

    summary: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TextField:
    name: str
    label: str
    hint: str = ""
    required: bool = False
    initial: str = ""
    multiline: bool = False
    max_length: int = 3000


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of `options`; `shown_open` = all of them visible (at most ten), else a drop-down list."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    required: bool = False
    initial: str | None = None
    shown_open: bool = False


@dataclass(frozen=True, slots=True)
class MultiChoiceField:
    """Any number of `options`; its value is a tuple of theirs. `shown_open` as in `ChoiceField`."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    required: bool = False
    initial: tuple[str, ...] = ()
    shown_open: bool = False


@dataclass(frozen=True, slots=True)
class PersonField:
    """One person of the chat; its value is the platform's own id."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    initial: str | None = None


@dataclass(frozen=True, slots=True)
class PeopleField:
    """Any number of people of the chat; its value is a tuple of the platform's own ids."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    initial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelField:
    """One channel of this company, public or private; its value is the platform's own id."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    initial: str | None = None


@dataclass(frozen=True, slots=True)
class DateField:
    name: str
    label: str
    hint: str = ""
    required: bool = False
    initial: date | None = None


Field: TypeAlias = TextField | ChoiceField | MultiChoiceField | PersonField | PeopleField | ChannelField | DateField


@dataclass(frozen=True, slots=True)
class Form:
    """`action` is called with the answer; `payload` (short strings) comes back with it untouched."""

    action: str
    title: str
    submit: str
    close: str
    fields: tuple[Field, ...]
    notice: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    action: str
    values: Values
    payload: Mapping[str, str]

    def text(self, name: str) -> str:
        """The trimmed text of a field, "" when it was left empty."""
        value = self.values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def choice(self, name: str) -> str | None:
        return self.text(name) or None

    def choices(self, name: str) -> tuple[str, ...]:
        """The values chosen in a field of several, () when it was left empty."""
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def people(self, name: str) -> tuple[str, ...]:
        """The platform's ids of the people chosen in a field, () when it was left empty."""
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def day(self, name: str) -> date | None:
        """The day chosen in a field, None when it was left empty."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message stands: both are the platform's ids."""

    channel_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """What the platform says of a channel; `is_member`: the bot is in it, `is_shared`: another company is too."""

    id: str
    name: str
    is_member: bool
    is_archived: bool
    is_shared: bool


class DeliveryError(Exception):
    """A message was not (or perhaps not) delivered.

    `reason` is one of "not_in_channel", "archived", "channel_gone", "person_gone", "refused", "not_allowed", "busy",
    "unreachable"; or of the outbox "expired", "perhaps_sent": too late to send it, where it may be there or not.
    `permanent`: trying again cannot help. `ambiguous`: it may have arrived, look before sending again.
    `retry_after`: the platform asked to wait that long.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, ambiguous: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.ambiguous = ambiguous
        self.retry_after = retry_after


class ChatPlatform(Protocol):
    """How the outbox talks, and what else happens unasked.

    Every method raises `DeliveryError` and no other exception of a vendor.
    """

    async def post(self, target_id: str, message: Message, delivery_key: str, thread: Sent | None = None) -> Sent:
        """Post to a channel or person."""

    async def replace(self, place: Sent, message: Message, delivery_key: str) -> Sent:
        """Change a message in place."""

    async def find(self, target_id: str, delivery_key: str, thread: Sent | None = None) -> Sent | None:
        """The message with that delivery key, when it did arrive."""

    async def permalink(self, place: Sent) -> str | None:
        """The address of a message, None where the platform gives none."""

    async def members(self, channel_id: str) -> frozenset[str]:
        """Everybody who is in a channel, bots and guests too, by the platform's ids."""
