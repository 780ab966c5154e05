"""What the environment decides. Everything has a default but the two values that Slack gives out.

By default all data of an installation stands in one folder, ./data where the program is started: easy to see, to back
up and to throw away. A server sets AMPERSAND_DATA_DIR to a fixed place.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.zones import find_zone
from storage.private import make_private_folder

ALLOWED: Final = {
    "AMPERSAND_DATA_DIR": "a folder this program may write in",
    "AMPERSAND_DATABASE_URL": "sqlite:///path/to/file.db or postgresql://user:password@host/database",
    "AMPERSAND_FACILITATORS": "Slack user IDs such as U024BE7LH, with commas between them",
    "AMPERSAND_HOST": "a host name or address without a port, such as 127.0.0.1 or 0.0.0.0",
    "AMPERSAND_PORT": "a whole number from 1 to 65535",
    "AMPERSAND_PUBLIC_URL": "the address at which Slack reaches this bot, such as https://ampersand.example.com",
    "AMPERSAND_SECRET": "32 characters or more; make one with: openssl rand -hex 32",
    "AMPERSAND_TIMEZONE": "a time zone by its IANA name, such as Europe/Amsterdam",
    "SLACK_APP_TOKEN": "the app-level token of your Slack app; it begins with xapp-",
    "SLACK_BOT_TOKEN": "the bot token of your Slack app; it begins with xoxb-",
    "SLACK_SIGNING_SECRET": "the signing secret of your Slack app, under Basic Information",
    "SLACK_API_URL": "an address that begins with https:// or http://",
}
SECRET_VARIABLES: Final = {
    *("AMPERSAND_DATABASE_URL", "AMPERSAND_SECRET"),
    *("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
}
"""Their values are never shown: an error ends up in a log or a screenshot."""

SHORTEST_SECRET: Final = 32


class SettingsError(Exception):
    """The environment cannot be used as it stands; the text has a line per variable, with what is allowed."""


def _folder(folder: Path) -> Path:
    try:
        return folder.expanduser().absolute()
    except RuntimeError:  # ~somebody who does not exist
        raise ValueError from None


def _database_url(url: str) -> str:
    """The address with the driver this program has."""
    try:
        parsed = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url))
    except ArgumentError:
        raise ValueError from None
    if (
        parsed.drivername not in {"sqlite", "postgresql+psycopg"}
        or not parsed.database
        or ":memory:" in parsed.database
    ):
        raise ValueError
    return parsed.render_as_string(hide_password=False)


def _host(host: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*", host):
        raise ValueError
    return host


def _public_url(url: str) -> str:
    """Without the slash at the end."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError
    return url.rstrip("/")


def _timezone(name: str) -> str:
    zone = find_zone(name)
    if zone is None:
        raise ValueError
    return zone


def _people(words: object) -> object:
    """Ids with commas or spaces between them, as one types them."""
    if not isinstance(words, str):
        return words
    ids = tuple(re.split(r"[,\s]+", words.strip()))
    if not all(re.fullmatch(r"[UW][A-Z0-9]{2,}", one) for one in ids):
        raise ValueError
    return ids


def _app_token(token: SecretStr) -> SecretStr:
    if not token.get_secret_value().startswith("xapp-"):
        raise ValueError
    return token


def _api_url(url: str) -> str:
    """With the slash at the end that method names are put behind."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError
    return url.rstrip("/") + "/"


class Settings(BaseSettings):
    """Read from the environment, or given by name; an empty variable counts as not set."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, env_ignore_empty=True, extra="ignore")

    data_dir: Annotated[Path, AfterValidator(_folder)] = Field(
        default=Path("data"), validation_alias="AMPERSAND_DATA_DIR", validate_default=True
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default_factory=lambda values: f"sqlite:///{values['data_dir'] / 'ampersand.db'}",
        validation_alias="AMPERSAND_DATABASE_URL",
        repr=False,  # it may hold a password
    )
    host: Annotated[str, AfterValidator(_host)] = Field(default="127.0.0.1", validation_alias="AMPERSAND_HOST")
    port: int = Field(default=3000, ge=1, le=65535, validation_alias="AMPERSAND_PORT")
    secret: SecretStr | None = Field(default=None, min_length=SHORTEST_SECRET, validation_alias="AMPERSAND_SECRET")
    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        default=None, validation_alias="AMPERSAND_PUBLIC_URL"
    )
    timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        default="Europe/Amsterdam", validation_alias="AMPERSAND_TIMEZONE"
    )
    facilitators: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_people)] = Field(
        default=(), validation_alias="AMPERSAND_FACILITATORS"
    )
    slack_app_token: Annotated[SecretStr, AfterValidator(_app_token)] | None = Field(
        default=None, validation_alias="SLACK_APP_TOKEN"
    )
    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        default="https://slack.com/api/", validation_alias="SLACK_API_URL"
    )

    def slack_mistakes(self) -> dict[str, str]:
        """By variable a sentence about what is missing of what Slack gives out, or is plainly something else.

        Over Socket Mode nothing is signed: the app-level token takes the place of the signing secret.
        """
        wrong = []
        if not self.slack_bot_token.get_secret_value().startswith("xoxb-"):
            wrong.append("SLACK_BOT_TOKEN")
        if not (self.slack_signing_secret.get_secret_value() or self.slack_app_token):
            wrong.append("SLACK_SIGNING_SECRET")
        return {name: f"{name} must be {ALLOWED[name]}." for name in wrong}


class GivenSettings(Settings):
    """What is given by name and nothing else: not a word of the environment reaches it."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def read_settings() -> Settings:
    """The settings of the environment.

    Raises:
        SettingsError: with a line for each variable that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(error).values())) from None


def read_usable_settings() -> tuple[Settings, dict[str, str]]:
    """The settings with defaults in place of what cannot be used, and by variable a sentence about that."""
    try:
        return Settings(), {}
    except ValidationError as error:
        mistakes = _explain(error)
    given = {name.upper(): value for name, value in os.environ.items() if value}
    usable = {name: value for name, value in given.items() if name not in mistakes}
    return GivenSettings.model_validate(usable), mistakes


def _explain(error: ValidationError) -> dict[str, str]:
    """A sentence for each variable; what only follows from another one (a default) is passed over."""
    problems = [one for one in error.errors() if one["type"] != "default_factory_not_called"]
    return {str(one["loc"][0]): _sentence(str(one["loc"][0]), one["input"]) for one in problems}


def _sentence(name: str, given: object) -> str:
    value = "" if name in SECRET_VARIABLES else f" is “{given}”; it"
    return f"{name}{value} must be {ALLOWED.get(name, 'left out')}."


def load_secret(settings: Settings, random: Callable[[int], bytes]) -> bytes:
    """The secret of this installation: AMPERSAND_SECRET, else that of a key file only its owner may read, made once.

    Raises:
        SettingsError: the key file is damaged; what was sealed with it needs the old one back.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    file = settings.data_dir / "secret.key"
    make_private_folder(settings.data_dir)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(file)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(random(SHORTEST_SECRET).hex())
    return _read_secret(file)


def _read_secret(file: Path) -> bytes:
    secret = file.read_bytes().strip()
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"The key file {file} is damaged; put the old one back, or delete it to begin with a new one."
        )
    return secret
