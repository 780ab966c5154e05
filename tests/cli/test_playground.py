"""`ampersand playground`: a workspace alone in its process, and the real `serve` beside it, over HTTP."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from bot import main
from bot.cli import playground
from bot.cli.playground import BOT_TOKEN, SIGNING_SECRET, TEAM, make_playground
from bot.platforms.slack import open_session
from bot.playground import Acting, Playground, PlaygroundSettings, words
from bot.playground.errors import ActError
from bot.settings import GivenSettings
from storage.database import Database
from storage.migrate import migrate
from storage.workspaces import list_workspaces
from tests.cli.conftest import Run
from tests.playground.worlds import served

ADMIN, SALES, CHANNEL = "U0IRIS", "U0SAM", "C0SALESOPS"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
async def installed(tmp_path: Path) -> AsyncIterator[tuple[Playground, Database]]:
    """The playground, and the bot on an empty database as `serve` puts it together, each at its own address."""
    with socket.create_server(("127.0.0.1", 0)) as slack, socket.create_server(("127.0.0.1", 0)) as bot:
        slack_port, bot_port = slack.getsockname()[1], bot.getsockname()[1]
        app = make_playground(slack_port, f"http://127.0.0.1:{bot_port}", None)
        async with served(app, slack):
            ampersand = await _install(slack_port, tmp_path)
            async with served(ampersand.web, bot):
                yield app.state.playground, ampersand.database
            await ampersand.close()
        await app.state.playground.close()


async def _install(slack_port: int, folder: Path) -> main.Ampersand:
    given = {
        "data_dir": folder,
        "slack_bot_token": SecretStr(BOT_TOKEN),
        "slack_signing_secret": SecretStr(SIGNING_SECRET),
        "slack_api_url": f"http://127.0.0.1:{slack_port}/api/",
    }
    settings = GivenSettings.model_validate(given)
    migrate(settings.database_url)
    session = open_session()
    identity = await main.identify(settings, session)
    ampersand = main.build(settings, identity, session)
    main.connect(ampersand.database, ampersand.house.context(), identity, settings)
    return ampersand


async def test_serve_begins_with_an_empty_database(installed: tuple[Playground, Database]) -> None:
    workspace, database = installed
    sam = Acting(workspace, SALES)
    question = await sam.command("/clash", "Retailer A doubled the order for Saturday at four.", CHANNEL)
    assert question is not None
    assert "Where do you work?" in words(question)
    await sam.press(question, "Sales")
    await sam.open_home()
    home = await sam.home()
    assert home is not None
    assert "saved, only you see this card" in words(await sam.again(question))
    with database.snapshot() as session:
        (company,) = list_workspaces(session)
    assert company.external_id == TEAM.id


async def test_who_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bot is there to hear of it, and nobody waits minutes for one."""
    monkeypatch.setattr(playground, "PlaygroundSettings", partial(PlaygroundSettings, retry_seconds=()))
    world: Playground = make_playground(3100, None, None).state.playground
    everybody = {person.id: person for person in world.workspace.everybody() if not person.is_bot}
    assert [person.id for person in everybody.values() if person.is_admin] == [ADMIN]
    assert [person.id for person in everybody.values() if person.is_restricted] == ["U0GUS"]
    assert not any("sample" in person.real_name.lower() for person in everybody.values())
    with pytest.raises(Exception, match="name of somebody"):
        await Acting(world, ADMIN).command("/invite", "@nobody", CHANNEL)
    with pytest.raises(ActError, match="Type “/sop setup” on a line of its own"):
        await Acting(world, ADMIN).command("/invite", "@Ampersand /sop setup", CHANNEL)
    assert "U0PLAYBOT" not in world.workspace.find_channel(CHANNEL).members
    await Acting(world, ADMIN).command("/invite", "@Ampersand", CHANNEL)
    assert world.workspace.find_channel(CHANNEL).members > {ADMIN, "U0PLAYBOT"}
    again = await Acting(world, ADMIN).command("/invite", "@Ampersand", CHANNEL)
    assert again is not None
    assert words(again) == "Ampersand is in #sales-operations already."
    assert [words(message) for message in await Acting(world, SALES).sees(CHANNEL)] == [
        "Ampersand was added to #sales-operations."
    ]


def test_it_stops_while_a_browser_is_open(tmp_path: Path) -> None:
    port = free_port()
    typed = [sys.executable, "-m", "bot", "playground", "--port", str(port)]
    own = {**os.environ, "AMPERSAND_DATA_DIR": str(tmp_path)}
    with subprocess.Popen(typed, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("The playground is ready")
        with urlopen(f"http://127.0.0.1:{port}/ui/stream?as={ADMIN}", timeout=5):
            process.send_signal(signal.SIGINT)
            try:
                _, err = process.communicate(timeout=10)
            finally:
                process.kill()
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words_typed", "token"),
    [
        ((), "SLACK_APP_TOKEN=xapp-playground"),
        (("--bot", "http://127.0.0.1:3000/"), f"SIGNING_SECRET={SIGNING_SECRET}"),
    ],
)
def test_it_prints_the_settings_for_serve(
    run: Run, monkeypatch: pytest.MonkeyPatch, words_typed: tuple[str, ...], token: str
) -> None:
    served: list[FastAPI] = []

    async def serving(app: FastAPI, port: int, on_started: object) -> None:
        served.append(app)

    monkeypatch.setattr(playground, "serve_playground", serving)
    port = str(free_port())

    code, _, err = run("playground", "--port", port, *words_typed)

    assert code == 0
    assert f"export SLACK_API_URL=http://127.0.0.1:{port}/api/" in err
    assert token in err
    assert f"export AMPERSAND_DATA_DIR={Path.cwd()}/data/playground" in err
    world: Playground = served[0].state.playground
    assert world.settings.events_url == ("http://127.0.0.1:3000/slack/events" if words_typed else "")
    world.store.close()


def test_a_bot_that_is_no_address(run: Run) -> None:
    code, _, err = run("playground", "--bot", "localhost")
    assert code == 2
    assert "write http://127.0.0.1:3000" in " ".join(err.split())
