"""`ampersand demo`: the bot and the playground in one process, with the sample company and a clock one can move."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.domain.sample import Sample
from bot.main import Ampersand, Identity, build, now, run
from bot.manifest import read_manifest
from bot.platforms.slack import open_session
from bot.playground import (
    Acting,
    ChannelSeed,
    PersonSeed,
    Playground,
    PlaygroundSettings,
    Scenario,
    TeamSeed,
    create_playground,
)
from bot.services.context import Context
from bot.services.events import next_event
from bot.services.sample_checkins import start_weekly
from bot.services.samples import load_sample, read_sample
from bot.services.summaries.planning import plan_summary
from bot.services.workspaces import DEFAULT_SIDES, ensure_workspace
from bot.settings import GivenSettings, Settings
from storage.database import Database
from storage.migrate import migrate
from storage.private import make_private_folder
from storage.setup import mark_answered
from storage.tables import Platform, SetupQuestion
from storage.workspaces import find_workspace

COMPANY_ZONE: Final = "Europe/Amsterdam"
CLOCK: Final = "clock.json"
START: Final = datetime(2026, 6, 10, 16, 0, tzinfo=ZoneInfo(COMPANY_ZONE))
TEAM: Final = TeamSeed("T0VERS", "Voorbeeldkeuken Vers", "voorbeeldkeuken")
FIRST_PERSON: Final = "M12"  # a plant manager who reads English
CHANNEL, DISPATCH, PLANNING = "C0SALESOPS", "C0DISPATCH", "C0NOORD"
NEWCOMER: Final = PersonSeed("U0NEW", "newcomer", "New colleague", "has not said where they work yet", COMPANY_ZONE)
SIDE_NAMES: Final = {key: name for key, name, _ in DEFAULT_SIDES}
SMALL_TALK: Final = (
    ("M02", timedelta(minutes=-78), "Retailer A just called: they want the football tapas box doubled for Saturday."),
    ("M24", timedelta(minutes=-71), "Doubled? The crew for Saturday is planned since Monday. When did they know?"),
    ("M02", timedelta(minutes=-66), "They say since last week. I heard it ten minutes ago."),
)
TOUR: Final = (
    ("Something clashed?", "Type /clash and what happened, as one of the people. Only you see the card."),
    ("The other side", "Act as somebody of the other side (below left) and tell how they saw it."),
    (
        "Move the clock",
        "Press To the next event: each is asked at ten in their own zone, the brief appears with what you wrote in it.",
    ),
)


class MovableClock:
    """Runs as real time does, from where it was last set; remembers its place through a restart."""

    def __init__(self, file: Path, start: datetime, real: Callable[[], datetime]) -> None:
        self._file, self._real = file, real
        kept = json.loads(file.read_text()) if file.exists() else None
        self.set(datetime.fromisoformat(kept) if kept else start)

    def now(self) -> datetime:
        return self._place + (self._real() - self._since)

    def set(self, moment: datetime) -> None:
        self._place, self._since = moment.astimezone(UTC), self._real()
        self.keep()

    def keep(self) -> None:
        self._file.write_text(json.dumps(self.now().isoformat()))


async def run_demo(
    port: int, at: datetime, data_dir: Path, *, reset: bool = False, on_started: Callable[[str], None]
) -> None:
    """Serve the playground on this machine until stopped. `at` is where its clock starts; a kept one goes on."""
    _open_folder(data_dir, reset=reset)
    clock = MovableClock(data_dir / CLOCK, at, now)
    settings = demo_settings(port, data_dir)
    migrate(settings.database_url)
    ampersand, playground = await build_demo(settings, clock, at)
    try:
        await run(ampersand, lambda: on_started(playground.settings.origin))
    finally:
        clock.keep()
        await playground.close()


def _open_folder(data_dir: Path, *, reset: bool) -> None:
    if reset and data_dir.exists():
        rmtree(data_dir)
    make_private_folder(data_dir)


async def build_demo(
    settings: Settings, clock: MovableClock, start: datetime, *, answer_seconds: float = 3.0
) -> tuple[Ampersand, Playground]:
    """The bot with its playground on a migrated database, filled with the sample company as it stood at `start`."""
    sample = read_sample()
    identity = Identity(TEAM.id, TEAM.name, "B0AMPERSAND", "U0AMPERSAND")
    ampersand = build(settings, identity, open_session(), clock=clock.now, waiting=_no_wait, pace=timedelta(0))
    fill(ampersand.database, ampersand.house.context(), sample, start)
    app = create_playground(_playground_settings(settings, answer_seconds), _scenario(ampersand, clock), clock=now)
    playground: Playground = app.state.playground
    empty = not playground.workspace.everybody()
    playground.workspace.seed(_people(sample, start), _channels(sample, start), read_manifest())
    if empty:
        await _small_talk(playground, clock, start)
    ampersand.web.mount("/", app)
    return ampersand, playground


def demo_settings(port: int, data_dir: Path) -> Settings:
    """Settings of a world of its own: nothing of the environment's real workspace reaches it."""
    return GivenSettings.model_validate(
        {
            "data_dir": data_dir,
            "database_url": f"sqlite:///{data_dir / 'ampersand.db'}",
            "host": "127.0.0.1",
            "port": port,
            "secret": SecretStr("a secret for the demo, which keeps nothing secret"),
            "slack_bot_token": SecretStr("xoxb-playground"),
            "slack_signing_secret": SecretStr("playground-signing-secret"),
            "slack_api_url": f"http://127.0.0.1:{port}/api/",
        }
    )


