"""The list of the five questions, what is broken, the test in the channel, and what a new facilitator reads."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from bot.domain.chat import Button, Buttons, ChannelInfo, Heading, Message, Part, Small, Text
from bot.domain.countries import country_name
from bot.services.access import Actor
from bot.services.messages.meetings import when
from bot.templates import Rich, Speaker, speaker
from storage.tables import Meeting, SetupQuestion, Workspace

UNSAID: Final = frozenset({"answered", "country"})
"""What a line says in its own words."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the set-up is. `others` lead beside the reader, `awaited` people do from their first contact on."""

    answered: frozenset[SetupQuestion]
    sides: tuple[str, ...]
    channel: str | None
    help_channel: str | None
    zone: str
    country: str
    others: tuple[str, ...]
    awaited: int
    meeting: Meeting | None
    tensions: int
    may_appoint: bool

    @property
    def is_done(self) -> bool:
        return self.answered == frozenset(SetupQuestion)

    @property
    def current(self) -> SetupQuestion | None:
        """The first open question that the reader may answer."""
        open_ones = [question for question in SetupQuestion if question not in self.answered]
        may = [one for one in open_ones if self.may_appoint or one is not SetupQuestion.FACILITATORS]
        return may[0] if may else None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is broken: "no_meeting", or the reason of a `DeliveryError` with the name of the channel.

    `wished` is what [Try again] carries: the ids of both channels.
    """

    reason: str
    channel: str = ""
    wished: str = ""


def card(
    actor: Actor,
    state: Standing,
    broken: Sequence[Trouble],
    said: tuple[Part, ...] = (),
    *,
    is_tested: bool = False,
) -> Message:
    """Golden message 12c: the questions with their answers, below what was just done."""
    speak = actor.speaker
    channels = {"channel": state.channel, "help_channel": state.help_channel}
    tested = (Text(speak.text("setup", "tested", **channels)),) if is_tested else ()
    summary = speak.plain("setup", "summary", n=len(state.answered))
    return Message(summary, (*said, *tested, *_list(speak, state), *_broken(speak, state, broken)))


def home_parts(actor: Actor, state: Standing, broken: Sequence[Trouble]) -> tuple[Part, ...]:
    """What stands above everything else on the Home of a facilitator."""
    shown = () if state.is_done else _list(actor.speaker, state)
    return (*shown, *_broken(actor.speaker, state, broken))


def said(actor: Actor, block: str, **facts: object) -> tuple[Part, ...]:
    """One sentence of what was saved."""
    return (Text(actor.speaker.text("setup", block, **facts)),)


def above_list(message: Message) -> tuple[Part, ...]:
    """What was said of a meeting in one line, with its last button: the list below has the others."""
    lines = [part for part in message.parts if isinstance(part, Text)]
    buttons = [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]
    return tuple(replace(line, button=buttons[-1]) for line in lines[:1])


def not_in_channel(actor: Actor, missing: ChannelInfo | None, value: str) -> Message:
    """The bot cannot post there yet; `value` is what [Try again] carries. `missing` None = it cannot see it."""
    speak, name = actor.speaker, missing.name if missing else None
    buttons = (
        speak.button("try_again", "setup.try_channels", value, "primary"),
        speak.button("back", "setup.list"),
    )
    return Message(
        speak.plain("setup", "not_in_channel", channel=name),
        (Text(speak.text("setup", "not_in_channel", channel=name)), Buttons(buttons)),
    )


def test_post(workspace: Workspace, before: Meeting | None) -> Message:
    """The test in a channel; `before` is the meeting of the first brief, if that comes here."""
    speak = speaker(workspace.language, workspace.timezone)
    due = before.brief_due_at if before else None
    remove = Buttons((speak.button("remove", "setup.remove_test"),))
    return Message(speak.plain("setup", "test", due=due), (Text(speak.text("setup", "test", due=due)), remove))


def test_removed(workspace: Workspace) -> Message:
    speak = speaker(workspace.language, workspace.timezone)
    return Message(speak.plain("setup", "test_removed"), (Small(speak.text("setup", "test_removed")),))


def appointed(speak: Speaker, by: str, *, is_member: bool) -> Message:
    """To somebody who facilitates from now on, or once they have said where they work."""
    facts = {"by": by, "is_member": is_member}
    return Message(speak.plain("setup", "appointed_short", by=by), (Text(speak.text("setup", "appointed", **facts)),))


def appointed_line(speak: Speaker, by: str) -> Text:
    """What stands for it beside other things of the day."""
    return Text(speak.text("setup", "appointed_line", by=by))


def _list(speak: Speaker, state: Standing) -> tuple[Part, ...]:
    return (
        Heading(speak.plain("setup", "heading", sides=state.sides)),
        Text(_opening(speak, state), _go_on(speak, state)),
        *_questions(speak, state),
        Small(speak.text("setup", "note", tensions=state.tensions, is_done=state.is_done)),
    )


def _opening(speak: Speaker, state: Standing) -> Rich:
    return speak.text("setup", "opening", n=len(state.answered), of=len(SetupQuestion))


def _go_on(speak: Speaker, state: Standing) -> Button | None:
    if state.current is None:
        return None
    return speak.button("go_on" if state.answered else "start", "setup.open", state.current, "primary")


def _questions(speak: Speaker, state: Standing) -> Sequence[Part]:
    """One text before anything is answered; then a line for each, with its button."""
    lines = [_line(speak, state, question) for question in SetupQuestion]
    if not state.answered:
        return [Text(Rich("\n".join(lines)))]
    return [Text(line, _button(speak, state, question)) for line, question in zip(lines, SetupQuestion, strict=True)]


def _line(speak: Speaker, state: Standing, question: SetupQuestion) -> Rich:
    is_answered = question in state.answered
    facts = {
        "phase": "✓" if is_answered else "●" if question is state.current else "○",
        "answered": is_answered,
        "country": country_name(state.country, speak.language, in_a_sentence=True),
        "when": when(speak, state.meeting) if state.meeting else None,
        **{field.name: getattr(state, field.name) for field in fields(state) if field.name not in UNSAID},
    }
    return speak.text("setup", f"line_{question}", **facts)


def _button(speak: Speaker, state: Standing, question: SetupQuestion) -> Button | None:
    if question is SetupQuestion.MEETING and question in state.answered:
        return speak.button("all_meetings", "meetings.list")
    if question is state.current or (question is SetupQuestion.FACILITATORS and not state.may_appoint):
        return None
    return speak.button("change" if question in state.answered else "answer", "setup.open", question)


def _broken(speak: Speaker, state: Standing, broken: Sequence[Trouble]) -> tuple[Part, ...]:
    """A meeting is asked for by the list as long as there was none."""
    asked = SetupQuestion.MEETING not in state.answered
    return tuple(_trouble(speak, one) for one in broken if not (asked and one.reason == "no_meeting"))


def _trouble(speak: Speaker, trouble: Trouble) -> Text:
    text = speak.text("setup", f"trouble_{trouble.reason}", channel=trouble.channel)
    match trouble.reason:
        case "no_meeting":
            return Text(text, speak.button("add_meeting", "series.new"))
        case "not_in_channel" | "not_allowed":
            return Text(text, speak.button("try_again", "setup.try_channels", trouble.wished))
    return Text(text, speak.button("choose_channel", "setup.channels"))
