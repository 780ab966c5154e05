"""What Slack sends, read once and checked in one place, whether it comes over HTTP or over a socket.

Bolt and our handlers reach into a payload without looking: what they would stumble over is refused here. The shapes
name what is read, and let pass what Slack may add.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

Json = dict[str, Any]

MOST_FORM_FIELDS, MOST_LEVELS = 100, 64
_CALLABLE: Final = re.compile(r"https?://[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*(:[0-9]{1,5})?/[!-~]*")


class Unreadable(Exception):  # noqa: N818
    """This is nothing Slack would send; the text says where, and never what stood there."""


def read_form(body: bytes) -> Json:
    """The payload of an interaction, or the fields of a slash command.

    Bolt's own reading loses a command whose text has the word “payload” in it.
    """
    fields = dict(_read(lambda: parse_qsl(body.decode(), True, errors="strict", max_num_fields=MOST_FORM_FIELDS)))
    return read_json(fields["payload"]) if "payload" in fields else fields


def read_json(body: str | bytes) -> Json:
    """The object."""
    found = _read(lambda: json.loads(body))
    if not isinstance(found, dict):
        raise Unreadable("not an object")
    return found


def check_payload(payload: Json) -> None:
    """Raises Unreadable for what neither Bolt nor a handler of ours can read."""
    _check_values(payload)
    kind = _kind(payload)
    if kind not in SHAPES:
        raise Unreadable("an unknown kind")
    try:
        SHAPES[kind].model_validate(payload)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Unreadable(f"{kind}: {first['type']} at {'.'.join(map(str, first['loc'][:4]))}") from None


def _kind(payload: Json) -> str:
    for name in ("command", "ssl_check"):
        if name in payload:
            return name
    kind = str(payload.get("type"))
    return "press_in_view" if kind == "block_actions" and payload.get("view") is not None else kind


def _read(reading: Callable[[], Any]) -> Any:
    try:
        return reading()
    except (ValueError, RecursionError):
        raise Unreadable("not to be decoded") from None


def _check_values(payload: Json) -> None:
    """Nothing too deep for whoever walks through it, and no text that cannot be kept or sent on."""
    level: list[Any] = [payload]
    for _ in range(MOST_LEVELS):
        for value in level:
            if isinstance(value, str):
                _check_text(value)
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise Unreadable("too deep")


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unreadable("half a character") from None
    if "\0" in text:
        raise Unreadable("a character that no database keeps")


def _metadata(text: str) -> str:
    """Our own words, which Slack hands back: an object of texts, or nothing."""
    kept = json.loads(text or "{}")
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        raise ValueError
    return text


def _address(text: str) -> str:
    """One that can be called, whoever may be there."""
    if not _CALLABLE.fullmatch(text) or urlsplit(text).port == 0:  # asking for the port refuses one that is too high
        raise ValueError
    return text


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


Word = Annotated[str, Field(max_length=255)]
Id = Annotated[str, Field(min_length=1, max_length=255)]
Address = Annotated[str, AfterValidator(_address), Field(max_length=1000)]
Moment = Annotated[str, Field(pattern=r"^[0-9]{10}\.[0-9]{6}$")]
Day = Annotated[str, AfterValidator(_day)]


class Shape(BaseModel):
    """Strict about what it names, open for the rest."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Named(Shape):
    id: Id


class Payload(Shape):
    """Where Bolt looks for ids: in a payload, in the things inside it, and in those inside them."""

    enterprise: Word | Named | None = None
    enterprise_id: Word | None = None
    team: Word | Named | None = None
    team_id: Word | None = None
    user: Word | Named | None = None
    user_id: Word | None = None
    channel: Word | Named | None = None
    channel_id: Word | None = None
    bot_id: Word | None = None
    thread_ts: Word | None = None
    function_execution_id: Word | None = None
    function_data: Shape | None = None
    response_urls: list[Shape] = []
    view: Shape | None = None
    authorizations: "list[Payload] | None" = None
    event: "Payload | None" = None
    item: "Payload | None" = None
    message: "Payload | None" = None
    previous_message: "Payload | None" = None
    assistant_thread: "Payload | None" = None


