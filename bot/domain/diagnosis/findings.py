"""What a check of an installation says: how it stands, what is so, and the cure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """SKIPPED = could not be checked, because of something else that stands as a problem or because it is too early."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` is what was looked at in a word or two; `cure` is empty where nothing is wrong."""

    check: str
    mark: Mark
    what: str
    cure: str = ""


def ok(check: str, what: str) -> Finding:
    return Finding(check, Mark.OK, what)


def warning(check: str, what: str, cure: str) -> Finding:
    return Finding(check, Mark.WARNING, what, cure)


def problem(check: str, what: str, cure: str) -> Finding:
    return Finding(check, Mark.PROBLEM, what, cure)


def skipped(check: str, why: str, cure: str = "") -> Finding:
    return Finding(check, Mark.SKIPPED, f"Not checked: {why}.", cure)


def count(findings: Iterable[Finding], mark: Mark) -> int:
    return sum(finding.mark is mark for finding in findings)
