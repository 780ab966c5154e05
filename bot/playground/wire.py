"""How Slack writes people, channels, messages and views in its answers and payloads."""

from bot.playground.model import APP_ID, BOT_ID, BOT_USER_ID, Channel, Json, Manifest, Message, Person, View
from bot.playground.scenario import TeamSeed


def person_json(person: Person, team: TeamSeed, *, with_locale: bool) -> Json:
    """A user object."""
    home = team_of(person, team)
    found: Json = {
        "id": person.id,
        "team_id": home,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "tz": person.tz,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_admin": person.is_admin or person.is_owner or person.is_primary_owner,
        "is_owner": person.is_owner or person.is_primary_owner,
        "is_primary_owner": person.is_primary_owner,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_stranger": person.is_stranger,
        "profile": {
            "real_name": person.real_name,
            "display_name": person.real_name,
            "title": person.title,
            "email": email_of(person, team),
            "team": home,
        },
    }
    if person.is_bot:
        found["profile"] |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
        del found["profile"]["email"]
    return found | ({"locale": person.locale} if with_locale else {})


def team_of(person: Person, team: TeamSeed) -> str:
    """The workspace the person belongs to: another one when they came over Slack Connect."""
    return person.team_id or team.id


def email_of(person: Person, team: TeamSeed) -> str:
    """The address under which users.lookupByEmail finds the person."""
    return f"{person.name}@{team.domain}.example"


def channel_json(channel: Channel, viewer: str) -> Json:
    """A conversation object as that user sees it."""
    if channel.is_im:
        (person,) = channel.members - {BOT_USER_ID}
        return {
            "id": channel.id,
            "is_im": True,
            "is_channel": False,
            "user": person,
            "is_archived": False,
            "created": 0,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_member": viewer in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "created": 0,
    }


def message_json(message: Message, team: TeamSeed, manifest: Manifest, *, with_metadata: bool) -> Json:
    """A message object; metadata only where it was asked for."""
    if message.deleted:
        return _tombstone(message)
    found: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": team.id}
    if message.user == BOT_USER_ID:
        profile = {"id": BOT_ID, "app_id": APP_ID, "name": manifest.bot_name, "team_id": team.id, "deleted": False}
        found |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": profile}
    if message.blocks:
        found["blocks"] = message.blocks
    if message.metadata and with_metadata:
        found["metadata"] = message.metadata
    if message.edited:
        found["edited"] = {"user": message.user, "ts": message.ts}
    if message.reactions:
        found["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    if message.files:
        found["files"] = message.files
    if message.pinned:
        found["pinned_to"] = [message.channel]
    return found | _thread_fields(message)


def _thread_fields(message: Message) -> Json:
    if message.reply_count:
        return {"thread_ts": message.ts, "reply_count": message.reply_count, "is_locked": False, "subscribed": False}
    if message.thread_ts:
        return {"thread_ts": message.thread_ts} | ({"subtype": "thread_broadcast"} if message.broadcast else {})
    return {}


def _tombstone(message: Message) -> Json:
    return {
        "type": "message",
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "hidden": True,
        "ts": message.ts,
    } | _thread_fields(message)


def view_json(view: View, team: TeamSeed) -> Json:
    """A view object with what was entered so far."""
    payload = view.payload
    return {
        "id": view.id,
        "team_id": team.id,
        "app_id": APP_ID,
        "app_installed_team_id": team.id,
        "bot_id": BOT_ID,
        "type": view.type,
        "title": payload.get("title"),
        "submit": payload.get("submit"),
        "close": payload.get("close"),
        "blocks": payload["blocks"],
        "private_metadata": payload.get("private_metadata", ""),
        "callback_id": payload.get("callback_id", ""),
        "external_id": payload.get("external_id", ""),
        "clear_on_close": payload.get("clear_on_close", False),
        "notify_on_close": payload.get("notify_on_close", False),
        "state": {"values": view.state_values},
        "hash": view.hash,
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
    }
