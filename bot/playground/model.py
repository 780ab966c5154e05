"""The things of a workspace: people, channels, messages, views, and what the app's manifest offers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self

Json = dict[str, Any]

BOT_USER_ID = "U0PLAYBOT"
BOT_ID = "B0PLAYBOT"
APP_ID = "A0PLAYAPP"


class Document:
    """Records that the store keeps as small JSON documents."""

    def document(self) -> Json:
        """This record as plain JSON values."""
        return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(self).items()}  # type: ignore[call-overload]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The record that was written as this document."""
        return cls(**{name.name: document[name.name] for name in fields(cls) if name.name in document})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Person(Document):
    """A member of the workspace, as its PersonSeed says; the app's own user has `is_bot`."""

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
    is_bot: bool = False
    deleted: bool = False


@dataclass(frozen=True)
class Channel(Document):
    """A channel, or the private chat between a person and the bot (kind "im": members are those two)."""

    id: str
    name: str
    kind: Literal["channel", "im"] = "channel"
    is_private: bool = False
    is_archived: bool = False
    topic: str = ""
    members: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", frozenset(self.members))

    @property
    def is_im(self) -> bool:
        """Whether this is somebody's private chat with the bot."""
        return self.kind == "im"


@dataclass(frozen=True)
class Message(Document):
    """One message as it stands now; an ephemeral one has its only reader in `ephemeral_to`.

    `thread_ts` is the parent's ts for a reply, and None for a message of the channel itself (also with replies).
    A deleted parent that still has replies stays as a tombstone (`deleted`, no text, no blocks), as in Slack.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] | None = None
    thread_ts: str | None = None
    reply_count: int = 0
    metadata: Json | None = None
    ephemeral_to: str | None = None
    edited: bool = False
    deleted: bool = False
    broadcast: bool = False
    pinned: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[Json] = field(default_factory=list)

    def visible_to(self, viewer: str) -> bool:
        """Ephemeral messages are for their reader only."""
        return self.ephemeral_to in (None, viewer)


@dataclass(frozen=True)
class View(Document):
    """A modal on somebody's stack or their Home tab.

    `payload` is what the bot posted, with block and action ids filled in as Slack does; `state_values` is
    {block_id: {action_id: {"type": …, "value" | "selected_option" | …}}}: initial values, then what the person entered.
    """

    id: str
    type: Literal["modal", "home"]
    user: str
    payload: Json
    hash: str
    state_values: dict[str, dict[str, Json]] = field(default_factory=dict)
    previous_view_id: str | None = None
    root_view_id: str = ""


@dataclass(frozen=True)
class Command:
    """A slash command of the manifest; `name` with the slash."""

    name: str
    usage: str = ""
    description: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A shortcut of the manifest: on a message, or global."""

    callback_id: str
    name: str
    type: Literal["message", "global"]
    description: str = ""


@dataclass(frozen=True)
class Manifest:
    """What the app's manifest (app.yaml) says; `scopes` None means it says nothing about them: then all are granted."""

    bot_name: str = "bot"
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: frozenset[str] | None = None
    events: frozenset[str] = frozenset()
    socket_mode: bool = False

    @classmethod
    def parse(cls, manifest: Mapping[str, Any]) -> Self:
        """Read Slack's manifest format (https://docs.slack.dev/reference/app-manifest)."""
        features = manifest.get("features", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot")
        events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
        return cls(
            bot_name=features.get("bot_user", {}).get("display_name", "bot"),
            commands=tuple(_command(item) for item in features.get("slash_commands", [])),
            shortcuts=tuple(_shortcut(item) for item in features.get("shortcuts", [])),
            scopes=None if scopes is None else frozenset(scopes),
            events=frozenset(events),
            socket_mode=manifest.get("settings", {}).get("socket_mode_enabled", False),
        )


def _command(item: Mapping[str, Any]) -> Command:
    return Command(
        name=item["command"],
        usage=item.get("usage_hint", ""),
        description=item.get("description", ""),
        should_escape=item.get("should_escape", False),
    )


def _shortcut(item: Mapping[str, Any]) -> Shortcut:
    return Shortcut(item["callback_id"], item["name"], item["type"], item.get("description", ""))
