"""By keyboard, with a screen reader, in both colours and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.playground.browser.page import PHONE, Open, box, form, messages, send
from tests.playground.tiny_app import ANNA, BRAM, SOP, card
from tests.playground.tiny_world import Running

# For everybody


def test_everything_one_can_use_has_a_name(opened: Open, world: Running) -> None:
    page = opened()
    world.run(world.world.client.chat_postEphemeral(channel=SOP, user=BRAM, text="card", blocks=card("x")))
    expect(page.locator(".ephemeral")).to_be_visible()
    send(page, "/clash")
    expect(form(page)).to_be_visible()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, textarea, select, dialog[open], nav, aside")]
        .filter((one) => !one.closest("template, [hidden]"))
        .filter((one) => !(one.ariaLabel || one.textContent.trim() || one.labels?.length
            || one.ariaLabelledByElements?.length || one.getAttribute("aria-labelledby")))
        .map((one) => one.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
    doubled = page.evaluate(
        """() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
        return ids.filter((id, at) => ids.indexOf(id) !== at); }"""
    )
    assert doubled == []


def test_the_skip_link_leads_to_the_box(opened: Open) -> None:
    page = opened()
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.get_by_role("link", name="Skip to the message box").focus()
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    assert f"channel={SOP}" in page.url


def test_messages_are_walked_with_the_arrow_keys(opened: Open, world: Running) -> None:
    world.say(ANNA, "first")
    world.say(ANNA, "second", minutes=9)
    page = opened()
    box(page).press("ArrowUp")
    expect(messages(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(messages(page).nth(0)).to_be_focused()
    page.keyboard.press("Tab")
    expect(messages(page).nth(0).get_by_role("button", name="Reply in thread")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Shortcuts", exact=True)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_both_colours(opened: Open, world: Running, scheme: str) -> None:
    world.say(ANNA, "A line with <https://a.nl|a link> and `code`")
    world.post("Thank you.")
    page = opened(color_scheme=scheme)
    send(page, "/clash The order came at 16:30")
    expect(page.locator(".ephemeral")).to_be_visible()
    page.mouse.move(5, 400)
    page.wait_for_timeout(1700)
    assert page.evaluate(FAINT) == []


FAINT = """() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const ignored = parent.closest(
      "[hidden], template, script, :disabled, .visually-hidden, .tools, dialog:not([open])");
    if (!walker.currentNode.data.trim() || ignored || !parent.checkVisibility({ opacityProperty: true })) continue;
    const [a, b] = [luminance(parse(getComputedStyle(parent).color)), luminance(behind(parent))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(walker.currentNode.data.trim());
  }
  return found;
}"""


# On a phone


def overflow(page: Page) -> int:
    """By how much the page, or anything that scrolls in it, is wider than what is seen."""
    wider = "[document.documentElement, ...document.querySelectorAll('.scroll, .view > .blocks')]"
    return int(page.evaluate(f"Math.max(...{wider}.map((one) => one.scrollWidth - one.clientWidth))"))


SMALL = """() => [...document.querySelectorAll(
    "button, .place, select, textarea, input:not([type=radio], [type=checkbox])"
  )]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width)
  .filter((one) => { const box = one.getBoundingClientRect(); return box.width < 44 || box.height < 44; })
  .map((one) => one.outerHTML.slice(0, 160))"""


def small_targets(page: Page) -> list[str]:
    """What one can tap that is smaller than 44 by 44 points; links in a text and choices with a label are exempt."""
    return list(page.evaluate(SMALL))


def test_a_phone_shows_everything_without_cutting(opened: Open, world: Running) -> None:
    world.say(ANNA, "A word thatisverylongandneverends" + "x" * 200)
    page = opened(**PHONE)
    send(page, "/clash " + "y" * 150)
    expect(page.locator(".ephemeral")).to_be_visible()
    assert overflow(page) == 0
    assert small_targets(page) == []
    page.locator(".ephemeral").get_by_role("button", name="Add details").tap()
    expect(form(page)).to_be_visible()
    assert overflow(page) == 0
    assert small_targets(page) == []
    width = form(page).evaluate("element => element.getBoundingClientRect().width")
    assert width == 390


def test_a_phone_has_a_drawer_for_places(opened: Open) -> None:
    page = opened(**PHONE)
    sidebar = page.locator("#sidebar")
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Channels and people").tap()
    expect(sidebar).to_be_visible()
    expect(page.get_by_role("button", name="Close the list")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sidebar).to_be_hidden()
    expect(page.get_by_role("button", name="Channels and people")).to_be_focused()
    page.get_by_role("button", name="Channels and people").tap()
    page.get_by_role("link", name="noord-planning").tap()
    expect(sidebar).to_be_hidden()
    expect(page.get_by_role("heading", name="#noord-planning", exact=True)).to_be_visible()


def test_a_phone_moves_the_clock_and_reads_a_thread_full_screen(opened: Open, world: Running) -> None:
    parent = world.say(ANNA, "They told me at 16:05")
    world.post("Both are in.", thread_ts=parent)
    page = opened(**PHONE)
    page.get_by_role("button", name="Move clock").tap()
    page.get_by_role("button", name="+1 day").tap()
    expect(page.get_by_role("heading", name="Brief for the pre-S&OP of Mon 15 June")).to_be_attached()
    expect(page.get_by_role("button", name="+1 day")).to_be_hidden()
    page.get_by_role("button", name="1 reply").tap()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator(".message")).to_have_count(2)
    box = thread.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (390, 844)
    page.get_by_role("button", name="Close the thread").tap()
    expect(thread).to_be_hidden()
