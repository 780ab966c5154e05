"""The composition root: Settings become a database, a platform and services, and those a web application.

The only file that reads the clock, takes chance from the system, and waits.
"""

import asyncio
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
import uvicorn
from aiohttp import ClientSession
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from bot.domain.chat import ChatPlatform
from bot.domain.diagnosis.slack import lost_without, missing_scopes
from bot.manifest import needed_scopes, read_manifest
from bot.platforms.slack import SlackPlatform, make_client, open_session
from bot.platforms.slack_checkup import granted_scopes
from bot.platforms.slack_endpoint import BoltEndpoint
from bot.platforms.slack_guard import SlackGuard
from bot.platforms.slack_socket import SlackSocket
from bot.services.appointments import appoint_operators
from bot.services.asks import end_ask, show_again
from bot.services.brief_reach import close_reach, remind_invited
from bot.services.briefs import materialise_brief
from bot.services.checkins.asking import ask_due, undelivered
from bot.services.checkins.closing import close_due
from bot.services.checkins.planning import open_due
from bot.services.connections import reconnect
from bot.services.context import Context, Secrets
from bot.services.failures import explain_failure
from bot.services.help_today import ask_lesson
from bot.services.lanes import PACE
from bot.services.meetings import fill_series
from bot.services.metrics import figures
from bot.services.scheduling import Materialise
from bot.services.summaries.posting import materialise_summary
from bot.services.traces import trace
from bot.services.unasked import tell_waiting
from bot.services.workspaces import ensure_workspace
from bot.settings import Settings, load_secret
from handlers import register
from handlers.jobs import Jobs
from handlers.metrics import Metrics, metrics_router
from handlers.request import House
from handlers.web import health_router
from storage.database import Database
from storage.migrate import migrate
from storage.private import make_private_folder
from storage.tables import Platform, ScheduleKind

KINDS: dict[ScheduleKind, Materialise] = {
    ScheduleKind.BRIEF: materialise_brief,
    ScheduleKind.BRIEF_REMINDER: remind_invited,
    ScheduleKind.BRIEF_CLOSE: close_reach,
    ScheduleKind.ASK_END: end_ask,
    ScheduleKind.ASK_AGAIN: show_again,
    ScheduleKind.HELP_LESSON: ask_lesson,
    ScheduleKind.SERIES_AHEAD: fill_series,
    ScheduleKind.CHECKIN: open_due,
    ScheduleKind.CHECKIN_ASK: ask_due,
    ScheduleKind.CHECKIN_CLOSE: close_due,
    ScheduleKind.WEEKLY_SUMMARY: materialise_summary,
    ScheduleKind.PRIVATE_ITEM: partial(tell_waiting, undelivered=undelivered),
}
TICKS = {"tick_schedules": 5, "deliver": 1, "reap_leases": 30, "purge": 60, "read_channels": 60 * 60}
"""How often each job comes, in seconds."""

log = structlog.get_logger()


def now() -> datetime:
    return datetime.now(UTC)


random_bytes = secrets.token_bytes
sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace, in Slack's ids."""

    team_id: str
    team_name: str
    bot_id: str
    bot_user_id: str


@dataclass(slots=True)
class Ampersand:
    """One running bot: what it is made of, for the web application, the demo and the tests."""

    settings: Settings
    database: Database
    house: House
    jobs: Jobs
    session: ClientSession
    web: FastAPI
    socket: SlackSocket | None
    """Over which Slack reaches us; None when it does so over HTTP."""

    async def settle(self, moment: datetime) -> None:
        """Do and send everything that is due at that moment."""
        await self.house.settle()
        await self.jobs.run_until_idle(moment)

    async def close(self) -> None:
        if self.socket:
            await self.socket.stop()
        await self.house.settle()
        await self.jobs.stop()
        await self.session.close()
        self.database.close()


async def identify(settings: Settings, session: ClientSession) -> Identity:
    """Ask Slack who we are; the token must be right. Raises SlackApiError."""
    client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
    who = await client.auth_test()
    for scope in missing_scopes(needed_scopes(read_manifest()), granted_scopes(who.headers)):
        log.warning("scope_missing", scope=scope, lost=lost_without(scope), cure="ampersand doctor")
    return Identity(who["team_id"], who["team"], who["bot_id"], who["user_id"])


async def check_app_token(settings: Settings, session: ClientSession) -> None:
    """Ask Slack for a connection once, so that a wrong token is told at the start. Raises SlackApiError."""
    if settings.slack_app_token:
        client = make_client("", settings.slack_api_url, session)
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())