def fill(database: Database, context: Context, sample: Sample, start: datetime) -> None:
    """Load the sample company into an empty database; one that is filled stays as it is."""
    with database.transaction() as session:
        if find_workspace(session, Platform.SLACK, TEAM.id):
            return
        workspace = ensure_workspace(session, context, Platform.SLACK, TEAM.id, TEAM.name, timezone=COMPANY_ZONE)
        workspace.channel_id, workspace.channel_name = CHANNEL, "sales-operations"
        workspace.help_channel_id, workspace.help_channel_name = DISPATCH, "dispatch"
        session.add(workspace)
        people = {member.key: person_id(member.key) for member in sample.members}
        mark_answered(session, workspace.id, SetupQuestion.CHANNELS)
        load_sample(session, context, workspace, sample, as_of=start.astimezone(UTC), people=people)
        start_weekly(session, context, workspace, [people[row.key] for row in sample.members if not row.pulse_from])
        plan_summary(session, context, workspace)


def person_id(member_key: str) -> str:
    """The Slack id of a member of the sample."""
    return f"U0{member_key}"


def _playground_settings(settings: Settings, answer_seconds: float) -> PlaygroundSettings:
    return PlaygroundSettings(
        events_url=f"http://127.0.0.1:{settings.port}/slack/events",
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value() if settings.slack_app_token else "",
        store=settings.data_dir / "playground.db",
        team=TEAM,
        answer_seconds=answer_seconds,
        address=f"http://localhost:{settings.port}",
    )


def _scenario(ampersand: Ampersand, clock: MovableClock) -> Scenario:
    async def advance(to: datetime) -> None:
        """Stop at everything that falls due on the way, as if time had passed; what fails holds up nothing."""
        before = None
        while (due := await ampersand.jobs.next_due()) is not None and due <= to and due != before:
            before = due
            clock.set(max(due, clock.now()))
            await ampersand.settle(clock.now())
        clock.set(to)
        await ampersand.settle(to)

    async def comes_next() -> tuple[datetime, str] | None:
        """What is due already comes now: the clock never goes back."""
        following = await ampersand.database.read(next_event)
        return following and (max(following[0], clock.now()), following[1])

    return Scenario(
        clock.now, advance, comes_next, COMPANY_ZONE, TOUR, arrival=f"as={person_id(FIRST_PERSON)}&channel={CHANNEL}"
    )


def _people(sample: Sample, start: datetime) -> Sequence[PersonSeed]:
    here = [member for member in sample.members if member.active_to is None or member.active_to >= start.date()]
    return [
        *(
            PersonSeed(
                person_id(member.key),
                member.name,
                member.name,
                " · ".join(filter(None, (SIDE_NAMES.get(member.side, member.side), member.plant))),
                member.timezone,
                "nl-NL" if member.language == "nl" else "en-GB",
            )
            for member in here
        ),
        NEWCOMER,
    ]


def _channels(sample: Sample, start: datetime) -> Sequence[ChannelSeed]:
    everybody = tuple(person.id for person in _people(sample, start))
    about = {
        CHANNEL: ("sales-operations", "Sales & Operations: the brief before each S&OP meeting, the week in ten lines"),
        DISPATCH: ("dispatch", "Today: trucks, lines, people"),
        PLANNING: ("noord-planning", "Planning of plant Noord"),
    }
    return [ChannelSeed(key, name, topic, members=everybody) for key, (name, topic) in about.items()]


async def _small_talk(playground: Playground, clock: MovableClock, start: datetime) -> None:
    """A little talk in a channel, so that the message shortcut has something to capture."""
    for member_key, before, text in SMALL_TALK:
        clock.set(start + before)
        await Acting(playground, person_id(member_key)).message(text, PLANNING)
    clock.set(start)


def _no_wait(_seconds: float) -> Awaitable[None]:
    """The playground takes messages as fast as they come."""
    return _nothing()


async def _nothing() -> None:
    return None
