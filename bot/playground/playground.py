"""The parts of one playground, put together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.playground.dispatch import Dispatcher
from bot.playground.errors import SlackError
from bot.playground.events import Events
from bot.playground.model import Json
from bot.playground.scenario import PlaygroundSettings, Scenario
from bot.playground.store import Store
from bot.playground.tickets import ResponseUrls, Triggers
from bot.playground.workspace import Workspace, random_id


@dataclass(frozen=True)
class Delay:
    """A fault: the call is answered, and done, only after so many real seconds."""

    seconds: float


Fault = SlackError | Delay | Literal["5xx", "drop", "accept_then_5xx", "accept_then_drop"] | None
Faults = Callable[[str, Json], Fault]


def no_faults(_method: str, _arguments: Json) -> None:
    """The Web API as it is on a good day."""


@dataclass
class Playground:
    """One workspace with all that speaks to the bot.

    `faults` is asked before every Web API call, with the method and its arguments: None lets it pass, a SlackError is
    the answer (with `retry_after_seconds`: 429), "5xx" and "drop" spoil or lose the answer with nothing done,
    "accept_then_5xx" and "accept_then_drop" do so after the call is done, Delay waits first.
    """

    settings: PlaygroundSettings
    scenario: Scenario | None
    workspace: Workspace
    triggers: Triggers
    response_urls: ResponseUrls
    dispatcher: Dispatcher
    events: Events
    store: Store
    faults: Faults = field(default=no_faults)

    @classmethod
    def build(
        cls,
        settings: PlaygroundSettings,
        scenario: Scenario | None,
        clock: Callable[[], datetime],
        new_id: Callable[[], str] = random_id,
    ) -> "Playground":
        """Open the store; `clock` is real time, and the workspace's clock too where there is no scenario."""
        store = Store(settings.store)
        workspace = Workspace(store, scenario.now if scenario else clock, settings.team, new_id)

        def uses_sockets() -> bool:
            return bool(settings.app_token) and workspace.manifest.socket_mode

        dispatcher = Dispatcher(settings, clock, uses_sockets, new_id)
        return cls(
            settings=settings,
            scenario=scenario,
            workspace=workspace,
            triggers=Triggers(clock, new_id),
            response_urls=ResponseUrls(store, clock, new_id, settings.origin),
            dispatcher=dispatcher,
            events=Events(workspace, dispatcher),
            store=store,
        )

    async def close(self) -> None:
        """End the live streams, give up undelivered events, release file and connections."""
        self.workspace.notices.close()
        await self.dispatcher.close()
        self.store.close()
