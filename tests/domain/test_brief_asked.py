"""What a brief asks of its meeting, and what it leaves to another one."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.decision import DecisionRecord
from storage.tables import Decision, DecisionKind, Meeting, MeetingType
from tests.domain.test_brief import MEETING, SINCE, an_entry, snapshot


def asked(number: int, kind: DecisionKind, follows: str | None = None) -> DecisionRecord:
    decision = Decision(
        id=f"d{number}",
        workspace_id="w",
        key=f"D{number}",
        meeting_id="m",
        rank=number,
        question=f"Question {number}?",
        kind=kind,
        owner_id="x",
        entered_at=SINCE,
        follows_id=follows,
    )
    return DecisionRecord(decision, (), "Planner", None, (), (), ())


def test_what_is_passed_on_stands_elsewhere_and_once_when_it_is_asked_there_already() -> None:
    executive = Meeting(**MEETING.model_dump() | {"id": "x", "type": MeetingType.EXECUTIVE_SOP})
    here = [asked(1, DecisionKind.DECIDE), asked(2, DecisionKind.ESCALATE), asked(3, DecisionKind.ESCALATE)]
    there = [asked(4, DecisionKind.DECIDE, follows="d2"), asked(5, DecisionKind.RATIFY)]

    brief = snapshot(decisions=here, next_executive=executive, next_decisions=there)

    assert [facts.question for facts in brief.decisions] == ["Question 1?"]
    assert [one.question for one in brief.elsewhere] == ["Question 3?", "Question 4?", "Question 5?"]
    assert {one.starts_at for one in brief.elsewhere} == {MEETING.starts_at}


def test_what_is_passed_on_to_a_meeting_that_is_not_planned_is_told_without_a_day() -> None:
    (one,) = snapshot(decisions=[asked(1, DecisionKind.ESCALATE)]).elsewhere

    assert one.starts_at is None


def test_a_question_tells_its_new_entries_from_the_earlier_ones() -> None:
    record = asked(1, DecisionKind.DECIDE)
    entries = (an_entry(1, created_at=SINCE - timedelta(days=1), created_on=date(2026, 5, 12)), an_entry(2))

    (facts,) = snapshot(decisions=[replace(record, entries=entries)]).decisions

    assert (facts.entry_refs, facts.earlier_entry_refs) == (("2",), ("1",))
