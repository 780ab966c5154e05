"""A monitor that looks right after the start must not raise an alarm; told to stop, the bot stops."""

import asyncio
import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from pydantic import SecretStr

from bot.demo import START, MovableClock, build_demo, demo_settings
from bot.main import now, run


@pytest.fixture
def told_to_stop() -> Iterator[None]:
    """uvicorn hands SIGTERM on when it is done; these tests go on."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(("app_token", "reached"), [(None, "http"), (SecretStr("xapp-1"), "connected")])
@pytest.mark.usefixtures("told_to_stop")
async def test_healthy_from_the_first_moment_until_told_to_stop(
    database_url: str, tmp_path: Path, app_token: SecretStr | None, reached: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    given = {"database_url": database_url, "slack_app_token": app_token}
    settings = demo_settings(port, tmp_path).model_copy(update=given)
    ampersand, playground = await build_demo(settings, MovableClock(tmp_path / "clock.json", START, now), START)
    started = asyncio.Event()
    running = asyncio.create_task(run(ampersand, started.set))
    try:
        await asyncio.wait_for(started.wait(), 10)
        if app_token:
            await playground.dispatcher.sockets.connected()
        report = await asyncio.to_thread(_health, port)
    finally:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(running, 10)
        await playground.close()
    assert (report["status"], report["slack"]) == ("ok", reached)
    assert report["last_tick"] is not None


def _health(port: int) -> dict[str, object]:
    """What it says; raises when it says 503."""
    with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
        report: dict[str, object] = json.loads(answer.read())
    return report
