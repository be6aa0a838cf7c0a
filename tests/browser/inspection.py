"""One visit to a page, and everything that is asked of it: the `Look` that tours are given."""

from __future__ import annotations

from playwright.sync_api import CDPSession, Page

from tests.browser import checks, reader_settings


class Inspection:
    """Looks at each page a tour passes, and keeps what is wrong (`found`, one sentence each), where it was (`addresses`) and the titles.

    `language` is what pages should be in. axe is run on the page as the context shows it: its width, light or dark.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.found: list[str] = []
        self.addresses: set[str] = set()
        self.titles: dict[str, str] = {}
        self._devtools: dict[Page, CDPSession] = {}

    def __call__(self, page: Page, state: str) -> None:
        """A `Look`: everything that is asked of a page, on this one visit."""
        self.addresses.add(page.url.partition("?")[0].partition("#")[0])
        self.titles[state] = page.title()
        if page not in self._devtools:
            self._devtools[page] = page.context.new_cdp_session(page)
        size = page.viewport_size
        here = checks.misnamed(page, self.language)
        here += checks.axe_faults(page) + checks.loose_controls(page)
        here += reader_settings.read_at_every_width(page)
        here += reader_settings.read_spaced(page)
        here += reader_settings.read_enlarged(page, self._devtools[page])
        here += reader_settings.read_by_keys(page)
        here += reader_settings.read_in_own_colours_without_motion(page)
        here += checks.errors_that_lead_nowhere(page)
        if size is not None:
            page.set_viewport_size(size)
        self.found += [f"{state}: {sentence}" for sentence in here]
