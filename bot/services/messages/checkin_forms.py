"""The forms of a check-in: a new one, its settings, and whom it asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.chat import ChannelField, ChoiceField, Field, Form, MultiChoiceField, Option, PeopleField, TextField
from bot.domain.checkin.questions import Blueprint, Template
from bot.domain.checkin.settings import DAYS, LONGEST_NAME, SHARES
from bot.domain.recurrence import parse_rule, write_rule
from bot.services.messages.checkin_question_forms import wording
from bot.services.messages.checkins import when
from bot.templates import Speaker
from storage.tables import Checkin, Side

NO_NUDGE = "no"


@dataclass(frozen=True, slots=True)
class Filled:
    """Whom it asks when the form opens: sides by key, people and the channel by the platform's ids."""

    sides: tuple[str, ...]
    people: tuple[str, ...]
    observers: tuple[str, ...]
    channel: str | None


def new(speak: Speaker, template: Template, name: str, rule: str, sides: Sequence[Side]) -> Form:
    """With everything filled in; a blank one asks for its first question too."""
    first = wording(speak, None) if template is Template.BLANK else ()
    everybody = tuple(side.key for side in sides)
    return Form(
        action="checkin.new_save",
        title=_plain(speak, "new_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(_name(speak, name), _rule(speak, rule), _sides(speak, sides, everybody), *first),
        notice=speak.text("checkin_setup", "new_note"),
        payload={"template": template},
    )


def settings(speak: Speaker, checkin: Checkin, channel_id: str | None) -> Form:
    """As it is now; `channel_id` is where results go."""
    return Form(
        action="checkin.settings_save",
        title=_plain(speak, "settings_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            _name(speak, checkin.name),
            _rule(speak, when(speak, checkin) if checkin.rule else ""),
            *_window(speak, checkin),
            ChannelField("channel", _plain(speak, "label_result"), initial=channel_id),
        ),
        payload={"checkin": checkin.id},
    )


def audience(speak: Speaker, checkin: Checkin, sides: Sequence[Side], filled: Filled) -> Form:
    return Form(
        action="checkin.audience_save",
        title=_plain(speak, "audience_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            _sides(speak, sides, filled.sides),
            PeopleField("people", _plain(speak, "label_people"), initial=filled.people),
            ChannelField(
                "channel", _plain(speak, "label_channel"), hint=_plain(speak, "hint_channel"), initial=filled.channel
            ),
            PeopleField(
                "observers",
                _plain(speak, "label_observers"),
                hint=_plain(speak, "hint_observers"),
                initial=filled.observers,
            ),
        ),
        payload={"checkin": checkin.id},
    )


def typed_rule(speak: Speaker, blueprint: Blueprint) -> str:
    """As one would type it, in the reader's language; "" for one that is started by hand."""
    if blueprint.rule is None:
        return ""
    return f"{write_rule(parse_rule(blueprint.rule)[0], speak.language)} {blueprint.local_time:%H:%M}"


def _name(speak: Speaker, name: str) -> TextField:
    return TextField("name", _plain(speak, "label_name"), required=True, initial=name, max_length=LONGEST_NAME)


def _rule(speak: Speaker, rule: str) -> TextField:
    label, hint = _plain(speak, "label_rule"), _plain(speak, "hint_rule")
    return TextField("rule", label, hint=hint, initial=rule, max_length=80)


def _sides(speak: Speaker, sides: Sequence[Side], ticked: Sequence[str]) -> MultiChoiceField:
    return MultiChoiceField(
        "sides",
        _plain(speak, "label_sides"),
        tuple(Option(side.key, side.name) for side in sides),
        hint=_plain(speak, "hint_sides"),
        initial=tuple(ticked),
        shown_open=True,
    )


def _window(speak: Speaker, checkin: Checkin) -> tuple[Field, ...]:
    """What is set now is offered too, where it is none of the usual."""
    days = sorted({*DAYS, checkin.close_after_days})
    shares = sorted({*SHARES, *([checkin.nudge_share_pct] if checkin.nudge_share_pct else [])})
    reminders = [Option(str(share), speak.plain("checkin_setup", "nudge", share=share)) for share in shares]
    nobody = Option(NO_NUDGE, _plain(speak, "no_nudge"))
    return (
        ChoiceField(
            "days",
            _plain(speak, "label_days"),
            tuple(Option(str(n), speak.plain("checkin_setup", "days", days=n)) for n in days),
            hint=_plain(speak, "hint_days"),
            required=True,
            initial=str(checkin.close_after_days),
        ),
        TextField(
            "close_at",
            _plain(speak, "label_close_at"),
            required=True,
            initial=f"{checkin.close_at:%H:%M}",
            max_length=12,
        ),
        ChoiceField(
            "nudge",
            _plain(speak, "label_nudge"),
            (*reminders, nobody),
            required=True,
            initial=str(checkin.nudge_share_pct or NO_NUDGE),
        ),
    )


def _plain(speak: Speaker, block: str) -> str:
    return speak.plain("checkin_setup", block)
