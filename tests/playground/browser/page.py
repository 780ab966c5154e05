"""The parts of the page by the names people would give them."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
Open = Callable[..., Page]


def messages(page: Page) -> Locator:
    return page.locator("#messages .message")


def box(page: Page) -> Locator:
    return page.locator("#composer")


def send(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")


def form(page: Page) -> Locator:
    return page.locator("dialog.modal").last


def act_as(page: Page, words: str) -> None:
    page.get_by_role("button", name="You act as").click()
    page.get_by_role("combobox", name="Search the members").fill(words)
    page.keyboard.press("Enter")
