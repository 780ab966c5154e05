"""From an empty workspace to the first brief, a picture of every screen: `python -m docs.screenshots_setup FOLDER`.

The bot, the playground and a clock that moves run in this process (tests/flows/empty_world.py), so that the first brief
need not be waited for. The pictures are looked at, not kept: they go into the folder that is named.
"""

import asyncio
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from docs.screenshots import CHROMIUM_FLAGS
from storage.migrate import migrate
from tests.flows.empty_world import ADMIN, BEN, ELS, open_empty_world
from tests.flows.world import CHANNEL, DISPATCH, World, person_id

DESKTOP = ViewportSize(width=1280, height=1000)
CLASH = (
    "On Wednesday 10 June at 15:40 Retailer A doubled the football tapas box for Saturday; "
    "the crew of line 2 was planned since Monday."
)


class Pictures:
    """One person's screen after the other, numbered."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser, self._address, self._folder = browser, address, folder
        self._taken = 0

    async def act_as(self, key: str, channel: str = CHANNEL) -> Page:
        page = await self._browser.new_page(viewport=DESKTOP)
        await page.goto(f"{self._address}/#as={person_id(key)}&channel={channel}")
        await page.wait_for_selector("#composer", state="attached")
        await page.wait_for_timeout(900)
        return page

    async def home_of(self, key: str) -> Page:
        page = await self.act_as(key)
        await page.get_by_role("navigation").get_by_text("Home", exact=True).click()
        await page.wait_for_timeout(900)
        return page

    async def take(self, page: Page, name: str) -> None:
        await page.wait_for_timeout(700)
        self._taken += 1
        await page.screenshot(path=self._folder / f"{self._taken:02}-{name}.png")


async def command(page: Page, text: str) -> None:
    await page.locator("#composer").fill(text)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await page.wait_for_timeout(1200)


async def press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).last.click()
    await page.wait_for_timeout(1000)


async def refused_and_claimed(pictures: Pictures) -> Page:
    """A member who may not, then the owner of the Slack workspace."""
    page = await pictures.act_as(BEN)
    await command(page, "/sop setup")
    await pictures.take(page, "first-contact")
    await press(page, "Sales")
    await pictures.take(page, "member-refused")
    await page.close()
    page = await pictures.act_as(ADMIN)
    await command(page, "/sop setup")
    await press(page, "General management")
    await pictures.take(page, "five-questions")
    return page


async def answer_all(pictures: Pictures, page: Page) -> None:
    await press(page, "Start")
    await pictures.take(page, "sides-form")
    await press(page, "Save")
    await pictures.take(page, "sides-answered")
    await press(page, "Go on")
    await page.get_by_label("Brief, summary and retro").select_option(CHANNEL)
    await page.get_by_label("Today's help").select_option(DISPATCH)
    await pictures.take(page, "channels-form")
    await press(page, "Save")
    await pictures.take(page, "not-invited")
    beside = await pictures.act_as(ADMIN, DISPATCH)
    await command(beside, "/invite @Ampersand")
    await pictures.take(beside, "invited")
    await beside.close()
    await press(page, "Try again")
    await pictures.take(page, "channels-answered")
    await answer_rest(pictures, page)


async def answer_rest(pictures: Pictures, page: Page) -> None:
    await press(page, "Go on")
    await page.get_by_label("Time zone of the company").fill("Amstredam")
    await press(page, "Save")
    await pictures.take(page, "place-wrong")
    await page.get_by_label("Time zone of the company").fill("Amsterdam")
    await page.get_by_label("Country, for its public holidays").fill("Nederland")
    await press(page, "Save")
    await press(page, "Go on")
    await page.get_by_role("checkbox", name="Els Visser").check()
    await pictures.take(page, "facilitators-form")
    await press(page, "Save")
    await pictures.take(page, "four-answered")
    await press(page, "Go on")
    await pictures.take(page, "meeting-form")
    await press(page, "Show")
    await pictures.take(page, "meeting-preview")
    await press(page, "Save")
    await pictures.take(page, "all-answered-and-test")


async def show_the_rest(pictures: Pictures, page: Page, world: World) -> None:
    """What others see; the members; the first clash by a second person; the first brief."""
    await command(page, "/sop setup")
    await pictures.take(page, "set-up-again")
    await command(page, "/sop members")
    await pictures.take(page, "members")
    await press(page, "Change")
    await pictures.take(page, "member-form")
    await page.keyboard.press("Escape")
    await command(page, "/sop help")
    await pictures.take(page, "help")
    await page.close()
    page = await pictures.act_as(ELS)
    await command(page, f"/clash {CLASH}")
    await press(page, "Operations")
    await pictures.take(page, "first-clash-dutch")
    await page.close()
    await pictures.take(await pictures.act_as(ELS, world.person(ELS).chat.id), "told-privately")
    for key in (ADMIN, BEN, ELS):
        await pictures.take(await pictures.home_of(key), f"home-{key.lower()}")
    page = await pictures.act_as(BEN)
    await press(page, "To the next event")
    await page.wait_for_timeout(2500)
    await pictures.take(page, "first-brief")


async def take_all(folder: Path) -> None:
    """Every screen from an empty database to the first brief; the folder has to be there."""
    async with AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database_url = f"sqlite:///{data / 'ampersand.db'}"
        await asyncio.to_thread(migrate, database_url)
        world = await stack.enter_async_context(open_empty_world(database_url, data))
        playwright = await stack.enter_async_context(async_playwright())
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        pictures = Pictures(browser, world.playground.settings.origin, folder)
        page = await refused_and_claimed(pictures)
        await pictures.take(await pictures.home_of(ADMIN), "home-empty")
        await answer_all(pictures, page)
        await show_the_rest(pictures, page, world)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take_all(Path(sys.argv[1])))
