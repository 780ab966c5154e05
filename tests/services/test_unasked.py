"""At most one unasked message to a person on one of their days; nothing is lost that helps, no answer written over."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.domain.chat import DeliveryError
from bot.domain.errors import Refused
from bot.services import unasked
from storage.database import Database
from storage.tables import Absence, ItemKind, OutboxState
from tests.builders import WORKSPACE
from tests.services.test_query_counts import counted
from tests.services.unasked_world import FRIDAY, MONDAY, THURSDAY, WEDNESDAY, UnaskedWorld, an_item, at

GONE = DeliveryError("person_gone", permanent=True)
BROKEN = DeliveryError("unreachable")
DOUBTFUL = DeliveryError("unreachable", ambiguous=True)


@pytest.fixture
def world(database: Database) -> UnaskedWorld:
    return UnaskedWorld(database)


# ---------------------------------------------------------------- one message a day


def test_the_first_thing_of_a_day_is_said_as_it_is(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    assert world.read(els) == [["A, whole"]]


def test_what_comes_later_joins_it_without_another_message(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.now = at(WEDNESDAY, "15:00")
    world.tell(els, an_item("B", ItemKind.BRIEF))
    world.send()
    assert world.read(els) == [["**For you on Wed 10 June: 2 things**", "A", "B"]]
    assert world.told[0].message.summary == "For you on Wed 10 June: 2 things"


def test_the_list_is_in_the_language_of_the_person(world: UnaskedWorld) -> None:
    jan = world.person(language="nl")
    for name in "ABC":
        world.tell(jan, an_item(name))
    world.send()
    assert world.read(jan) == [["**Voor jou op wo 10 juni: 3 dingen**", "A", "B", "C"]]


def test_two_things_that_join_at_once_both_stand_there(world: UnaskedWorld) -> None:
    """The change for the second makes that for the first needless: it brings both."""
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.tell(els, an_item("B"))
    world.tell(els, an_item("C"))
    world.send()
    assert world.read(els) == [["**For you on Wed 10 June: 3 things**", "A", "B", "C"]]
    assert len(world.told[0].versions) == 1


def test_each_person_has_a_day_of_their_own(world: UnaskedWorld) -> None:
    """At 23:30 in Amsterdam it is the next day in Tokyo, and the same one in New York."""
    zones = ("Asia/Tokyo", "Europe/Amsterdam", "America/New_York")
    people = [world.person(timezone=zone) for zone in zones]
    for clock in ("14:00", "23:30"):
        world.now = at(WEDNESDAY, clock)
        world.tell_all([(person, an_item(f"{clock} {person.timezone}")) for person in people])
        world.send()
    assert [len(world.read(person)) for person in people] == [2, 1, 1]


def test_the_same_thing_is_said_once(world: UnaskedWorld) -> None:
    els = world.person()
    for day in (WEDNESDAY, THURSDAY):
        world.now = at(day, "10:00")
        assert world.tell(els, an_item("A"))
        world.send()
    assert world.read(els) == [["A, whole"]]


def test_many_are_told_with_a_few_queries(world: UnaskedWorld) -> None:
    items = [(person, an_item(person.id)) for person in [world.person() for _ in range(120)]]
    with counted(world.database) as queries:
        assert world.tell_all(items) == []
    world.send()
    assert len(world.told) == 120
    assert len(queries) < 12


# ---------------------------------------------------------------- what was acted upon stays


def test_once_somebody_answered_what_comes_later_waits_for_the_next_morning(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN))
    world.send()
    world.told[0].change(world.answer(els, ItemKind.CHECKIN, "A"))
    world.told[0].has_token = True
    world.tell(els, an_item("B"))
    world.go(at(THURSDAY, "08:59"))
    assert world.read(els) == [["A, answered"]]
    world.go(at(THURSDAY, "09:00"))
    assert world.read(els) == [["A, answered"], ["B, whole"]]


def test_it_waits_for_a_day_they_work(world: UnaskedWorld) -> None:
    els = world.person(working_days="1345")
    with world.database.transaction() as session:
        session.add(Absence(id="a", workspace_id=WORKSPACE, member_id=els.id, first_day=FRIDAY, last_day=FRIDAY))
    world.tell(els, an_item("A"))
    world.send()
    world.answer(els, ItemKind.ASK, "A")
    world.now = at(THURSDAY, "10:00")
    world.tell(els, an_item("B"))
    world.answer(els, ItemKind.ASK, "B")
    world.tell(els, an_item("C"))
    world.go(at(MONDAY, "08:59"))
    assert [texts for texts in world.read(els) if texts == ["C, whole"]] == []
    world.go(at(MONDAY, "09:00"))
    assert world.read(els)[-1] == ["C, whole"]


def test_what_would_not_help_by_then_is_not_said_and_the_caller_hears_so(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.answer(els, ItemKind.ASK, "A")
    assert not world.tell(els, an_item("B", helps_until=at(THURSDAY, "09:00")))
    assert world.tell(els, an_item("C", helps_until=at(THURSDAY, "09:01")))


def test_what_waits_too_long_is_dropped(world: UnaskedWorld) -> None:
    """Nothing ran on Thursday."""
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.answer(els, ItemKind.ASK, "A")
    world.tell(els, an_item("B", helps_until=at(THURSDAY, "12:00")))
    world.tell(els, an_item("C"))
    world.now = at(THURSDAY, "13:00")
    world.tick()
    world.send()
    assert world.read(els)[1:] == [["C, whole"]]
    assert world.given_up == [("B", False)]


def test_what_is_told_late_waits_for_their_hours(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.answer(els, ItemKind.ASK, "A")
    world.tell(els, an_item("B"))
    world.now = at(THURSDAY, "21:00")
    world.tick()
    world.send()
    assert len(world.read(els)) == 1
    world.go(at(FRIDAY, "09:00"))
    assert world.read(els)[1] == ["B, whole"]


def test_an_answer_keeps_the_other_lines_below_it(world: UnaskedWorld) -> None:
    els = world.person()
    for name, kind in (("A", ItemKind.CHECKIN), ("B", ItemKind.ASK), ("C", ItemKind.ASK)):
        world.tell(els, an_item(name, kind))
    world.send()
    world.answer(els, ItemKind.ASK, "B")
    said = world.answer(els, ItemKind.CHECKIN, "A")
    assert [part.text for part in said.parts if hasattr(part, "text")] == ["A, answered", "C"]
    again = world.answer(els, ItemKind.CHECKIN, "A")
    assert again == said, "a changed answer keeps them too"


def test_what_nobody_told_is_answered_alone(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    assert len(world.answer(els, ItemKind.CHECKIN, "from Home").parts) == 2


def test_a_change_that_waits_never_goes_over_an_answer(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN))
    world.send()
    world.tell(els, an_item("B"))
    world.told[0].change(world.answer(els, ItemKind.CHECKIN, "A"))
    world.told[0].has_token = True
    world.go(at(THURSDAY, "09:00"))
    assert world.read(els) == [["A, answered"], ["B"]]


def test_while_a_change_is_on_its_way_an_answer_waits_for_it(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN))
    world.send()
    world.tell(els, an_item("B"))
    claimed = world.claim()
    assert claimed is not None
    with pytest.raises(Refused, match="message_changes"):
        world.answer(els, ItemKind.CHECKIN, "A")
    world.arrive(claimed)
    assert [part.text for part in world.answer(els, ItemKind.CHECKIN, "A").parts if hasattr(part, "text")][1:] == ["B"]


def test_a_change_whose_process_was_killed_holds_no_answer_up_and_is_not_made_later(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN))
    world.send()
    world.tell(els, an_item("B"))
    assert world.claim()
    world.now += timedelta(seconds=31)
    world.told[0].change(world.answer(els, ItemKind.CHECKIN, "A"))
    world.told[0].has_token = True
    world.now += timedelta(seconds=31)
    world.go(at(THURSDAY, "09:00"))
    assert world.read(els) == [["A, answered"], ["B"]]


def test_who_answers_the_question_has_answered_its_reminder(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN))
    world.send()
    world.now = at(THURSDAY, "10:00")
    world.tell(els, an_item("A", ItemKind.NUDGE, key="A nudge"))
    world.answer(els, ItemKind.CHECKIN, "A")
    world.send()
    assert len(world.read(els)) == 1, "the reminder had not left"
    assert [item.is_open for item in world.items()] == [False, False]


def test_no_reminder_joins_the_question_it_reminds_of(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN))
    assert world.tell(els, an_item("A", ItemKind.NUDGE, key="A nudge"))
    world.tell(els, an_item("B"))
    world.send()
    assert world.read(els) == [["**For you on Wed 10 June: 2 things**", "A", "B"]]


# ---------------------------------------------------------------- taking back


def test_what_has_not_left_is_taken_back(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    assert world.take_back("A")
    assert not world.take_back("A")
    world.send()
    assert world.read(els) == []
    world.tell(els, an_item("B"))
    world.send()
    assert world.read(els) == [["B, whole"]], "the day had no message yet"


def test_what_was_sent_or_tried_is_not_taken_back(world: UnaskedWorld) -> None:
    els, jan = world.person(), world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.tell(jan, an_item("B"))
    claimed = world.claim()
    assert claimed is not None
    world.fail(claimed, DOUBTFUL)
    assert not world.take_back("A")
    assert not world.take_back("B")
    assert not world.take_back("never said")


def test_what_waits_is_taken_back(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.answer(els, ItemKind.ASK, "A")
    world.tell(els, an_item("B"))
    assert world.take_back("B")
    world.go(at(THURSDAY, "12:00"))
    assert "B, whole" not in str(world.read(els))


def test_one_that_was_to_join_loses_its_line(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.tell(els, an_item("B"))
    world.tell(els, an_item("C"))
    assert world.take_back("B")
    world.send()
    assert world.read(els) == [["**For you on Wed 10 June: 2 things**", "A", "C"]]


def test_the_only_one_that_was_to_join_leaves_the_message_as_it_is(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.tell(els, an_item("B"))
    assert world.take_back("B")
    world.send()
    assert world.read(els) == [["A, whole"]]


def test_the_first_loses_its_line_where_others_have_joined(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.tell(els, an_item("B"))
    assert world.take_back("A")
    world.send()
    assert world.read(els) == [["**For you on Wed 10 June: 1 thing**", "B"]]


def test_one_after_the_other_is_taken_back(world: UnaskedWorld) -> None:
    els = world.person()
    for name in "AB":
        world.tell(els, an_item(name))
    assert world.take_back("A")
    assert world.take_back("B")
    world.send()
    assert world.read(els) == []
    world.tell(els, an_item("C"))
    world.send()
    assert world.read(els) == [["C, whole"]]


def test_what_stands_in_place_of_what_was_taken_back_is_said(world: UnaskedWorld) -> None:
    els = world.person()
    for name in "AB":
        world.tell(els, an_item(name))
    assert world.take_back("A")
    world.send()
    assert not world.take_back("B")


# ---------------------------------------------------------------- what is over


def test_what_is_over_says_so_in_its_place(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.say_instead(els, "A")
    world.send()
    assert world.read(els) == [["A is over"]]
    world.tell(els, an_item("B"))
    world.send()
    assert world.read(els) == [["B, whole"]]


def test_what_is_over_before_it_left_does_not_come_on_another_day(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.tell(els, an_item("B"))
    world.say_instead(els, "A")
    world.now = at(THURSDAY, "00:00")
    world.tick()
    world.go(at(THURSDAY, "09:00"))
    assert world.read(els) == [["B"]], "and what was to join it is not lost"


def test_beside_other_things_its_line_says_so(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.tell(els, an_item("B"))
    world.send()
    world.say_instead(els, "A")
    world.send()
    assert world.read(els) == [["**For you on Wed 10 June: 1 thing**", "A is over", "B"]]


def test_beside_an_answer_nothing_changes(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.tell(els, an_item("B", ItemKind.CHECKIN))
    world.send()
    world.told[0].change(world.answer(els, ItemKind.CHECKIN, "B"))
    world.told[0].has_token = True
    world.say_instead(els, "A")
    world.send()
    assert world.read(els) == [["B, answered", "A"]]


# ---------------------------------------------------------------- what does not arrive


def test_the_message_of_a_day_leaves_on_that_day_or_is_told_on_the_next(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.tell(els, an_item("B"))
    world.now = at(THURSDAY, "00:00")
    world.tick()
    world.send()
    assert world.read(els) == []
    world.go(at(THURSDAY, "09:00"))
    assert world.read(els) == [["**For you on Thu 11 June: 2 things**", "A", "B"]]
    assert world.given_up == []


def test_what_is_found_too_late_in_their_hours_is_told_at_once(world: UnaskedWorld) -> None:
    """Nothing ran from Wednesday afternoon until Thursday noon."""
    els = world.person()
    world.tell(els, an_item("A"))
    world.now = at(THURSDAY, "12:00")
    world.tick()
    world.send()
    assert world.read(els) == [["A, whole"]]


def test_it_leaves_before_its_own_time_is_over_or_its_giver_hears(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN, expires_at=at(WEDNESDAY, "18:00")))
    world.now = at(WEDNESDAY, "18:00")
    world.tick()
    world.send()
    assert world.read(els) == []
    assert world.given_up == [("A", False)]
    assert world.items() == []


def test_a_line_that_could_not_join_is_told_on_the_next_day(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.send()
    world.tell(els, an_item("B"))
    claimed = world.claim()
    assert claimed is not None
    world.fail(claimed, DeliveryError("refused", permanent=True))
    world.go(at(THURSDAY, "09:00"))
    assert world.read(els) == [["A, whole"], ["B"]]


def test_whose_account_is_closed_is_told_nothing_more(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN))
    claimed = world.claim()
    assert claimed is not None
    world.fail(claimed, GONE)
    world.tick()
    assert world.given_up == [("A", True)]
    world.tell(els, an_item("B"))
    world.go(at(MONDAY, "12:00"))
    assert world.read(els) == []
    assert world.given_up == [("A", True), ("B", True)]


def test_one_that_may_have_arrived_is_not_told_again(world: UnaskedWorld) -> None:
    """Where it can be looked up it is; where not, the sender says so for good."""
    els = world.person()
    world.tell(els, an_item("A", ItemKind.CHECKIN, expires_at=at(WEDNESDAY, "18:00")))
    claimed = world.claim()
    assert claimed is not None
    world.fail(claimed, DOUBTFUL)
    world.now = at(WEDNESDAY, "18:30")
    world.tick()
    again = world.claim()
    assert again is not None
    assert again.ambiguous
    assert again.has_expired(world.now)
    world.fail(again, DeliveryError("perhaps_sent", permanent=True))
    world.tick()
    assert world.given_up == []
    assert [row.state for row in world.rows()] == [OutboxState.FAILED]


def test_who_may_not_be_disturbed_any_more_is_not(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A"))
    world.answer(els, ItemKind.ASK, "A")
    world.tell(els, an_item("B"))
    with world.database.transaction() as session:
        els.undisturbed = True
        session.add(els)
    world.go(at(THURSDAY, "12:00"))
    assert "B" not in str(world.read(els))


def test_something_may_be_told_from_a_moment_on(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", not_before=at(WEDNESDAY, "20:00")))
    world.go(at(WEDNESDAY, "19:59"))
    assert world.read(els) == []
    world.go(at(WEDNESDAY, "20:00"))
    assert world.read(els) == [["A, whole"]]


# ---------------------------------------------------------------- forgetting


def test_who_was_reminded_is_forgotten_but_their_day_has_had_its_message(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.NUDGE, topic="nudges"))
    world.send()
    with world.database.transaction() as session:
        unasked.forget(session, world.context(), WORKSPACE, ItemKind.NUDGE, "A", "nudges")
    assert world.rows() == []
    [mark] = world.items()
    assert (mark.kind, mark.subject_id, mark.topic, mark.line) == (ItemKind.CHECKIN, "", None, {})
    world.tell(els, an_item("B"))
    world.send()
    assert world.read(els) == [["A, whole"]]
    world.go(at(THURSDAY, "09:00"))
    assert world.read(els)[1] == ["B, whole"]
    world.now = at(FRIDAY, "12:00")
    with world.database.transaction() as session:
        assert unasked.purge(session, world.context()) == 1


def test_what_else_stood_in_that_message_stays(world: UnaskedWorld) -> None:
    els = world.person()
    world.tell(els, an_item("A", ItemKind.NUDGE, topic="nudges"))
    world.send()
    world.tell(els, an_item("B", topic="asks"))
    with world.database.transaction() as session:
        unasked.forget(session, world.context(), WORKSPACE, ItemKind.NUDGE, "A", "nudges")
    world.send()
    assert world.read(els) == [["**For you on Wed 10 June: 2 things**", "A", "B"]]
    assert {row.topic for row in world.rows()} == {None, "asks"}
    assert not [row for row in world.rows() if row.key == "A"]


# ---------------------------------------------------------------- several processes


def test_two_processes_that_tell_somebody_at_once_say_it_in_one_message(world: UnaskedWorld) -> None:
    """Neither sees what the other has not committed; whose turn it is not waits, and joins."""
    people = [world.person() for _ in range(20)]
    together = threading.Barrier(4)

    def tell(process: int) -> None:
        together.wait()
        order = people if process % 2 else people[::-1]
        world.tell_all([(person, an_item(f"{process} {person.id}")) for person in order])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell, range(4)))
    world.send()
    assert [len(world.read(person)) for person in people] == [1] * 20
    assert {len(texts) for person in people for texts in world.read(person)} == {5}, "the opening, and four lines"
