"""`ampersand manifest`: what is pasted at Slack, for Socket Mode and for HTTP."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.manifest import read_manifest
from tests.cli.conftest import Run

Json = dict[str, Any]


def printed(run: Run, *words: str) -> Json:
    code, out, err = run("manifest", *words)
    assert (code, err) == (0, "")
    manifest: Json = yaml.safe_load(out)
    return manifest


def addresses(manifest: Any) -> Iterator[str]:
    """Every address in it, wherever it stands."""
    if isinstance(manifest, str):
        yield from re.findall(r"https?://\S+", manifest)
    elif isinstance(manifest, dict | list):
        for part in manifest.values() if isinstance(manifest, dict) else manifest:
            yield from addresses(part)


def test_without_an_address_it_is_that_of_socket_mode(run: Run) -> None:
    manifest = printed(run)

    assert manifest == read_manifest()
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert list(addresses(manifest)) == []


@pytest.mark.parametrize(
    "typed", ["https://sop.example.com", "https://sop.example.com/", "https://sop.example.com/slack/events"]
)
def test_with_an_address_slack_sends_everything_there(run: Run, typed: str) -> None:
    manifest = printed(run, "--url", typed)

    settings, commands = manifest["settings"], manifest["features"]["slash_commands"]
    endpoint = "https://sop.example.com/slack/events"
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == endpoint
    assert settings["interactivity"]["request_url"] == endpoint
    assert [command["url"] for command in commands] == [endpoint] * len(commands)
    assert list(addresses(manifest)) == [endpoint] * (len(commands) + 2)


def test_the_two_differ_in_nothing_else(run: Run) -> None:
    manifest = printed(run, "--url", "https://sop.example.com")

    for command in manifest["features"]["slash_commands"]:
        del command["url"]
    del manifest["settings"]["event_subscriptions"]["request_url"]
    del manifest["settings"]["interactivity"]["request_url"]
    assert manifest | {"settings": {**manifest["settings"], "socket_mode_enabled": True}} == read_manifest()


def test_another_name_is_that_of_the_app_and_of_its_user(run: Run) -> None:
    manifest = printed(run, "--name", "S&OP dialog")

    assert manifest["display_information"]["name"] == "S&OP dialog"
    assert manifest["features"]["bot_user"]["display_name"] == "S&OP dialog"


def test_json_says_the_same(run: Run) -> None:
    words = ("--url", "https://sop.example.com", "--name", "Overleg")

    assert json.loads(run("manifest", *words, "--format", "json")[1]) == printed(run, *words)


def test_the_environment_plays_no_part(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPERSAND_PUBLIC_URL", "https://sop.example.com")
    monkeypatch.setenv("AMPERSAND_PORT", "many")

    assert printed(run) == read_manifest()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--url", "http://sop.example.com"), "it must begin with https:// and name a host"),
        (("--url", "sop.example.com"), "Without one, leave --url out: Socket Mode needs no address."),
        (("--url", "https://"), "is not an address Slack can send to"),
        (("--url", "https://sop.example.com?x=1"), "is not an address Slack can send to"),
        (("--name", "x" * 36), "the name of an app has 1 to 35 characters; this one has 36."),
    ],
)
def test_what_slack_would_refuse_is_refused_here_with_the_cure(run: Run, words: tuple[str, str], sentence: str) -> None:
    code, out, err = run("manifest", *words)

    assert (code, out) == (2, "")
    assert sentence in " ".join(err.replace("│", " ").split())
