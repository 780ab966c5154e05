"""Modals in a real browser: what was typed is never lost, and what is wrong is said beside it."""

from playwright.sync_api import expect

from tests.playground.browser.page import Open, box, form, messages, send
from tests.playground.tiny_app import NOORD, SOP
from tests.playground.tiny_world import Running


def test_a_refused_form_says_why_beside_the_field(opened: Open) -> None:
    page = opened()
    send(page, "/clash")
    text = form(page).get_by_label("What happened?", exact=True)
    expect(text).to_be_focused()
    form(page).get_by_role("button", name="Save").click()
    error = form(page).locator(".field-error")
    expect(error).to_have_text("Please complete this required field.")
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    assert str(error.get_attribute("id")) in str(text.get_attribute("aria-describedby")).split()
    text.fill("Sales never sticks to the plan.")
    expect(error).to_have_count(0)
    form(page).get_by_label("Effect in trays").fill("12")
    form(page).get_by_role("button", name="Save").click()
    expect(error).to_have_text("Which order or day was the last time?")
    expect(text).to_have_value("Sales never sticks to the plan.")
    expect(form(page).get_by_label("Effect in trays")).to_have_value("12")
    text.fill("On Wednesday at 16:30 the order doubled.")
    form(page).get_by_role("button", name="Save").click()
    expect(page.locator("dialog.modal")).to_have_count(0)
    expect(messages(page).last).to_contain_text("On Wednesday at 16:30 the order doubled.")
    expect(box(page)).to_be_focused()


def test_what_was_typed_survives_a_form_that_changes(opened: Open) -> None:
    page = opened()
    send(page, "/clash")
    text = form(page).get_by_label("What happened?", exact=True)
    text.fill("half a thought")
    form(page).get_by_label("Line Lead 3").check()
    form(page).get_by_label("Kind").select_option("Went well")
    expect(form(page)).to_contain_text("What made it go well?")
    expect(text).to_have_value("half a thought")
    expect(form(page).get_by_label("Line Lead 3")).to_be_checked()
    expect(form(page).get_by_label("Kind")).to_have_value("went_well")
    expect(form(page).get_by_label("Which day?")).to_have_value("2026-06-10")


def test_a_channel_is_chosen_among_those_one_may_see(opened: Open, world: Running) -> None:
    world.playground.workspace.archive(NOORD)
    page = opened()
    send(page, "/clash")
    where = form(page).get_by_label("Which channel?")
    expect(where.get_by_role("option")).to_have_text(["Choose", "#sales-operations"])
    where.select_option("#sales-operations")
    form(page).get_by_label("Kind").select_option("Went well")
    expect(form(page)).to_contain_text("What made it go well?")
    expect(where).to_have_value(SOP)


def test_modals_stack_and_escape_goes_back_one(opened: Open) -> None:
    page = opened()
    send(page, "/clash")
    form(page).get_by_label("What happened?", exact=True).fill("kept below")
    form(page).get_by_role("button", name="Choose a tension…").click()
    expect(page.locator("dialog.modal")).to_have_count(2)
    expect(form(page).get_by_role("heading", name="Tension")).to_be_visible()
    expect(form(page).get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.modal")).to_have_count(1)
    expect(form(page).get_by_label("What happened?", exact=True)).to_have_value("kept below")
    expect(form(page).get_by_role("button", name="Choose a tension…")).to_be_focused()
    form(page).get_by_role("button", name="Choose a tension…").click()
    expect(page.locator("dialog.modal")).to_have_count(2)
    form(page).get_by_role("button", name="Close").click()
    expect(page.locator("dialog.modal")).to_have_count(0)


def test_a_form_survives_a_reload(opened: Open) -> None:
    page = opened()
    send(page, "/clash")
    expect(form(page)).to_be_visible()
    page.reload()
    expect(form(page).get_by_role("heading", name="What happened?")).to_be_visible()


def test_an_external_list_is_searched_while_typing(opened: Open) -> None:
    page = opened()
    send(page, "/clash")
    article = form(page).get_by_label("Article")
    article.press_sequentially("a")
    found = form(page).get_by_role("listbox", name="Matches").get_by_role("option")
    expect(found).to_have_count(3)
    article.press_sequentially("irl")
    expect(found).to_have_text(["Airline band"])
    article.press("Enter")
    expect(article).to_have_value("Airline band")
    form(page).get_by_label("What happened?", exact=True).fill("never")
    form(page).get_by_role("button", name="Save").click()
    expect(form(page).locator(".field-error")).to_have_count(1)


def test_a_long_list_of_people_is_filtered(opened: Open, world: Running) -> None:
    page = opened()
    send(page, "/clash")
    form(page).get_by_role("searchbox", name="Search these choices").fill("lead 7")
    expect(form(page).get_by_role("checkbox")).to_have_count(1)
    form(page).get_by_role("checkbox", name="Line Lead 7").check()
    form(page).get_by_label("What happened?", exact=True).fill("it was full")
    form(page).get_by_role("button", name="Save").click()
    expect(page.locator("dialog.modal")).to_have_count(0)
    assert "U0MORE7" in world.playground.dispatcher.sent[-1].body


def test_too_long_a_text_is_counted_not_cut(opened: Open) -> None:
    page = opened()
    send(page, "/clash")
    text = form(page).get_by_label("What happened?", exact=True)
    text.fill("x" * 190)
    expect(form(page).locator(".counter")).to_have_text("10 left")
    text.fill("x" * 203)
    expect(form(page).locator(".counter")).to_have_text("3 too many")
    form(page).get_by_role("button", name="Save").click()
    expect(form(page).locator(".field-error")).to_have_text("This must be less than 201 characters.")
    assert len(text.input_value()) == 203
