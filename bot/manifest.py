"""The app manifest that Slack is given: app.yaml (Socket Mode, no address), or the same with an address for HTTP."""

import copy
from pathlib import Path
from typing import Any, TypeAlias

import yaml

Manifest: TypeAlias = dict[str, Any]

EVENTS_PATH = "/slack/events"


def read_manifest() -> Manifest:
    """app.yaml as it is: beside the packages in the repository, inside one when installed."""
    here = Path(__file__).parent
    file = next(place for place in (here.parent / "app.yaml", here / "app.yaml") if place.is_file())
    manifest: Manifest = yaml.safe_load(file.read_text(encoding="utf-8"))
    return manifest


def needed_scopes(manifest: Manifest) -> frozenset[str]:
    """The permissions the bot asks for."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def at_address(manifest: Manifest, url: str) -> Manifest:
    """The manifest of a bot that Slack calls at this address (without a slash at the end), in place of Socket Mode."""
    changed, endpoint = copy.deepcopy(manifest), url + EVENTS_PATH
    for command in changed["features"]["slash_commands"]:
        command["url"] = endpoint
    settings = changed["settings"]
    settings["event_subscriptions"]["request_url"] = endpoint
    settings["interactivity"]["request_url"] = endpoint
    settings["socket_mode_enabled"] = False
    return changed


def with_name(manifest: Manifest, name: str) -> Manifest:
    """The manifest of an app that is called so in Slack."""
    changed = copy.deepcopy(manifest)
    changed["display_information"]["name"] = name
    changed["features"]["bot_user"]["display_name"] = name
    return changed
