"""views.*"""

import json

from bot.playground.errors import SlackError
from bot.playground.inputs import named
from bot.playground.limits import check_view
from bot.playground.model import Json, View
from bot.playground.playground import Playground
from bot.playground.web_api.arguments import Arguments
from bot.playground.wire import view_json

LARGEST_VIEW_BYTES = 250_000


def views_open(playground: Playground, arguments: Arguments) -> Json:
    """A modal for the person whose press gave the trigger."""
    payload = new_payload(playground, arguments.structure("view", "invalid_arguments"), "modal")
    user = playground.triggers.redeem(arguments.required("trigger_id"))
    return _answer(playground, playground.workspace.views.open(user, payload))


def views_push(playground: Playground, arguments: Arguments) -> Json:
    """A modal above the one that is open."""
    payload = new_payload(playground, arguments.structure("view", "invalid_arguments"), "modal")
    user = playground.triggers.redeem(arguments.required("trigger_id"))
    return _answer(playground, playground.workspace.views.push(user, payload))


def views_update(playground: Playground, arguments: Arguments) -> Json:
    """Other content for an open modal or a Home."""
    views = playground.workspace.views
    external_id = arguments.text("external_id")
    earlier = views.by_external_id(external_id) if external_id else views.get(arguments.required("view_id"))
    view = arguments.structure("view", "invalid_arguments")
    payload = new_payload(playground, view, earlier.type, earlier)
    return _answer(playground, views.update(earlier, payload, arguments.optional("hash")))


def views_publish(playground: Playground, arguments: Arguments) -> Json:
    """The Home tab of a person."""
    user = playground.workspace.find_person(arguments.required("user_id"))
    earlier = playground.workspace.views.home(user.id)
    payload = new_payload(playground, arguments.structure("view", "invalid_arguments"), "home", earlier)
    return _answer(playground, playground.workspace.views.publish_home(user.id, payload, arguments.optional("hash")))


def new_payload(playground: Playground, view: object, kind: str, earlier: View | None = None) -> Json:
    """The view as Slack stores it; raises invalid_arguments, view_too_large, duplicate_external_id."""
    if len(json.dumps(view)) > LARGEST_VIEW_BYTES:
        raise SlackError("view_too_large")
    check_view(view, kind)
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments")
    _check_external_id(playground, view, earlier)
    return {**view, "blocks": named(view["blocks"], playground.workspace.new_id)}


def _check_external_id(playground: Playground, view: Json, earlier: View | None) -> None:
    external_id = view.get("external_id")
    if not external_id:
        return
    try:
        other = playground.workspace.views.by_external_id(external_id)
    except SlackError:
        return
    if earlier is None or other.id != earlier.id:
        raise SlackError("duplicate_external_id")


def _answer(playground: Playground, view: View) -> Json:
    return {"view": view_json(view, playground.workspace.team)}


METHODS = {
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
}
