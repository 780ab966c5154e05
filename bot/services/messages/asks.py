"""The question to the other side, its answers, and both views side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.chat import (
    Buttons,
    ChoiceField,
    Form,
    Message,
    Option,
    Part,
    PersonField,
    Quote,
    Small,
    Text,
    TextField,
)
from bot.templates import Speaker
from bot.templates.formats import cut
from storage.tables import Ask, AskState, Entry, Kind, Member, Side, Visibility

SHOWN_OF_QUOTE = 150


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks and about what. `author` is None for a side-only entry; `side` is None for "the company"."""

    author: str | None
    side: str | None
    asked_side: str | None
    tension: str | None


def ask_form(speak: Speaker, sides: Sequence[Side], handle: str) -> Form:
    anyone = tuple(Option(side.key, speak.plain("ask", "anyone_in", side=side.name)) for side in sides)
    whom = (Option("person", speak.plain("ask", "a_person")), *anyone)
    words = (Option("yes", speak.plain("ask", "words_yes")), Option("no", speak.plain("ask", "words_no")))
    return Form(
        action="entry.ask_send",
        title=speak.plain("ask", "form_title"),
        submit=speak.plain("button", "send"),
        close=speak.plain("button", "cancel"),
        payload={"handle": handle},
        fields=(
            ChoiceField("whom", speak.plain("ask", "whom_label"), whom, required=True, initial="person"),
            PersonField("person", speak.plain("ask", "person_label"), hint=speak.plain("ask", "person_hint")),
            ChoiceField(
                "show_words", speak.plain("ask", "words_label"), words, required=True, initial="yes", shown_open=True
            ),
            TextField(
                "about", speak.plain("ask", "about_label"), hint=speak.plain("ask", "about_hint"), max_length=150
            ),
        ),
    )


def question(speak: Speaker, ask: Ask, entry: Entry, facts: Question) -> Message:
    """Golden message 4, to a person or in the channel. The notification quotes nothing."""
    opening, buttons = ("question_to_anyone", _anyone) if ask.asked_side else ("question_to_person", _person)
    side = facts.asked_side or facts.side
    who = speak.text("ask", "who_asks", author=facts.author, side=facts.side)
    parts: list[Part] = [Text(speak.text("ask", opening, who=who, side=side))]
    if ask.show_words:
        parts.append(Quote(cut(entry.what_happened, SHOWN_OF_QUOTE)))
    else:
        event = speak.text("ask", "event", on=entry.created_on, about=ask.about, tension=facts.tension)
        parts.append(Text(event))
    parts += [
        Text(speak.text("ask", "explain")),
        Small(speak.text("ask", "once", until=ask.until)),
        buttons(speak, ask),
    ]
    return Message(speak.plain("ask", opening, who=who, side=side), tuple(parts))


def line(speak: Speaker, ask: Ask, facts: Question) -> Text:
    """What stands for the question beside other things of the day."""
    who = speak.text("ask", "who_asks", author=facts.author, side=facts.side)
    text = speak.text("ask", "line", who=who, until=ask.until)
    return Text(text, speak.button("tell_my_side", "ask.tell_beside", ask.id))


def _person(speak: Speaker, ask: Ask) -> Buttons:
    return Buttons(
        (
            speak.button("tell_my_side", "ask.tell", ask.id, "primary"),
            speak.button("later_today", "ask.later", ask.id),
            speak.button("rather_not", "ask.refuse", ask.id),
        )
    )


def _anyone(speak: Speaker, ask: Ask) -> Buttons:
    return Buttons((speak.button("tell_my_side", "ask.take", ask.id, "primary"),))


def asked(speak: Speaker, ask: Ask, entry: Entry, handle: str, name: str, goes_at: datetime) -> Message:
    """In place of the asker's card; a question without a name says when it goes."""
    block = "asked_anyone" if ask.asked_side else "asked_person"
    named = entry.visibility == Visibility.NAMED
    hear = speak.text("ask", "hear_named") if named else speak.text("ask", "hear_side_only", at=goes_at)
    said = speak.text("ask", block, name=name, side=name, hear=hear)
    quote = Quote(cut(entry.what_happened, SHOWN_OF_QUOTE))
    buttons = (speak.button("withdraw", "ask.withdraw", handle), speak.button("back_to_card", "entry.back", handle))
    return Message(speak.plain("ask", block, name=name, side=name, hear=hear), (Text(said), quote, Buttons(buttons)))


