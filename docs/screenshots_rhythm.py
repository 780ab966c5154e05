"""Two weeks of check-ins, a picture of every step: `python -m docs.screenshots_rhythm [FOLDER]`.

The steps are those of tests/flows/test_rhythm.py, from 23 March 2026 on. Without a folder they become those of docs.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, async_playwright

from docs.screenshots import CHROMIUM_FLAGS, IMAGES
from storage.migrate import migrate
from tests.flows.test_rhythm import START, a_rhythm
from tests.flows.world import CHANNEL, World, open_world, person_id

SCREEN = ViewportSize(width=1280, height=820)
IN_CHANNEL = ("result", "summary")


async def take(browser: Browser, world: World, folder: Path, name: str, person: str) -> None:
    """What that person sees: the channel, their Home, or their private chat with whatever form is open above it."""
    page = await browser.new_page(viewport=SCREEN)
    address = world.playground.settings.origin
    if name.endswith("home"):
        place = "&home"
    elif name.endswith(IN_CHANNEL):
        place = f"&channel={CHANNEL}"
    else:
        place = f"&channel={world.person(person).chat.id}"
    await page.add_init_script("localStorage.setItem('tour', 'seen')")
    await page.goto(f"{address}/#as={person_id(person)}{place}")
    await page.wait_for_timeout(1500)
    await page.screenshot(path=folder / f"{name}.png")
    await page.close()


async def main(folder: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as data:
        url = f"sqlite:///{data}/ampersand.db"
        migrate(url)
        async with open_world(url, Path(data), start=START) as world, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)

            async def look(name: str, person: str) -> None:
                await take(browser, world, folder, name, person)

            await a_rhythm(world, look)
            await browser.close()


if __name__ == "__main__":
    named = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    named.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(named))
