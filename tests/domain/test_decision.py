"""What may be asked of a meeting, in which order, and what was known of it when."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decision import (
    Answered,
    DecisionRecord,
    OptionFacts,
    Proposal,
    check_proposal,
    check_room,
    count_answers,
    decision_facts,
    in_order,
    is_over,
    parse_refs,
    split_price,
    status_at,
)
from bot.domain.errors import Refused
from storage.tables import (
    Decision,
    DecisionKind,
    DecisionStatus,
    Entry,
    Kind,
    Meeting,
    MeetingStatus,
    MeetingType,
    Visibility,
)
from tests.clock import T0, T

DECIDE, RATIFY, ESCALATE = DecisionKind.DECIDE, DecisionKind.RATIFY, DecisionKind.ESCALATE
EMPTY = {"A": "", "B": "", "C": "", "D": ""}
KEEP = {**EMPTY, "A": "keep ten days; no night work", "B": "seven days; trays bought elsewhere"}


def a_question(**over: Any) -> Decision:
    facts: dict[str, Any] = {
        "id": "d1",
        "workspace_id": "w",
        "key": "d1",
        "meeting_id": "m",
        "rank": 1,
        "question": "Which rule?",
        "kind": DECIDE,
        "owner_id": "o",
        "status": DecisionStatus.ASKED,
        "entered_at": T0,
    }
    return Decision(**facts | over)


def a_meeting(type: MeetingType = MeetingType.PRE_SOP, **over: Any) -> Meeting:  # noqa: A002
    facts: dict[str, Any] = {"starts_at": T(days=5), "duration_minutes": 90, "status": MeetingStatus.PLANNED}
    return Meeting(id="m", workspace_id="w", key="k", cycle="c", title="t", timezone="UTC", type=type, **facts | over)


def refusal(**over: Any) -> tuple[str, str | None]:
    """The sentence and the field of a proposal that is refused."""
    proposal = Proposal(**{"question": "Which rule?", "kind": DECIDE, "options": KEEP, "recommendation": "A"} | over)
    with pytest.raises(Refused) as refused:
        check_proposal(proposal)
    return refused.value.sentence, refused.value.field


def test_options_have_a_text_and_a_price() -> None:
    proposal = Proposal("Which rule?", DECIDE, KEEP, None)
    assert check_proposal(proposal) == (
        OptionFacts("A", "keep ten days", "no night work"),
        OptionFacts("B", "seven days", "trays bought elsewhere"),
    )
    assert split_price("firm at seven days; one of three; or two") == ("firm at seven days", "one of three; or two")
    assert split_price("back to one total") == ("back to one total", None)


@pytest.mark.parametrize(
    ("over", "sentence", "field"),
    [
        ({"question": ""}, "decision_question_empty", "question"),
        ({"options": {**KEEP, "B": ""}}, "decision_two_options", "option_b"),
        ({"options": {**EMPTY, "B": "b; 1", "C": "c; 1"}}, "decision_two_options", "option_a"),
        ({"options": {**KEEP, "D": "stop; 1"}}, "decision_option_gap", "option_c"),
        ({"options": {**KEEP, "B": "seven days"}}, "decision_price_missing", "option_b"),
        ({"options": {**KEEP, "A": "; no night work"}}, "decision_option_empty", "option_a"),
        ({"recommendation": "C"}, "decision_no_such_option", "recommendation"),
        ({"kind": RATIFY, "recommendation": None}, "decision_nothing_stands", "recommendation"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(over: dict[str, Any], sentence: str, field: str) -> None:
    assert refusal(**over) == (sentence, field)


def test_what_stands_by_itself_needs_no_price_for_the_other_way() -> None:
    options = {**EMPTY, "A": "it stays; six of nine within 5%", "B": "back to one total"}
    assert check_proposal(Proposal("Bias?", RATIFY, options, "A"))[1].price is None


@pytest.mark.parametrize(("kind", "room"), [(DECIDE, False), (RATIFY, True), (ESCALATE, True)])
def test_three_to_decide_is_the_most(kind: DecisionKind, room: bool) -> None:
    two = [a_question(id=str(number)) for number in range(2)]
    check_room(kind, a_meeting(), [*two, a_question(kind=RATIFY), a_question(kind=ESCALATE)], T0)
    if room:
        check_room(kind, a_meeting(), [*two, a_question()], T0)
    else:
        with pytest.raises(Refused, match="decision_fourth"):
            check_room(kind, a_meeting(), [*two, a_question()], T0)


def test_nothing_is_asked_of_a_meeting_that_is_over() -> None:
    meeting = a_meeting()
    check_room(DECIDE, meeting, [], T(days=5, minutes=89))
    for over in (T(days=5, minutes=90), T(days=6)):
        with pytest.raises(Refused, match="decision_meeting_over"):
            check_room(DECIDE, meeting, [], over)
    assert is_over(a_meeting(status=MeetingStatus.CANCELLED), T0)


def test_the_executive_meeting_passes_nothing_on() -> None:
    with pytest.raises(Refused, match="decision_nowhere_to_escalate"):
        check_room(ESCALATE, a_meeting(MeetingType.EXECUTIVE_SOP), [], T0)


@given(st.lists(st.sampled_from(list(DecisionKind)), max_size=12))
def test_what_is_to_be_decided_comes_first_and_nobody_is_overtaken_by_their_own_kind(kinds: list[DecisionKind]) -> None:
    listed: list[Decision] = []
    for number, kind in enumerate(kinds):
        listed = in_order(a_question(id=f"{number:02}", key=f"{number:02}", kind=kind), listed)
        for rank, each in enumerate(listed, start=1):
            each.rank = rank
    order = list(DecisionKind)
    assert [(order.index(each.kind), each.key) for each in listed] == sorted(
        (order.index(each.kind), each.key) for each in listed
    )


def test_an_answer_counts_from_its_moment_on() -> None:
    taken = a_question(status=DecisionStatus.TAKEN, taken_option="A", answered_at=T(days=5))
    later = a_question(entered_at=T(days=2))
    removed = a_question(removed_at=T(days=1))
    assert status_at(taken, T(days=5)) is DecisionStatus.ASKED
    assert status_at(taken, T(days=5, seconds=1)) is DecisionStatus.TAKEN
    assert count_answers([taken, later, removed], T0) == Answered(0, 0)
    assert count_answers([taken, later, removed], T(days=1)) == Answered(1, 0)
    assert count_answers([taken, later, removed], T(days=6)) == Answered(2, 1)


def test_entries_since_the_last_brief_are_told_from_earlier_ones() -> None:
    def an_entry(ref: str, days: int) -> Entry:
        day = T(days=days)
        facts: dict[str, Any] = {
            "kind": Kind.CLASH,
            "visibility": Visibility.NAMED,
            "side": "sales",
            "what_happened": "x",
        }
        return Entry(id=ref, workspace_id="w", ref=ref, created_on=day.date(), created_at=day, **facts)

    entries = (an_entry("102", -1), an_entry("19", -40), an_entry("101", -1), an_entry("36", -38))
    record = DecisionRecord(a_question(), (), "Els", None, ("O4",), entries, ())
    facts = decision_facts(record, lambda entry: entry.created_on > T(days=-30).date())
    assert (facts.entry_refs, facts.earlier_entry_refs) == (("101", "102"), ("19", "36"))


@pytest.mark.parametrize(
    ("typed", "refs"),
    [
        ("#101, #102", ("101", "102")),
        ("101 en k7m2; #K7M2", ("101", "k7m2")),
        ("#19 and #36", ("19", "36")),
        ("", ()),
    ],
)
def test_names_of_entries_as_they_are_typed(typed: str, refs: tuple[str, ...]) -> None:
    assert parse_refs(typed) == refs
