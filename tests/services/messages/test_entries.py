"""How an entry is shown, word for word, in both languages; and that Slack takes every one of these."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.domain.chat import Button, Buttons, Form, Message, Text
from bot.domain.coaching import Coaching
from bot.platforms.slack_blocks import render_message, render_message_view
from bot.platforms.slack_forms import render_form
from bot.services.messages import entries, entry_forms
from bot.services.messages.entries import Advice, Card, Plan, Reading, Rights, Shared, Teller, Told
from bot.services.messages.entry_forms import Blank, Choices, Origin
from bot.templates import LANGUAGES, speaker
from storage.entries import EarlierRow
from storage.tables import Entry, EntryStatus, Kind, Level, Objective, Tension, Visibility
from tests.platforms.slack_limits import pings, refusals
from tests.services.entry_world import TAPAS, fields, words

ZONE = "Europe/Amsterdam"
PLAN = Plan(brief=date(2026, 6, 11), retro=date(2026, 6, 24))
EARLIER = EarlierRow("id1", "b3xq", "Three sequence changes", "On 7 January", "T02", date(2026, 1, 8))


def an_entry(**over: Any) -> Entry:
    defaults: dict[str, Any] = {
        "id": "entry1",
        "workspace_id": "workspace1",
        "ref": "k7m2",
        "kind": Kind.CLASH,
        "visibility": Visibility.NAMED,
        "side": "operations",
        "status": EntryStatus.OPEN,
        "created_on": date(2026, 6, 10),
        "what_happened": TAPAS,
    }
    return Entry(**defaults | over)


def a_card(language: str, **over: Any) -> Message:
    entry = over.pop("entry", an_entry())
    facts = Card(entry=entry, handle="k7m2", side="Operations", plan=PLAN, said="saved")
    return entries.card(speaker(language, ZONE), replace(facts, **over))


def advice(coaching: Coaching, language: str) -> Advice:
    return Advice(coaching, speaker(language, ZONE))


def side_only(**over: Any) -> Entry:
    return an_entry(visibility=Visibility.SIDE_ONLY, **over)


CARDS: dict[str, Callable[[str], Message]] = {
    "guess": lambda language: a_card(language, tension="Fast response", is_guess=True, looks_like=EARLIER),
    "linked": lambda language: a_card(language, said="changed", tension="Fast response", linked=EARLIER),
    "brief only": lambda language: a_card(language, plan=Plan(brief=date(2026, 6, 11))),
    "retro only": lambda language: a_card(language, plan=Plan(retro=date(2026, 6, 24))),
    "nothing planned": lambda language: a_card(language, plan=Plan()),
    "in a brief": lambda language: a_card(language, said="shared", plan=Plan(in_brief=date(2026, 6, 11))),
    "side only": lambda language: a_card(language, entry=side_only()),
    "company": lambda language: a_card(language, entry=side_only(), side=None),
    "beside": lambda language: a_card(language, beside="b3xq", entry=an_entry(kind=Kind.WENT_WELL)),
    "shared": lambda language: a_card(language, said="shared", shared=Shared("sales-operations")),
    "shared later": lambda language: a_card(
        language, entry=side_only(), shared=Shared(None, datetime(2026, 6, 10, 15, tzinfo=UTC))
    ),
    "details": lambda language: a_card(
        language,
        said="changed",
        entry=an_entry(effect="80 minutes", own_interest="rest", other_interest="a yes", lesson="swap"),
        objective="Reliable supply",
    ),
    "restored": lambda language: a_card(language, said="restored"),
    "nameless": lambda language: a_card(language, said="nameless", entry=side_only()),
    "opened": lambda language: a_card(language, said="shown", entry=an_entry(kind=Kind.NOT_SO_WELL)),
    **{
        f"coached: {coaching}": lambda language, coaching=coaching: a_card(  # type: ignore[misc]
            language, said="verbatim", advice=advice(coaching, language)
        )
        for coaching in Coaching
    },
    "sensitive in the company": lambda language: a_card(
        language, said="verbatim", side=None, advice=advice(Coaching.SENSITIVE, language)
    ),
}


def check_slack_takes(payload: dict[str, Any]) -> None:
    assert refusals(payload) == []
    assert pings(payload) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CARDS)
def test_the_card(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    card = CARDS[name](language)
    check_slack_takes(render_message(card))
    assert words(card) == snapshot


def a_told(**over: Any) -> Told:
    return Told(an_entry(**over), Teller("Production Scheduler Noord", "Operations"))


OTHER = Told(
    an_entry(ref="b3xq", kind=Kind.WENT_WELL, side="sales", what_happened="A fast yes is good."),
    Teller("Key Account Manager Retailer A", "Sales"),
)
BRIDGE = Told(an_entry(ref="b3xq", side="finance", what_happened="It cost 900 euro."), Teller(None, "Finance"))
COMPANY = Told(side_only(side="company"), Teller(None, None))
SIDES = ["Sales", "Operations"]

OTHERS: dict[str, Callable[[str], Message]] = {
    "kinds": lambda language: entries.kind_choice(speaker(language, ZONE), an_entry(), "k7m2"),
    "removed": lambda language: entries.removed(speaker(language, ZONE), an_entry(), "k7m2", unseen=True),
    "removed later": lambda language: entries.removed(speaker(language, ZONE), an_entry(), "k7m2", unseen=False),
    "removed shared": lambda language: entries.removed(
        speaker(language, ZONE), an_entry(shared_channel_id="C1"), "k7m2", unseen=False
    ),
    "hidden": lambda language: entries.hidden(speaker(language, ZONE), an_entry()),
    "post": lambda language: entries.post(speaker(language, ZONE), a_told(), [], SIDES),
    "post, both": lambda language: entries.post(speaker(language, ZONE), a_told(), [BRIDGE, OTHER], SIDES),
    "post, also": lambda language: entries.post(speaker(language, ZONE), a_told(), [BRIDGE], SIDES),
    "post, own side": lambda language: entries.post(speaker(language, ZONE), a_told(), [a_told(ref="b3xq")], SIDES),
    "post, company": lambda language: entries.post(speaker(language, ZONE), COMPANY, [], SIDES),
    "post removed": lambda language: entries.post_removed(
        speaker(language, ZONE), an_entry(withdrawn_on=date(2026, 6, 11))
    ),
    "post hidden": lambda language: entries.post_removed(speaker(language, ZONE), an_entry(hidden_reason="names")),
    "reading": lambda language: entries.reading(
        speaker(language, ZONE),
        Reading(
            told=a_told(
                effect="80 minutes",
                level=Level.DAY_TO_DAY,
                status=EntryStatus.RESOLVED,
                resolved_on=date(2026, 6, 12),
                permalink="https://chat.example/archives/C1/p1",
                hidden_reason="It names a colleague",
            ),
            handle="k7m2",
            rights=Rights(change=True, share=True, hide=True, moves=tuple(entries.MOVES)),
            tension="Fast response",
            objective="Reliable supply",
            linked=EARLIER,
            others=(OTHER, COMPANY),
        ),
    ),
    "reading, other side": lambda language: entries.reading(
        speaker(language, ZONE), Reading(told=a_told(), handle="k7m2", rights=Rights(tell=True))
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OTHERS)
def test_what_else_is_said(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    message = OTHERS[name](language)
    check_slack_takes(render_message(message))
    check_slack_takes(render_message_view(message, "Ampersand", "Close"))
    assert words(message) == snapshot


TENSION: dict[str, Any] = {"workspace_id": "w", "key": "T02", "name": "Fast response", "name_nl": "Snel reageren"}
OBJECTIVE: dict[str, Any] = {
    "workspace_id": "w",
    "key": "O1",
    "name": "Reliable supply",
    "name_nl": "Betrouwbaar leveren",
}
CHOICES = Choices(
    tensions=[Tension(**TENSION)], objectives=[Objective(**OBJECTIVE)], tension="T02", level=Level.DAY_TO_DAY
)
BLANK = Blank(kind=Kind.CLASH, text="", visibility=Visibility.NAMED, side="Operations", choices=CHOICES, payload={})

FORMS: dict[str, Callable[[str], Form]] = {
    "capture": lambda language: entry_forms.capture(speaker(language, ZONE), BLANK),
    "from a message": lambda language: entry_forms.capture(
        speaker(language, ZONE),
        replace(
            BLANK,
            kind=Kind.WENT_WELL,
            text="a" * 3_001,
            side=None,
            linked=True,
            origin=Origin("noord-planning", datetime(2026, 6, 10, 14, 42, tzinfo=UTC)),
        ),
    ),
    "from a command": lambda language: entry_forms.capture(speaker(language, ZONE), replace(BLANK, text="a" * 3_001)),
    "adds": lambda language: entry_forms.capture(
        speaker(language, ZONE),
        replace(BLANK, adds_to="k7m2", origin=Origin("directmessage", datetime(2026, 6, 10, 14, 42, tzinfo=UTC))),
    ),
    "details": lambda language: entry_forms.details(
        speaker(language, ZONE), an_entry(effect="e" * 3_001, lesson="swap"), "k7m2", CHOICES
    ),
    "tension": lambda language: entry_forms.tension(speaker(language, ZONE), CHOICES.tensions, "T02", "k7m2"),
    "tell": lambda language: entry_forms.tell(speaker(language, ZONE), a_told(), Visibility.NAMED, "Sales"),
    "hide": lambda language: entry_forms.hide(speaker(language, ZONE), an_entry(), "k7m2"),
}


def form_words(form: Form) -> str:
    lines = [f"⟨{form.title}⟩ {form.notice}"]
    for each in fields(form).values():
        needed = " (required)" if each.required else ""
        options = " / ".join(f"{one.label} {one.hint}".strip() for one in getattr(each, "options", ()))
        filled = str(each.initial or "")[:40]
        lines.append(f"{each.label}{needed} · {each.hint} · {options} = {filled}")
    return "\n".join([*lines, f"[{form.submit}] [{form.close}]"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_the_form(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    form = FORMS[name](language)
    assert len(form.title) <= 24
    check_slack_takes(render_form(form))
    assert form_words(form) == snapshot


def all_buttons(message: Message) -> list[Button]:
    beside = [part.button for part in message.parts if isinstance(part, Text) and part.button]
    below = [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]
    return [*beside, *below]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*CARDS, *OTHERS])
def test_a_notification_tells_no_words_and_no_name(name: str, language: str) -> None:
    message = (CARDS | OTHERS)[name](language)
    assert "Retailer" not in message.summary
    assert "Scheduler" not in message.summary


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*CARDS, *OTHERS])
def test_buttons_are_short_and_removing_is_never_the_first(name: str, language: str) -> None:
    for button in all_buttons((CARDS | OTHERS)[name](language)):
        assert len(button.label) <= 26, button.label
        assert not (button.action in {"entry.undo", "entry.withdraw"} and button.style == "primary")


@pytest.mark.parametrize("name", CARDS)
def test_a_card_asks_no_more_than_ten_seconds(name: str) -> None:
    """Ours: what is neither the quote, nor a label, nor a value the person gave."""
    card = CARDS[name]("en")
    ours = " ".join(line for line in words(card).splitlines() if not line.startswith((">", "[")))
    assert len(ours.split()) <= 75