def withdrawn(speak: Speaker, handle: str) -> Message:
    back = Buttons((speak.button("back_to_card", "entry.back", handle),))
    return Message(speak.plain("ask", "withdrawn"), (Text(speak.text("ask", "withdrawn")), back))


def one_line(speak: Speaker, block: str, name: str, ask: Ask | None) -> Message:
    """What stands where the question stood. `ask` is given while whoever took it may still tell."""
    said = speak.text("ask", block, name=name)
    buttons = (_anyone(speak, ask),) if ask and ask.state == AskState.TAKEN else ()
    return Message(speak.plain("ask", block, name=name), (Text(said), *buttons))


def person_left(speak: Speaker, entry: Entry, name: str) -> Message:
    """To the author: who was asked has left without an answer."""
    facts = {"name": name, "ref": entry.ref}
    button = Buttons((speak.button("open", "entry.open", entry.ref),))
    said = Text(speak.text("ask", "person_left", **facts))
    return Message(speak.plain("ask", "person_left", **facts), (said, button))


def tell_form(speak: Speaker, ask: Ask, entry: Entry, payload: Mapping[str, str]) -> Form:
    kinds = tuple(Option(kind, speak.word(f"kind_{kind}")) for kind in Kind)
    return Form(
        action="ask.tell_save",
        title=speak.plain("ask", "tell_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        notice=speak.text("ask", "tell_notice"),
        payload={"ask": ask.id, **payload},
        fields=(
            TextField(
                "what_happened",
                speak.plain("ask", "tell_what_label"),
                hint=speak.plain("ask", "tell_what_hint"),
                required=True,
                multiline=True,
            ),
            ChoiceField("kind", speak.plain("ask", "tell_kind_label"), kinds, required=True, initial=entry.kind),
            TextField(
                "own_interest",
                speak.plain("ask", "tell_interest_label"),
                hint=speak.plain("ask", "tell_interest_hint"),
                multiline=True,
            ),
        ),
    )


def thanks(speak: Speaker, told: Entry) -> Message:
    """In place of the question, once it is answered."""
    buttons = Buttons(
        (
            speak.button("read_both", "ask.read", told.ref, "primary"),
            speak.button("add_details", "entry.details", told.ref),
            speak.button("undo", "entry.undo", told.ref),
        )
    )
    quote = Quote(cut(told.what_happened, SHOWN_OF_QUOTE))
    return Message(speak.plain("ask", "thanks"), (Text(speak.text("ask", "thanks")), quote, buttons))


def told(speak: Speaker, entry: Entry, answer: Entry) -> Message:
    """To the author of the first view."""
    return Message(
        speak.plain("ask", "told", ref=entry.ref),
        (
            Text(speak.text("ask", "told", ref=entry.ref)),
            Quote(cut(answer.what_happened, SHOWN_OF_QUOTE)),
            Buttons((speak.button("read_both", "ask.read", entry.ref, "primary"),)),
        ),
    )


def both(
    speak: Speaker, views: Sequence[Entry], authors: Mapping[str, Member | None], sides: Mapping[str, str]
) -> Message:
    """Every view of the event in full."""
    parts: list[Part] = [Text(speak.text("ask", "both_title"))]
    for view in views:
        author = authors.get(view.id)
        said = speak.text(
            "ask",
            "view_of",
            kind=view.kind,
            ref=view.ref,
            author=author.name if author else None,
            side=sides.get(view.side, speak.word("the_company")),
            on=view.created_on,
        )
        parts += [Text(said), Quote(view.what_happened)]
    return Message(speak.plain("ask", "both_title"), tuple(parts))


def later(speak: Speaker, at: datetime) -> Message:
    return Message(speak.plain("ask", "later", at=at), (Text(speak.text("ask", "later", at=at)),))


def refused(speak: Speaker) -> Message:
    return Message(speak.plain("ask", "refused"), (Text(speak.text("ask", "refused")),))
