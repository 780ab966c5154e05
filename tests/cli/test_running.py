"""`demo`, `serve` and `migrate`: the right call, and mistakes told in a sentence before anything starts."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import main
from bot.cli import demo
from bot.settings import Settings, read_settings
from tests.cli.conftest import Run


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
def slack(run: Run, monkeypatch: pytest.MonkeyPatch, free_port: int) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-geheim")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "geheim")
    monkeypatch.setenv("AMPERSAND_PORT", str(free_port))


def test_migrate_makes_a_database_and_may_run_again(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("migrate") == (0, "The database has the newest schema.\n", "")
    assert (tmp_path / "data" / "ampersand.db").exists()


def test_a_setting_that_cannot_be_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPERSAND_PORT", "many")

    expected = "Error: AMPERSAND_PORT is “many”; it must be a whole number from 1 to 65535.\n"
    assert run("migrate") == (1, "", expected)


def test_a_database_that_does_not_answer(run: Run, monkeypatch: pytest.MonkeyPatch, free_port: int) -> None:
    monkeypatch.setenv("AMPERSAND_DATABASE_URL", f"postgresql://els:geheim@127.0.0.1:{free_port}/x")

    code, out, err = run("migrate")

    assert (code, out) == (1, "")
    assert err.startswith("Error: The database cannot be used: connection failed")
    assert err.endswith("Check AMPERSAND_DATABASE_URL, and that the database is running.\n")
    assert "geheim" not in err


def test_a_data_folder_that_cannot_be_made(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AMPERSAND_DATA_DIR", str(tmp_path / "file" / "data"))

    code, _, err = run("load-sample")

    assert code == 1
    assert err.startswith(f"Error: {tmp_path}/file/data: ")


def test_serve_says_which_settings_are_missing(run: Run) -> None:
    code, _, err = run("serve")

    assert code == 1
    first, second, hint = err.removeprefix("Error: ").splitlines()
    assert [first.split()[0], second.split()[0]] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]
    assert "copy the Bot User OAuth Token (xoxb-…) into SLACK_BOT_TOKEN" in first
    assert "copy the Signing Secret into SLACK_SIGNING_SECRET" in second
    assert hint == "Run `ampersand doctor` to check the whole installation."


@pytest.mark.usefixtures("slack")
def test_serve_runs_with_the_settings_of_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    async def serving(settings: Settings, on_started: Callable[[], None]) -> None:
        assert settings.slack_bot_token.get_secret_value() == "xoxb-geheim"
        on_started()

    monkeypatch.setattr(main, "serve", serving)

    assert run("serve") == (0, "", f"Ampersand answers on http://127.0.0.1:{free_port}\n")


@pytest.mark.usefixtures("slack")
def test_serve_closes_a_folder_that_was_open_to_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    monkeypatch.setenv("AMPERSAND_SECRET", "s" * 40)
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    monkeypatch.setattr(main, "configure_logs", lambda: None)

    with pytest.raises(aiohttp.ClientConnectionError):
        asyncio.run(main.serve(read_settings()))

    assert [oct(path.stat().st_mode & 0o777) for path in (tmp_path / "data", tmp_path / "data" / "ampersand.db")] == [
        "0o700",
        "0o600",
    ]


def refused(method: str, code: str) -> SlackApiError:
    """Slack's refusal, as slack_sdk raises it."""
    answer = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url=f"https://slack.com/api/{method}",
        req_args={},
        data={"ok": False, "error": code},
        headers={},
        status_code=200,
    )
    return SlackApiError("no", answer)  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("slack")
@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (
            refused("auth.test", "invalid_auth"),
            "Slack does not accept SLACK_BOT_TOKEN (invalid_auth). At api.slack.com/apps open your app, OAuth &",
        ),
        (
            refused("auth.test", "account_inactive"),
            "Slack does not accept SLACK_BOT_TOKEN (account_inactive). The app was removed from the workspace: install",
        ),
        (refused("auth.test", "ratelimited"), "Slack does not answer as it should (ratelimited). Try again in a"),
        (
            refused("apps.connections.open", "not_allowed_token_type"),
            "Slack does not accept SLACK_APP_TOKEN (not_allowed_token_type). At api.slack.com/apps open your app,",
        ),
        (
            aiohttp.ClientConnectionError("down"),
            "Slack does not answer at https://slack.com/api/. Check that this machine may reach that address",
        ),
    ],
)
def test_serve_without_slack_says_why(
    run: Run, monkeypatch: pytest.MonkeyPatch, failure: Exception, sentence: str
) -> None:
    async def failing(*_: object) -> None:
        raise failure

    monkeypatch.setattr(main, "serve", failing)

    code, _, err = run("serve")
    assert code == 1
    assert sentence in err
    assert err.endswith("\nRun `ampersand doctor` to check the whole installation.\n")
    assert "geheim" not in err


def test_a_port_that_is_taken_is_seen_first(run: Run, taken_port: int) -> None:
    code, out, err = run("demo", "--port", str(taken_port))

    assert (code, out) == (1, "")
    assert err.startswith(f"Error: Port {taken_port} on 127.0.0.1 is not free")
    assert "Choose another one with --port, or stop the program that uses it." in err


def test_demo_keeps_its_own_data_and_starts_where_it_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, free_port: int, tmp_path: Path
) -> None:
    calls: list[Any] = []

    async def running(
        port: int, at: datetime, data_dir: Path, *, reset: bool, on_started: Callable[[str], None]
    ) -> None:
        calls.append((port, at, data_dir, reset))
        on_started(f"http://localhost:{port}")

    monkeypatch.setattr(demo, "run_demo", running)

    code, out, _ = run("demo", "--port", str(free_port), "--at", "2026-06-11T08:59", "--reset")

    assert code == 0
    assert f"http://localhost:{free_port}" in out
    moment = datetime(2026, 6, 11, 6, 59, tzinfo=UTC)
    assert calls == [(free_port, moment, tmp_path / "data" / "demo", True)]


def test_a_demo_that_goes_on_does_not_silently_start_elsewhere(run: Run, free_port: int, tmp_path: Path) -> None:
    (tmp_path / "data" / "demo").mkdir(parents=True)
    (tmp_path / "data" / "demo" / "clock.json").write_text('"2026-06-10T14:00:00+00:00"')

    code, out, err = run("demo", "--port", str(free_port), "--at", "2026-03-23")

    assert (code, out) == (1, "")
    assert "goes on from where its clock stood" in err
    assert "--reset" in err
