"""The form of one question of a check-in."""

from bot.domain.chat import ChoiceField, Field, Form, Option, TextField
from bot.domain.checkin.settings import LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, REQUIRED
from bot.templates import Speaker
from storage.tables import Checkin, CheckinQuestion, QuestionType

OUT = "out"
"""In place of a number: not asked any more."""

OPTIONAL = "no"
WITH_LINES = frozenset({QuestionType.SCALE, QuestionType.CHOICE, QuestionType.MULTI})


def new(speak: Speaker, checkin: Checkin, number: int) -> Form:
    """Empty; `number` is how many there are."""
    fields = (*wording(speak, None), _place(speak, number + 1, number + 1, may_go=False))
    return _form(speak, "question_title", checkin.id, "", fields)


def change(speak: Speaker, question: CheckinQuestion, number: int) -> Form:
    """As it is asked now, of so many."""
    at = (question.position or 0) + 1
    fields = (*wording(speak, question), _place(speak, number, at, may_go=True))
    return _form(speak, "question_change_title", question.checkin_id, question.id, fields)


def wording(speak: Speaker, question: CheckinQuestion | None) -> tuple[Field, ...]:
    """What is asked; the kind of a question stays, so it is chosen for a new one only."""
    kinds = () if question else (_kind(speak),)
    with_lines = question is None or question.type in WITH_LINES
    return (
        *kinds,
        TextField(
            "text",
            _plain(speak, "label_text"),
            hint=_plain(speak, "hint_text") if question else "",
            required=True,
            initial=question.text if question else "",
            max_length=LONGEST_QUESTION,
        ),
        TextField(
            "text_nl",
            _plain(speak, "label_text_nl"),
            hint=_plain(speak, "hint_text_nl"),
            initial=(question.text_nl or "") if question else "",
            max_length=LONGEST_QUESTION,
        ),
        *(_lines(speak, question) if with_lines else ()),
        _required(speak, question),
    )


def _form(speak: Speaker, title: str, checkin_id: str, question_id: str, fields: tuple[Field, ...]) -> Form:
    return Form(
        action="checkin.question_save",
        title=_plain(speak, title),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=fields,
        payload={"checkin": checkin_id, "question": question_id},
    )


def _kind(speak: Speaker) -> ChoiceField:
    kinds = tuple(
        Option(kind, _plain(speak, f"kind_{kind}"), _plain(speak, f"kind_hint_{kind}")) for kind in QuestionType
    )
    return ChoiceField(
        "type", _plain(speak, "label_type"), kinds, required=True, initial=QuestionType.TEXT, shown_open=True
    )


def _lines(speak: Speaker, question: CheckinQuestion | None) -> tuple[TextField, ...]:
    """One choice a line; of a scale what its ends mean."""
    longest = MOST_OPTIONS * (LONGEST_OPTION + 1)
    usual = "" if question else _plain(speak, "hint_options")
    hint = _plain(speak, "hint_ends") if question and question.type is QuestionType.SCALE else usual
    return (
        TextField(
            "options",
            _plain(speak, "label_options"),
            hint=hint,
            initial="\n".join(question.options) if question else "",
            multiline=True,
            max_length=longest,
        ),
        TextField(
            "options_nl",
            _plain(speak, "label_options_nl"),
            hint=_plain(speak, "hint_text_nl"),
            initial="\n".join(question.options_nl) if question else "",
            multiline=True,
            max_length=longest,
        ),
    )


def _required(speak: Speaker, question: CheckinQuestion | None) -> ChoiceField:
    options = (Option(OPTIONAL, _plain(speak, "may_be_empty")), Option(REQUIRED, _plain(speak, "must_be_answered")))
    initial = REQUIRED if question and question.required else OPTIONAL
    return ChoiceField("required", _plain(speak, "label_required"), options, required=True, initial=initial)


def _place(speak: Speaker, number: int, at: int, *, may_go: bool) -> ChoiceField:
    places = [Option(str(n), speak.plain("checkin_setup", "place", number=n)) for n in range(1, number + 1)]
    out = [Option(OUT, _plain(speak, "not_asked_any_more"))] if may_go else []
    return ChoiceField("place", _plain(speak, "label_place"), (*places, *out), required=True, initial=str(at))


def _plain(speak: Speaker, block: str) -> str:
    return speak.plain("checkin_setup", block)