class Command(Payload):
    command: Id
    user_id: Id
    team_id: Id
    trigger_id: Id
    text: str = ""
    response_url: Address | None = None


class InnerEvent(Payload):
    type: Id
    subtype: Word | None = None
    channel_type: Word | None = None
    tab: Word = "home"


class Event(Payload):
    event_id: Id
    team_id: Id
    event: InnerEvent


class Person(Named):
    team_id: Word | None = None


class Interaction(Payload):
    user: Person
    team: Named | None = None
    channel: Named | None = None
    response_url: Address | None = None


class Chosen(Shape):
    value: Word


class Entered(Shape):
    type: Word
    value: str | None = None
    selected_option: Chosen | None = None
    selected_user: Word | None = None
    selected_users: list[Word] | None = None
    selected_conversation: Word | None = None
    selected_date: Day | None = None


class State(Shape):
    values: dict[str, Annotated[dict[str, Entered], Field(min_length=1)]]


class Element(Shape):
    type: Word
    options: list[Chosen] = []


class Block(Shape):
    type: Word
    block_id: Word
    optional: bool = False
    element: Element | None = None


class View(Shape):
    id: Id
    type: Literal["modal", "home"]
    callback_id: Word = ""
    hash: Word = ""
    private_metadata: Annotated[str, AfterValidator(_metadata)] = ""
    blocks: list[Block]
    previous_view_id: Word | None = None
    root_view_id: Word | None = None
    app_installed_team_id: Word | None = None


class SubmittedView(View):
    state: State

    @model_validator(mode="after")
    def _answers_what_was_asked(self) -> Self:
        """Slack lets nobody choose what the form does not offer, nor pass over what has to be chosen."""
        asked, told = {block.block_id: block for block in self.blocks if block.element}, self.state.values
        for name in {*asked, *told}:
            _check_answer(asked.get(name), list(told.get(name, {}).values()))
        return self


def _check_answer(block: Block | None, told: list[Entered]) -> None:
    element = block.element if block and block.element else Element(type="")
    chosen = [one.selected_option for one in told if one.selected_option]
    if any(choice not in element.options for choice in chosen):
        raise ValueError
    if block and (
        any(one.type != element.type for one in told) or (element.options and not block.optional and not chosen)
    ):
        raise ValueError


class Pressed(Shape):
    type: Word
    action_id: Id
    value: str | None = None


class Place(Shape):
    """Where a message stands."""

    is_ephemeral: bool = False
    channel_id: Word | None = None
    message_ts: Moment | None = None
    thread_ts: Moment | None = None


class Press(Interaction):
    trigger_id: Id
    actions: Annotated[list[Pressed], Field(min_length=1)]


class PressInView(Press):
    view: View
    container: Place | None = None


class PressOnMessage(Press):
    container: Place
    response_url: Address


class Submission(Interaction):
    trigger_id: Id
    view: SubmittedView


class Closing(Interaction):
    view: View


class Suggestion(Interaction):
    action_id: Id
    block_id: Word
    view: View | None = None


class Shortcut(Interaction):
    callback_id: Id
    trigger_id: Id


class Team(Named):
    domain: Word | None = None


class Room(Named):
    name: Word


class Message(Payload):
    ts: Moment
    thread_ts: Moment | None = None
    text: str = ""


class MessageAction(Shortcut):
    team: Team | None = None
    channel: Room
    message: Message


class Challenge(Shape):
    challenge: str


SHAPES: Final[Mapping[str, type[Shape]]] = {
    "command": Command,
    "ssl_check": Payload,
    "event_callback": Event,
    "block_actions": PressOnMessage,
    "press_in_view": PressInView,
    "view_submission": Submission,
    "view_closed": Closing,
    "block_suggestion": Suggestion,
    "shortcut": Shortcut,
    "message_action": MessageAction,
    "url_verification": Challenge,
}
