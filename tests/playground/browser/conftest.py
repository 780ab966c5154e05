"""A real browser on a real playground; a script error, or what the security policy stopped, fails the test."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.playground.browser.page import Open
from tests.playground.tiny_app import BRAM, SOP
from tests.playground.tiny_world import Running, running_playground

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: not tried in a browser"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield running
        running.close()


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[Running]:
    """A playground; a parameter is the time its bot has to answer, in seconds."""
    with running_playground(answer_seconds=getattr(request, "param", 3.0)) as running:
        yield running


@pytest.fixture
def opened(browser: Browser, world: Running) -> Iterator[Open]:
    """Opens the page as somebody, at a place."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def at(place: str = f"as={BRAM}&channel={SOP}", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script("localStorage.setItem('tour', 'seen')")
        page.goto(f"{world.url}/#{place}")
        expect(page.locator("body[data-ready]")).to_be_attached()
        return page

    yield at
    for context in contexts:
        context.close()
    assert not complaints
