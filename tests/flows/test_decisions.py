"""What meetings are asked to decide: asked, objected to, answered afterwards, and what else is on the agenda."""

from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

from bot.playground import labels
from bot.playground import words as escaped_words
from bot.playground.model import Message, View
from storage.tables import (
    AgendaItem,
    AuditRecord,
    Decision,
    DecisionEntry,
    DecisionKind,
    DecisionObjection,
    DecisionObjective,
    DecisionStatus,
    Meeting,
)
from tests.flows.world import (
    CHANNEL,
    DUTCH_OPERATIONS,
    FACILITATOR,
    OPERATIONS,
    SALES,
    World,
    filled_in,
    person_id,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AFTER_EXECUTIVE = datetime(2026, 6, 18, 11, 0, tzinfo=AMSTERDAM)
AFTER_PRE_SOP = datetime(2026, 6, 15, 15, 30, tzinfo=AMSTERDAM)
QUESTION = "Which days does line 2 wash at noon?"


async def test_a_facilitator_asks_two_to_decide_and_one_to_ratify_and_a_fourth_is_refused(world: World) -> None:
    page = await world.says(FACILITATOR, "/sop", "decisions")
    assert page.ephemeral_to is not None
    assert "For the pre-S&OP: Mon 15 June, 13:30 (Amsterdam)" in words(page)
    assert "Decide 1: Ten working days is not how Caterer G works" in words(page)
    assert "Decide 2: Who may grant an exception to the launch gate?" in words(page)
    assert "Agreed unless you object: Bias per account" in words(page)
    assert "Recommendation: *A*. Owner: Demand Planner, with Account Manager Belgium." in words(page)

    saved = await _asks(world, page, kind="decide", entries="#101, 102", objective="O4", second_objective="O5")
    assert f"Asked:* {QUESTION}" in words(saved)
    assert f"Decide 2: {QUESTION}" in words(saved)
    assert "*A* Monday and Thursday · 40 trays less" in words(saved)
    saved = await _asks(world, saved, question="Who calls the customer?", kind="ratify", recommendation="A")
    assert "Agreed unless you object: Who calls the customer" in words(saved)
    assert "Who calls the customer?" not in words(saved)
    saved = await _asks(world, saved, question="Which crew on 27 July?", kind="decide")
    assert "Decide 3: Which crew on 27 July?" in words(saved)
    ours = {decision.question: decision for decision in world.rows(Decision)}
    asked = ours[QUESTION]
    assert (asked.kind, asked.status, asked.recommendation) == (DecisionKind.DECIDE, DecisionStatus.ASKED, "B")
    assert (ours["Which crew on 27 July?"].rank, ours["Who calls the customer?"].rank) == (3, 4)
    assert sum(link.decision_id == asked.id for link in world.rows(DecisionEntry)) == 2
    assert [link.objective_key for link in world.rows(DecisionObjective) if link.decision_id == asked.id] == [
        "O4",
        "O5",
    ]

    await world.opens(FACILITATOR, saved, "Ask a decision")
    await _chooses_executive(world, question="A fourth?", kind="decide")
    errors = await _chooses_executive(world, question="A fourth?", kind="decide")
    assert errors == {
        "kind": "Three to decide is the most: few are decided better than many. "
        "Let this one stand unless somebody objects, or ask it at the next meeting."
    }
    assert filled_in(await world.screen(FACILITATOR))["kind"] == "decide"
    assert await _chooses_executive(world, question="A fourth?", kind="ratify", recommendation="A") == {}
    assert "Agreed unless you object: A fourth" in words(await world.person(FACILITATOR).again(saved))
    audited = [record.action for record in world.rows(AuditRecord)]
    assert audited.count("decision.ask") == 4


async def test_the_form_says_what_is_missing_beside_its_field(world: World) -> None:
    page = await world.says(FACILITATOR, "/sop", "decisions")
    await world.opens(FACILITATOR, page, "Ask a decision")
    errors = await _chooses_executive(world, option_b="Friday")
    assert errors == {"option_b": "Add its price or effect after a semicolon: keep ten days; no night work"}
    assert await _chooses_executive(world, recommendation="D") == {
        "recommendation": "There is no option D. Choose one that is filled in."
    }
    assert await _chooses_executive(world, co_owner=person_id(SALES)) == {
        "co_owner": "This is the owner already. Choose somebody else, or nobody."
    }
    assert await _chooses_executive(world, entries="#999") == {
        "entries": "I do not know #999. /sop entries shows what there is."
    }
    assert await _chooses_executive(world, kind="escalate") == {
        "kind": "The executive S&OP decides itself: nobody to pass it on to."
    }
    assert await _chooses_executive(world, owner=person_id("NEW")) == {
        "owner": "I do not know where they work. Choose somebody else."
    }
    assert not any(decision.question == QUESTION for decision in world.rows(Decision))


async def test_a_question_is_changed_removed_and_put_back(world: World) -> None:
    page = await world.says(FACILITATOR, "/sop", "decisions")
    form = await world.opens(FACILITATOR, page, "Change")
    assert str(filled_in(form)["question"]).startswith("Ten working days is not how Caterer G works")
    assert filled_in(form)["entries"] == "#19, #35, #36, #101, #102"
    assert filled_in(form)["owner"] == person_id("M24")
    assert await world.submits(FACILITATOR, question="Which rule for airline menus?") == {}
    changed = await world.person(FACILITATOR).again(page)
    assert "Changed:* Which rule for airline menus?" in words(changed)
    assert "Decide 1: Which rule for airline menus?" in words(changed)
    record = next(record for record in world.rows(AuditRecord) if record.action == "decision.change")
    assert "question: Ten working days" in str(record.before)
    assert "question: Which rule for airline menus?" in str(record.after)

    removed = await world.presses(FACILITATOR, changed, "Remove")
    assert "Removed:* Which rule for airline menus?" in words(removed)
    assert "Decide 1: Who may grant an exception" in words(removed)
    back = await world.presses(FACILITATOR, removed, "Put back")
    assert "Decide 2: Which rule for airline menus?" in words(back)


async def test_a_member_reads_the_list_and_changes_nothing(world: World) -> None:
    theirs = await world.says(FACILITATOR, "/sop", "decisions")
    page = await world.says(OPERATIONS, "/sop", "decisions")
    assert set(labels(page)) == {"Options and price", "Object", "Add to the agenda"}
    assert {"Change", "Remove", "Ask a decision", "Open"} <= set(labels(theirs))
    window = await world.opens(OPERATIONS, page, "Options and price")
    shown = words(window)
    assert "but trays bought from a competitor (6,300 euro in January)" in shown
    assert "Comes from: #19, #35, #36, #101, #102" in shown
    assert "Owner: Production Scheduler Noord, with Export Manager Airline Catering." in shown


async def test_an_objection_carries_its_name_and_reaches_the_facilitator(world: World) -> None:
    page = await world.says(OPERATIONS, "/sop", "decisions")
    form = await world.opens(OPERATIONS, page, "Object")
    assert "Your name stands with it" in words(form)
    assert await world.submits(OPERATIONS, reason="  ") == {
        "reason": "One sentence is enough: why should it not stand?"
    }
    reason = "It tells each customer's number to everybody on line 1."
    assert await world.submits(OPERATIONS, reason=reason) == {}
    mine = await world.person(OPERATIONS).again(page)
    assert "Your objection is in, with your name." in words(mine)

    notice = await world.newest(FACILITATOR, None)
    assert "Plant Manager Midden objects to what would be agreed in the pre-S&OP of Mon 15 June" in words(notice)
    assert reason in words(notice)
    assert reason not in notice.text
    assert "Plant Manager" not in notice.text
    assert "1 objection." in words(await world.says(SALES, "/sop", "decisions"))
    window = await world.opens(FACILITATOR, notice, "Options and price")
    assert f"Plant Manager Midden objects: {reason}" in words(window)

    await world.opens(OPERATIONS, mine, "Change")
    assert await world.submits(OPERATIONS, reason="It names customers.") == {}
    assert "It names customers." in words(await world.person(FACILITATOR).again(notice))
    withdrawn = await world.presses(OPERATIONS, mine, "Withdraw")
    assert "Your objection is withdrawn." in words(withdrawn)
    assert "withdrew the objection" in words(await world.person(FACILITATOR).again(notice))
    assert len(await world.chat(FACILITATOR)) == 1
    assert world.rows(DecisionObjection) == []


async def test_what_is_to_be_decided_has_nothing_to_object_to(world: World) -> None:
    page = await world.says(OPERATIONS, "/sop", "decisions")
    form = await world.opens(OPERATIONS, page, "Object")
    await world.says(FACILITATOR, "/sop", "decisions")
    theirs = await world.newest(FACILITATOR)
    await world.person(FACILITATOR).press(theirs, "decision.change#3")
    await world.settle()
    assert await world.submits(FACILITATOR, kind="escalate") == {}
    errors = await world.person(OPERATIONS).submit(form, {"reason": "It names customers."})
    assert errors == {
        "reason": "This one does not stand by itself: the pre-S&OP decides it. Say it there, or add it to the agenda."
    }


async def test_after_the_meeting_the_answers_are_noted_and_can_be_undone(world: World) -> None:
    page = await world.says(FACILITATOR, "/sop", "decisions")
    early = await world.presses(FACILITATOR, page, "Open")
    assert "Answers of the executive S&OP of 21 May" in words(early)
    assert labels(early) == ["Undo", "Undo", "Decisions"]

    await world.forward(AFTER_PRE_SOP)
    page = await world.says(FACILITATOR, "/sop", "decisions")
    assert "The pre-S&OP of 15 June: 3 asked, 0 taken, *3 wait for an answer*" in words(page)
    assert "Answer" not in labels(await world.says(OPERATIONS, "/sop", "decisions"))
    card = await world.presses(FACILITATOR, page, "Answer")
    assert labels(card)[:4] == ["Taken: A", "Taken: B", "Carried over", "To executive S&OP"]
    card = await world.presses(FACILITATOR, card, "Taken: B")
    assert "3 asked, 1 taken." in words(card)
    card = await world.presses(FACILITATOR, card, "Undo")
    assert "3 asked, 0 taken." in words(card)
    card = await world.presses(FACILITATOR, card, "Taken: A")
    card = await world.presses(FACILITATOR, card, "Carried over")
    assert "Carried over* → the pre-S&OP of 15 July" in words(card)
    card = await world.presses(FACILITATOR, card, "Taken: A")
    assert "3 asked, 2 taken." in words(card)
    assert set(labels(card)) == {"Undo", "Decisions"}

    page = await world.presses(FACILITATOR, card, "Decisions")
    assert "For the pre-S&OP: Wed 15 July, 13:30 (Amsterdam)" in words(page)
    assert "Decide 1: Who may grant an exception to the launch gate?" in words(page)
    assert "Carried over from the pre-S&OP of 15 June." in words(page)
    audited = [record.action for record in world.rows(AuditRecord)]
    assert audited.count("decision.answer") == 5


async def test_what_is_carried_over_and_taken_back_is_gone_there(world: World) -> None:
    await world.forward(AFTER_PRE_SOP)
    card = await world.presses(FACILITATOR, await world.says(FACILITATOR, "/sop", "decisions"), "Answer")
    card = await world.presses(FACILITATOR, card, "Carried over")
    await world.presses(FACILITATOR, card, "Undo")
    page = await world.says(FACILITATOR, "/sop", "decisions")
    july = words(page).split("Wed 15 July")[1]
    assert "Nothing is asked yet." in july


async def test_what_is_passed_on_is_a_question_of_its_own_there(world: World) -> None:
    await world.forward(AFTER_PRE_SOP)
    card = await world.presses(FACILITATOR, await world.says(FACILITATOR, "/sop", "decisions"), "Answer")
    card = await world.presses(FACILITATOR, card, "To executive S&OP")
    assert "Passed on* → the executive S&OP of 18 June" in words(card)
    page = await world.presses(FACILITATOR, card, "Decisions")
    executive = words(page).split("For the executive S&OP")[1]
    assert "Decide 2: Ten working days is not how Caterer G works" in executive
    assert "Passed on by the pre-S&OP of 15 June." in executive


async def test_an_answer_that_a_later_brief_has_stays(world: World) -> None:
    await world.forward(AFTER_PRE_SOP)
    page = await world.says(FACILITATOR, "/sop", "decisions")
    card = await world.presses(FACILITATOR, page, "Answer")
    card = await world.presses(FACILITATOR, card, "Taken: A")
    await world.forward(datetime(2026, 7, 13, 9, 1, tzinfo=AMSTERDAM))
    await world.person(FACILITATOR).press(card, "Undo")
    await world.settle()
    refused = await world.newest(FACILITATOR)
    assert "The answer is in the brief of Mon 13 July, 09:00 (Amsterdam) and no longer changes." in words(refused)


async def test_a_meeting_that_is_over_is_asked_nothing(world: World) -> None:
    page = await world.says(FACILITATOR, "/sop", "decisions")
    await world.opens(FACILITATOR, page, "Ask a decision")
    await world.forward(AFTER_EXECUTIVE)
    assert await _chooses_executive(world) == {"meeting": "This meeting is over. Choose the next one."}


async def test_what_is_asked_after_the_brief_says_so(world: World) -> None:
    await world.forward(datetime(2026, 6, 11, 9, 30, tzinfo=AMSTERDAM))
    page = await world.says(FACILITATOR, "/sop", "decisions")
    assert "is out" not in words(page)
    await world.opens(FACILITATOR, page, "Ask a decision")
    assert await world.submits(FACILITATOR, **_form()) == {}
    said = "The brief of Thu 11 June, 09:00 (Amsterdam) is out. What was asked since then stands only here."
    assert said in words(await world.person(FACILITATOR).again(page))


async def test_anybody_puts_something_on_the_agenda(world: World) -> None:
    page = await world.says(OPERATIONS, "/sop", "decisions")
    await world.opens(OPERATIONS, page, "Add to the agenda")
    assert await world.submits(OPERATIONS, what=" ") == {"what": "One line is enough: what should be talked about?"}
    assert await world.submits(OPERATIONS, what="The noon wash", entry="#999 #1") == {
        "entry": "I do not know #999 #1. /sop entries shows what there is."
    }
    assert await world.submits(OPERATIONS, what="The noon wash of line 2", entry="#101") == {}
    added = await world.person(OPERATIONS).again(page)
    assert "On the agenda of the pre-S&OP of Mon 15 June, 13:30 (Amsterdam):* The noon wash of line 2" in words(added)
    theirs = await world.says(SALES, "/sop", "decisions")
    assert "The noon wash of line 2 (#101) · Plant Manager Midden" in words(theirs)
    assert "Remove" not in labels(theirs)
    mine = await world.says(OPERATIONS, "/sop", "decisions")
    off = await world.presses(OPERATIONS, mine, "Remove")
    assert "Off the agenda:* The noon wash of line 2" in words(off)
    assert world.rows(AgendaItem) == []


async def test_the_post_of_the_brief_leads_to_the_question_the_objection_and_the_agenda(world: World) -> None:
    await world.forward(datetime(2026, 6, 11, 9, 30, tzinfo=AMSTERDAM))
    post = next(each for each in await world.person(OPERATIONS).sees(CHANNEL) if "Options and price" in labels(each))
    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "decisions"), "Change")
    assert await world.submits(FACILITATOR, option_a="menu firm at five days; a Saturday") == {}
    frozen = words(await world.opens(OPERATIONS, post, "Options and price"))
    assert "*A* menu firm at seven days" in frozen
    assert "Comes from: #101, #102; earlier: #19, #35, #36" in frozen
    assert "As the brief of Thu 11 June, 09:00 (Amsterdam) has it." in frozen
    await world.person(OPERATIONS).close(await world.screen(OPERATIONS))

    await world.opens(OPERATIONS, post, "Object")
    assert await world.submits(OPERATIONS, reason="It names customers.") == {}
    beside = await world.newest(OPERATIONS)
    assert "Your objection is in, with your name." in words(beside)
    assert beside.ephemeral_to is not None
    await world.opens(OPERATIONS, post, "Add to the agenda")
    assert await world.submits(OPERATIONS, what="The noon wash of line 2") == {}
    assert "The noon wash of line 2" in words(await world.newest(OPERATIONS))
    assert "Options and price" in labels(await world.person(OPERATIONS).again(post))


