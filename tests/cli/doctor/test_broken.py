"""Ten things that are wrong, one at a time: `ampersand doctor` names each with its cure."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from socket import create_server

import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from bot.main import identify
from bot.platforms.slack import open_session
from bot.settings import read_settings
from storage.inspection import known_revisions
from tests.cli.doctor.installation import Installation, change, serving
from tests.playground.worlds import SOP

AGAIN = "then start Ampersand again."


async def test_wrong_token(company: Installation) -> None:
    company.environment.setenv("SLACK_BOT_TOKEN", "xoxb-of-somebody-else")

    code, text = await company.doctor()

    assert code == 1
    assert (
        "problem token Slack does not accept SLACK_BOT_TOKEN (invalid_auth). → At api.slack.com/apps open your app, "
        f"OAuth & Permissions, and copy the Bot User OAuth Token (xoxb-…) into SLACK_BOT_TOKEN; {AGAIN}"
    ) in text
    assert "skipped channels Not checked: Slack answers only with a token that it accepts." in text
    assert "ok clock" in text
    assert "1 problem." in text
    assert "somebody-else" not in text


async def test_missing_scope(company: Installation) -> None:
    manifest = company.playground.workspace.manifest
    assert manifest.scopes
    company.playground.workspace.manifest = replace(manifest, scopes=manifest.scopes - {"im:history", "users:read"})

    code, text = await company.doctor()

    assert code == 1
    assert "problem scopes The permission im:history is missing: what people type to the bot is not answered" in text
    assert "problem scopes The permission users:read is missing: names, time zones and languages stay unknown" in text
    assert "paste what `ampersand manifest` prints under App Manifest, then press Reinstall to Workspace" in text
    assert text.count("Reinstall to Workspace") == 1
    assert "2 problems." in text


async def test_the_log_of_the_start_names_a_missing_scope_too(company: Installation) -> None:
    manifest = company.playground.workspace.manifest
    assert manifest.scopes
    company.playground.workspace.manifest = replace(manifest, scopes=manifest.scopes - {"im:history"})

    async with open_session() as session:
        with capture_logs() as logs:
            await identify(read_settings(), session)

    (line,) = logs
    assert (line["event"], line["log_level"], line["scope"]) == ("scope_missing", "warning", "im:history")
    assert line["lost"].startswith("what people type to the bot is not answered")
    assert line["cure"] == "ampersand doctor"


async def test_not_invited(company: Installation) -> None:
    workspace = company.playground.workspace
    workspace.leave(workspace.find_channel(SOP), "U0PLAYBOT")

    code, text = await company.doctor()

    assert code == 1
    assert (
        "problem channels The bot is not in #sop: nothing can be posted there. → In Slack type /invite @Ampersand in "
        "#sop, or choose another channel in /sop setup."
    ) in text


async def test_archived_channel(company: Installation) -> None:
    company.playground.workspace.archive(SOP)

    code, text = await company.doctor()

    assert code == 1
    assert (
        "problem channels #sop is archived: nothing can be posted there. → Unarchive it in Slack, or choose another "
        "channel in /sop setup."
    ) in text


async def test_wrong_zone_name(company: Installation) -> None:
    company.environment.setenv("AMPERSAND_TIMEZONE", "Europe/Amsterdm")
    change(company, "UPDATE members SET timezone = 'Europe/Brussel'")

    code, text = await company.doctor()

    assert code == 1
    assert (
        "problem settings AMPERSAND_TIMEZONE is “Europe/Amsterdm”; it must be a time zone by its IANA name, such as "
        "Europe/Amsterdam. → Put it right in the environment; start Ampersand again."
    ) in text
    assert (
        "problem zones This machine does not know the time zone “Europe/Brussel” (1 member). → Perhaps Europe/Brussels "
        "is meant."
    ) in text
    assert "ok token" in text


async def test_unwritable_folder(company: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    company.environment.setenv("AMPERSAND_DATA_DIR", str(tmp_path / "file" / "data"))
    company.environment.setenv("AMPERSAND_DATABASE_URL", company.database_url)

    code, text = await company.doctor()

    assert code == 1
    assert (
        f"problem folder Ampersand cannot write in {tmp_path}/file/data: not a directory. → Give the user it runs as "
        "the right to write there, or choose another place with AMPERSAND_DATA_DIR."
    ) in text
    assert f"ok folder {tmp_path}/data can be written in." in text


async def test_old_schema(company: Installation) -> None:
    oldest, *_, newest = known_revisions()
    change(company, f"UPDATE alembic_version SET version_num = '{oldest}'")

    code, text = await company.doctor()

    assert code == 1
    assert (
        f"problem migrations The database has an older schema ({oldest}) than this program ({newest}). → Make a backup "
        "and run ampersand migrate; ampersand serve does it by itself when it starts."
    ) in text
    assert "skipped channels Not checked: the tables of the database cannot be read as they stand." in text


async def test_newer_schema(company: Installation) -> None:
    change(company, "UPDATE alembic_version SET version_num = '9999'")

    code, text = await company.doctor()

    assert code == 1
    assert "does not know: it is newer. → Install the version of Ampersand that was used last." in text


@pytest.mark.parametrize(("minutes", "where"), [(10, "behind"), (-10, "ahead of")])
async def test_clock_off_by_ten_minutes(company: Installation, minutes: int, where: str) -> None:
    company.slack_ahead = timedelta(minutes=minutes)

    code, text = await company.doctor()

    assert code == 1
    assert (
        f"problem clock The clock of this machine is 10 minutes {where} Slack's. → Set it right and keep it right (on "
        "Linux: timedatectl set-ntp true)."
    ) in text


async def test_port_taken(company: Installation) -> None:
    with create_server(("127.0.0.1", 0)) as door:
        company.environment.setenv("AMPERSAND_PORT", str(door.getsockname()[1]))
        async with serving(FastAPI(), door):
            code, text = await company.doctor()

    assert code == 1
    assert f"problem port Port {door_number(text)} on 127.0.0.1 is not free (Address already in use). →" in text
    assert "→ Choose another one with AMPERSAND_PORT, or stop the program that uses it." in text


@pytest.mark.parametrize(
    ("report", "mark"),
    [
        ({"status": "ok", "database": "ok", "last_tick": "yesterday"}, "problem ticks"),
        ({"status": "ok", "database": "ok", "last_tick": "2026-06-10T14:00:00"}, "problem ticks"),
        ({"status": "ok"}, "problem port"),
        (["ok"], "problem port"),
    ],
)
async def test_a_strange_answer_on_the_port_ends_in_a_finding(company: Installation, report: object, mark: str) -> None:
    web = FastAPI()
    web.add_api_route("/health", lambda: report)
    with create_server(("127.0.0.1", 0)) as door:
        company.environment.setenv("AMPERSAND_PORT", str(door.getsockname()[1]))
        async with serving(web, door):
            code, text = await company.doctor()

    assert code == 1
    assert mark in text


async def test_no_signing_secret(company: Installation) -> None:
    company.environment.delenv("SLACK_SIGNING_SECRET")

    code, text = await company.doctor()

    assert code == 1
    assert (
        "problem settings SLACK_SIGNING_SECRET must be the signing secret of your Slack app, under Basic Information. "
        "→ At api.slack.com/apps open your app, Basic Information, App Credentials, and copy the Signing Secret into "
        f"SLACK_SIGNING_SECRET; {AGAIN} Or use Socket Mode: set SLACK_APP_TOKEN instead."
    ) in text
    assert "1 problem." in text


def door_number(text: str) -> str:
    return text.partition("problem port Port ")[2].split()[0]
