"""Answering a check-in: the form, and what stands in place of the question afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from bot.domain.chat import (
    Button,
    Buttons,
    ChoiceField,
    Field,
    Form,
    Message,
    MultiChoiceField,
    Option,
    Part,
    Quote,
    Small,
    Text,
    TextField,
)
from bot.domain.checkin.questions import options_of
from bot.domain.coaching import Coaching
from bot.services.messages.checkin_questions import first_question
from bot.services.messages.entries import QUOTE, Advice
from bot.templates import Speaker
from bot.templates.formats import cut
from storage.tables import Absence, CheckinQuestion, Entry, Kind, PulseQuestion, QuestionType, Visibility

KIND, SHOWN_WITH = "kind", "shown_with"
LONGEST_TITLE = 24
LONGEST_ANSWER = 3000
IN_THE_EXAMPLE: Final[Mapping[Coaching, str]] = {
    Coaching.HELP_TODAY: "ask_for_help",
    Coaching.SENSITIVE: "take_name_off",
}
"""What is offered where the example itself stands: the buttons to it, by their names."""

WITHOUT_NAME: Final = frozenset({QuestionType.SCALE, QuestionType.CHOICE, QuestionType.MULTI})
"""What is asked of them is never kept with the name."""

Given = Mapping[str, "str | tuple[str, ...]"]


def field_of(question: CheckinQuestion) -> str:
    """The name of its field in the form."""
    return f"q{question.id}"


@dataclass(frozen=True, slots=True)
class Blank:
    """The form as one person opens it. `scales` by the key of their pulse question; `side` is what their answers read
    as without a name, None = "from the company". `given` is what they answered before; `out_on` the day of a round
    whose result is out.
    """

    name: str
    is_default: bool
    questions: Sequence[CheckinQuestion]
    scales: Mapping[str, PulseQuestion]
    visibility: Visibility
    side: str | None
    payload: Mapping[str, str]
    given: Given = field(default_factory=dict)
    out_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came in. `value` is for the button that changes it, with the only token, "" = there is nothing to change;
    `until` the end of their window. `is_noted` = it is known that they answered; `may_answer` = other questions wait.

    `entry` is the example, `handle` for its author's buttons, `frozen_at` when the next brief takes it up. `tension` is
    a guess. On the Home the token goes with the window. A reply in the chat has no kind chosen yet. `has_more` = it
    asks more than a score and an example; `has_late_score` = one came after the close, and counts nowhere.
    """

    round_id: str
    value: str
    until: datetime
    has_score: bool
    may_score: bool = False
    may_answer: bool = False
    is_noted: bool = True
    entry: Entry | None = None
    handle: str = ""
    frozen_at: datetime | None = None
    advice: Advice | None = None
    tension: str | None = None
    side: str | None = None
    in_window: bool = False
    has_more: bool = False
    is_reply: bool = False
    has_late_score: bool = False
    out_on: date | None = None


def form(speak: Speaker, blank: Blank) -> Form:
    title = speak.plain("checkin", "form_title") if blank.is_default else cut(blank.name, LONGEST_TITLE)
    notice = speak.text("checkin", "out", day=blank.out_on) if blank.out_on else ""
    fields = [part for question in blank.questions for part in _fields(speak, blank, question)]
    if any(_says_something_new(blank, question) for question in blank.questions):
        fields.append(_shown_with(speak, blank))
    return Form(
        action="checkin.save",
        title=title,
        submit=speak.plain("button", "send"),
        close=speak.plain("button", "cancel"),
        fields=tuple(fields),
        notice=notice,
        payload=blank.payload,
    )


def answered(speak: Speaker, answer: Answer) -> Message:
    """Golden message 5, after, in place. The buttons of the example open beside it: they never take its place."""
    facts = {
        "has_score": answer.has_score,
        "ref": answer.entry.ref if answer.entry else None,
        "until": answer.until,
        "frozen_at": answer.frozen_at,
        "out_on": answer.out_on,
        "has_more": answer.has_more,
        "in_window": answer.in_window,
        "has_late_score": answer.has_late_score,
        "is_named": answer.entry is not None and answer.entry.visibility is Visibility.NAMED,
    }
    parts: list[Part] = [Text(speak.text("checkin", "answered", **facts)), *_about_example(speak, answer)]
    if not (answer.is_noted or answer.out_on):
        parts.append(Small(speak.text("checkin", "not_noted")))
    if answer.in_window:
        parts.append(Small(speak.text("checkin", "in_window")))
    parts.append(Buttons(tuple(_buttons(speak, answer))))
    return Message(speak.plain("checkin", "thanks", **facts), tuple(parts))


