"""`ampersand serve`."""

import asyncio

import typer
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot import main
from bot.cli.common import CannotDo, check_port, plain_errors
from bot.domain.diagnosis import SlackAnswer
from bot.domain.diagnosis.slack import CURES, app_token_refused, not_welcome, unreachable
from bot.settings import Settings, read_settings


def serve() -> None:
    """Run the bot for your Slack workspace.

    Answers monitoring on GET /health and GET /metrics. Needs SLACK_BOT_TOKEN in the environment, and SLACK_APP_TOKEN
    (Socket Mode) or SLACK_SIGNING_SECRET (Slack calls POST /slack/events); the other settings have defaults. The
    database is brought to the newest schema first. `ampersand doctor` checks it all beforehand.

    \b
    Example:
      SLACK_BOT_TOKEN=xoxb-… SLACK_SIGNING_SECRET=… ampersand serve
    """
    with plain_errors("Run `ampersand doctor` to check the whole installation."):
        settings = read_settings()
        _check_slack(settings)
        check_port(settings.host, settings.port)
        _serve(settings)


def _check_slack(settings: Settings) -> None:
    if mistakes := settings.slack_mistakes():
        raise CannotDo("\n".join(f"{sentence} {CURES[name]}" for name, sentence in mistakes.items()))


def _serve(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    try:
        asyncio.run(main.serve(settings, lambda: typer.echo(f"Ampersand answers on {address}", err=True)))
    except SlackApiError as error:
        raise CannotDo(" ".join(_refused(error, settings))) from None
    except (ClientError, TimeoutError):
        raise CannotDo(" ".join(unreachable(settings.slack_api_url))) from None


def _refused(error: SlackApiError, settings: Settings) -> tuple[str, str]:
    """What is so and the cure, in the words of the doctor."""
    reason = error.response.get("error") or "unknown"
    if str(getattr(error.response, "api_url", "")).endswith("apps.connections.open"):
        return app_token_refused(reason)
    return not_welcome(SlackAnswer(settings.slack_api_url, reason))
