"""The small rules that Block Kit's limits are made of.

A rule looks at a value and yields a sentence, in Slack's words, for everything that is wrong with it; `at` is the JSON
pointer to the value.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]


def wrong(sentence: str, at: str) -> str:
    """One line of response_metadata.messages."""
    return f"[ERROR] {sentence} [json-pointer:{at}]"


def string(most: int, least: int = 1) -> Rule:
    """A text of so many characters."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield wrong("must be a string", at)
        elif len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", at)

    return rule


def matching(pattern: str, sentence: str) -> Rule:
    """A text of a certain form."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield wrong(sentence, at)

    return rule


def one_of(*allowed: str) -> Rule:
    """One of these words."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield wrong(f"must be one of: {', '.join(allowed)}", at)

    return rule


def flag(value: Any, at: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield wrong("must be a boolean", at)


def number(value: Any, at: str) -> Iterator[str]:
    """A whole or decimal number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield wrong("must be a number", at)


def whole(least: int, most: int) -> Rule:
    """An integer within these bounds."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield wrong("must be an integer", at)
        elif not least <= value <= most:
            yield wrong(f"must be between {least} and {most}", at)

    return rule


def listing(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list of so many things, each of which keeps the rule."""

    def each(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong("must be an array", at)
            return
        if len(value) > most:
            yield wrong(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield wrong(f"no fewer than {least} items allowed", at)
        for index, item in enumerate(value):
            yield from rule(item, f"{at}/{index}")

    return each


@dataclass(frozen=True)
class Shape:
    """An object with these fields and no others; `also` are rules about the object as a whole."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: Sequence[Rule] = ()

    def __call__(self, value: Any, at: str) -> Iterator[str]:
        """Everything that is wrong with the object."""
        if not isinstance(value, dict):
            yield wrong("must provide an object", at)
            return
        known = {**self.required, **self.optional}
        for name in self.required.keys() - value.keys():
            yield wrong(f"missing required field: {name}", at)
        for name in value.keys() - known.keys():
            yield wrong(f"invalid additional property: {name}", at)
        for name in known.keys() & value.keys():
            yield from known[name](value[name], f"{at}/{name}")
        for rule in self.also:
            yield from rule(value, at)


def by_type(kinds: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which of the rules it has to keep."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must provide an object", at)
        elif "type" not in value:
            yield wrong("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield wrong(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from kinds[value["type"]]({name: v for name, v in value.items() if name != "type"}, at)

    return rule


def exactly_one(*names: str) -> Rule:
    """Exactly one of these fields is given."""

    def rule(value: Any, at: str) -> Iterator[str]:
        given = [name for name in names if name in value]
        if len(given) != 1:
            yield wrong(f"must provide exactly one of: {', '.join(names)}", at)

    return rule


def at_least_one(*names: str) -> Rule:
    """One or more of these fields is given."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not any(name in value for name in names):
            yield wrong(f"must provide at least one of: {', '.join(names)}", at)

    return rule


def unique(items: str, key: str) -> Rule:
    """No two objects of the list in field `items` have the same `key`."""

    def rule(value: Any, at: str) -> Iterator[str]:
        found = value.get(items)
        seen: set[object] = set()
        for index, item in enumerate(found if isinstance(found, list) else ()):
            name = item.get(key) if isinstance(item, dict) else None
            if isinstance(name, str) and name in seen:
                yield wrong(f'{key} "{name}" already exists', f"{at}/{items}/{index}/{key}")
            seen.add(name if isinstance(name, str) else None)

    return rule