def later(speak: Speaker, round_id: str, at: datetime) -> Message:
    buttons = (
        speak.button("answer", "checkin.answer", round_id, "primary"),
        speak.button("away_until", "checkin.away", round_id),
        speak.button("skip", "checkin.skip", round_id),
    )
    said = speak.text("checkin", "later", at=at)
    return Message(speak.plain("checkin", "later", at=at), (Text(said), Buttons(buttons)))


def skipped(speak: Speaker, round_id: str) -> Message:
    said = speak.text("checkin", "skipped")
    return Message(speak.plain("checkin", "skipped"), (Text(said, speak.button("undo", "checkin.undo", round_id)),))


def away(speak: Speaker, round_id: str, absence: Absence, today: date) -> Message:
    facts = {"absence": absence, "is_to_come": absence.first_day > today}
    back = speak.button("im_back", "checkin.undo", f"{round_id} {absence.id}")
    return Message(speak.plain("absence", "saved", **facts), (Text(speak.text("absence", "saved", **facts), back),))


def reply_kept_out(speak: Speaker, round_id: str, text: str) -> Message:
    """Written "quietly" in the private chat, which Slack keeps: not saved, with the form filled in instead."""
    said = speak.text("checkin", "reply_quiet", text=text)
    button = Buttons((speak.button("answer", "checkin.answer", round_id, "primary"),))
    return Message(speak.plain("checkin", "reply_quiet_summary"), (Text(said), button))


def reply_kinds(speak: Speaker, entry: Entry, value: str) -> Message:
    """The four kinds, in place of the card of a reply; `value` is for its buttons."""
    kinds = tuple(Button("checkin.set_kind", speak.word(f"kind_{kind}"), f"{value} {kind}") for kind in Kind)
    back = speak.button("back", "checkin.set_kind", value)
    asked = Text(f"**{speak.text('entry', 'what_kind')}**")
    return Message(
        speak.plain("entry", "what_kind"), (asked, Quote(cut(entry.what_happened, QUOTE)), Buttons((*kinds, back)))
    )


def preview(speak: Speaker, question: Message, checkin_id: str) -> Message:
    """What the people will see, for whoever made it; nothing of it is asked or saved, so only its form opens."""
    shown = (part for part in question.parts if not isinstance(part, Buttons))
    answer = Buttons((speak.button("answer", "checkin.preview_form", checkin_id, "primary"),))
    return Message(question.summary, (Small(speak.text("checkin", "preview")), *shown, answer))


def preview_form(speak: Speaker, blank: Blank) -> Form:
    """The form as it will be; what is filled in goes nowhere."""
    notice = speak.text("checkin", "preview")
    return replace(form(speak, blank), action="checkin.preview_send", notice=notice)


def _fields(speak: Speaker, blank: Blank, question: CheckinQuestion) -> Sequence[Field]:
    name, label = field_of(question), first_question(speak, question)
    given = blank.given.get(name)
    text = given if isinstance(given, str) else ""
    match question.type:
        case QuestionType.SCALE:
            return [_score(speak, blank, question, text or None)]
        case QuestionType.CHOICE:
            return [
                ChoiceField(
                    name,
                    label,
                    _options(speak, question),
                    required=question.required,
                    initial=text or None,
                    shown_open=True,
                )
            ]
        case QuestionType.MULTI:
            ticked = given if isinstance(given, tuple) else ()
            return [
                MultiChoiceField(
                    name, label, _options(speak, question), required=question.required, initial=ticked, shown_open=True
                )
            ]
        case QuestionType.TEXT:
            return [
                TextField(
                    name,
                    label,
                    hint="" if text else speak.plain("checkin", "text_hint"),
                    required=question.required,
                    initial=text,
                    multiline=True,
                    max_length=LONGEST_ANSWER,
                )
            ]
        case QuestionType.EXAMPLE:
            return _example(speak, blank, question, text)


def _score(speak: Speaker, blank: Blank, question: CheckinQuestion, given: str | None) -> ChoiceField:
    """The weekly one is called so; what it asks stands below it."""
    said, is_weekly = first_question(speak, question), blank.is_default and question.position == 0
    return ChoiceField(
        field_of(question),
        speak.plain("checkin", "score_label") if is_weekly else said,
        _scale(speak, question, blank.scales[question.pulse_key or ""]),
        hint=said if is_weekly else "",
        required=question.required,
        initial=given,
        shown_open=True,
    )


