"""The environment: defaults that work, mistakes told with what is allowed, secrets never shown."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import (
    ALLOWED,
    GivenSettings,
    Settings,
    SettingsError,
    load_secret,
    read_settings,
    read_usable_settings,
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ALLOWED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def chance(count: int) -> bytes:
    return bytes(range(count))


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = read_settings()

    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/ampersand.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.secret is None
    assert (settings.public_url, settings.facilitators, settings.slack_app_token) == (None, (), None)
    assert settings.timezone == "Europe/Amsterdam"


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPERSAND_DATA_DIR", "/srv/ampersand")
    monkeypatch.setenv("AMPERSAND_PORT", "8080")
    monkeypatch.setenv("AMPERSAND_HOST", "")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:3000/api")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("AMPERSAND_FACILITATORS", " U0ANNA, W0BRAM ")
    monkeypatch.setenv("AMPERSAND_TIMEZONE", "new york")
    monkeypatch.setenv("AMPERSAND_PUBLIC_URL", "https://sop.example.com/")

    settings = read_settings()

    assert settings.database_url == "sqlite:////srv/ampersand/ampersand.db"
    assert (settings.port, settings.host) == (8080, "127.0.0.1")
    assert settings.slack_api_url == "http://127.0.0.1:3000/api/"
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"
    assert settings.slack_app_token
    assert settings.facilitators == ("U0ANNA", "W0BRAM")
    assert settings.timezone == "America/New_York"
    assert settings.public_url == "https://sop.example.com"
    assert settings.slack_mistakes() == {}  # Socket Mode needs no signing secret


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_usual_postgresql_address_gets_our_driver(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("AMPERSAND_DATABASE_URL", f"{scheme}://els:pass@db/ampersand")

    assert read_settings().database_url == "postgresql+psycopg://els:pass@db/ampersand"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AMPERSAND_PORT", "many", "AMPERSAND_PORT is “many”; it must be a whole number from 1 to 65535."),
        (
            "AMPERSAND_TIMEZONE",
            "Amsterdm",
            "AMPERSAND_TIMEZONE is “Amsterdm”; it must be a time zone by its IANA name, such as Europe/Amsterdam.",
        ),
        (
            "AMPERSAND_FACILITATORS",
            "anna",
            "AMPERSAND_FACILITATORS is “anna”; it must be Slack user IDs such as U024BE7LH, with commas between them.",
        ),
        (
            "SLACK_APP_TOKEN",
            "xoxb-1",
            "SLACK_APP_TOKEN must be the app-level token of your Slack app; it begins with xapp-.",
        ),
        ("AMPERSAND_PORT", "70000", "AMPERSAND_PORT is “70000”; it must be a whole number from 1 to 65535."),
        (
            "AMPERSAND_HOST",
            "http://x",
            "AMPERSAND_HOST is “http://x”; it must be a host name or address without a port",
        ),
        ("AMPERSAND_DATA_DIR", "~nobody-here/x", "AMPERSAND_DATA_DIR is “~nobody-here/x”; it must be a folder"),
        ("SLACK_API_URL", "slack.com", "SLACK_API_URL is “slack.com”; it must be an address that begins with https://"),
        (
            "AMPERSAND_DATABASE_URL",
            "mysql://els:geheim@db/x",
            "AMPERSAND_DATABASE_URL must be sqlite:///path/to/file.db or",
        ),
        ("AMPERSAND_DATABASE_URL", "sqlite://", "AMPERSAND_DATABASE_URL must be sqlite:///path/to/file.db or"),
        ("AMPERSAND_DATABASE_URL", "geheim", "AMPERSAND_DATABASE_URL must be sqlite:///path/to/file.db or"),
        ("AMPERSAND_SECRET", "geheim", "AMPERSAND_SECRET must be 32 characters or more; make one with: openssl"),
    ],
)
def test_a_mistake_names_the_variable_its_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value).startswith(sentence)
    assert "geheim" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_every_mistake_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPERSAND_PORT", "0")
    monkeypatch.setenv("SLACK_API_URL", "ftp://x")

    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert [line.split()[0] for line in str(caught.value).splitlines()] == ["AMPERSAND_PORT", "SLACK_API_URL"]


def test_what_follows_from_a_mistake_is_none_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPERSAND_DATA_DIR", "~nobody-of-that-name/data")

    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert [line.split()[0] for line in str(caught.value).splitlines()] == ["AMPERSAND_DATA_DIR"]


def test_what_can_be_used_is_read_beside_the_mistakes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AMPERSAND_PORT", "many")
    monkeypatch.setenv("AMPERSAND_TIMEZONE", "Europe/Amsterdm")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("AMPERSAND_FACILITATORS", "U0ANNA, U0BRAM")

    settings, mistakes = read_usable_settings()

    assert list(mistakes) == ["AMPERSAND_PORT", "AMPERSAND_TIMEZONE"]
    assert (settings.port, settings.timezone) == (3000, "Europe/Amsterdam")
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"
    assert settings.facilitators == ("U0ANNA", "U0BRAM")
    assert settings.data_dir == tmp_path / "data"


def test_given_settings_do_not_look_at_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo must not call a real Slack with a real token."""
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-the-company")
    monkeypatch.setenv("AMPERSAND_PORT", "4000")

    settings = GivenSettings.model_validate({"slack_bot_token": "xoxb-1"})

    assert (settings.slack_app_token, settings.port) == (None, 3000)


def test_settings_do_not_change_and_do_not_tell_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPERSAND_DATABASE_URL", "postgresql://els:geheim@db/x")
    monkeypatch.setenv("AMPERSAND_SECRET", "geheim" * 6)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-geheim")
    settings = read_settings()

    assert "geheim" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]


def test_serving_needs_what_slack_gives_out() -> None:
    mistakes = Settings(slack_bot_token="xapp-1").slack_mistakes()

    assert list(mistakes) == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]
    assert "xapp-1" not in "".join(mistakes.values())
    assert Settings(slack_bot_token="xoxb-1", slack_signing_secret="s").slack_mistakes() == {}


def test_the_secret_of_the_environment_comes_first(tmp_path: Path) -> None:
    secret = "s" * 40

    assert load_secret(Settings(secret=secret), chance) == secret.encode()
    assert not (tmp_path / "data").exists()


def test_without_one_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = read_settings()

    first = load_secret(settings, chance)
    again = load_secret(settings, bytes)

    file = tmp_path / "data" / "secret.key"
    assert first == again == chance(32).hex().encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_damaged_key_file_is_not_replaced_in_silence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_bytes(b"short")

    with pytest.raises(SettingsError, match=r"secret\.key is damaged"):
        load_secret(read_settings(), chance)
