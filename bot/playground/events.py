"""What happened in the workspace, told to the bot where its manifest subscribes to it."""

from bot.playground.dispatch import Dispatcher
from bot.playground.model import APP_ID, BOT_USER_ID, Channel, Json, Message, Person, View
from bot.playground.wire import message_json, person_json, view_json
from bot.playground.workspace import Workspace

VERIFICATION_TOKEN = "verification"  # noqa: S105 - Slack's deprecated token; nothing is proved with it


class Events:
    """Builds the envelopes of Slack's Events API and hands them to the dispatcher."""

    def __init__(self, workspace: Workspace, dispatcher: Dispatcher) -> None:
        self._workspace = workspace
        self._dispatcher = dispatcher

    def message_posted(self, channel: Channel, message: Message) -> None:
        """`message.im` and its like for channels; `app_mention` where somebody mentions the bot in a channel."""
        if message.ephemeral_to or BOT_USER_ID not in channel.members:
            return
        body = message_json(message, self._workspace.team, self._workspace.manifest, with_metadata=True)
        event = {**body, "channel": channel.id, "event_ts": message.ts}
        self._emit(f"message.{_kind(channel)}", {**event, "channel_type": channel_type(channel)})
        if not channel.is_im and f"<@{BOT_USER_ID}>" in message.text and message.user != BOT_USER_ID:
            self._emit("app_mention", {**event, "type": "app_mention"})

    def member_joined(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        """`member_joined_channel`, for channels the bot is in."""
        self._membership("member_joined_channel", channel, user, {"inviter": inviter} if inviter else {})

    def member_left(self, channel: Channel, user: str) -> None:
        """`member_left_channel`, for channels the bot is in."""
        self._membership("member_left_channel", channel, user, {})

    def team_joined(self, person: Person) -> None:
        """`team_join`: a new member of the workspace."""
        user = person_json(person, self._workspace.team, with_locale=True)
        self._emit("team_join", {"type": "team_join", "user": user, "event_ts": self._now_ts()})

    def person_changed(self, person: Person) -> None:
        """`user_change`: another name, zone or standing, or a closed account."""
        user = person_json(person, self._workspace.team, with_locale=True)
        self._emit("user_change", {"type": "user_change", "user": user, "event_ts": self._now_ts()})

    def home_opened(self, user: str, channel: Channel, view: View | None, tab: str = "home") -> None:
        """`app_home_opened`, with the view that stands there already."""
        event = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self._now_ts(),
        }
        self._emit("app_home_opened", event | ({"view": view_json(view, self._workspace.team)} if view else {}))

    def uninstalled(self) -> None:
        """`tokens_revoked` and `app_uninstalled`."""
        self._emit("tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER_ID]}})
        self._emit("app_uninstalled", {"type": "app_uninstalled"})

    def _membership(self, name: str, channel: Channel, user: str, more: Json) -> None:
        if BOT_USER_ID in channel.members:
            event = {
                "type": name,
                "user": user,
                "channel": channel.id,
                "channel_type": "G" if channel.is_private else "C",
                "team": self._workspace.team.id,
                "event_ts": self._now_ts(),
            }
            self._emit(name, event | more)

    def _emit(self, subscription: str, event: Json) -> None:
        if subscription not in self._workspace.manifest.events:
            return
        team = self._workspace.team
        authorization = {
            "enterprise_id": None,
            "team_id": team.id,
            "user_id": BOT_USER_ID,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        self._dispatcher.event(
            {
                "token": VERIFICATION_TOKEN,
                "team_id": team.id,
                "api_app_id": APP_ID,
                "event": event,
                "type": "event_callback",
                "event_id": f"Ev{self._workspace.new_id()}",
                "event_time": int(self._workspace.now().timestamp()),
                "authorizations": [authorization],
                "is_ext_shared_channel": False,
            }
        )

    def _now_ts(self) -> str:
        return self._workspace.message_book.next_ts()


def channel_type(channel: Channel) -> str:
    """Slack's word for the kind of conversation in message events."""
    return {"im": "im", "groups": "group", "channels": "channel"}[_kind(channel)]


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "groups" if channel.is_private else "channels"