def _says_something_new(blank: Blank, question: CheckinQuestion) -> bool:
    """Whether the form takes words that are not shown with a name, or without it, by now."""
    if question.type is QuestionType.EXAMPLE:
        return not blank.payload.get("handle")
    return question.type is QuestionType.TEXT and field_of(question) not in blank.given


def _example(speak: Speaker, blank: Blank, question: CheckinQuestion, text: str) -> Sequence[Field]:
    """What was told already is changed in its own card."""
    if blank.payload.get("handle"):
        return []
    kinds = tuple(Option(kind, speak.word(f"kind_{kind}")) for kind in Kind)
    return [
        TextField(
            field_of(question),
            first_question(speak, question),
            hint=speak.plain("checkin", "example_hint"),
            required=question.required,
            initial=text,
            multiline=True,
            max_length=LONGEST_ANSWER,
        ),
        ChoiceField(KIND, speak.plain("entry", "label_kind"), kinds, initial=Kind.CLASH),
    ]


def _scale(speak: Speaker, question: CheckinQuestion, scale: PulseQuestion) -> tuple[Option, ...]:
    """The words at its ends are those of the check-in, else those that the pulse has had all along."""
    lowest, highest = options_of(question, speak.language) or (scale.lowest_words, scale.highest_words)
    words = {scale.lowest: lowest, scale.highest: highest}

    def label(step: int) -> str:
        return " ".join(filter(None, (str(step), speak.plain("checkin", "end_of_scale", words=words.get(step, "")))))

    return tuple(Option(str(step), label(step)) for step in range(scale.lowest, scale.highest + 1))


def _options(speak: Speaker, question: CheckinQuestion) -> tuple[Option, ...]:
    return tuple(Option(str(place), option) for place, option in enumerate(options_of(question, speak.language)))


def _shown_with(speak: Speaker, blank: Blank) -> ChoiceField:
    options = (
        Option(Visibility.NAMED, speak.plain("entry", "my_name")),
        Option(
            Visibility.SIDE_ONLY,
            speak.plain("entry", "only_my_side", side=blank.side),
            speak.plain("entry", "hint_only_my_side"),
        ),
    )
    asked = {question.type for question in blank.questions}
    has_choice = bool(asked & {QuestionType.CHOICE, QuestionType.MULTI})
    return ChoiceField(
        SHOWN_WITH,
        speak.plain("entry", "label_shown_with"),
        options,
        hint=speak.plain("checkin", "shown_with_hint", has_choice=has_choice) if asked & WITHOUT_NAME else "",
        required=True,
        initial=blank.visibility,
        shown_open=True,
    )


def _about_example(speak: Speaker, answer: Answer) -> Sequence[Part]:
    """One question, or what it is guessed to be about; and that a nameless one is changed here only."""
    if answer.entry is None:
        return []
    parts: list[Part] = []
    if answer.is_reply:
        value = f"{answer.round_id} {answer.handle}"
        said = speak.text("checkin", "reply_kind", kind=answer.entry.kind)
        parts.append(Text(said, speak.button("change_kind", "checkin.kind", value)))
    if answer.advice:
        coaching, asking = answer.advice.coaching, answer.advice.speak
        label = IN_THE_EXAMPLE.get(coaching)
        button = Button("checkin.example", asking.plain("button", label), answer.handle) if label else None
        parts.append(Text(asking.text("coaching", coaching, side=answer.side), button))
    elif answer.tension:
        parts.append(Text(speak.text("entry", "guess", tension=answer.tension)))
    if answer.entry.visibility is Visibility.SIDE_ONLY:
        parts.append(Small(speak.text("checkin", "side_only", side=answer.side)))
    return parts


def _buttons(speak: Speaker, answer: Answer) -> Sequence[Button]:
    buttons: list[Button] = []
    told = " ".join(filter(None, (answer.round_id, answer.handle)))
    if answer.may_answer:
        buttons.append(speak.button("answer", "checkin.answer", told, "primary"))
    elif answer.may_score:
        action, value = ("checkin.change", answer.value) if answer.value else ("checkin.answer", told)
        buttons.append(speak.button("give_score", action, value, "primary"))
    elif answer.value and answer.out_on is None:
        buttons.append(speak.button("change", "checkin.change", answer.value))
    if answer.entry is not None:
        label = speak.plain("checkin", "see_example", ref=answer.entry.ref)
        buttons.append(Button("checkin.example", label, answer.handle))
        buttons.append(speak.button("ask_other_side", "checkin.ask", answer.handle))
    else:
        buttons.append(speak.button("add_example", "entry.new", "clash"))
    return buttons
