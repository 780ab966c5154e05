"""What cannot be done ends in a plain sentence: what is so, what is safe, the cure."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

from bot.playground import labels, words
from bot.playground.dispatch import FORM, Request
from storage.tables import Entry
from tests.flows.world import CHANNEL, DUTCH_SALES, OPERATIONS, SALES, World, person_id, reference

CLASH = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."


async def test_a_wrong_word_after_sop(world: World) -> None:
    for key, typed, said in (
        (OPERATIONS, "breif", "I do not know “breif”. Did you mean “brief”?"),
        (DUTCH_SALES, "voorbelden", "“voorbelden” ken ik niet. Bedoel je “voorbeelden”?"),
        (OPERATIONS, "make me coffee", "I do not know “make”. This is what I can do:"),
        (OPERATIONS, "x" * 5_000, "I do not know “xxx"),
    ):
        answer = words(await world.says(key, "/sop", typed))
        assert said in answer
        assert "/clash" in answer
        assert len(answer) < 1_000


async def test_sop_alone_says_what_one_can_do(world: World) -> None:
    for typed in ("", "help", "HULP", "  hulp  "):
        answer = words(await world.says(OPERATIONS, "/sop", typed))
        assert "Something happened?" in answer
        assert "/sop entries" in answer


async def test_a_button_of_an_earlier_version(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.person(OPERATIONS).press(card, "Change kind")
    await world.settle()
    await world.delivers_again(_pressed(world, action_id="entry.sing"))
    assert "This button is from an earlier version." in words(await world.newest(OPERATIONS))


async def test_a_form_of_an_earlier_version_keeps_what_was_typed(world: World) -> None:
    await world.person(OPERATIONS).command("/clash", "", CHANNEL)
    await world.settle()
    await world.submits(OPERATIONS, what_happened=CLASH)
    payload = _payload(world.sent("view_submission"))
    payload["view"]["callback_id"] = "entry.save_of_last_year"
    answer = await world.delivers_again(_request(payload))
    assert json.loads(answer.text)["response_action"] == "errors"
    assert "earlier version" in json.loads(answer.text)["errors"]["what_happened"]


async def test_what_was_removed_cannot_be_changed(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.person(OPERATIONS).press(card, "Undo")
    await world.person(OPERATIONS).press(card, "Share")
    await world.settle()
    assert "was withdrawn" in words(await world.newest(OPERATIONS))
    assert not any("football" in text for text in await world.channel(SALES))


async def test_what_was_removed_cannot_be_saved_from_an_open_form(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    form = await world.opens(OPERATIONS, card, "Add details")
    await world.presses(OPERATIONS, card, "Undo")
    errors = await world.person(OPERATIONS).submit(form, {"effect": "40 minutes"})
    assert "was withdrawn" in errors["what_happened"]


async def test_somebody_elses_card_does_nothing(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.presses(OPERATIONS, card, "Change kind")
    for action in ("entry.undo", "entry.share", "entry.kind", "entry.name_off"):
        forged = _pressed(world, user=person_id(SALES), action_id=action, value=reference(card), trigger=action)
        await world.delivers_again(forged)
        assert f"Only its author changes #{reference(card)}." in words(await world.newest(OPERATIONS))
    entry = world.entry(card)
    assert (entry.withdrawn_on, entry.shared_channel_id) == (None, None)
    assert entry.author_id is not None


async def test_a_side_only_example_needs_its_own_card(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", f"quietly {CLASH}")
    await world.person(OPERATIONS).press(card, "Change kind")
    await world.settle()
    await world.delivers_again(_pressed(world, action_id="entry.undo", value=reference(card), trigger="forged"))
    assert world.entry(card).withdrawn_on is None
    guessed = f"{reference(card)}.{'0' * 36}"
    await world.delivers_again(_pressed(world, action_id="entry.undo", value=guessed, trigger="guessed"))
    assert world.entry(card).withdrawn_on is None


async def test_a_value_nobody_made_breaks_nothing(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.presses(OPERATIONS, card, "Change kind")
    before = len(world.rows(Entry))
    for number, value in enumerate(("", "zzzz|clash", "|", "k7m2.x|y|z", "'; DROP TABLE entries; --", "é" * 500)):
        for action in ("entry.set_kind", "entry.link", "entry.new", "ask.tell", "side.choose", "entries.list"):
            request = _pressed(world, action_id=action, value=value, trigger=f"{action}{number}")
            assert (await world.delivers_again(request)).status == 200
    assert len(world.rows(Entry)) == before


async def test_an_unsigned_or_old_request_is_refused(world: World) -> None:
    await world.says(OPERATIONS, "/clash", CLASH)
    request = world.sent("/clash")
    assert (await world.delivers_again(request, timedelta(minutes=6))).status == 401


async def test_another_workspace_is_told_that_it_is_not_set_up(world: World) -> None:
    await world.says(OPERATIONS, "/clash", CLASH)
    fields = {name: values[0] for name, values in parse_qs(world.sent("/clash").body).items()}
    fields |= {"team_id": "T0OTHER", "trigger_id": "1.other"}
    answer = await world.delivers_again(Request(urlencode(fields), FORM))
    assert "I am not set up for this workspace yet." in answer.text


async def test_who_has_left_is_told_so(world: World) -> None:
    answer = await world.slack_sends("M14", "/clash", CLASH)
    assert "Je bent hier geen lid meer." in answer.text
    assert labels(await world.says(SALES, "/sop", "entries football tapas box at 16:30")) == [
        "Add an example",
        "Mine",
        "Filter…",
        "Show all",
    ]


def _pressed(world: World, *, trigger: str = "fresh", user: str | None = None, **action: str) -> Request:
    """The last press again, as another one."""
    payload = _payload(world.sent("block_actions"))
    payload["trigger_id"] = trigger
    payload["actions"][0] |= action
    if user:
        payload["user"]["id"] = user
    return _request(payload)


def _payload(request: Request) -> dict[str, Any]:
    payload = json.loads(parse_qs(request.body)["payload"][0])
    assert isinstance(payload, dict)
    return payload


def _request(payload: dict[str, Any]) -> Request:
    return Request(urlencode({"payload": json.dumps(payload)}), FORM)
