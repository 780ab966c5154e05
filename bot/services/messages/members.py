"""First contact, settings, App Home and the list of what one can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.chat import Button, Buttons, ChoiceField, Form, Message, Option, Part, Quote, Small, Text
from bot.services.access import Actor
from bot.services.messages import absences, days
from bot.services.messages.days import DaysFacts
from bot.services.messages.member_list import Row, newcomers
from bot.templates import Speaker
from bot.templates.formats import cut
from storage.tables import Entry, Meeting, Side, Visibility

HEADLINE = 60
"""Characters of an example on the Home: one line."""

WORD = 40
"""Characters of a word that is repeated back."""


def first_contact(speak: Speaker, sides: Sequence[Side], quiet_text: str | None, *, is_text_kept: bool) -> Message:
    """Golden message 12a. `quiet_text` is repeated back, because it was not kept."""
    kind = "quiet" if quiet_text else "welcome_text" if is_text_kept else "welcome"
    parts: list[Part] = [Text(speak.text("member", kind))]
    if quiet_text:
        parts.append(Quote(quiet_text))
    parts += [
        Buttons(tuple(Button("side.choose", side.name, side.key) for side in sides)),
        Small(speak.text("member", "welcome_note")),
    ]
    return Message(speak.plain("member", kind), tuple(parts))


def welcomed(speak: Speaker, side_name: str) -> Message:
    """Said when nothing was waiting, or when what was waiting opens as a form."""
    return Message(
        speak.plain("member", "welcomed", side=side_name), (Text(speak.text("member", "welcomed", side=side_name)),)
    )


def settings_form(
    actor: Actor, sides: Sequence[Side], facts: DaysFacts, without_name: str | None, default: Visibility
) -> Form:
    """`without_name` is the side that the member's examples read as without a name, None = "from the company"."""
    speak = actor.speaker
    my_days = days.fields(speak, facts, types_site=False)
    return Form(
        action="settings.save",
        title=speak.plain("member", "settings_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(*_side_and_language(actor, sides), *my_days, _shown_with(speak, without_name, default)),
        payload=days.payload(facts, my_days),
    )


def _side_and_language(actor: Actor, sides: Sequence[Side]) -> tuple[ChoiceField, ...]:
    speak, member = actor.speaker, actor.member
    options = tuple(Option(side.key, side.name) for side in sides)
    languages = (Option("en", "English"), Option("nl", "Nederlands"))
    label, hint = speak.plain("member", "side_label"), speak.plain("member", "side_hint")
    language = speak.plain("member", "language_label")
    return (
        ChoiceField("side", label, options, hint=hint, required=True, initial=member.side),
        ChoiceField("language", language, languages, required=True, initial=member.language),
    )


def _shown_with(speak: Speaker, without_name: str | None, default: Visibility) -> ChoiceField:
    only_my_side = speak.plain("member", "only_my_side", side=without_name)
    return ChoiceField(
        "shown_with",
        speak.plain("member", "shown_with_label"),
        (
            Option("named", speak.plain("member", "my_name")),
            Option("side_only", only_my_side, speak.plain("member", "only_hint")),
        ),
        hint=speak.plain("member", "shown_with_hint"),
        required=True,
        initial=str(default),
        shown_open=True,
    )


def settings_saved(actor: Actor, facts: DaysFacts) -> Message:
    """The zone is said, with the time there: so a wrong one is seen."""
    speak, zone = actor.speaker, actor.member.timezone
    hours = {"zone": zone, "clock": days.clock(facts.now, zone), "working_days": facts.working_days}
    texts = (Text(speak.text("member", "settings_saved")), Small(speak.text("member", "settings_hours", **hours)))
    away = (facts.absence,) if facts.absence else ()
    absence = absences.on_home(speak, away, facts.now.astimezone(ZoneInfo(zone)).date())
    return Message(speak.plain("member", "settings_saved"), (*texts, *absence))


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """`setup`, `rounds` and `newcomers` are for facilitators: what is open or broken, whom check-ins ask, and who
    is new. `brief_at` is when the brief comes, None once it is out. `checkins` and `absence` are those of the reader,
    `working_days` as in `Member` and never None.
    """

    side_name: str
    entries: Sequence[tuple[Entry, str]]
    next_meeting: Meeting | None
    brief_at: datetime | None
    setup: Sequence[Part]
    rounds: Sequence[Part]
    newcomers: Sequence[Row]
    checkins: Sequence[Part]
    absence: Sequence[Part]
    working_days: str


def home(actor: Actor, facts: HomeFacts) -> Message:
    """Golden message 12b: what one can do, what waits, what comes next."""
    speak, member = actor.speaker, actor.member
    usual: Literal["normal", "primary"] = "normal" if facts.setup else "primary"
    capture = Buttons(
        (
            Button("entry.new", speak.word("kind_clash"), "clash", usual),
            Button("entry.new", speak.word("kind_went_well"), "went_well"),
        )
    )
    entries = speak.text(
        "member", "home_entries", entries=[_line(entry, headline) for entry, headline in facts.entries]
    )
    meeting = speak.text("member", "home_meeting", meeting=facts.next_meeting, brief_at=facts.brief_at)
    empty = speak.text("member", "home_empty")
    all_mine = speak.button("all_my_entries", "entries.list", "mine")
    parts: list[Part] = [
        *facts.setup,
        capture,
        *facts.checkins,
        *facts.absence,
        *([] if facts.setup and not facts.next_meeting else [Text(meeting)]),
        *([Text(entries, all_mine)] if facts.entries else [] if facts.setup or facts.checkins else [Text(empty)]),
        *facts.rounds,
        *newcomers(speak, facts.newcomers),
        Small(speak.text("member", "home_me", side=facts.side_name, member=member, working_days=facts.working_days)),
        Buttons(
            (
                speak.button("settings", "settings.open"),
                speak.button("away_until", "away.open"),
                speak.button("what_is_stored", "privacy.open"),
                speak.button("what_i_can_do", "sop.help"),
            )
        ),
    ]
    return Message(speak.plain("member", "home_summary"), tuple(parts))


def home_unknown(speak: Speaker, sides: Sequence[Side]) -> Message:
    """Home of somebody who has not said yet where they work."""
    choices = Buttons(tuple(Button("side.choose", side.name, side.key) for side in sides))
    return Message(
        speak.plain("member", "home_summary"),
        (Text(speak.text("member", "home_unknown")), choices, Small(speak.text("member", "welcome_note"))),
    )


def _line(entry: Entry, headline: str) -> dict[str, object]:
    return {"kind": entry.kind, "ref": entry.ref, "on": entry.created_on, "headline": cut(headline, HEADLINE)}


def help_card(actor: Actor) -> Message:
    """Golden message 17: what one can do, for what works today."""
    speak = actor.speaker
    parts: list[Part] = [Text(speak.text("member", "help"))]
    parts += [Text(speak.text("member", "help_leads"))] if actor.leads else []
    parts += [Text(speak.text("member", "help_admins"))] if actor.administers else []
    parts.append(Small(speak.text("member", "help_note")))
    return Message(speak.plain("member", "help_summary"), tuple(parts))


def unknown_word(actor: Actor, word: str, meant: str | None) -> Message:
    """A wrong word after /sop, with the nearest right one."""
    speak = actor.speaker
    said = {"typed": cut(word, WORD), "meant": meant}
    text = Text(speak.text("member", "unknown_word", **said))
    return Message(speak.plain("member", "unknown_word", **said), (text, *help_card(actor).parts))


def hint(speak: Speaker) -> Message:
    """The answer to somebody who writes to the bot as to a person."""
    return Message(speak.plain("member", "hint"), (Text(speak.text("member", "hint")),))
