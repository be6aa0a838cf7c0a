"""Takes the README's pictures: serves a fresh instance with synthetic submissions and photographs it with Chromium.

Run as `python docs/take_screens.py` from an environment with the `test` extra, where Debian's `chromium` is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY / "tests" / "browser"))

import walk  # noqa: E402 (found through the line above)

SCREENS = REPOSITORY / "docs" / "screens"
PORT = 8392
URL = f"http://127.0.0.1:{PORT}"
PASSWORD = "three grey herons at dusk"
ANSWERS = {
    "emergency_now": ["cannot_urinate"],
    "pain_kinds": ["crps"],
    "nsaids_result": "failed",
    "heart_conditions": ["hypertension", "not_sure"],
    "bp_control": "poor",
    "self_harm_thoughts": "no",
    "substance_problem": "declined",
}


def screener(*arguments: str, instance: Path, stdin: str = "") -> None:
    command = [sys.executable, "-m", "screener.cli", *arguments, "--instance", str(instance)]
    subprocess.run(command, input=stdin, text=True, check=True, stdout=subprocess.DEVNULL)


def await_start() -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(URL, timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server did not start")


def picture(page: Page, name: str, height: int) -> None:
    """The top of a page, `height` CSS pixels of it."""
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})  # type: ignore[index]
    page.screenshot(path=SCREENS / f"{name}.png")


def open_page(browser: Browser, width: int) -> Page:
    context = browser.new_context(base_url=URL, viewport={"width": width, "height": 900}, locale="en-US")
    return context.new_page()


def take_patient_pictures(browser: Browser) -> None:
    page = open_page(browser, 390)

    def look(page: Page, state: str) -> None:
        if state == "help-now":
            picture(page, "urgent-phone", 900)

    walk.enter(page)
    walk.answer_all(page, ANSWERS, look)
    page.goto("/questions/heart")
    picture(page, "question-phone", 900)
    page.goto("/check")
    walk.submit(page)
    page.wait_for_url("**/summary")
    picture(page, "summary-phone", 900)


def take_staff_pictures(browser: Browser) -> None:
    for role, name in (("intake", "queue"), ("clinician", "clinician")):
        page = open_page(browser, 1280)
        page.goto("/sign-in")
        page.fill("input[name=email]", f"{role}@example.org")
        page.fill("input[name=password]", PASSWORD)
        page.click("main form .actions button")
        page.goto(f"/{role}/")
        if role == "clinician":
            page.locator('main a[href*="/submissions/"]').first.click()
        picture(page, name, 900)


def main() -> None:
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        instance = Path(temporary) / "instance"
        command = [sys.executable, "-m", "screener.cli", "serve", "--port", str(PORT), "--instance", str(instance)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            await_start()
            screener("demo", "--count", "40", "--seed", "4", instance=instance)
            for role in ("intake", "clinician"):
                words = ("users", "add", f"{role}@example.org", "--name", f"Sam {role.title()}", "--role", role)
                screener(*words, "--password-stdin", instance=instance, stdin=PASSWORD)
            with sync_playwright() as playwright:
                path = shutil.which("chromium")
                browser = playwright.chromium.launch(
                    executable_path=path,
                    chromium_sandbox=False,
                    args=["--disable-gpu", "--disable-background-networking"],
                )
                take_patient_pictures(browser)
                take_staff_pictures(browser)
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
