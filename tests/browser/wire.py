"""What a page costs over the wire, as Chromium counts it: requests, and bytes with their headers, redirects aside."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

CODINGS = "gzip, deflate, br"


@dataclass
class Load:
    """One page's load: bytes by address. What came from the browser's own cache is not among them."""

    bytes_by_url: dict[str, int] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """How many went over the wire."""
        return len(self.bytes_by_url)

    @property
    def total(self) -> int:
        """All their bytes."""
        return sum(self.bytes_by_url.values())


class Wire:
    """Listens to a page's network: `first_visit` and `visit_again` load an address and say what it cost."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.send("Network.enable")
        self._urls: dict[str, str] = {}
        self._cached: set[str] = set()
        self._load = Load()
        self._cdp.on("Network.requestWillBeSent", self._asked)
        self._cdp.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        self._cdp.on("Network.responseReceived", self._answered)
        self._cdp.on("Network.loadingFinished", self._finished)

    def first_visit(self, path: str) -> Load:
        """Load it with an empty cache. The icon is always counted: when a browser asks for it is its own affair."""
        self._cdp.send("Network.clearBrowserCache")
        load = self.visit_again(path)
        for icon in _icons(self._page):
            load.bytes_by_url[icon] = _wire_bytes(icon)
        return load

    def visit_again(self, path: str) -> Load:
        """Load it with whatever the browser has kept."""
        self._load = Load()
        self._page.goto(path)  # what the page loads has come before it is shown; its own end may be told a moment later
        for _ in range(1000):
            if self._page.url in self._load.bytes_by_url:
                break
            self._page.wait_for_timeout(5)
        icons = _icons(self._page)
        return Load({url: size for url, size in self._load.bytes_by_url.items() if url not in icons})

    def _asked(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            self._cached.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._cached and event["requestId"] in self._urls:
            self._load.bytes_by_url[self._urls[event["requestId"]]] = int(event["encodedDataLength"])


def _icons(page: Page) -> list[str]:
    found = page.eval_on_selector_all("link[rel=icon]", "links => links.map(link => link.href)")
    return [str(url) for url in found]


def _wire_bytes(url: str) -> int:
    request = urllib.request.Request(url, headers={"Accept-Encoding": CODINGS})
    with urllib.request.urlopen(request, timeout=10) as reply:
        head = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        return len(reply.read()) + len(head) + len("HTTP/1.1 200 OK\r\n\r\n")
