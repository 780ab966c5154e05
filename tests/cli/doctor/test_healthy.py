"""`ampersand doctor` on a whole installation: Slack as the playground, a real database, the bot running or not."""

import json
from pathlib import Path

from tests.cli.doctor.conftest import note_schema
from tests.cli.doctor.installation import APP_TOKEN, Installation, marks
from tests.playground.worlds import SOP


def everything_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


async def test_a_healthy_installation(company: Installation) -> None:
    async with company.bot_running():
        code, text = await company.doctor()
        report = json.loads((await company.doctor("--format", "json"))[1])

    assert code == 0
    assert text.endswith("Nothing is wrong.")
    assert report["status"] == "ok"
    assert {finding["mark"] for finding in report["findings"]} == {"ok"}
    assert {finding["check"] for finding in report["findings"]} == {
        *(
            "settings",
            "folder",
            "secret",
            "database",
            "migrations",
            "token",
            "scopes",
            "way in",
            "channels",
            "facilitators",
        ),
        *("zones", "clock", "port", "ticks", "address"),
    }


async def test_before_the_start_there_is_nothing_to_mend_either(company: Installation) -> None:
    code, out = await company.doctor("--format", "json")

    assert code == 0
    assert marks(out).keys() == {"ok", "skipped"}
    assert marks(out)["skipped"] == {"address"}


async def test_it_changes_nothing(company: Installation, tmp_path: Path) -> None:
    before, messages = everything_in(tmp_path), await company.playground.workspace.messages(SOP, "U0ANNA")

    await company.doctor()

    assert everything_in(tmp_path) == before
    assert await company.playground.workspace.messages(SOP, "U0ANNA") == messages


async def test_of_an_empty_folder_nothing_is_made(company: Installation, tmp_path: Path) -> None:
    company.environment.setenv("AMPERSAND_DATA_DIR", str(tmp_path / "fresh" / "data"))

    code, text = await company.doctor()

    assert code == 0
    assert f"warning database There is no database at {tmp_path}/fresh/data/ampersand.db yet." in text
    assert not (tmp_path / "fresh").exists()


async def test_socket_mode_needs_neither_address_nor_signing_secret(company: Installation) -> None:
    for name in ("SLACK_SIGNING_SECRET", "AMPERSAND_PUBLIC_URL"):
        company.environment.delenv(name)
    company.environment.setenv("SLACK_APP_TOKEN", APP_TOKEN)

    code, text = await company.doctor()

    assert (code, text.endswith("Nothing is wrong.")) == (0, True)
    assert "ok way in Socket Mode: Slack accepts SLACK_APP_TOKEN." in text
    assert "ok address Socket Mode: no public address is needed." in text


async def test_it_reads_both_databases(company: Installation, database_url: str) -> None:
    company.environment.setenv("AMPERSAND_DATABASE_URL", database_url)
    code, text = await company.doctor()
    assert code == 0
    assert "warning migrations The database has no tables yet. → Run ampersand migrate" in text

    note_schema(database_url)
    code, out = await company.doctor("--format", "json")

    assert code == 0
    assert marks(out)["ok"] >= {"database", "migrations", "zones"}
    assert marks(out)["warning"] == {"channels", "facilitators"}
