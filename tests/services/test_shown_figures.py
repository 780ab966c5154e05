"""What people are shown of the sample's pulses is right, and tells nothing of Supply Planning, where two are asked.

Everything that speaks of a round is looked at as Slack gets it: the post, its chart, its thread, the window behind its
button, the weekly summaries with their windows, the Home of members, and the figures.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any, TypeAlias

import pytest
from sqlmodel import select

from bot.domain.chat import Chart, Message, Text
from bot.domain.figures import Period, end_of
from bot.platforms.slack_blocks import render_home, render_message
from bot.services.access import Sender
from bot.services.figures import as_json, period_figures
from bot.services.home import home
from bot.services.messages import summaries as messages
from bot.services.summaries.building import build_summary
from bot.services.summaries.showing import show_summary
from bot.templates import speaker
from storage.database import Database
from storage.tables import Platform, PulseRound
from tests.builders import a_context, start_over
from tests.databases import SqliteFiles
from tests.domain.figures_company import ZONE
from tests.services.checkins.result_world import Results, open_results

EXPECTED: dict[str, Any] = json.loads((files("bot") / "sample" / "expected_metrics.json").read_text(encoding="utf-8"))
QUARTERS = {"Q1": ("2026-W02", "2026-W13"), "Q2": ("2026-W14", "2026-W26"), "H1": ("2026-W02", "2026-W26")}
FEW_OF_OPERATIONS = ("2026-W18", "2026-W22")
"""The weeks in which four of seven answered: a count that is not shown."""

FIRST_FRIDAY = datetime(2026, 1, 16, 14, tzinfo=UTC)
READERS = ("M13", "M19")
"""A Dutch reader, and one of the two of Supply Planning."""


Opened: TypeAlias = Callable[[Path | None], AbstractContextManager[Results]]


@pytest.fixture
def opened(sqlite_files: SqliteFiles, tmp_path: Path) -> Opened:
    """The sample of a folder, else that of the product, each time in a database of its own."""

    @contextmanager
    def company(folder: Path | None = None) -> Iterator[Results]:
        start_over()
        database = Database(sqlite_files.fresh_url(tmp_path))
        with database.transaction() as session:
            yield open_results(session, folder)
        database.close()

    return company


def rounds_of(results: Results) -> list[PulseRound]:
    pulse = select(PulseRound).where(PulseRound.question_key == "Q1").order_by("label")
    return list(results.session.exec(pulse).all())


def closed(results: Results, label: str) -> Message:
    year, week = label.split("-W")
    round_ = results.close(label, date.fromisocalendar(int(year), int(week), 4))
    return results.post(round_)


def first_line(post: Message) -> str:
    return next(part.text for part in post.parts if isinstance(part, Text))


# ---------------------------------------------------------------- they are right


@pytest.mark.parametrize("period", EXPECTED)
def test_the_result_that_ends_a_period_says_the_pulse_of_that_period(opened: Opened, period: str) -> None:
    right = EXPECTED[period]["pulse"]["Q1"]
    with opened(None) as results:
        post = closed(results, QUARTERS[period][1])

    said = first_line(post).replace(" ▲", "").replace(" ▼", "")
    assert said.startswith(f"**Sales {right['sales']['mean']:.2f}, Operations {right['operations']['mean']:.2f}**")
    assert f"Difference {right['gap_sales_minus_operations']:.2f}" in said
    (chart,) = [part for part in post.parts if isinstance(part, Chart)]
    assert [line.values[-1] for line in chart.series] == [right["sales"]["mean"], right["operations"]["mean"]]


def test_who_answered_by_the_results_adds_up_to_the_response_rates(opened: Opened) -> None:
    with opened(None) as results:
        lines = {found.label: first_line(closed(results, found.label)) for found in rounds_of(results)}

    for period, (first, last) in QUARTERS.items():
        counted = {"Sales": [0, 0], "Operations": [0, 0]}
        for label, line in lines.items():
            if first <= label <= last:
                add_up(counted, line)
        right = EXPECTED[period]["response_rate"]
        few = [label for label in FEW_OF_OPERATIONS if first <= label <= last]
        assert counted["Sales"] == [right["sales"]["answered"], right["sales"]["asked"]]
        assert counted["Operations"] == [right["operations"]["answered"] - 4 * len(few), right["operations"]["asked"]]


def add_up(counted: dict[str, list[int]], line: str) -> None:
    for group in line.rpartition("Answered: ")[2].rstrip(".*").split(", "):
        side, answered, asked = re.fullmatch(r"(\w+) (.+) of (\d+)", group).groups()  # type: ignore[union-attr]
        counted[side][0] += 0 if answered == "fewer than five" else int(answered)
        counted[side][1] += int(asked)


def test_the_summary_says_the_same_pulse_as_the_figures(opened: Opened) -> None:
    """On the Friday after the half-year, when its last week has closed."""
    right = EXPECTED["H1"]["pulse"]["Q1"]
    due = datetime(2026, 7, 3, 13, tzinfo=UTC)
    with opened(None) as results:
        facts = build_summary(results.session, a_context(due), results.workspace, due - timedelta(days=7), due)
        said = str(messages.post(speaker("en", "Europe/Amsterdam"), facts))

    sales, operations = right["sales"]["mean"], right["operations"]["mean"]
    assert f"Sales {sales:.2f}, Operations {operations:.2f}" in said.replace(" ▲", "")
    assert f"difference {right['gap_sales_minus_operations']:.2f}" in said


# ---------------------------------------------------------------- and they tell nothing of the two


def everything_shown(opened: Opened, folder: Path | None) -> dict[str, Any]:
    """Of the whole half-year, in both languages of the company."""
    with opened(folder) as results:
        shown: dict[str, Any] = {"figures": list(figures(results)), "home": list(homes(results))}
        for round_ in rounds_of(results):
            shown[round_.label] = list(told_of(results, round_.label))
        for week in range(25):
            due = FIRST_FRIDAY + timedelta(weeks=week)
            shown[f"summary {due:%d %B}"] = list(summaries(results, due))
    return shown


def told_of(results: Results, label: str) -> Iterator[Any]:
    """The post, in its thread the chart in words, and what stands behind the button for each reader."""
    post = closed(results, label)
    yield render_message(post)
    found = results.round(label)
    if results.thread_or_none(found):
        yield render_message(results.thread(found))
    yield from (render_message(results.answers(found, reader)) for reader in READERS)


def summaries(results: Results, due: datetime) -> Iterator[Any]:
    context, since = a_context(due), due - timedelta(days=7)
    facts = build_summary(results.session, context, results.workspace, since, due)
    for language in ("en", "nl"):
        speak = speaker(language, "Europe/Amsterdam")
        yield from (
            render_message(show(speak, facts)) for show in (messages.post, messages.entries, messages.agreements)
        )
    for reader in READERS:
        yield render_message(show_summary(results.session, context, sender(results, reader)))


def homes(results: Results) -> Iterator[Any]:
    context = a_context(datetime(2026, 7, 1, 8, tzinfo=UTC))
    yield from (render_home(home(results.session, context, sender(results, reader))) for reader in READERS)


def figures(results: Results) -> Iterator[Any]:
    for first, last in ((date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))):
        period = Period(first, last)
        yield as_json(period_figures(results.session, results.workspace, period, end_of(last, ZONE)))


def sender(results: Results, key: str) -> Sender:
    return Sender(Platform.SLACK, results.workspace.external_id, key)


def another_world(folder: Path, seed: int, side: str) -> Path:
    """The sample in which those of the side answered otherwise: other scores, and on other weeks none."""
    dice = Random(seed)

    def answer(row: dict[str, str]) -> None:
        if row["side"] == side:
            answers = dice.random() < 0.7
            row["score"] = str(dice.randint(1, 5)) if answers else ""
            row["answered_at_utc"] = row["asked_at_utc"] if answers else ""

    return a_world(folder / f"world{seed}{side}", answer)


def where_few_answered(folder: Path, few: int) -> Path:
    """The sample in which so many of Operations answered in the last week."""
    those = iter(range(100))

    def answer(row: dict[str, str]) -> None:
        if (row["week"], row["question_id"], row["side"]) == ("2026-W26", "Q1", "operations"):
            answers = next(those) < few
            row["score"], row["answered_at_utc"] = (str(few), row["asked_at_utc"]) if answers else ("", "")

    return a_world(folder / f"few{few}", answer)


def a_world(folder: Path, answer: Callable[[dict[str, str]], None]) -> Path:
    path = copytree(str(files("bot") / "sample"), folder) / "pulses.csv"
    with path.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        answer(row)
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path.parent


def test_whatever_the_two_of_supply_planning_answer_everything_shown_is_the_same(
    opened: Opened, tmp_path: Path
) -> None:
    first = everything_shown(opened, None)

    assert {key: len(parts) > 0 for key, parts in first.items()} == dict.fromkeys(first, True)
    assert everything_shown(opened, another_world(tmp_path, 1, "supply_planning")) == first
    assert everything_shown(opened, another_world(tmp_path, 2, "sales")) != first


def test_whether_nobody_or_four_of_a_side_answered_everything_shown_is_the_same(opened: Opened, tmp_path: Path) -> None:
    def shown(few: int) -> list[Any]:
        with opened(where_few_answered(tmp_path, few)) as results:
            return [*told_of(results, "2026-W26"), *summaries(results, datetime(2026, 7, 3, 13, tzinfo=UTC))]

    nobody, one, four, five = (shown(few) for few in (0, 1, 4, 5))
    assert nobody == one == four
    assert four != five


def test_no_line_of_the_chart_and_no_count_is_theirs(opened: Opened) -> None:
    with opened(None) as results:
        post = closed(results, "2026-W26")

    (chart,) = [part for part in post.parts if isinstance(part, Chart)]
    assert [line.name for line in chart.series] == ["Sales", "Operations"]
    named = [str(part) for part in post.parts if "Supply planning" in str(part)]
    assert len(named) == 1
    assert "Supply planning and the total are not shown: fewer than five people." in named[0]
