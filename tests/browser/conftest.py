"""A real server and a real Chromium: what a person would run and see.

Where no Chromium is installed these tests are skipped, unless SCREENER_BROWSER_TESTS=required says that they must run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import walk

PASSWORD = "three grey herons at dusk"
STAFF = {role: f"{role}@example.org" for role in ("intake", "clinician", "admin")}
CHROMIUM = shutil.which("chromium")
LISTENS = re.compile(r"^Listening on (http://\S+)", re.MULTILINE)
ARGUMENTS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]

PATIENCE = 15_000  # milliseconds: machines are busy, and what comes at all is waited for
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium: skip, or fail where these tests are required."""
    if CHROMIUM is not None:
        return
    if os.environ.get("SCREENER_BROWSER_TESTS") == "required":
        raise pytest.UsageError("the browser tests are required, and `chromium` is not installed")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="`chromium` is not installed"))


class Site:
    """A served instance of this test run's own."""

    def __init__(self, url: str, instance: Path) -> None:
        self.url = url
        self.instance = instance

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Run a `screener` command on the same instance."""
        done = subprocess.run(
            [sys.executable, "-m", "screener.cli", *arguments, "--instance", str(self.instance)],
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout


@contextmanager
def serving(instance: Path) -> Iterator[Site]:
    """`screener serve` on this instance folder, with an account for each role."""
    log = (instance.parent / f"{instance.name}.log").open("w")
    command = [sys.executable, "-m", "screener.cli", "serve", "--port", "0", "--instance", str(instance)]
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        site = Site(_await_address(process, Path(log.name)), instance)
        for role, email in STAFF.items():
            name = f"Test {role.title()}"
            site.command("users", "add", email, "--name", name, "--role", role, "--password-stdin", stdin=PASSWORD)
        yield site
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A fresh instance, served."""
    with serving(tmp_path_factory.mktemp("instance")) as site:
        yield site


def _await_address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where the server says that it listens, on a port that it took itself, so that no other run can take it meanwhile."""
    for _ in range(480):
        found = LISTENS.search(log.read_text())
        if found:
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.25)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own: `new_page(width=320, locale="es-MX", java_script_enabled=False)`."""
    contexts: list[BrowserContext] = []

    def open_page(*, width: int = 390, height: int = 844, locale: str = "en-US", **options: object) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            locale=locale,
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """A page signed in as a role."""

    def signed_in(role: str, **options: object) -> Page:
        page = new_page(**{"width": 1280, "height": 900, **options})
        page.goto("/sign-in")
        page.fill("input[name=email]", STAFF[role])
        page.fill("input[name=password]", PASSWORD)
        walk.follow(page, "main form .actions button")
        assert "/sign-in" not in page.url
        return page

    return signed_in


@pytest.fixture
def at_heart(new_page: Callable[..., Page]) -> Iterator[Page]:
    """A patient at the questions about the heart. No script may fail, and nothing be refused by the policy."""
    page = new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Policy" in message.text else None)
    walk.enter(page)
    page.goto("/questions/heart")
    yield page
    assert wrong == []