async def test_in_dutch(world: World) -> None:
    page = await world.says(DUTCH_OPERATIONS, "/sop", "besluiten")
    shown = words(page)
    assert "Voor de pre-S&OP: ma 15 juni, 13:30 (Amsterdam)" in shown
    assert "Besluit 1: Ten working days is not how Caterer G works" in shown
    assert "Akkoord, tenzij je bezwaar hebt: Bias per account" in shown
    assert "Advies: *A*. Eigenaar: Demand Planner, met Account Manager Belgium." in shown
    assert set(labels(page)) == {"Opties en prijs", "Bezwaar maken", "Op de agenda"}
    form = await world.opens(DUTCH_OPERATIONS, page, "Bezwaar maken")
    assert form.payload["title"]["text"] == "Bezwaar maken"
    assert "Je naam staat erbij" in words(form)
    assert await world.submits(DUTCH_OPERATIONS, reason="Het noemt klanten.") == {}
    said = words(await world.person(DUTCH_OPERATIONS).again(page))
    assert "Je bezwaar is binnen, met je naam." in said
    assert "1 bezwaar." in words(await world.says(DUTCH_OPERATIONS, "/sop", "besluiten"))


def _form(**over: object) -> dict[str, object]:
    return {
        "question": QUESTION,
        "kind": "decide",
        "option_a": "Monday and Thursday; 40 trays less",
        "option_b": "Friday only; a fuller Monday",
        "recommendation": "B",
        "owner": person_id(SALES),
        "co_owner": person_id(OPERATIONS),
        **over,
    }


async def _chooses_executive(world: World, **over: object) -> dict[str, str]:
    """Send the form on the facilitator's screen, for the executive S&OP of June."""
    executive = next(meeting for meeting in world.rows(Meeting) if meeting.key == "2026-06-EX")
    return await world.submits(FACILITATOR, **_form(meeting=executive.id, **over))


async def _asks(world: World, page: Message, **over: object) -> Message:
    await world.opens(FACILITATOR, page, "Ask a decision")
    assert await _chooses_executive(world, **over) == {}
    return await world.person(FACILITATOR).again(page)


def words(where: Message | View) -> str:
    return unescape(escaped_words(where))
