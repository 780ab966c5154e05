"""The company whose check-ins are asked, and people who answer them by form, button or in the chat."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlmodel import SQLModel, select

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import Sender
from bot.services.checkins.answering import answer_form, change_form, save_answer
from bot.services.checkins.replying import save_reply
from storage.database import Database
from storage.tables import CheckinQuestion, Member, Platform, PulseAsked, QuestionType
from tests.builders import WORKSPACE
from tests.services.checkins.round_world import THURSDAY, RoundWorld, at
from tests.services.entry_world import answer, buttons

Answer = TypeVar("Answer")
Row = TypeVar("Row", bound=SQLModel)

SCORE, EXAMPLE = "qweekly-1", "qweekly-2"
CHOICE, MULTI, TEXT = "qmore-1", "qmore-2", "qmore-3"

PALLETS: Final = (
    "On Tuesday 16 June at 15:10 Retailer A moved 12 pallets to Wednesday; line 2 stood still for 40 minutes."
)


class AnswerWorld(RoundWorld):
    """Six people of sales (`sam` …), six of operations (`els` …), one of finance who is not asked."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.members: dict[str, Member] = {}
        for side, names in (
            ("sales", ("sam", "suus", "stef", "sara", "siem", "saar")),
            ("operations", ("els", "olaf", "oda", "otto", "olga", "okke")),
            ("finance", ("fin",)),
        ):
            for name in names:
                self.members[name] = self.person(name, side=side)
        self.requests = 0

    def ask(self, clock: str = "10:05") -> None:
        """Everybody is asked on Thursday at ten; it is so late now."""
        self.plan()
        self.run(at(THURSDAY, clock))

    def also_ask(self, *types: QuestionType) -> None:
        """Beside score and example: a choice, one of several, a text."""
        for number, kind in enumerate(types or (QuestionType.CHOICE, QuestionType.MULTI, QuestionType.TEXT), start=1):
            options = [] if kind is QuestionType.TEXT else ["sooner", "firmer", "more stock"]
            names = {QuestionType.CHOICE: "more-1", QuestionType.MULTI: "more-2", QuestionType.TEXT: "more-3"}
            texts: dict[str, Any] = {"text": f"What else, {kind}?", "options": options, "position": number + 1}
            self.add(
                CheckinQuestion(id=names[kind], workspace_id=WORKSPACE, checkin_id=self.checkin_id, type=kind, **texts)
            )

    def stop_asking(self, *question_ids: str) -> None:
        with self.database.transaction() as session:
            for question_id in question_ids:
                session.get_one(CheckinQuestion, question_id).position = None

    # ------------------------------------------------------------ what people do

    def sender(self, who: str) -> Sender:
        return Sender(Platform.SLACK, "T1", self.members[who].external_id)

    def does(self, who: str, use_case: Callable[..., Answer], *args: Any) -> Answer:
        """One use case in one transaction, by that person, a minute later."""
        self.now += timedelta(minutes=1)
        with self.database.transaction() as session:
            return use_case(session, self.context(), self.sender(who), *args)

    def request(self) -> str:
        self.requests += 1
        return f"request {self.requests}"

    def form(self, who: str) -> Form:
        return self.does(who, answer_form, self.round().id)

    def answers(self, who: str, **values: Any) -> Message:
        """Open the form, fill it in and send it; the card."""
        return self.sends(who, answer(self.form(who), **values))

    def sends(self, who: str, submission: Submission) -> Message:
        return self.does(who, save_answer, self.request(), submission)

    def opens_change(self, who: str, card: Message) -> Form:
        return self.does(who, change_form, buttons(card)["Change"].value)

    def replies(self, who: str, text: str) -> Message | None:
        """Write it in the private chat."""
        reply = self.does(who, save_reply, self.request(), text)
        return reply.message if reply else None

    # ------------------------------------------------------------ what is kept

    def rows(self, table: type[Row]) -> list[Row]:
        with self.database.snapshot() as session:
            return list(session.exec(select(table)).all())

    def answered(self, who: str) -> str:
        """As the figures know it: "no", "in_time", "late"; "-" = not asked."""
        mine = [row.answered for row in self.rows(PulseAsked) if row.member_id == self.members[who].id]
        return str(mine[-1]) if mine else "-"


def refusal(attempt: Callable[[], object]) -> tuple[str, str | None]:
    """With which sentence, beside which field."""
    try:
        attempt()
    except Refused as refused:
        return refused.sentence, refused.field
    raise AssertionError("it was not refused")
