"""Is an installation well? Facts in, findings out, each with its cure; no clock, no input, no output."""

from collections.abc import Callable, Iterator

from bot.domain.diagnosis import machine, slack, store
from bot.domain.diagnosis.facts import (
    Address,
    Channel,
    ChannelState,
    Company,
    Contents,
    Facts,
    Folder,
    KeyFile,
    Occupant,
    Port,
    SlackAnswer,
    Store,
)
from bot.domain.diagnosis.findings import Finding, Mark, count

__all__ = [
    "Address",
    "Channel",
    "ChannelState",
    "Company",
    "Contents",
    "Facts",
    "Finding",
    "Folder",
    "KeyFile",
    "Mark",
    "Occupant",
    "Port",
    "SlackAnswer",
    "Store",
    "count",
    "diagnose",
]

CHECKS: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    machine.settings,
    machine.folders,
    machine.secret,
    store.database,
    slack.token,
    slack.scopes,
    slack.way_in,
    slack.channels,
    store.facilitators,
    store.time_zones,
    machine.clock,
    machine.port,
    machine.address,
)


def diagnose(facts: Facts) -> list[Finding]:
    """Everything that was looked at, in the order in which one puts it right."""
    return [finding for check in CHECKS for finding in check(facts)]
