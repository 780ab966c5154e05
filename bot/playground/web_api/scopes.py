"""Which permission each method needs, and the refusal when the manifest does not ask for it."""

from collections.abc import Mapping

from bot.playground.errors import SlackError
from bot.playground.model import Channel, Manifest


def _any_kind(verb: str) -> tuple[str, ...]:
    return tuple(f"{kind}:{verb}" for kind in ("channels", "groups", "im", "mpim"))


SCOPES: Mapping[str, tuple[str, ...]] = {
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": _any_kind("history"),
    "conversations.info": _any_kind("read"),
    "conversations.join": ("channels:join",),
    "conversations.list": _any_kind("read"),
    "conversations.members": _any_kind("read"),
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.replies": _any_kind("history"),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "pins.add": ("pins:write",),
    "pins.list": ("pins:read",),
    "pins.remove": ("pins:write",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "team.info": ("team:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
}


def check_scope(manifest: Manifest, method: str) -> None:
    """Raises missing_scope unless the manifest asks for one of those that the method needs."""
    needed = SCOPES.get(method, ())
    if needed and not any(has_scope(manifest, scope) for scope in needed):
        raise _missing(manifest, needed[0])


def check_channel_scope(manifest: Manifest, channel: Channel, verb: str) -> None:
    """Raises missing_scope unless e.g. `im:history` is granted, for reading a private chat."""
    kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
    if not has_scope(manifest, f"{kind}:{verb}"):
        raise _missing(manifest, f"{kind}:{verb}")


def has_scope(manifest: Manifest, scope: str) -> bool:
    """Whether the scope is granted."""
    return manifest.scopes is None or scope in manifest.scopes


def _missing(manifest: Manifest, needed: str) -> SlackError:
    return SlackError("missing_scope", needed=needed, provided=",".join(sorted(manifest.scopes or ())))
