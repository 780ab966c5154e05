"""What a person can do in messages, modals and the Home: press, choose, submit, close."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.playground.errors import ActError, NoAnswerError, SlackError
from bot.playground.inputs import KINDS, elements, find, merged_state, options_of, problems, value_of
from bot.playground.limits import check_suggestions
from bot.playground.model import Channel, Json, Message, Person, View
from bot.playground.payloads import Payloads
from bot.playground.playground import Playground
from bot.playground.web_api.views import new_payload

Entered = Mapping[str, Mapping[str, Mapping[str, Any]]]
TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Place:
    """Where something is pressed: a message (with its channel), or a view."""

    message: Message | None = None
    channel: Channel | None = None
    view: View | None = None

    @property
    def blocks(self) -> list[Json]:
        """What stands there."""
        if self.view:
            return list(self.view.payload["blocks"])
        return list(self.message.blocks or ()) if self.message else []


class Presses:
    """Interactions with blocks; raise ActError for what is not there, NoAnswerError when the bot fails to answer."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._workspace = playground.workspace
        self._payloads = Payloads(playground)

    def place(self, user: str, channel: str | None = None, ts: str | None = None, view_id: str | None = None) -> Place:
        """The message or view; ActError when that person cannot see it."""
        if view_id:
            view = self._workspace.views.get(view_id)
            if view.user != user:
                raise ActError("This view is not on your screen.")
            return Place(view=view)
        room = self._workspace.find_channel_for(user, channel or "")
        message = self._workspace.message_book.get(room.id, ts or "")
        if not message.visible_to(user):
            raise ActError("This message is not for you.")
        return Place(message, room)

    async def press(self, user: str, place: Place, action: Mapping[str, Any], entered: Entered | None = None) -> None:
        """Press a button, choose from a menu: `action` has action_id (and block_id), and what was chosen.

        `entered` is what the other inputs of the same message or view hold.
        """
        person = self._workspace.find_person(user)
        block, element = find(place.blocks, action["action_id"], action.get("block_id"))
        done = self._done(block, element, action)
        state = self._state(place, entered or {}, block, element, done)
        if place.view:
            place = replace(place, view=self._workspace.views.remember(place.view, state))
        payload = self._at(place, person, "block_actions") | self._payloads.trigger(person) | {"actions": [done]}
        if place.message:
            payload |= {"state": {"values": state}} | self._payloads.response_url(person, place.message)
        await self._ask(payload)

    async def submit(self, user: str, view_id: str, entered: Entered | None = None) -> dict[str, str]:
        """Submit the visible modal; returns errors by block id, none when it was taken."""
        person, view = self._visible(user, view_id)
        if "submit" not in view.payload:
            raise ActError("This modal has no submit button.")
        state = merged_state(view.payload["blocks"], view.state_values, entered or {})
        found = problems(view.payload["blocks"], state)
        view = self._workspace.views.remember(view, state)
        if found:
            return found
        payload = self._payloads.on_view("view_submission", person, view) | self._payloads.trigger(person)
        payload["response_urls"] = self._response_urls(person, view)
        try:
            answer = await self._playground.dispatcher.interaction(payload)
            return self._after_submission(view, answer)
        except (NoAnswerError, SlackError) as failure:
            raise NoAnswerError(f"{TROUBLE} ({failure})") from failure

    async def close(self, user: str, view_id: str, *, clear: bool = False) -> None:
        """Close the visible modal by its close button, or (`clear`) the whole stack by the cross."""
        person, view = self._visible(user, view_id)
        clear = clear or view.payload.get("clear_on_close", False)
        closed = self._workspace.views.stack(user) if clear else [view]
        if clear:
            self._workspace.views.clear(user)
        else:
            self._workspace.views.close(view)
        for gone in reversed(closed):
            if gone.payload.get("notify_on_close"):
                payload = self._payloads.on_view("view_closed", person, gone) | {"is_cleared": clear}
                await self._ask(payload)

    async def options(self, user: str, place: Place, action: Mapping[str, Any]) -> Json:
        """What an external select offers for the typed `value`: {options} or {option_groups}."""
        person = self._workspace.find_person(user)
        block, element = find(place.blocks, action["action_id"], action.get("block_id"))
        payload = self._at(place, person, "block_suggestion") | {
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": action.get("value", ""),
        }
        answer = await self._ask(payload)
        try:
            check_suggestions(answer)
        except SlackError as refused:
            raise NoAnswerError(str(refused)) from refused
        return answer if isinstance(answer, dict) else {}

    async def _ask(self, payload: Json) -> Json | str:
        try:
            return await self._playground.dispatcher.interaction(payload)
        except NoAnswerError as failure:
            raise NoAnswerError(f"{self._workspace.manifest.bot_name} did not answer: {failure}") from failure

    def _at(self, place: Place, person: Person, kind: str) -> Json:
        if place.view:
            payload = self._payloads.on_view(kind, person, place.view)
            return payload | {"container": {"type": "view", "view_id": place.view.id}}
        if place.message and place.channel:
            return self._payloads.on_message(kind, person, place.channel, place.message)
        raise ActError("There is nothing here.")

    def _done(self, block: Json, element: Json, action: Mapping[str, Any]) -> Json:
        kind = element["type"]
        done = {
            "type": kind,
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": self._workspace.message_book.next_ts(),
        }
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise ActError("This input is sent with the form, not by itself.")
        if kind in KINDS:
            return done | value_of(element, action)
        if kind == "overflow":
            return done | {"selected_option": _overflow_choice(element, action)}
        if kind == "feedback_buttons":
            return done | _feedback(element, action)
        return done | {name: element[name] for name in ("text", "value", "style", "url") if name in element}

    def _state(
        self, place: Place, entered: Entered, block: Json, element: Json, done: Json
    ) -> dict[str, dict[str, Json]]:
        current = place.view.state_values if place.view else {}
        state = merged_state(place.blocks, current, entered)
        if element["type"] in KINDS:
            state[block["block_id"]][element["action_id"]] = value_of(element, done)
        return state

    def _visible(self, user: str, view_id: str) -> tuple[Person, View]:
        stack = self._workspace.views.stack(user)
        if not stack or stack[-1].id != view_id:
            raise ActError("This modal is not open any more.")
        return self._workspace.find_person(user), stack[-1]

    def _after_submission(self, view: View, answer: Json | str) -> dict[str, str]:
        if answer in ("", {}):
            self._workspace.views.close(view)
            return {}
        kind = answer.get("response_action") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or kind not in {"errors", "update", "push", "clear"}:
            raise NoAnswerError("invalid response_action")
        if kind == "errors":
            return _errors(view, answer.get("errors"))
        if kind == "clear":
            self._workspace.views.clear(view.user)
        elif kind == "update":
            payload = new_payload(self._playground, answer.get("view"), "modal", view)
            self._workspace.views.update(self._workspace.views.get(view.id), payload)
        else:
            self._workspace.views.push(view.user, new_payload(self._playground, answer.get("view"), "modal"))
        return {}

    def _response_urls(self, person: Person, view: View) -> list[Json]:
        found = []
        for block, element in elements(view.payload["blocks"]):
            if element.get("response_url_enabled"):
                value = view.state_values[block["block_id"]][element["action_id"]]
                channel = str(value.get("selected_conversation") or value.get("selected_channel"))
                ids = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
                found.append({**ids, "response_url": self._playground.response_urls.issue(channel, person.id)})
        return found


def _errors(view: View, errors: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise NoAnswerError(f"errors must name input blocks of the view: {', '.join(sorted(inputs))}")
    return {block_id: str(sentence) for block_id, sentence in errors.items()}


def _overflow_choice(element: Json, action: Mapping[str, Any]) -> Json:
    chosen = action.get("selected_option") or {}
    for option in options_of(element):
        if option["value"] == chosen.get("value"):
            return option
    raise ActError(f"{chosen.get('value')} is not a choice of {element['action_id']}.")


def _feedback(element: Json, action: Mapping[str, Any]) -> Json:
    for name in ("positive_button", "negative_button"):
        if element[name]["value"] == action.get("value"):
            return {"text": element[name]["text"], "value": element[name]["value"]}
    raise ActError("Choose one of the two.")
