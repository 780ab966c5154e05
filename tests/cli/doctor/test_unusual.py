"""`ampersand doctor` where several things are wrong, or something answers that nobody expects."""

import json
from pathlib import Path

from storage.database import Database
from tests.cli.doctor.installation import SIGNING, Installation, change, marks
from tests.playground.worlds import ELSEWHERE


async def test_no_secret_is_ever_printed(company: Installation) -> None:
    company.environment.setenv("AMPERSAND_DATABASE_URL", "postgresql://els:geheim@127.0.0.1:1/ampersand")
    company.environment.setenv("SLACK_APP_TOKEN", "geheim-app")

    code, text = await company.doctor()

    assert code == 1
    assert "problem settings SLACK_APP_TOKEN must be" in text
    assert "problem database The database cannot be used: connection failed" in text
    assert "geheim" not in text
    assert SIGNING not in text


async def test_every_wrong_variable_is_named_and_the_rest_is_still_checked(company: Installation) -> None:
    company.environment.setenv("AMPERSAND_PORT", "many")
    company.environment.setenv("AMPERSAND_FACILITATORS", "anna")
    company.environment.setenv("AMPERSAND_DATA_DIR", "~nobody-of-that-name/data")

    out = (await company.doctor("--format", "json"))[1]

    sentences = [one["what"] for one in json.loads(out)["findings"] if one["check"] == "settings"]
    assert sorted(sentence.split()[0] for sentence in sentences) == [
        *("AMPERSAND_DATA_DIR", "AMPERSAND_FACILITATORS", "AMPERSAND_PORT"),
    ]
    assert marks(out)["skipped"] >= {"port", "database"}
    assert marks(out)["ok"] >= {"token", "scopes", "clock"}


async def test_slack_that_does_not_answer(company: Installation) -> None:
    company.environment.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")

    code, text = await company.doctor()

    assert code == 1
    assert "problem token Slack does not answer at http://127.0.0.1:1/api/. → Check that this machine may reach" in text
    assert "skipped clock Not checked: Slack did not tell the time." in text


async def test_an_app_token_of_another_app(company: Installation) -> None:
    company.environment.setenv("SLACK_APP_TOKEN", "xapp-of-another")

    code, text = await company.doctor()

    assert code == 1
    assert "problem way in Slack does not accept SLACK_APP_TOKEN (invalid_auth). → At api.slack.com/apps" in text


async def test_channels_that_are_gone_and_workspaces_out_of_reach(company: Installation) -> None:
    change(company, "UPDATE workspaces SET help_channel_id = 'C0GONE', help_channel_name = 'dispatch'")
    change(company, f"UPDATE workspaces SET channel_id = '{ELSEWHERE}'")
    out = (await company.doctor("--format", "json"))[1]
    change(company, "UPDATE workspaces SET external_id = 'T0OTHER'")
    code, text = await company.doctor()

    said = [one["what"] for one in json.loads(out)["findings"] if one["check"] == "channels"]
    assert said == [
        "The bot is not in #elsewhere: nothing can be posted there.",
        "Slack shows the bot no channel #dispatch.",
    ]
    assert code == 0
    assert "warning channels The database also holds Saladine Foods (T0OTHER), which this token does not reach." in text


async def test_a_broken_database_file(company: Installation, tmp_path: Path) -> None:
    (tmp_path / "data" / "ampersand.db").write_bytes(b"not a database, " * 100)

    code, text = await company.doctor()

    assert code == 1
    assert "problem database The database cannot be used: file is not a database." in text
    assert "ok token" in text


async def test_data_that_others_may_use(company: Installation, tmp_path: Path) -> None:
    folder, file = tmp_path / "data", tmp_path / "data" / "ampersand.db"
    folder.chmod(0o755)
    file.chmod(0o644)

    code, text = await company.doctor()

    assert code == 0
    assert f"warning folder Others on this machine may use {folder} and {file}." in text
    assert f"chmod -R go= {folder} {file}" in text


async def test_a_key_file_that_is_damaged_or_open_to_others(company: Installation, tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret.key"
    file.write_text("0" * 64)
    file.chmod(0o644)
    readable = await company.doctor()
    file.write_text("short")
    damaged = await company.doctor()

    assert (readable[0], damaged[0]) == (0, 1)
    assert f"warning secret Others on this machine may read the key file {file}. → Let only the user" in readable[1]
    assert f"problem secret The key file {file} cannot be used: it is too short. → Put the old one back" in damaged[1]


async def test_a_public_address_that_somebody_else_answers(company: Installation) -> None:
    async with company.bot_running():
        company.environment.setenv("AMPERSAND_PUBLIC_URL", company.address)
        another = await company.doctor()
        company.environment.setenv("AMPERSAND_PUBLIC_URL", "http://127.0.0.1:1")
        nobody = await company.doctor()

    assert (another[0], nobody[0]) == (0, 0)
    assert f"warning address At {company.address} answers something else than Ampersand." in another[1]
    assert "warning address http://127.0.0.1:1 could not be reached from this machine." in nobody[1]
    assert nobody[1].endswith("1 warning.")


async def test_it_reads_a_database_that_a_running_bot_writes(company: Installation) -> None:
    database = Database(company.database_url)
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE members SET role = 'member'")

    code, text = await company.doctor()

    database.close()
    assert code == 0
    assert "warning facilitators Nobody is facilitator of Saladine Foods: nobody is told when a post fails." in text
