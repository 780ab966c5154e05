"""Reading and writing messages, commands and cards, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.playground.browser.page import Open, act_as, box, messages, send
from tests.playground.tiny_app import ANNA, BRAM, CARLA, NOORD, SOP
from tests.playground.tiny_world import Running

# Messages


def test_messages_show_who_when_and_what(opened: Open, world: Running) -> None:
    world.say(BRAM, "The line is *full*.")
    world.say(BRAM, "Two people stay.", minutes=2)
    page = opened(f"as={CARLA}&channel={SOP}")
    expect(messages(page)).to_have_count(2)
    expect(messages(page).first).to_contain_text("Production Scheduler Noord")
    expect(messages(page).first.locator("time")).to_have_text("18:00")
    expect(messages(page).first.locator("strong")).to_have_text("full")
    expect(messages(page).last).to_have_class(re.compile("continues"))
    expect(page.locator(".day")).to_have_text("Today")


def test_what_one_types_is_shown_and_never_run(opened: Open, world: Running) -> None:
    page = opened()
    nasty = '<img src=x onerror="document.title=1"> <script>document.title=1</script> javascript:alert(1) & "quotes"'
    send(page, nasty)
    expect(messages(page).last.locator(".text")).to_have_text(nasty)
    assert messages(page).last.locator("img, script, a").count() == 0
    raw = '<img src=x onerror="document.title=1"> <script>document.title=1</script>'
    world.post(raw)
    expect(messages(page).last.locator(".text")).to_have_text(raw)
    expect(box(page)).to_have_value("")


def test_enter_sends_and_shift_enter_makes_a_line(opened: Open) -> None:
    page = opened()
    box(page).press_sequentially("one")
    box(page).press("Shift+Enter")
    box(page).press_sequentially("two")
    expect(messages(page)).to_have_count(0)
    box(page).press("Enter")
    assert messages(page).last.locator(".text").inner_text() == "one\ntwo"


def test_an_empty_place_says_a_friendly_sentence(opened: Open) -> None:
    expect(opened().locator(".empty")).to_contain_text("Nothing has been said in #sales-operations yet")


def test_a_draft_stays_in_its_place(opened: Open) -> None:
    page = opened()
    box(page).fill("half a thought")
    page.get_by_role("link", name="noord-planning").click()
    expect(box(page)).to_have_attribute("placeholder", "Message #noord-planning")
    expect(box(page)).to_have_value("")
    page.get_by_role("link", name="sales-operations").click()
    expect(box(page)).to_have_value("half a thought")
    page.reload()
    expect(box(page)).to_have_value("half a thought")


def test_new_messages_follow_only_the_reader_at_the_bottom(opened: Open, world: Running) -> None:
    for number in range(40):
        world.say(ANNA, f"Message {number}", minutes=6)
    page = opened()
    scroll = page.locator("#scroll")
    world.post("At the bottom one sees it at once.")
    expect(messages(page).last).to_be_in_viewport()
    expect(page.get_by_role("button", name="New messages")).to_be_hidden()
    scroll.evaluate("element => { element.scrollTop = 100 }")
    world.post("Somewhere else one is told.")
    button = page.get_by_role("button", name="New messages")
    expect(button).to_be_visible()
    assert scroll.evaluate("element => element.scrollTop") == 100
    button.click()
    expect(messages(page).last).to_be_in_viewport()
    expect(button).to_be_hidden()


def test_earlier_messages_come_when_asked_for(opened: Open, world: Running) -> None:
    for number in range(70):
        world.say(ANNA, f"Message {number}", minutes=6)
    page = opened()
    expect(messages(page)).to_have_count(60)
    page.get_by_role("button", name="Show earlier messages (10)").click()
    expect(messages(page)).to_have_count(70)
    expect(messages(page).nth(10)).to_be_focused()
    expect(messages(page).nth(10)).to_be_in_viewport()
    expect(page.get_by_role("button", name="Show earlier messages")).to_have_count(0)
    world.post("Still live")
    expect(messages(page)).to_have_count(71)


def test_unread_messages_are_counted_until_looked_at(opened: Open, world: Running) -> None:
    page = opened(f"as={BRAM}&channel={NOORD}")
    world.post("One")
    world.post("Two")
    link = page.get_by_role("link", name="sales-operations")
    expect(link.locator(".count")).to_have_text("2 unread")
    link.click()
    expect(messages(page)).to_have_count(2)
    expect(link.locator(".count")).to_have_count(0)


def test_after_a_broken_connection_nothing_is_missing(opened: Open, world: Running) -> None:
    page = opened()
    page.context.route("**/ui/stream*", lambda route: route.abort())
    world.loop.call_soon_threadsafe(world.playground.workspace.notices.close)
    expect(page.get_by_text("The connection is lost.")).to_be_visible()
    world.post("Said in the meantime")
    expect(messages(page)).to_have_count(0)
    page.context.unroute("**/ui/stream*")
    expect(messages(page)).to_have_count(1, timeout=10_000)
    expect(page.get_by_text("The connection is lost.")).to_be_hidden()


def test_a_permalink_leads_to_its_message(opened: Open, world: Running) -> None:
    first = world.say(ANNA, "Far above")
    for number in range(70):
        world.say(ANNA, f"Message {number}", minutes=6)
    world.post(f"See <{world.url}/archives/{SOP}/p{first.replace('.', '')}|the first>")
    page = opened(f"as={BRAM}&channel={SOP}")
    page.get_by_role("link", name="the first").click()
    expect(messages(page).first).to_be_in_viewport()
    expect(messages(page).first).to_be_focused()


# Commands


def test_a_command_is_completed_from_the_keyboard(opened: Open) -> None:
    page = opened()
    box(page).press_sequentially("/")
    choices = page.get_by_role("listbox", name="Commands").get_by_role("option")
    expect(choices).to_have_count(4)
    box(page).press("ArrowDown")
    expect(choices.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", str(choices.nth(1).get_attribute("id")))
    box(page).press("ArrowUp")
    box(page).press("Tab")
    expect(box(page)).to_have_value("/clash ")
    expect(page.locator("#composer-form .completion")).to_have_text("/clash [what happened]")
    box(page).press("Escape")
    expect(page.locator("#composer-form .completion")).to_be_hidden()


def test_a_private_answer_is_for_its_reader_only(opened: Open) -> None:
    page = opened()
    send(page, "/clash The order came at 16:30")
    answer = page.locator(".message.ephemeral")
    expect(answer).to_contain_text("Only you can see this")
    expect(answer).to_contain_text("The order came at 16:30")
    expect(box(page)).to_have_value("")
    act_as(page, "key account")
    expect(page.get_by_role("button", name="You act as")).to_contain_text("Key Account Manager Retailer A")
    expect(page.locator(".message.ephemeral")).to_have_count(0)


@pytest.mark.parametrize("world", [0.6], indirect=True)
def test_when_the_bot_is_silent_the_text_stays(opened: Open) -> None:
    page = opened()
    send(page, "/slow but precious")
    alert = page.locator("#composer-form").get_by_role("alert")
    expect(alert).to_have_text('/slow failed with the error "operation_timeout". The text is still in the box.')
    expect(box(page)).to_have_value("/slow but precious")
    expect(box(page)).to_be_focused()


def test_an_unknown_command_is_refused_with_the_text_kept(opened: Open) -> None:
    page = opened()
    send(page, "/clahs typo")
    expect(page.locator("#composer-form").get_by_role("alert")).to_contain_text("/clahs is not a valid command.")
    expect(box(page)).to_have_value("/clahs typo")


def test_a_name_is_completed_to_a_mention(opened: Open) -> None:
    page = opened()
    box(page).press_sequentially("hello @expo")
    box(page).press("Enter")
    expect(box(page)).to_have_value("hello @carla ")
    box(page).press("Enter")
    expect(messages(page).last.locator(".mention")).to_have_text("@Export Manager Airline Catering")


# Cards


def test_a_pressed_card_changes_in_place(opened: Open) -> None:
    page = opened()
    send(page, "/clash The order came at 16:30")
    page.get_by_role("button", name="Undo").click()
    confirmation = page.get_by_role("dialog", name="Remove it?")
    confirmation.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("button", name="Add details")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    confirmation.get_by_role("button", name="Remove").click()
    expect(page.locator(".message.ephemeral")).to_contain_text("removed, nobody else saw it")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(messages(page)).to_have_count(1)
    expect(messages(page)).to_be_focused()


def test_an_overflow_menu_works_from_the_keyboard(opened: Open, world: Running) -> None:
    page = opened()
    send(page, "/clash The order came at 16:30")
    opener = page.get_by_role("button", name="More actions")
    opener.focus()
    opener.press("Enter")
    expect(page.get_by_role("menuitem", name="Copy the link")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Take my name off")).to_be_focused()
    page.keyboard.press("Enter")
    expect(opener).to_be_focused()
    expect(opener).not_to_have_attribute("aria-busy", "true")
    assert "take_my_name_off" in world.playground.dispatcher.sent[-1].body
    opener.press("Enter")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
