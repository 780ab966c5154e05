"""What a person typed or pointed at, out of any of Slack's payloads."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.incoming import plain_text
from bot.services.members import Wish


def typed_text(body: dict[str, Any]) -> str:
    """The text after a command, or that of the message a shortcut was used on."""
    if "command" in body:
        return plain_text(str(body.get("text", "")))
    return plain_text(str((body.get("message") or {}).get("text", ""))) if body.get("type") == "message_action" else ""


def wish_of(body: dict[str, Any]) -> Wish | None:
    """What somebody unknown wanted, to be done once they have said where they work.

    None for a press: what it was about is nothing of theirs.
    """
    if "command" in body:
        return Wish(body["command"], typed_text(body))
    if body.get("type") in {"message_action", "shortcut"}:
        return Wish(f"form:{shortcut_kind(body)}", typed_text(body), message_link(body))
    return None


def shortcut_kind(body: dict[str, Any]) -> str:
    return "went_well" if body.get("callback_id") == "capture_went_well" else "clash"


def message_link(body: dict[str, Any]) -> str | None:
    """The address of the message a shortcut was used on, made here: asking Slack for it would cost a network call."""
    if body.get("type") != "message_action" or not (body.get("team") or {}).get("domain"):
        return None
    channel, posted = body["channel"]["id"], body["message"]["ts"]
    link = f"https://{body['team']['domain']}.slack.com/archives/{channel}/p{posted.replace('.', '')}"
    thread = body["message"].get("thread_ts")
    return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != posted else link


def message_moment(body: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(float(body["message"]["ts"]), UTC)
