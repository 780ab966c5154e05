"""The result of a round: what a channel reads, and what it never learns."""

from datetime import date, timedelta

import pytest
from sqlmodel import delete, select
from syrupy.assertion import SnapshotAssertion

from bot.domain.chat import Button, Buttons, Chart, Heading, Message, Small, Text
from bot.domain.errors import Refused
from bot.services.checkins.results import post_result
from storage.checkins import seal_answers
from storage.tables import (
    Answered,
    CheckinAsked,
    CheckinChoice,
    CheckinRound,
    CheckinText,
    Entry,
    Outgoing,
    PulseAsked,
    PulseRound,
    PulseScore,
    QuestionType,
    RoundState,
)
from tests.builders import a_context
from tests.services.checkins.result_world import Results, results  # noqa: F401  a fixture

JUNE = date(2026, 6, 25)
W26 = "2026-W26"


def texts(message: Message) -> list[str]:
    return [part.text for part in message.parts if isinstance(part, Text)]


def small(message: Message) -> list[str]:
    return [part.text for part in message.parts if isinstance(part, Small)]


def buttons(message: Message) -> list[Button]:
    return [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]


def charts(message: Message) -> list[Chart]:
    return [part for part in message.parts if isinstance(part, Chart)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_result_in_both_languages(results: Results, language: str, snapshot: SnapshotAssertion) -> None:  # noqa: F811
    results.workspace.language = language
    round_ = results.close(W26, JUNE, "115")

    assert results.post(round_) == snapshot
    assert results.thread(round_) == snapshot


def test_the_chart_has_two_lines_of_a_quarter_and_the_thread_says_them_in_words(results: Results) -> None:  # noqa: F811
    round_ = results.close(W26, JUNE)
    (chart,) = charts(results.post(round_))

    assert (chart.title, chart.kind) == ("Pulse per side, four weeks, scale 1-5", "lines")
    assert [series.name for series in chart.series] == ["Sales", "Operations"]
    assert (chart.labels[0], chart.labels[-1], len(chart.labels)) == ("week 14", "week 26", 13)
    said = texts(results.thread(round_))[0]
    values = zip(chart.labels, *(series.values for series in chart.series), strict=True)
    for label, first, second in values:
        assert f"{label} {first:.2f} and {second:.2f}" in said


def test_examples_are_told_once_per_event_and_more_stand_behind_the_button(results: Results) -> None:  # noqa: F811
    round_ = results.close(W26, JUNE, "114", "115", "112", "117")
    post = results.post(round_)

    lines = [text for text in texts(post) if "#" in text]
    assert lines == [
        "⚡ Clash #114 · Overhaul and summer promotion in the same fortnight · both sides told (#115)",
        (
            "⚡ Clash #112 · Two objectives, one customer, opposite answers · also told by Finance (#113)."
            " Thank you for sharing."
        ),
    ]
    assert [(button.action, button.value) for button in buttons(post)] == [
        ("ask.read", "114"),
        ("checkin.answers", round_.id),
        ("entry.new", "clash"),
        ("figure.why", ""),
    ]
    behind = [
        button.value for part in results.answers(round_).parts if isinstance(part, Text) if (button := part.button)
    ]
    assert sorted(behind) == ["112", "114", "117"]


def test_what_was_withdrawn_or_hidden_is_not_told(results: Results) -> None:  # noqa: F811
    round_ = results.close(W26, JUNE, "114", "117")
    entry = {one.ref: one for one in results.session.exec(select(Entry)).all()}
    entry["114"].withdrawn_on, entry["117"].hidden_reason = JUNE, "names a person"
    results.session.flush()

    assert not [text for text in texts(results.post(round_)) if "#" in text]


def test_a_late_post_says_so_first(results: Results) -> None:  # noqa: F811
    round_ = results.close(W26, JUNE)
    first = results.post(round_, now=round_.closes_at + timedelta(hours=2)).parts[0]

    assert isinstance(first, Small)
    assert first.text.startswith("Planned for Mon 29 June, 00:00 (Amsterdam), posted at 02:00: I was not running.")


def test_a_late_answer_moves_nothing(results: Results) -> None:  # noqa: F811
    """Between the close and a post that was held up somebody answered: the post counts those in time."""
    round_ = results.close(W26, JUNE)
    before = results.post(round_)
    pulse = pulse_round(results)
    silent = results.session.exec(
        select(PulseAsked).where(PulseAsked.round_id == pulse.id, PulseAsked.answered == "no")
    ).first()
    assert silent is not None
    turn = results.session.get_one(CheckinAsked, (round_.id, silent.member_id))
    silent.answered, turn.has_answered = Answered.LATE, True
    results.session.exec(delete(Outgoing))

    assert results.post(round_) == before


def pulse_round(results: Results) -> PulseRound:  # noqa: F811
    found = select(PulseRound).where(PulseRound.label == W26, PulseRound.question_key == "Q1")
    return results.session.exec(found).one()


def score_all(results: Results, score: int | None, *sides: str) -> None:  # noqa: F811
    """As if these sides had always given that score, or none."""
    for row in results.session.exec(select(PulseScore)).all():
        if row.side in sides and score is None:
            results.session.delete(row)
        elif row.side in sides and score:
            row.score = score
    results.session.flush()


def turns_of(results: Results, round_: CheckinRound, side: str) -> list[CheckinAsked]:  # noqa: F811
    turns = select(CheckinAsked).where(CheckinAsked.round_id == round_.id, CheckinAsked.side == side)
    return list(results.session.exec(turns).all())


def test_one_side_without_enough_answers_hides_the_pulse_of_both(results: Results) -> None:  # noqa: F811
    score_all(results, None, "operations")
    round_ = results.close(W26, JUNE)
    for turn in turns_of(results, round_, "operations"):
        turn.has_answered = False
    post = results.post(round_)

    assert texts(post) == ["**Answered: Sales 6 of 8, Operations fewer than five of 7.**"]
    assert charts(post) == []
    assert small(post) == [
        (
            "Supply planning and the total are not shown: fewer than five people."
            " · No pulse this time: fewer than five answers on one side."
        )
    ]
    assert results.thread_or_none(round_) is None


@pytest.mark.parametrize("answered", range(8))
def test_how_many_answered_is_said_from_five_on(results: Results, answered: int) -> None:  # noqa: F811
    """With one example that has a name, one of seven would say of six that they did not answer."""
    round_ = results.close(W26, JUNE)
    for at, turn in enumerate(turns_of(results, round_, "operations")):
        turn.has_answered = at < answered
    said = texts(results.post(round_))[0]

    assert said.endswith(f"Operations {answered if answered > 4 else 'fewer than five'} of 7.")


@pytest.mark.parametrize("score", [5, None])
def test_answers_that_are_all_alike_and_examples_without_a_score_read_the_same(
    results: Results,  # noqa: F811
    score: int | None,
) -> None:
    """Everybody sees that six answered: all gave a five, or all told an example in a line and gave no score."""
    score_all(results, score, "operations")
    post = results.post(results.close(W26, JUNE))

    assert texts(post) == ["**Answered: Sales 6 of 8, Operations 6 of 7.**"]
    assert small(post)[0].endswith(
        "No pulse this time: fewer than five scores on one side, or they would tell what each of them answered."
    )
    assert charts(post) == []


def test_nobody_answered_by_a_few_is_nothing_to_say(results: Results) -> None:  # noqa: F811
    """Three answers and none read the same."""
    score_all(results, None, "sales", "operations")
    round_ = results.close(W26, JUNE)
    for turn in [*turns_of(results, round_, "sales")[3:], *turns_of(results, round_, "operations")]:
        turn.has_answered = False

    assert "nothing to show this time.** Too few answers, no example." in texts(results.post(round_))[0]


def test_a_side_that_somebody_went_to_since_is_not_called_hidden(results: Results) -> None:  # noqa: F811
    """Asked as one of Supply planning, by the close of Sales: the counts of Sales stand there."""
    round_ = results.close(W26, JUNE)
    results.member("M19").side = "sales"
    post = results.post(round_)

    assert "Answered: Sales 6 of 8" in texts(post)[0]
    assert small(post) == ["Supply planning and the total are not shown: fewer than five people."]


def test_a_side_of_which_fewer_than_five_were_asked_has_no_count(results: Results) -> None:  # noqa: F811
    round_ = results.close(W26, JUNE)
    for turn in turns_of(results, round_, "operations")[4:]:
        results.session.delete(turn)
    results.session.flush()
    post = results.post(round_)

    assert "Answered: Sales 6 of 8." in texts(post)[0]
    assert small(post)[0].startswith("Operations, Supply planning and the total are not shown")


def test_nothing_to_say_is_one_line(results: Results) -> None:  # noqa: F811
    score_all(results, None, "sales", "operations")
    round_ = results.close(W26, JUNE)
    for side in ("sales", "operations", "bridges"):
        for turn in turns_of(results, round_, side):
            turn.has_answered = False
    post = results.post(round_)

    assert texts(post) == [
        (
            "**Check-in of 25 June: nothing to show this time.** Too few answers, no example."
            " Next check-in: Thu 2 July, 10:00, each in their own zone."
        )
    ]
    assert [button.label for button in buttons(post)] == ["Add an example"]
    assert len(post.parts) == 2


def test_another_check_in_is_called_by_its_name_and_counts_its_rounds(results: Results) -> None:  # noqa: F811
    results.make_own_scale("c1", rounds=1)
    post = results.post(results.close_own("c1", JUNE))

    assert post.parts[0] == Heading("After the launch: result of 25 June")
    assert texts(post)[0].startswith(
        "**Sales 3.00, Operations 3.00** (scale 1-5, mean of this round). Difference 0.00."
    )
    assert charts(post) == []


def test_without_a_channel_nothing_is_posted(results: Results) -> None:  # noqa: F811
    results.workspace.channel_id = None
    round_ = results.close(W26, JUNE)
    post_result(results.session, a_context(), results.workspace, results.checkin, round_, round_.closes_at)

    assert results.session.exec(select(Outgoing)).all() == []


def test_its_own_channel_goes_before_that_of_the_company(results: Results) -> None:  # noqa: F811
    results.checkin.channel_id = "C-OTHER"
    results.post(results.close(W26, JUNE))

    assert {row.target_id for row in results.session.exec(select(Outgoing)).all()} == {"C-OTHER"}


# ---------------------------------------------------------------- other questions


def ticked(results: Results, round_: CheckinRound, question: str, side: str, *options: int) -> None:  # noqa: F811
    start = len(results.session.exec(select(CheckinChoice)).all())
    results.session.add_all(
        CheckinChoice(id=f"choice{start + at}", round_id=round_.id, question_id=question, side=side, option=option)
        for at, option in enumerate(options)
    )
    results.session.flush()


def shown_of_choice(results: Results, type_: QuestionType, **by_side: list[int]) -> list[str]:  # noqa: F811
    """What stands behind the button of a round in which six or so of each side ticked these options."""
    question = results.ask_also(type_, "What helps?", options=["A call", "A list"])
    round_ = results.close(W26, JUNE)
    for side, options in by_side.items():
        ticked(results, round_, question.id, side, *options)
    seal_answers(results.session, round_.id, 5)
    shown = results.answers(round_)
    return [*texts(shown)[1:], *small(shown)]


LEFT_OUT = "A side with fewer than five answers, or with all the same, is left out; so are totals."
NOT_SHOWN = "Not shown: fewer than five answers on a side, or all the same."


@pytest.mark.parametrize("type_", [QuestionType.CHOICE, QuestionType.MULTI])
def test_ticks_are_counted_per_side_and_never_in_total(results: Results, type_: QuestionType) -> None:  # noqa: F811
    shown = shown_of_choice(results, type_, sales=[0] * 5 + [1], operations=[0] * 5 + [1], bridges=[1, 1])

    assert shown[:3] == ["Sales: A call 5 · A list 1", "Operations: A call 5 · A list 1", LEFT_OUT]


def test_fewer_than_five_ticks_of_a_side_are_not_shown(results: Results) -> None:  # noqa: F811
    shown = shown_of_choice(results, QuestionType.CHOICE, sales=[0] * 5 + [1], operations=[0, 0, 0, 1])

    assert shown[:2] == ["Sales: A call 5 · A list 1", LEFT_OUT]


def test_a_choice_that_all_of_a_side_made_is_not_shown(results: Results) -> None:  # noqa: F811
    assert shown_of_choice(results, QuestionType.CHOICE, sales=[0] * 6, operations=[1] * 5)[0] == NOT_SHOWN


def test_an_option_that_everybody_who_answered_ticked_is_not_shown(results: Results) -> None:  # noqa: F811
    """Six of Sales answered, all six ticked the first, three the second too."""
    shown = shown_of_choice(results, QuestionType.MULTI, sales=[0] * 6 + [1] * 3, operations=[0] * 5 + [1] * 3)

    assert shown[:2] == ["Operations: A call 5 · A list 3", LEFT_OUT]


def test_a_late_answer_brings_no_hidden_count_back(results: Results) -> None:  # noqa: F811
    question = results.ask_also(QuestionType.MULTI, "What helps?", options=["A call", "A list"])
    round_ = results.close(W26, JUNE)
    ticked(results, round_, question.id, "sales", *[0] * 6, *[1] * 3)
    seal_answers(results.session, round_.id, 5)
    for turn in turns_of(results, round_, "sales"):
        turn.has_answered = True
    seal_answers(results.session, round_.id, 5)

    assert texts(results.answers(round_))[1:] == []
    assert small(results.answers(round_))[0] == NOT_SHOWN


def test_texts_stand_with_a_name_or_a_side_and_a_small_one_reads_the_company(results: Results) -> None:  # noqa: F811
    question = results.ask_also(QuestionType.TEXT, "What do you need?")
    round_ = results.close(W26, JUNE)
    author = results.member("M02")
    for number, (side, author_id) in enumerate((("sales", author.id), ("operations", None), ("bridges", None))):
        results.session.add(
            CheckinText(
                id=f"text{number}",
                round_id=round_.id,
                question_id=question.id,
                side=side,
                author_id=author_id,
                text="A day's notice.",
            )
        )
    results.session.flush()

    assert texts(results.answers(round_)) == [
        "**What do you need?**",
        "Key Account Manager Retailer A wrote:",
        "From Operations:",
        "From the company:",
    ]


def test_nothing_of_an_open_round_is_shown(results: Results) -> None:  # noqa: F811
    round_ = results.close(W26, JUNE)
    round_.state = RoundState.OPEN
    results.session.flush()

    with pytest.raises(Refused, match="old_button"):
        results.answers(round_)


def test_the_value_of_a_button_is_no_way_to_another_company(results: Results) -> None:  # noqa: F811
    round_ = results.close(W26, JUNE)
    round_.workspace_id = results.other_workspace().id
    results.session.flush()

    with pytest.raises(Refused, match="old_button"):
        results.answers(round_)
