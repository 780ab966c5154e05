"""Take the pictures of README and docs from a real demo: `make screenshots`.

Starts `ampersand demo` in a folder of its own, acts as two members, moves the clock to the brief, and looks.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

IMAGES = Path(__file__).parent / "images"
CHROMIUM_FLAGS = [
    f"--{flag}"
    for flag in (
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
    )
]
DESKTOP, PHONE, TALL = (ViewportSize(width=w, height=h) for w, h in ((1280, 900), (390, 844), (1280, 1420)))
CLASH = (
    "On Wednesday 10 June at 15:40 Retailer A doubled the football tapas box for Saturday; "
    "the crew of line 2 was planned since Monday."
)


@contextmanager
def running_demo() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bot", "demo", "--port", str(port)]
        demo = subprocess.Popen(command, env={"AMPERSAND_DATA_DIR": folder}, stdout=subprocess.PIPE, text=True)
        assert demo.stdout
        while "ready" not in demo.stdout.readline():
            pass
        try:
            yield f"http://localhost:{port}"
        finally:
            demo.terminate()
            demo.wait(10)


def act_as(page: Page, address: str, person: str, channel: str = "C0SALESOPS") -> None:
    page.goto("about:blank")
    page.goto(f"{address}/#as={person}&channel={channel}")
    page.wait_for_selector("#composer", state="attached")
    page.wait_for_timeout(1200)
    dismiss = page.get_by_role("button", name="Dismiss")
    if dismiss.is_visible():
        dismiss.click()


def show_brief(page: Page) -> None:
    """Begin where the brief begins."""
    page.get_by_text("Brief for the pre-S&OP").last.evaluate("heading => heading.scrollIntoView()")


def type_command(page: Page, text: str) -> None:
    page.locator("#composer").fill(text)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1200)


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(600)
    page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with running_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport=DESKTOP)
        act_as(page, address, "U0M12")
        type_command(page, f"/clash {CLASH}")
        take(page, "card")
        page.get_by_role("button", name="Share").last.click()
        page.wait_for_timeout(1000)
        act_as(page, address, "U0M02")
        page.get_by_role("button", name="Tell my side").last.click()
        page.wait_for_timeout(800)
        page.locator("dialog textarea").first.fill("The buyer called at 15:35. I promised an answer before four.")
        take(page, "form")
        page.get_by_role("button", name="Save").click()
        page.wait_for_timeout(1000)
        act_as(page, address, "U0M02")
        page.get_by_role("navigation").get_by_text("Home", exact=True).click()
        take(page, "home")
        act_as(page, address, "U0M02")
        while not page.get_by_text("Brief for the pre-S&OP: ").count():
            page.get_by_role("button", name="To the next event").click()
            page.wait_for_timeout(2500)
        page.set_viewport_size(TALL)
        show_brief(page)
        take(page, "brief")
        phone = browser.new_page(viewport=PHONE, device_scale_factor=2)
        act_as(phone, address, "U0M24")
        show_brief(phone)
        take(phone, "phone")
        dark = browser.new_page(viewport=TALL, color_scheme="dark")
        act_as(dark, address, "U0M02")
        show_brief(dark)
        take(dark, "brief-dark")
        browser.close()


if __name__ == "__main__":
    main()
