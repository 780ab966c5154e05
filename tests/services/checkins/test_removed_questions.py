"""A question that is no longer asked stays in the answers of the rounds that asked it, and in no others."""

from datetime import date

from sqlmodel import select

from storage.checkins import list_questions
from storage.tables import CheckinChoice, CheckinQuestion, CheckinText, Member, QuestionType
from tests.services.checkins.result_world import Results, results  # noqa: F401
from tests.services.entry_world import words


def take_out(world: Results, question: CheckinQuestion) -> None:
    question.position = None
    world.session.add(question)
    world.session.flush()
    assert question not in list_questions(world.session, world.checkin.id)


def tell(world: Results, question: CheckinQuestion, round_id: str, text: str) -> None:
    author = world.session.exec(select(Member).where(Member.external_id == "M02")).one()
    world.session.add(
        CheckinText(
            id=f"text-{text}", round_id=round_id, question_id=question.id, side="sales", author_id=author.id, text=text
        )
    )
    world.session.flush()


def test_what_was_told_is_shown_where_it_was_asked(results: Results) -> None:  # noqa: F811
    question = results.ask_also(QuestionType.TEXT, "What do you need from the other side?")
    earlier, later = results.close("2026-W23", date(2026, 6, 4)), results.close("2026-W24", date(2026, 6, 11))
    tell(results, question, earlier.id, "A volume on Monday")

    take_out(results, question)

    assert "A volume on Monday" in words(results.answers(earlier))
    assert "What do you need" not in words(results.answers(later))


def test_so_are_the_counts_with_the_choices_of_then(results: Results) -> None:  # noqa: F811
    question = results.ask_also(QuestionType.CHOICE, "Was the volume right?", options=["Too low", "Right"])
    round_ = results.close("2026-W24", date(2026, 6, 11))
    ticks = [(f"tick{number}", number % 2) for number in range(6)]
    results.session.add_all(
        CheckinChoice(id=key, round_id=round_.id, question_id=question.id, side="sales", option=option)
        for key, option in ticks
    )
    results.session.flush()

    take_out(results, question)
    results.ask_also(QuestionType.CHOICE, "Was the volume right, then?", options=["Yes", "No"])

    assert "Was the volume right?\nSales: Too low 3 · Right 3" in words(results.answers(round_))
