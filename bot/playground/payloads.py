"""What Slack sends when a person does something: the fields that all interactivity payloads have in common."""

from bot.playground.events import VERIFICATION_TOKEN
from bot.playground.model import APP_ID, Channel, Json, Message, Person, View
from bot.playground.playground import Playground
from bot.playground.wire import message_json, team_of, view_json


class Payloads:
    """Builds payloads; issues the trigger ids and response URLs in them."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._workspace = playground.workspace

    def common(self, kind: str, person: Person) -> Json:
        """Who, where, which app."""
        team = self._workspace.team
        return {
            "type": kind,
            "team": {"id": team.id, "domain": team.domain},
            "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": team_of(person, team)},
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def command(self, person: Person, channel: Channel, command: str, text: str) -> dict[str, str]:
        """The form fields of a slash command."""
        team = self._workspace.team
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": channel_name(channel),
            "user_id": person.id,
            "user_name": person.name,
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._playground.response_urls.issue(channel.id, person.id),
            "trigger_id": self._playground.triggers.issue(person.id),
        }

    def on_message(self, kind: str, person: Person, channel: Channel, message: Message) -> Json:
        """Something done to a message; an ephemeral one is not sent along."""
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral_to is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = self.common(kind, person) | {
            "container": container,
            "channel": {"id": channel.id, "name": channel_name(channel)},
        }
        return payload | ({} if message.ephemeral_to else {"message": self.message(message)})

    def on_view(self, kind: str, person: Person, view: View) -> Json:
        """Something done in a modal or Home."""
        return self.common(kind, person) | {"view": view_json(view, self._workspace.team)}

    def trigger(self, person: Person) -> Json:
        """A fresh trigger id."""
        return {"trigger_id": self._playground.triggers.issue(person.id)}

    def response_url(self, person: Person, message: Message) -> Json:
        """A response URL whose original is that message."""
        urls = self._playground.response_urls
        return {"response_url": urls.issue(message.channel, person.id, message.ts, message.thread_ts)}

    def message(self, message: Message) -> Json:
        """The message as payloads carry it."""
        return message_json(message, self._workspace.team, self._workspace.manifest, with_metadata=True)


def channel_name(channel: Channel) -> str:
    """Slack's name for the channel in payloads; private ones are not named."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
