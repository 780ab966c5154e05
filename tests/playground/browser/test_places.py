"""Shortcuts, threads, Home, acting as others and the clock, in a real browser."""

import re

from playwright.sync_api import Browser, expect

from tests.playground.browser.page import Open, act_as, form, messages, send
from tests.playground.tiny_app import ANNA, BRAM, NOORD, SOP, home
from tests.playground.tiny_world import Running

# Shortcuts, threads, Home


def test_a_message_shortcut_opens_its_form(opened: Open, world: Running) -> None:
    world.say(ANNA, "The promo was not in the forecast")
    page = opened()
    messages(page).first.hover()
    more = messages(page).first.get_by_role("button", name="More for this message")
    more.click()
    page.get_by_role("menuitem", name="Note as a clash").click()
    expect(form(page).get_by_label("What happened?", exact=True)).to_have_value("The promo was not in the forecast")
    form(page).get_by_role("button", name="Cancel").click()
    expect(page.locator("dialog.modal")).to_have_count(0)
    expect(more).to_be_focused()


def test_a_global_shortcut_stands_in_the_plus_menu(opened: Open) -> None:
    page = opened()
    page.get_by_role("button", name="Shortcuts", exact=True).click()
    page.get_by_role("menuitem", name="Write down what happened").click()
    expect(form(page).get_by_role("heading", name="What happened?")).to_be_visible()


def test_a_thread_opens_beside_and_closes_with_escape(opened: Open, world: Running) -> None:
    parent = world.say(ANNA, "They told me at 16:05")
    world.post("Both are in.", thread_ts=parent)
    page = opened()
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator(".message")).to_have_count(2)
    reply = thread.get_by_role("textbox")
    expect(reply).to_be_focused()
    reply.fill("/clash not here")
    reply.press("Enter")
    expect(thread.get_by_role("alert")).to_contain_text("/clash does not work in a thread.")
    reply.fill("Thank you")
    reply.press("Enter")
    expect(thread.locator(".message")).to_have_count(3)
    expect(messages(page).first).to_contain_text("2 replies")
    reply.press("Escape")
    expect(thread).to_be_hidden()
    expect(messages(page).first.locator("[data-thread]").first).to_be_focused()


def test_the_private_chat_answers_live(opened: Open) -> None:
    page = opened()
    page.get_by_role("link", name="Private chat").click()
    expect(page.locator(".empty")).to_contain_text("This is between you and Ampersand")
    send(page, "hello")
    expect(messages(page).last).to_contain_text("1 reply")


def test_home_is_published_and_keeps_what_is_typed(opened: Open, world: Running) -> None:
    page = opened()
    page.get_by_role("link", name="Home").click()
    place = page.get_by_role("region", name="App Home")
    expect(place).to_contain_text("opened 1 times")
    place.get_by_label("A note to myself").fill("call Noord")
    world.run(world.world.client.views_publish(user_id=BRAM, view=home(7)))
    expect(place).to_contain_text("opened 7 times")
    expect(place.get_by_label("A note to myself")).to_have_value("call Noord")
    expect(place.get_by_label("A note to myself")).to_be_focused()
    place.get_by_role("button", name="Clash").click()
    expect(form(page).get_by_role("heading", name="What happened?")).to_be_visible()


# Who one is, and the clock


def test_one_acts_as_any_member_from_the_keyboard(opened: Open) -> None:
    page = opened(f"as={BRAM}&channel={NOORD}")
    page.get_by_role("button", name="You act as").press("Enter")
    search = page.get_by_role("combobox", name="Search the members")
    expect(search).to_be_focused()
    expect(page.locator("#people").get_by_role("group")).to_have_count(3)
    search.press_sequentially("sales")
    expect(page.locator("#people").get_by_role("option")).to_have_count(2)
    search.press("ArrowUp")
    search.press("Enter")
    expect(page.get_by_role("button", name="You act as")).to_contain_text("Key Account Manager Retailer A")
    expect(page).to_have_url(re.compile(f"as={ANNA}"))
    act_as(page, "line lead 1")
    expect(page.get_by_role("link", name="noord-planning")).to_have_count(0)
    expect(page.get_by_role("heading", name="#sales-operations", exact=True)).to_be_visible()
    page.get_by_role("button", name="You act as").press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="You act as")).to_be_focused()


def test_two_people_see_the_same_channel_live(opened: Open) -> None:
    bram, anna = opened(), opened(f"as={ANNA}&channel={SOP}")
    send(bram, "Can you see this?")
    expect(messages(anna).last).to_contain_text("Can you see this?")


def test_the_clock_goes_to_the_next_event(opened: Open) -> None:
    page = opened()
    clock = page.get_by_role("region", name="Clock")
    expect(clock).to_contain_text("Wed 10 Jun 2026, 16:00 · Amsterdam")
    expect(clock).to_contain_text("Next: Thu 11 Jun, 09:00 · the brief for the pre-S&OP goes to #sales-operations")
    clock.get_by_role("button", name="+1 hour").click()
    expect(clock).to_contain_text("17:00")
    clock.get_by_role("button", name="To the next event").click()
    expect(page.get_by_role("heading", name="Brief for the pre-S&OP of Mon 15 June")).to_be_visible()
    expect(page.locator("#status")).to_contain_text(
        "It is now Thu 11 Jun, 09:00, Amsterdam. the brief for the pre-S&OP"
    )
    expect(clock).to_contain_text("Nothing is planned.")
    expect(clock.get_by_role("button", name="To the next event")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("progressbar")).to_be_hidden()


def test_hints_are_shown_once(browser: Browser, world: Running) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(world.url)
    hints = page.get_by_role("complementary", name="Hints")
    expect(hints).to_contain_text("Act as anyone")
    hints.get_by_role("button", name="Next").click()
    expect(hints).to_contain_text("Move the clock")
    hints.get_by_role("button", name="Dismiss").click()
    page.reload()
    expect(page.locator("body[data-ready]")).to_be_attached()
    expect(hints).to_be_hidden()
    context.close()


def test_the_colours_follow_the_choice(opened: Open) -> None:
    page = opened(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.get_by_role("button", name="Colours: as the system").click()
    expect(page.get_by_role("button", name="Colours: light")).to_be_visible()
    assert page.evaluate(background) == "rgb(255, 255, 255)" != dark
    page.reload()
    assert page.evaluate(background) == "rgb(255, 255, 255)"
