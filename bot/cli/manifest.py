"""`ampersand manifest`."""

import json
import re
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

import typer
import yaml

from bot.manifest import Manifest, at_address, read_manifest, with_name

LONGEST_NAME = 35  # Slack's limit for the name of an app


class Format(StrEnum):
    YAML = "yaml"
    JSON = "json"


def parse_url(typed: str) -> str:
    """The address without a path of ours; Slack sends to https only."""
    url = typed.strip().rstrip("/").removesuffix("/slack/events")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or re.search(r"\s", url):
        raise typer.BadParameter(
            f"“{typed}” is not an address Slack can send to: it must begin with https:// and name a host, such as "
            "https://ampersand.example.com. Without one, leave --url out: Socket Mode needs no address."
        )
    return url


def parse_name(typed: str) -> str:
    name = typed.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise typer.BadParameter(f"the name of an app has 1 to {LONGEST_NAME} characters; this one has {len(name)}.")
    return name


def manifest(
    url: Annotated[
        str | None,
        typer.Option(
            parser=parse_url,
            metavar="ADDRESS",
            help="Where Slack reaches the bot, such as https://ampersand.example.com; without it Socket Mode.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(parser=parse_name, metavar="NAME", help="What the app is called in Slack; Ampersand.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="Slack takes both.")] = Format.YAML,
) -> None:
    """Print the app manifest to paste at api.slack.com/apps, under Create New App, From a manifest.

    Without --url the app uses Socket Mode: the bot calls Slack, no address or certificate is needed, and serve wants
    SLACK_APP_TOKEN. With --url Slack calls the bot there, and serve wants SLACK_SIGNING_SECRET. The environment plays
    no part: the same words always print the same manifest.

    \b
    Example:
      ampersand manifest --url https://ampersand.example.com > manifest.yaml
    """
    chosen = read_manifest()
    chosen = at_address(chosen, url) if url else chosen
    typer.echo(_written(with_name(chosen, name) if name else chosen, form))


def _written(chosen: Manifest, form: Format) -> str:
    if form is Format.JSON:
        return json.dumps(chosen, indent=2, ensure_ascii=False)
    return yaml.safe_dump(chosen, sort_keys=False, allow_unicode=True, width=120).rstrip()
