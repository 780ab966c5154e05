"""What the audit trail keeps of a state, and what became different from one state to the next."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

PLAIN: Final = ""
"""The name of a state that is one value and no more."""

_LINE: Final = re.compile(r"([A-Za-z_][A-Za-z_ -]*): (.*)")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another now. `field` is its name, `PLAIN` where it has none; None = there is none."""

    field: str
    before: Any
    after: Any


def write_state(facts: Mapping[str, Any]) -> str:
    """One "name: value" a line; what is empty is left out."""
    return "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in facts.items() if value is not None)


def read_state(kept: str | None) -> Mapping[str, Any]:
    """A state by its names, however it was kept: as a JSON object, line by line, or as one plain value."""
    if not kept:
        return {}
    if kept.startswith("{"):
        state: dict[str, Any] = json.loads(kept)
        return state
    lines = [_LINE.fullmatch(line) for line in kept.split("\n")]
    if all(lines):
        return {line[1]: line[2] for line in lines if line}
    return {PLAIN: kept}


def changes_between(before: str | None, after: str | None) -> list[Change]:
    """The values that differ, in the order they were kept."""
    old, new = read_state(before), read_state(after)
    names = dict.fromkeys([*old, *new])
    return [Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]
