"""Who the bot is: api.test, auth.test, team.info, bots.info."""

from bot.playground.errors import SlackError
from bot.playground.model import APP_ID, BOT_ID, BOT_USER_ID, Json
from bot.playground.playground import Playground
from bot.playground.web_api.arguments import Arguments


def api_test(_: Playground, arguments: Arguments) -> Json:
    """Echo."""
    return {"args": {name: value for name, value in arguments.values.items() if name != "token"}}


def auth_test(playground: Playground, _: Arguments) -> Json:
    """The bot's own identity."""
    team = playground.workspace.team
    return {
        "url": f"{playground.settings.origin}/",
        "team": team.name,
        "user": playground.workspace.find_person(BOT_USER_ID).name,
        "team_id": team.id,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def team_info(playground: Playground, _: Arguments) -> Json:
    """The workspace."""
    team = playground.workspace.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def bots_info(playground: Playground, arguments: Arguments) -> Json:
    """The bot as an app."""
    if arguments.text("bot") not in ("", BOT_ID):
        raise SlackError("bot_not_found")
    name = playground.workspace.manifest.bot_name
    return {
        "bot": {"id": BOT_ID, "deleted": False, "name": name, "user_id": BOT_USER_ID, "app_id": APP_ID, "icons": {}}
    }


def connections_open(playground: Playground, _: Arguments) -> Json:
    """The address of one new Socket Mode connection; comes with the app-level token."""
    return {"url": playground.dispatcher.sockets.link()}


METHODS = {
    "api.test": api_test,
    "auth.test": auth_test,
    "team.info": team_info,
    "bots.info": bots_info,
    "apps.connections.open": connections_open,
}
