"""users.*"""

from bot.playground.errors import SlackError
from bot.playground.model import Json
from bot.playground.playground import Playground
from bot.playground.web_api.arguments import Arguments, page
from bot.playground.wire import email_of, person_json


def users_info(playground: Playground, arguments: Arguments) -> Json:
    """One person."""
    person = playground.workspace.find_person(arguments.required("user", "user_not_found"))
    return {"user": person_json(person, playground.workspace.team, with_locale=arguments.flag("include_locale"))}


def users_list(playground: Playground, arguments: Arguments) -> Json:
    """Everybody, the deactivated and the bot too."""
    people, metadata = page(playground.workspace.everybody(), arguments, 1000)
    team, locale = playground.workspace.team, arguments.flag("include_locale")
    return {
        "members": [person_json(person, team, with_locale=locale) for person in people],
        "cache_ts": int(playground.workspace.now().timestamp()),
        "response_metadata": metadata,
    }


def users_lookup_by_email(playground: Playground, arguments: Arguments) -> Json:
    """The person with that address (name@domain.example)."""
    team, wanted = playground.workspace.team, arguments.required("email", "users_not_found").lower()
    for person in playground.workspace.everybody():
        if not person.is_bot and not person.deleted and email_of(person, team) == wanted:
            return {"user": person_json(person, team, with_locale=False)}
    raise SlackError("users_not_found")


METHODS = {"users.info": users_info, "users.list": users_list, "users.lookupByEmail": users_lookup_by_email}
