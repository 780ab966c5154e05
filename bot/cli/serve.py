"""`ampersand serve`."""

import asyncio

import typer
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot import main
from bot.cli.common import CannotDo, check_port, plain_errors
from bot.settings import Settings, read_settings


def serve() -> None:
    """Run the bot for your Slack workspace.

    Answers Slack on POST /slack/events and monitoring on GET /health. Needs SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET in
    the environment; AMPERSAND_HOST, AMPERSAND_PORT, AMPERSAND_DATA_DIR, AMPERSAND_DATABASE_URL, AMPERSAND_SECRET and
    SLACK_API_URL have defaults. The database is brought to the newest schema first.

    \b
    Example:
      SLACK_BOT_TOKEN=xoxb-… SLACK_SIGNING_SECRET=… ampersand serve
    """
    with plain_errors():
        settings = read_settings()
        settings.check_slack()
        check_port(settings.host, settings.port)
        _serve(settings)


def _serve(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    try:
        asyncio.run(main.serve(settings, lambda: typer.echo(f"Ampersand answers on {address}", err=True)))
    except SlackApiError as error:
        reason = error.response.get("error")
        raise CannotDo(
            f"Slack does not accept SLACK_BOT_TOKEN ({reason}). Copy it again from your Slack app."
        ) from None
    except (ClientError, TimeoutError):
        raise CannotDo(
            f"Slack does not answer at {settings.slack_api_url}. Check the network and SLACK_API_URL."
        ) from None
