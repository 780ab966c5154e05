"""The pulses of the sample: scores apart from people, as they were known, and only what may be kept."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest
from sqlmodel import SQLModel, select

from bot.domain.csv_rows import BadRows
from bot.services.samples import load_sample, read_sample
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.pulses import close_round
from storage.tables import (
    Answered,
    BriefReach,
    Cadence,
    Platform,
    PulseAsked,
    PulseMeasure,
    PulseQuestion,
    PulseRound,
    PulseScore,
)
from tests.builders import a_context


def load(database: Database, folder: Path | None = None, as_of: datetime | None = None) -> None:
    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Voorbeeldkeuken Vers")
        load_sample(session, a_context(), workspace, read_sample(folder), as_of=as_of)


def all_of(database: Database, table: type[SQLModel]) -> list:  # type: ignore[type-arg]
    with database.snapshot() as session:
        return list(session.exec(select(table)).all())


def round_of(database: Database, question: str, week: str) -> PulseRound:
    rounds: list[PulseRound] = all_of(database, PulseRound)
    return next(r for r in rounds if (r.question_key, r.label) == (question, week))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(str(files("bot") / "sample"), tmp_path / "company")


def change(folder: Path, pulse: str, spoil: Callable[[dict[str, str]], object], file: str = "pulses.csv") -> None:
    """Change the cells of one pulse."""
    path = folder / file
    with path.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    spoil(next(row for row in rows if pulse in row.values()))
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_questions_and_rounds(database: Database) -> None:
    load(database)

    questions = {question.key: question for question in all_of(database, PulseQuestion)}
    weekly, recall = questions["Q1"], questions["Q4"]
    assert (weekly.cadence, weekly.measure, weekly.lowest, weekly.highest) == (Cadence.WEEKLY, PulseMeasure.PULSE, 1, 5)
    assert (weekly.lowest_words, weekly.highest_words) == ("against each other", "as one team")
    assert (recall.cadence, recall.measure, recall.lowest, recall.lowest_words) == ("monthly", "recall", 0, "")
    assert Counter(r.question_key for r in all_of(database, PulseRound)) == {"Q1": 25, "Q2": 6, "Q3": 6, "Q4": 6}


def test_a_round_closes_on_sunday_at_midnight_in_the_company(database: Database) -> None:
    load(database)

    assert round_of(database, "Q1", "2026-W13").closes_at == datetime(2026, 3, 29, 22, tzinfo=UTC)  # clocks changed
    assert round_of(database, "Q2", "2026-W09").closes_at == datetime(2026, 3, 1, 23, tzinfo=UTC)


def test_who_was_asked_and_answered_is_kept_apart_from_what(database: Database) -> None:
    load(database)

    asked, scores = all_of(database, PulseAsked), all_of(database, PulseScore)
    assert len(asked) == 710
    assert set(PulseScore.model_fields) == {"id", "round_id", "side", "score", "change_token_hash"}
    assert set(PulseAsked.model_fields) == {"round_id", "member_id", "side", "answered"}
    assert {score.change_token_hash for score in scores} == {None}
    assert {score.side for score in scores} == {"sales", "operations"}


def test_scores_of_fewer_than_five_are_not_kept(database: Database) -> None:
    """Operations gave four answers in weeks 18 and 22, the bridges never more than two."""
    load(database)

    small = {round_of(database, "Q1", week).id for week in ("2026-W18", "2026-W22")}
    sides = Counter(score.side for score in all_of(database, PulseScore) if score.round_id in small)
    assert sides == {"sales": 14}
    flags = Counter((a.side, a.answered) for a in all_of(database, PulseAsked) if a.round_id in small)
    assert flags["operations", Answered.IN_TIME] == 8
    assert flags["bridges", Answered.IN_TIME] == 4


def test_a_late_answer_only_counts_as_answered(database: Database, folder: Path) -> None:
    change(folder, "P0002", lambda row: row.update(answered_at_utc="2026-01-11T23:00:00Z", score="1"))
    load(database, folder)

    first = round_of(database, "Q1", "2026-W02").id
    scores = [s.score for s in all_of(database, PulseScore) if (s.round_id, s.side) == (first, "sales")]
    answered = Counter(a.answered for a in all_of(database, PulseAsked) if (a.round_id, a.side) == (first, "sales"))
    assert (len(scores), 1 in scores) == (5, False)
    assert answered == {Answered.IN_TIME: 5, Answered.LATE: 1, Answered.NO: 1}


def test_the_last_second_is_in_time(database: Database, folder: Path) -> None:
    change(folder, "P0002", lambda row: row.update(answered_at_utc="2026-01-11T22:59:59Z"))
    load(database, folder)

    assert Answered.LATE not in {asked.answered for asked in all_of(database, PulseAsked)}


def test_only_what_was_known_then(database: Database) -> None:
    """In the night after a Thursday some have answered the round of that day."""
    moment = datetime(2026, 5, 29, 0, tzinfo=UTC)
    load(database, as_of=moment)

    known = [p for p in read_sample().pulses if p.question == "Q1" and p.week == "2026-W22" and p.asked_at < moment]
    answered = [p for p in known if p.answered_at and p.answered_at < moment]
    found = [a for a in all_of(database, PulseAsked) if a.round_id == round_of(database, "Q1", "2026-W22").id]
    assert 0 < len(answered) < len(known) == len(found)
    assert sum(a.answered is Answered.IN_TIME for a in found) == len(answered)
    assert max(r.asked_at for r in all_of(database, PulseRound)) < moment


def test_how_many_the_briefs_reached(database: Database) -> None:
    load(database, as_of=datetime(2026, 6, 15, 12, tzinfo=UTC))

    reach = all_of(database, BriefReach)
    assert len(reach) == 11  # the executive S&OP of June is still to come
    assert (sum(r.opened for r in reach), sum(r.invited for r in reach)) == (72, 106)


def test_a_closed_round_forgets_few_answers_and_its_tokens(database: Database) -> None:
    load(database)
    closed = round_of(database, "Q1", "2026-W23")
    with database.transaction() as session:
        for number in range(4):
            session.add(
                PulseScore(id=f"few{number}", round_id=closed.id, side="bridges", score=3, change_token_hash="x")
            )
        session.add(PulseScore(id="many", round_id=closed.id, side="sales", score=3, change_token_hash="x"))
    with database.transaction() as session:
        close_round(session, closed.id, smallest_group=5)

    scores = [score for score in all_of(database, PulseScore) if score.round_id == closed.id]
    assert Counter(score.side for score in scores) == {"sales": 9, "operations": 7}
    assert {score.change_token_hash for score in scores} == {None}


@pytest.mark.parametrize(
    ("file", "row", "cells", "problem"),
    [
        ("pulses.csv", "P0001", {"score": "6"}, "column score: “6” is not on the scale; use 1 to 5."),
        ("pulses.csv", "P0001", {"score": ""}, "column answered_at_utc: and score belong together"),
        ("pulses.csv", "P0001", {"week": "2026-W54"}, "column week: “2026-W54” is not a week; write it as 2026-W23."),
        ("pulses.csv", "P0001", {"week": "2026-W2"}, "column week: “2026-W2” is not a week"),
        ("pulses.csv", "P0001", {"question_id": "Q9"}, "column question_id: “Q9” is not in pulse_questions.csv."),
        ("pulses.csv", "P0001", {"answered_at_utc": "2026-01-01T00:00:00Z"}, "column answered_at_utc: “2026-01-01T"),
        ("pulses.csv", "P0002", {"member_id": "M02"}, "column member_id: “M02” stands on line 2 already."),
        ("pulse_questions.csv", "Q1", {"scale": "good or bad"}, "column scale: “good or bad” is not a scale"),
        ("pulse_questions.csv", "Q1", {"scale": "5 ... 1"}, "column scale: “5 ... 1” is not a scale"),
        ("meetings.csv", "2026-01-PS", {"brief_opened_n": "13"}, "column brief_opened_n: “13” is not a part of the 12"),
    ],
)
def test_a_bad_row_is_named(folder: Path, file: str, row: str, cells: dict[str, str], problem: str) -> None:
    change(folder, row, lambda found: found.update(cells), file)

    with pytest.raises(BadRows) as caught:
        read_sample(folder)
    assert problem in str(caught.value.problems[0])
