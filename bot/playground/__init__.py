"""A Slack-compatible workspace in the browser: it speaks Slack's own protocol to a Bolt app and imports nothing of it.

playground_app = create_playground(settings, scenario, clock=real_clock)
playground: Playground = playground_app.state.playground
playground.workspace.seed(people, channels, manifest)
…serve playground_app, mounted at "/" of the same origin…
await playground.close()
"""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from bot.playground.acting import Acting, labels, words
from bot.playground.acts import Acts
from bot.playground.door import Door
from bot.playground.errors import ActError, NoAnswerError, SlackError
from bot.playground.pages import pages_router
from bot.playground.playground import Delay, Playground
from bot.playground.respond import respond_router
from bot.playground.scenario import ChannelSeed, PersonSeed, PlaygroundSettings, Scenario, TeamSeed
from bot.playground.ui import ui_router
from bot.playground.web_api import web_api_router
from bot.playground.web_api.files import files_router

__all__ = [
    "ActError",
    "Acting",
    "Acts",
    "ChannelSeed",
    "Delay",
    "NoAnswerError",
    "PersonSeed",
    "Playground",
    "PlaygroundSettings",
    "Scenario",
    "SlackError",
    "TeamSeed",
    "create_playground",
    "labels",
    "words",
]


def create_playground(
    settings: PlaygroundSettings, scenario: Scenario | None = None, *, clock: Callable[[], datetime]
) -> FastAPI:
    """The web application; its parts are in `.state.playground`.

    `clock` is real time (aware UTC): requests are signed with it, and without a scenario it is the workspace's clock.
    """
    playground = Playground.build(settings, scenario, clock)
    app = FastAPI(title="Ampersand playground", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.playground = playground
    app.include_router(web_api_router(playground))
    app.include_router(files_router(playground))
    app.include_router(respond_router(playground))
    app.include_router(ui_router(playground))
    app.include_router(pages_router(playground.workspace, scenario.arrival if scenario else ""))
    app.add_middleware(Door, origin=settings.origin)
    return app