def build(
    settings: Settings,
    identity: Identity,
    session: ClientSession,
    *,
    clock: Callable[[], datetime] = now,
    real_clock: Callable[[], datetime] = now,
    random: Callable[[int], bytes] = random_bytes,
    waiting: Callable[[float], Awaitable[None]] = sleep,
    pace: timedelta = PACE,
) -> Ampersand:
    """Put one bot together on a migrated database. `clock` is the bot's time, `real_clock` that of signatures."""
    database = Database(settings.database_url)
    keys = Secrets(load_secret(settings, random))
    client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
    platform = SlackPlatform(client)

    def context() -> Context:
        return Context(now=clock(), random=random, secrets=keys, on_enqueued=jobs.note_enqueued)

    def platform_for(_workspace_id: str) -> ChatPlatform:
        return platform

    jobs = Jobs(
        database=database,
        platform_for=platform_for,
        kinds=KINDS,
        explain_failure=explain_failure,
        undelivered=undelivered,
        clock=clock,
        random=random,
        secrets=keys,
        sleep=waiting,
        pace=pace,
    )
    metrics = Metrics()
    house = House(
        database=database, context=context, http=session, deliver=jobs.deliver_new, pause=sleep, count=metrics.count
    )
    bolt = _bolt_app(settings, identity, client, house)
    socket = _slack_socket(settings, bolt, session, waiting)
    web = _web_app(settings, jobs, bolt, clock, socket, real_clock=real_clock)
    web.include_router(metrics_router(metrics, jobs, lambda: database.read(figures, clock()), clock, socket))
    return Ampersand(settings, database, house, jobs, session, web, socket)


def _bolt_app(settings: Settings, identity: Identity, client: AsyncWebClient, house: House) -> AsyncApp:
    """Bolt near its floor: it answers when our work is done (no polling for `ack`) and asks Slack nothing by itself."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team_id,
            bot_token=settings.slack_bot_token.get_secret_value(),
            bot_id=identity.bot_id,
            bot_user_id=identity.bot_user_id,
        )

    app = AsyncApp(
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        authorize=authorize,
        client=client,
        process_before_response=True,
        request_verification_enabled=False,  # the guard before it has checked the raw bytes
        logger=_silent(),
    )
    app.error(_note_error)
    register(app, house)
    return app


def _slack_socket(
    settings: Settings, bolt: AsyncApp, session: ClientSession, waiting: Callable[[float], Awaitable[None]]
) -> SlackSocket | None:
    """Socket Mode where there is a token for it; the app and its handlers are the same."""
    if settings.slack_app_token is None:
        return None
    client = make_client(settings.slack_app_token.get_secret_value(), settings.slack_api_url, session)
    return SlackSocket(bolt, client, session, waiting)


def _silent() -> logging.Logger:
    """Bolt and the SDK log whole payloads, with what people wrote in them: what matters we log ourselves."""
    logger = logging.getLogger("ampersand.silent")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger


async def _note_error(error: Exception) -> BoltResponse:
    """What even our own door could not answer."""
    log.error("request_broke", error=trace(error))
    return BoltResponse(status=500)


def _web_app(
    settings: Settings,
    jobs: Jobs,
    bolt: AsyncApp,
    clock: Callable[[], datetime],
    socket: SlackSocket | None,
    *,
    real_clock: Callable[[], datetime],
) -> FastAPI:
    """Health, and what Slack posts: nothing where it comes over a socket."""
    web = FastAPI(title="Ampersand", docs_url=None, redoc_url=None, openapi_url=None)
    web.include_router(health_router(jobs, clock, socket))
    if socket is None:
        slack = Starlette(routes=[Route("/events", BoltEndpoint(bolt))])
        secret = settings.slack_signing_secret.get_secret_value()
        web.mount("/slack", SlackGuard(slack, secret, lambda: real_clock().timestamp()))
    return web


def connect(database: Database, context: Context, identity: Identity, settings: Settings) -> None:
    """Make sure the workspace the token belongs to has its row, sides and tensions, and goes on if it was away.

    In one that nobody leads yet, those named in the settings become admins.
    """
    team_id, name = identity.team_id, identity.team_name
    with database.transaction() as session:
        workspace = ensure_workspace(session, context, Platform.SLACK, team_id, name, timezone=settings.timezone)
        reconnect(session, context, workspace)
        appoint_operators(session, context, workspace, settings.facilitators)


def start_ticks(jobs: Jobs) -> AsyncIOScheduler:
    """APScheduler only ticks: memory store, one instance of each, late ticks run once."""
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )
    for name, seconds in TICKS.items():
        scheduler.add_job(getattr(jobs, name), "interval", seconds=seconds, id=name, next_run_time=now())
    scheduler.start()
    return scheduler


async def run(ampersand: Ampersand, on_started: Callable[[], None] = lambda: None) -> None:
    """Serve until the process is told to stop; then finish what is on its way."""
    settings = ampersand.settings
    config = uvicorn.Config(
        ampersand.web,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    await ampersand.jobs.tick_schedules()  # what is due is not kept waiting, and /health has a tick to tell of
    scheduler = start_ticks(ampersand.jobs)
    try:
        serving = asyncio.create_task(server.serve())
        while not server.started and not serving.done():
            await sleep(0.02)
        if server.started:
            if ampersand.socket:
                ampersand.socket.start()
            on_started()
        await serving
    finally:
        scheduler.shutdown(wait=False)
        await ampersand.close()


async def serve(settings: Settings, on_started: Callable[[], None] = lambda: None) -> None:
    """The bot of one real workspace, over Socket Mode or HTTP."""
    configure_logs()
    if settings.data_dir.exists():
        make_private_folder(settings.data_dir)
    migrate(settings.database_url)
    session = open_session()
    try:
        identity = await identify(settings, session)
        await check_app_token(settings, session)
    except BaseException:
        await session.close()
        raise
    ampersand = build(settings, identity, session)
    connect(ampersand.database, ampersand.house.context(), identity, settings)
    await run(ampersand, on_started)


def configure_logs() -> None:
    """One line of JSON per event, to standard error: ids and names of events, never what a person wrote."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
