"""The post of a brief, line by line: what it says, and what is folded into its thread when there is too much."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.brief import (
    BriefSnapshot,
    Cycle,
    Elsewhere,
    Guard,
    GuardKind,
    ObjectiveFact,
    Parked,
    Pulse,
    SidePulse,
    Told,
    ToldKind,
    Words,
)
from bot.domain.chat import Buttons, Chart, Text
from bot.domain.decision import DecisionFacts, OptionFacts
from bot.domain.figures import Direction
from bot.services.messages import briefs as messages
from bot.services.messages.brief_decisions import core_of
from bot.templates import Speaker
from storage.tables import DecisionKind, Kind, MeetingType
from tests.brief_text import lines_of, text_of
from tests.domain.test_brief import snapshot

ENGLISH, DUTCH = Speaker("en", "Europe/Amsterdam"), Speaker("nl", "Europe/Amsterdam")
STANDING = messages.Standing("brief1")
QUIET = Guard(GuardKind.QUIET, ("quiet:sales:2026-05-18",), ("Sales",), date(2026, 5, 18))


def a_decision(number: int, **over: Any) -> DecisionFacts:
    facts = DecisionFacts(
        id=f"d{number}",
        rank=number,
        kind=DecisionKind.DECIDE,
        question=f"Question {number}?",
        options=(OptionFacts("A", "do it", "1,000 euro"), OptionFacts("B", "leave it", None)),
        recommendation="A",
        owner="Planner",
        co_owner=None,
        objective_keys=(),
        entry_refs=(),
        earlier_entry_refs=(),
    )
    return replace(facts, **over)


def a_ratification(number: int) -> DecisionFacts:
    return a_decision(number, kind=DecisionKind.RATIFY, question=f"Point {number}?")


def a_side(name: str, mean: str, before: str | None, direction: Direction = Direction.SAME) -> SidePulse:
    return SidePulse(name, Decimal(mean), Decimal(before) if before else None, 8, direction)


def a_pulse(first: SidePulse, second: SidePulse, direction: Direction = Direction.SAME) -> Pulse:
    gap = first.mean - second.mean
    before = first.before - second.before if first.before and second.before else None
    return Pulse(
        asked=True,
        sides=(first, second),
        gap=gap,
        gap_before=before,
        direction=direction,
        rounds=("2026-W20", "2026-W23"),
    )


def the_post(brief: BriefSnapshot, speak: Speaker = ENGLISH, **standing: Any) -> list[str]:
    return lines_of(messages.post(speak, brief, replace(STANDING, **standing)))


def line(brief: BriefSnapshot, start: str, speak: Speaker = ENGLISH) -> str:
    return next(line for line in the_post(brief, speak) if line.startswith(start))


def brief(**over: Any) -> BriefSnapshot:
    return replace(snapshot(), **over)


# ---------------------------------------------------------------- decisions


def test_a_question_stands_with_options_recommendation_price_and_owner() -> None:
    asked = the_post(brief(decisions=(a_decision(1, co_owner="Buyer"), a_decision(2, recommendation=None))))

    assert asked[2:6] == [
        "Decide 1: Question 1? A do it. B leave it. Recommendation: A.",
        "Price: A 1,000 euro. Owner: Planner, with Buyer.",
        "Decide 2: Question 2? A do it. B leave it. No recommendation yet.",
        "Price: A 1,000 euro. Owner: Planner.",
    ]


def test_each_question_has_its_button_and_a_ratification_its_own() -> None:
    parts = messages.post(ENGLISH, brief(decisions=(a_decision(1), a_ratification(2))), STANDING).parts
    beside = [part.button for part in parts if isinstance(part, Text) and part.button]

    assert [(button.action, button.value) for button in beside] == [
        ("decision.options", "d1|brief1"),
        ("decision.object", "d2"),
    ]
    assert [button.action for part in parts if isinstance(part, Buttons) for button in part.buttons] == [
        "brief.details",
        "brief.decisions",
        "brief.agreements",
        "agenda.add",
    ]


def test_what_stands_unless_somebody_objects_is_what_is_recommended() -> None:
    assert line(brief(decisions=(a_ratification(1),)), "Agreed") == (
        "Agreed unless you object: Point 1. Do it; 1,000 euro. Owner: Planner."
    )


def test_a_long_question_is_cut_to_its_core_before_its_options_are() -> None:
    long = a_decision(
        1,
        question="Ten working days is not how Caterer G works: which rule for airline menus?",
        options=(
            OptionFacts("A", "menu firm at seven days, volume band of 10% until 72 hours, " + "a contact " * 5, None),
            OptionFacts("B", "keep ten working days and refuse later changes", None),
        ),
    )

    assert line(brief(decisions=(long,)), "Decide 1").startswith(
        "Decide 1: Which rule for airline menus? A menu firm at seven days, volume band of 10% until 72 hours… B keep"
    )


@pytest.mark.parametrize(
    ("question", "core"),
    [
        ("It is late: which rule for airline menus?", "Which rule for airline menus?"),
        ("61 tail articles: which ones stop?", "61 tail articles: which ones stop?"),
        ("Who may grant an exception?", "Who may grant an exception?"),
    ],
)
def test_the_core_of_a_question_is_what_can_be_understood_alone(question: str, core: str) -> None:
    assert core_of(question) == core


def test_what_stands_unless_somebody_objects_is_no_question_in_the_thread_either() -> None:
    told = "\n".join(text_of(reply) for reply in messages.thread(ENGLISH, brief(decisions=(a_ratification(1),))))

    assert "Agreed unless you object. Point 1" in told
    assert "Point 1?" not in told


def test_what_people_wrote_stands_by_its_title_in_the_thread() -> None:
    told = (
        ToldKind(Kind.CLASH, (Told("9", "Doubled at four"), Told("7", "Trays too late")), 3),
        ToldKind(Kind.NOT_SO_WELL, (Told("8", "Two lists"),), 0),
        ToldKind(Kind.IMPROVE, (Told("6", "One owner"),), 0),
    )
    english, dutch = (
        "\n".join(text_of(reply) for reply in messages.thread(speak, brief(told=told))) for speak in (ENGLISH, DUTCH)
    )

    assert "Clashes. Doubled at four (#9) · Trays too late (#7) · and 3 more\nNot so well. Two lists (#8)" in english
    assert "To improve. One owner (#6)" in english
    assert "Botsingen. Doubled at four (#9) · Trays too late (#7) · en nog 3\nGing minder goed. Two lists (#8)" in dutch
    assert "Kan beter. One owner (#6)" in dutch


def test_a_meeting_that_is_asked_nothing_says_so_but_not_in_a_brief_from_before_questions() -> None:
    assert "Decide. Nothing is asked of this meeting." in the_post(brief())
    assert not any("Decide" in said for said in the_post(brief(format=1)))


# ---------------------------------------------------------------- pulse


@pytest.mark.parametrize(
    ("first", "second", "gap", "said"),
    [
        (Direction.SAME, Direction.SAME, Direction.SAME, "Cooperation is about the same as four weeks ago."),
        (Direction.BETTER, Direction.BETTER, Direction.SAME, "Cooperation is better than four weeks ago."),
        (Direction.WORSE, Direction.WORSE, Direction.SAME, "Cooperation is worse than four weeks ago."),
        (
            Direction.BETTER,
            Direction.SAME,
            Direction.WIDER,
            "Cooperation against four weeks ago: Sales better, Operations about the same, the difference is wider.",
        ),
        (
            Direction.WORSE,
            Direction.BETTER,
            Direction.NARROWER,
            "Cooperation against four weeks ago: Sales worse, Operations better, the difference is narrower.",
        ),
        (
            Direction.SAME,
            Direction.SAME,
            Direction.WIDER,
            "Cooperation is about the same as four weeks ago, the difference is wider.",
        ),
    ],
)
def test_the_first_sentence_says_how_cooperation_moved_and_never_more(
    first: Direction, second: Direction, gap: Direction, said: str
) -> None:
    pulse = a_pulse(a_side("Sales", "3.50", "3.20", first), a_side("Operations", "3.00", "3.00", second), gap)

    assert line(brief(pulse=pulse), "In short.") == f"In short. {said}"


def test_without_a_window_before_nothing_is_compared() -> None:
    pulse = a_pulse(a_side("Sales", "3.50", None), a_side("Operations", "3.00", None))

    assert line(brief(pulse=pulse), "In short.") == "In short. No entries since 13 May."
    assert line(brief(pulse=pulse), "Pulse") == (
        "Pulse, four weeks. Sales 3.50 (8 people), Operations 3.00 (8 people), difference 0.50; scale 1-5"
    )


def test_an_arrow_stands_only_where_a_mean_moved() -> None:
    pulse = a_pulse(
        a_side("Sales", "3.60", "3.20", Direction.BETTER),
        a_side("Operations", "2.70", "3.00", Direction.WORSE),
        Direction.WIDER,
    )

    assert line(brief(pulse=pulse), "Samenwerkingsscore", DUTCH) == (
        "Samenwerkingsscore, vier weken. Sales 3,60 ▲ (was 3,20; 8 mensen), Operations 2,70 ▼ (was 3,00; 8 mensen), "
        "verschil 0,90 (was 0,20): groter; schaal 1-5"
    )


def test_a_pulse_that_may_not_be_shown_says_so_and_one_that_was_never_asked_is_silent() -> None:
    hidden = brief(pulse=Pulse(asked=True))

    assert line(hidden, "Pulse") == ("Pulse, four weeks. No pulse this time: fewer than five answers on one side.")
    assert not any(said.startswith("Pulse") for said in the_post(brief(pulse=Pulse(asked=False))))
    assert not any(said.startswith("Pulse") for said in the_post(brief(pulse=None)))


# ---------------------------------------------------------------- elsewhere, guards, chart


def test_what_another_meeting_answers_is_told_with_its_day() -> None:
    executive = datetime(2026, 6, 18, 7, tzinfo=UTC)
    elsewhere = (Elsewhere("Tray sealer: which volume?", MeetingType.EXECUTIVE_SOP, executive),)

    assert line(brief(elsewhere=elsewhere), "Not for this meeting.") == (
        "Not for this meeting. Tray sealer: which volume → executive S&OP, Thu 18 June · parked: nothing"
    )
    assert line(brief(parked=(Parked("7", "A truck"),)), "Not for this meeting.") == (
        "Not for this meeting. parked: 1 (#7)"
    )
    assert not any(said.startswith("Not for") for said in the_post(brief()))


def test_a_guard_is_kind_and_says_what_to_do() -> None:
    guards = (
        QUIET,
        Guard(GuardKind.NOT_HELD, ("not_held:r",), day=date(2026, 5, 28), next_day=date(2026, 6, 24)),
        Guard(GuardKind.CAME_BACK, ("came_back:a",), ("Swap rule",), ref="47"),
        Guard(GuardKind.NOT_EVALUATED, ("not_evaluated:a", "not_evaluated:b"), ("Swap rule", "Hold alert")),
    )

    told = text_of(messages.details(ENGLISH, brief(guards=guards)))

    assert "Quiet: Sales, no entry since 18 May; ask one question at the start." in told
    assert "Not held: the retro of 28 May; next Wed 24 June." in told
    assert "Came back after it was kept: Swap rule (#47); worth evaluating." in told
    assert "Closed over four weeks ago, not evaluated: Swap rule · Hold alert; five minutes in the next retro." in told
    assert "Stil: Sales, geen voorbeeld sinds 18 mei; begin met één vraag." in the_post(brief(guards=guards[:1]), DUTCH)


def test_the_chart_says_what_the_thread_says() -> None:
    cycles = (Cycle(date(2026, 5, 18), 4, 7), Cycle(date(2026, 6, 15), 5, 6))
    post = messages.post(ENGLISH, brief(cycles=cycles), STANDING)

    (chart,) = [part for part in post.parts if isinstance(part, Chart)]
    assert (chart.title, chart.labels) == ("Clash and went well per cycle", ("May", "June"))
    assert [series.values for series in chart.series] == [(4, 5), (7, 6)]
    assert "Clash and went well per cycle. May 4 and 7 · June 5 and 6" in text_of(
        messages.details(ENGLISH, brief(cycles=cycles))
    )


def test_two_cycles_in_a_month_are_told_by_their_days() -> None:
    cycles = (Cycle(date(2026, 6, 1), 4, 7), Cycle(date(2026, 6, 15), 5, 6))
    (chart,) = [p for p in messages.post(ENGLISH, brief(cycles=cycles), STANDING).parts if isinstance(p, Chart)]

    assert chart.labels == ("1 June", "15 June")


def test_one_cycle_is_no_trend() -> None:
    post = messages.post(ENGLISH, brief(cycles=(Cycle(date(2026, 6, 15), 5, 6),)), STANDING)

    assert not [part for part in post.parts if isinstance(part, Chart)]


# ---------------------------------------------------------------- fifteen lines


FULL: dict[str, Any] = {
    "pulse": a_pulse(a_side("Sales", "3.50", "3.20"), a_side("Operations", "3.00", "3.00")),
    "parked": (Parked("7", "A truck"),),
    "guards": (QUIET,),
}


def starts(brief_: BriefSnapshot, **standing: Any) -> list[str]:
    return [said.split(" ")[0] for said in the_post(brief_, **standing)]


def test_guards_are_folded_first() -> None:
    room = starts(brief(**FULL, decisions=(a_decision(1), a_decision(2))))
    full = starts(brief(**FULL, decisions=(a_decision(1), a_decision(2), a_ratification(3))))

    assert (len(room), room.count("Quiet:")) == (15, 1)
    assert (len(full), full.count("Quiet:"), full.count("Price:")) == (15, 0, 2)


def test_then_ratifications_stand_in_one_line() -> None:
    decisions = (a_decision(1), a_decision(2), a_ratification(3), a_ratification(4))
    said = the_post(brief(**FULL, decisions=decisions))

    assert len(said) == 15
    assert "Agreed unless you object: 2 points. Point 3 · Point 4" in said


def test_then_prices_go_from_the_last_question_on() -> None:
    decisions = (a_decision(1), a_decision(2), a_decision(3), a_ratification(4))
    said = starts(brief(**FULL, decisions=decisions))

    assert (len(said), said.count("Decide"), said.count("Price:")) == (15, 3, 1)
    assert said.index("Price:") == said.index("Decide") + 1


def test_then_what_is_not_for_this_meeting_goes() -> None:
    decisions = tuple(a_decision(number) for number in range(1, 6))
    moved: dict[str, Any] = {
        "late_at": datetime(2026, 6, 12, tzinfo=UTC),
        "moved_to": datetime(2026, 6, 16, tzinfo=UTC),
    }
    said = starts(brief(**FULL, decisions=(*decisions, a_ratification(6))), **moved)

    assert (len(said), said.count("Not"), said.count("Price:")) == (15, 0, 0)
    assert "And 2 more to decide: press Decisions." in the_post(brief(**FULL, decisions=decisions), **moved)


def test_a_name_with_a_line_break_takes_no_second_line() -> None:
    fact = ObjectiveFact(
        "O", Words("A", "A"), Words("OTIF\nof all", "OTIF"), "%", 97.5, 96.1, None, None, at_target=False
    )
    decision = a_decision(1, owner="Planner\nNoord", question="Which\nrule?")

    said = the_post(brief(objectives=(fact,), month=date(2026, 5, 1), decisions=(decision,)))

    assert "Objectives in May: 0 of 1 at target. OTIF of all 96.1% (target 97.5)" in said
    assert said[2:4] == [
        "Decide 1: Which rule? A do it. B leave it. Recommendation: A.",
        "Price: A 1,000 euro. Owner: Planner Noord.",
    ]


def test_what_is_folded_stands_in_the_thread() -> None:
    decisions = tuple(a_decision(number) for number in range(1, 6))
    thread = "\n".join(text_of(reply) for reply in messages.thread(ENGLISH, brief(**FULL, decisions=decisions)))

    for expected in ("Decision 5: options and price.", "1,000 euro", "Quiet: Sales", "Parked: A truck (#7)"):
        assert expected in thread
