"""A `Message` as JSON and back: how it waits in the outbox."""

from dataclasses import asdict
from typing import Any

from bot.domain.chat import Button, Buttons, Chart, Facts, Heading, Message, Part, Quote, Series, Small, Text

PARTS: dict[str, type[Part]] = {part.__name__: part for part in (Heading, Text, Quote, Facts, Small, Chart, Buttons)}


def to_json(message: Message) -> dict[str, Any]:
    return {
        "summary": message.summary,
        "parts": [{"part": type(part).__name__} | asdict(part) for part in message.parts],
    }


def from_json(data: dict[str, Any]) -> Message:
    return Message(summary=data["summary"], parts=tuple(_part(dict(part)) for part in data["parts"]))


def _part(values: dict[str, Any]) -> Part:
    kind = PARTS[values.pop("part")]
    if kind is Text and values["button"]:
        return Text(values["text"], Button(**values["button"]))
    if kind is Buttons:
        return Buttons(tuple(Button(**button) for button in values["buttons"]))
    if kind is Chart:
        series = tuple(Series(one["name"], tuple(one["values"])) for one in values["series"])
        return Chart(values["title"], values["kind"], tuple(values["labels"]), series)
    if kind is Facts:
        return Facts(tuple((label, value) for label, value in values["rows"]))
    return kind(**values)
