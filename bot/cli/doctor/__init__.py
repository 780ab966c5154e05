"""`ampersand doctor`."""

import asyncio
import json
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.doctor.gathering import gather
from bot.domain.diagnosis import Finding, Mark, count, diagnose
from bot.settings import read_usable_settings

WIDTH, INDENT = 110, 24


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def doctor(
    form: Annotated[Format, typer.Option("--format", help="For people, or for monitoring.")] = Format.TEXT,
) -> None:
    """Check the installation and say what is wrong, each with its cure.

    Looks at the settings, folders, database, Slack app, channels, facilitators, time zones, clock, port and public
    address, with the same environment as serve, whether that runs or not. It changes nothing: no table, no folder, no
    message. Each line begins with ok, warning, problem, or skipped (it could not be checked, and why). Exit code 0:
    nothing is wrong, or warnings only; 1: there is a problem.

    \b
    Example:
      ampersand doctor --format json
    """
    settings, mistakes = read_usable_settings()
    findings = diagnose(asyncio.run(gather(settings, mistakes)))
    typer.echo(as_json(findings) if form is Format.JSON else as_text(findings))
    if count(findings, Mark.PROBLEM):
        raise typer.Exit(1)


def as_json(findings: Sequence[Finding]) -> str:
    """`status` is "problem", "warning" or "ok"; the findings stand in the order of the text."""
    marks = [mark for mark in (Mark.PROBLEM, Mark.WARNING) if count(findings, mark)]
    report = {
        "status": marks[0] if marks else Mark.OK,
        "findings": [
            {"check": finding.check, "mark": finding.mark, "what": finding.what, "cure": finding.cure}
            for finding in findings
        ],
    }
    return json.dumps(report, indent=2, ensure_ascii=False)


def as_text(findings: Sequence[Finding]) -> str:
    """Where several findings in a row have one cure, it stands below the last."""
    following = [finding.cure for finding in findings[1:]]
    shown = [
        replace(finding, cure="") if finding.cure == after else finding
        for finding, after in zip(findings, [*following, ""], strict=True)
    ]
    return "\n".join([*map(_lines, shown), "", _total(findings)])


def _lines(finding: Finding) -> str:
    head = f"{finding.mark:<9}{finding.check:<14} "
    what = textwrap.wrap(finding.what, WIDTH - INDENT, break_long_words=False, break_on_hyphens=False)
    cure = textwrap.wrap(finding.cure, WIDTH - INDENT - 3, break_long_words=False, break_on_hyphens=False)
    marked = [f"{'   ' if number else '→  '}{line}" for number, line in enumerate(cure)]
    return textwrap.indent("\n".join([*what, *marked]), " " * INDENT).replace(" " * INDENT, head, 1)


def _total(findings: Sequence[Finding]) -> str:
    problems, warnings = count(findings, Mark.PROBLEM), count(findings, Mark.WARNING)
    told = [
        f"{number} {noun}{'' if number == 1 else 's'}"
        for number, noun in ((problems, "problem"), (warnings, "warning"))
        if number
    ]
    return f"{', '.join(told)}." if told else "Nothing is wrong."
