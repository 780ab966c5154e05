"""Finds out what is so, and leaves everything as it is; what cannot be found out is None and stops nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot import main
from bot.cli.common import reason_of
from bot.cli.doctor import probes
from bot.domain.diagnosis import Address, Channel, Contents, Facts, Folder, Port, SlackAnswer, Store
from bot.manifest import needed_scopes, read_manifest
from bot.platforms.slack import make_client, open_session
from bot.platforms.slack_checkup import ask_app_token, ask_channel, ask_token
from bot.services.inspection import contents
from bot.settings import Settings
from storage.inspection import known_revisions, look_into, revision

LOOPBACK = ("localhost", "127.0.0.1", "::1")


async def gather(settings: Settings, mistakes: Mapping[str, str]) -> Facts:
    """Everything the doctor looks at. `mistakes` are the settings that cannot be used, by variable."""
    wrong = {**mistakes, **{name: text for name, text in settings.slack_mistakes().items() if name not in mistakes}}
    store, held = _look_at_database(settings) if _database_is_known(wrong) else (None, None)
    async with open_session() as session:
        slack = await _ask_slack(settings, wrong, session, held)
        port = None if wrong.keys() & {"AMPERSAND_HOST", "AMPERSAND_PORT"} else await _look_at_port(settings, session)
        return Facts(
            now=main.now(),
            wrong_settings=wrong,
            folders=[] if "AMPERSAND_DATA_DIR" in wrong else _folders(settings, wrong),
            key_file=None if settings.secret else probes.look_at_key_file(settings.data_dir / "secret.key"),
            store=store,
            contents=held,
            default_zone=settings.timezone,
            named_facilitators=len(settings.facilitators),
            slack=slack.answer,
            needed_scopes=needed_scopes(read_manifest()),
            uses_socket_mode=settings.slack_app_token is not None,
            app_token_error=slack.app_token_error,
            channels=slack.channels,
            port=port,
            address=await _look_at_address(settings, session, port),
            is_trial=urlsplit(settings.slack_api_url).hostname in LOOPBACK,
        )


def _database_is_known(wrong: Mapping[str, str]) -> bool:
    return not wrong.keys() & {"AMPERSAND_DATABASE_URL", "AMPERSAND_DATA_DIR"}


def _folders(settings: Settings, wrong: Mapping[str, str]) -> list[Folder]:
    """That of the data, and that of the database file where it is another."""
    data = settings.data_dir
    file = None if "AMPERSAND_DATABASE_URL" in wrong else probes.database_file(settings.database_url)
    open_to_others = probes.open_to_others(data, file)
    found = [Folder(str(data), "AMPERSAND_DATA_DIR", probes.why_not_writable(data), open_to_others)]
    if file and file.parent != data:
        found.append(Folder(str(file.parent), "AMPERSAND_DATABASE_URL", probes.why_not_writable(file.parent)))
    return found


def _look_at_database(settings: Settings) -> tuple[Store, Contents | None]:
    """How it stands, and what stands in it where its tables are those of this program."""
    url, file = make_url(settings.database_url), probes.database_file(settings.database_url)
    kind = "SQLite" if file else "PostgreSQL"
    place = str(file) if file else f"{url.host or 'this machine'}/{url.database}"
    known = known_revisions()
    if file and not file.exists():
        return Store(kind, place, is_there=False, known=known), Contents([], {})
    try:
        with look_into(settings.database_url) as session:
            store = Store(kind, place, revision=revision(session), known=known)
            return store, contents(session) if store.is_current else None
    except DBAPIError as error:
        return Store(kind, place, error=reason_of(error), known=known), None


@dataclass(frozen=True, slots=True)
class _Slack:
    answer: SlackAnswer | None = None
    app_token_error: str | None = None
    channels: Sequence[Channel] | None = None


async def _ask_slack(
    settings: Settings, wrong: Mapping[str, str], session: ClientSession, held: Contents | None
) -> _Slack:
    if "SLACK_API_URL" in wrong:
        return _Slack()
    client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
    answer = None if "SLACK_BOT_TOKEN" in wrong else await ask_token(client, settings.slack_api_url, main.now)
    app_token = settings.slack_app_token
    return _Slack(
        answer,
        await ask_app_token(client, app_token.get_secret_value()) if app_token else None,
        await _ask_channels(client, answer.team_id, held) if answer and answer.is_welcome and held else None,
    )


async def _ask_channels(client: AsyncWebClient, team_id: str, held: Contents) -> Sequence[Channel]:
    """Those of the workspace the token belongs to; others it cannot see."""
    ours = [company.channels for company in held.companies if company.team_id == team_id]
    return [await ask_channel(client, *channel) for channels in ours for channel in channels.items()]


async def _look_at_port(settings: Settings, session: ClientSession) -> Port:
    return await probes.look_at_port(settings.host, settings.port, session)


async def _look_at_address(settings: Settings, session: ClientSession, port: Port | None) -> Address:
    """Asked only while the bot runs here: without it nobody can answer."""
    url = settings.public_url
    if url is None or port is None or not port.is_running:
        return Address(url)
    return Address(url, (await probes.who_answers(url, session)).occupant)
