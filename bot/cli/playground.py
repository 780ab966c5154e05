"""`ampersand playground`."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from socket import socket
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer
import uvicorn
from fastapi import FastAPI

from bot import main
from bot.cli.common import check_port, plain_errors
from bot.manifest import EVENTS_PATH, Manifest, at_address, read_manifest
from bot.playground import ChannelSeed, PersonSeed, Playground, PlaygroundSettings, TeamSeed, create_playground
from bot.settings import read_settings
from storage.private import make_private_folder

LOOPBACK: Final = "127.0.0.1"
STOP_SECONDS: Final = 3
"""How long requests that are being answered are waited for after Ctrl+C."""

BOT_TOKEN, SIGNING_SECRET, APP_TOKEN = "xoxb-playground", "playground-signing-secret", "xapp-playground"
TEAM: Final = TeamSeed("T0TRIAL", "Trial company", "trial")
PEOPLE: Final = (
    PersonSeed("U0IRIS", "iris", "Iris Admin", "IT · Slack admin", is_admin=True),
    PersonSeed("U0SAM", "sam", "Sam Sales", "Sales"),
    PersonSeed("U0SASKIA", "saskia", "Saskia Sales", "Sales", locale="nl-NL"),
    PersonSeed("U0OLAF", "olaf", "Olaf Operations", "Operations"),
    PersonSeed("U0OMAR", "omar", "Omar Operations", "Operations"),
    PersonSeed("U0GUS", "gus", "Gus Guest", "Guest", is_restricted=True),
)
EVERYBODY: Final = tuple(person.id for person in PEOPLE)
CHANNELS: Final = (
    ChannelSeed("C0SALESOPS", "sales-operations", "Sales & Operations", members=EVERYBODY, bot_is_member=False),
    ChannelSeed("C0DISPATCH", "dispatch", "Today: trucks, lines, people", members=EVERYBODY, bot_is_member=False),
)


def parse_bot(typed: str) -> str:
    parts = urlsplit(typed)
    if parts.scheme != "http" or not parts.netloc:
        raise typer.BadParameter(f"“{typed}” is not where a bot on this machine answers; write http://127.0.0.1:3000.")
    return typed.rstrip("/")


def playground(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 3100,
    bot: Annotated[
        str | None,
        typer.Option(
            parser=parse_bot, metavar="ADDRESS", help="Call the bot there, over HTTP; without it Socket Mode is used."
        ),
    ] = None,
) -> None:
    """Try a whole installation without an account: a chat workspace for a bot that runs beside it.

    An empty company of six people, one of them Slack admin and one a guest, on this machine only; it prints the
    settings with which `ampersand serve` in another terminal talks to it as to Slack. What is written there stays, in
    a folder of its own.

    \b
    Example:
      ampersand playground --port 3100 --bot http://127.0.0.1:3000
    """
    with plain_errors():
        check_port(LOOPBACK, port, "--port")
        folder = read_settings().data_dir / "playground"
        make_private_folder(folder)
        app = make_playground(port, bot, folder / "playground.db")
        typer.echo(_instructions(port, folder, over_http=bot is not None), err=True)
        asyncio.run(
            serve_playground(app, port, lambda: typer.echo(f"The playground is ready: http://localhost:{port}"))
        )


def make_playground(port: int, bot: str | None, store: Path | None) -> FastAPI:
    """The workspace with its people, and the app as its manifest says, installed and in no channel yet."""
    settings = PlaygroundSettings(
        events_url=f"{bot}{EVENTS_PATH}" if bot else "",
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token="" if bot else APP_TOKEN,
        store=store,
        team=TEAM,
        address=f"http://localhost:{port}",
    )
    app = create_playground(settings, clock=main.now)
    world: Playground = app.state.playground
    world.workspace.seed(PEOPLE, CHANNELS, _manifest(bot))
    return app


class _Server(uvicorn.Server):
    """Ends the live streams of open browser tabs when it is to stop: by themselves they never end."""

    def __init__(self, config: uvicorn.Config, playground: Playground) -> None:
        super().__init__(config)
        self._playground = playground

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """See uvicorn."""
        self._playground.workspace.notices.close()
        await super().shutdown(sockets)


async def serve_playground(app: FastAPI, port: int, on_started: Callable[[], None]) -> None:
    """Serve until stopped."""
    config = uvicorn.Config(
        app,
        host=LOOPBACK,
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = _Server(config, app.state.playground)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await main.sleep(0.02)
    if server.started:
        on_started()
    try:
        await serving
    finally:
        await app.state.playground.close()


def _manifest(bot: str | None) -> Manifest:
    return at_address(read_manifest(), bot) if bot else read_manifest()


def _instructions(port: int, folder: Path, *, over_http: bool) -> str:
    settings = {
        "AMPERSAND_DATA_DIR": folder,
        "SLACK_API_URL": f"http://{LOOPBACK}:{port}/api/",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        **({"SLACK_SIGNING_SECRET": SIGNING_SECRET} if over_http else {"SLACK_APP_TOKEN": APP_TOKEN}),
    }
    exports = "\n".join(f"export {name}={value}" for name, value in settings.items())
    return f"In another terminal:\n\n{exports}\nampersand serve\n"
