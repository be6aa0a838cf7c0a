"""A browser without JavaScript, for tests: it opens pages and sends their forms as they stand, with some fields changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

Fields = Mapping[str, str | Sequence[str]]

RULEBOOK = Path(__file__).parent / "patient_rulebook"  # small and steady: the shipped one may change its words


class _MainForm(HTMLParser):
    """Reads the fields of `main-form`, as they would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.is_there = False
        self._inside = False
        self._textarea: str | None = None
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and found.get("id") == "main-form":
            self._inside = self.is_there = True
        if not self._inside:
            return
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "textarea":
            self._textarea, self._words = name, ""
        elif tag == "input" and name and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "textarea" and self._textarea is not None:
            self.fields.append((self._textarea, self._words.removeprefix("\n")))
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._words += data


class PatientBrowser:
    """One patient's browser. `path` is where it stands, `visited` every URL it was at."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.visited: list[str] = []
        self.page: TestResponse = client.get("/")
        self.path = "/"

    def other_tab(self) -> PatientBrowser:
        """A second tab of the same browser."""
        tab = self.client.application.test_client()
        cookie = self.client.get_cookie("screener")
        assert cookie is not None
        tab.set_cookie("screener", cookie.value)
        return PatientBrowser(tab)

    @property
    def text(self) -> str:
        """The page's HTML."""
        return self.page.text

    @property
    def words(self) -> str:
        """What can be read on the page, without the marks."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text)).replace("&#39;", "'").replace("&amp;", "&")

    @property
    def title(self) -> str:
        """The page's title."""
        found = re.search(r"<title>(.*?)</title>", self.text, re.DOTALL)
        assert found is not None
        return found[1]

    def open(self, path: str) -> PatientBrowser:
        """Go to a page, following where it leads."""
        return self._arrive(self.client.get(path, follow_redirects=True))

    def form(self) -> MultiDict[str, str]:
        """The fields of the page's main form as they stand."""
        return self._form_of(self.text)

    def send(self, fields: Fields | None = None, *, path: str | None = None) -> PatientBrowser:
        """Send the page's main form with these fields changed; an empty list takes a field out."""
        form = self.form()
        for name, value in (fields or {}).items():
            form.setlist(name, [value] if isinstance(value, str) else list(value))
        sent = [(name, value) for name, value in form.items(multi=True)]
        return self._arrive(self.client.post(path or self.path, data=MultiDict(sent), follow_redirects=True))

    def press(self, path: str, fields: Fields | None = None) -> PatientBrowser:
        """Send a form that is one button, such as the one in the foot of the page."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert token is not None
        return self._arrive(
            self.client.post(path, data={"csrf_token": token[1], **(fields or {})}, follow_redirects=True)
        )

    def begin(self) -> PatientBrowser:
        """From the first page to the first question."""
        self.open("/age").send({"adult": "yes"}).send({"agree": "y"})
        return self.send(ABOUT_YOU)

    def answer(self, answers: Mapping[str, Fields]) -> PatientBrowser:
        """Go through all screens from the one it is at; `answers` by section. Stops at any other page."""
        while self.path.startswith("/questions/"):
            before = self.path
            section = self.path.split("?")[0].removeprefix("/questions/")
            known = {name for name, _ in self.form().items(multi=True)}
            fields = answers.get(section, {})
            self.send({name: value for name, value in fields.items() if self._stands_here(name, known)})
            assert "Error:" not in self.title, self.words
            assert self.path != before or 'href="#more"' in self.text
        return self

    def _stands_here(self, name: str, known: set[str]) -> bool:
        return name in known or f'name="{name}"' in self.text

    def _form_of(self, html: str) -> MultiDict[str, str]:
        reader = _MainForm()
        reader.feed(html)
        assert reader.is_there, f"no form on {self.path}"
        return MultiDict(reader.fields)

    def _arrive(self, page: TestResponse) -> PatientBrowser:
        for earlier in (*page.history, page):
            query = earlier.request.query_string.decode()
            self.visited.append(earlier.request.path + (f"?{query}" if query else ""))
        self.page, self.path = page, self.visited[-1]
        return self


ABOUT_YOU: Fields = {
    "name": "Zoraida Canary",
    "birth_date-month": "3",
    "birth_date-day": "14",
    "birth_date-year": "1968",
    "phone": "555 555 0142",
    "email": "",
    "preferred_contact": "phone",
    "contact_language": "en",
    "helper": "",
}
