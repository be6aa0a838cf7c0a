"""No page of any tour has a fault, in both languages, light and dark, however it is read; and no page stands beside the tours.

Each page and state is opened once in each language and everything is asked of it there (see `inspection`). The site is that of a clinic
that has set everything there is to set, so that whatever may stand on a page does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from screener.commands.instance import open_app, open_settings
from tests.browser import staff_tours, tours, walk
from tests.browser.conftest import Site, serving
from tests.browser.inspection import Inspection
from tests.browser.reader_settings import NARROW, WIDE

CONFIG = """
secret_key = "a key of this test alone, for made-up people"
password_salt = "salt of this test alone, for made-up people"
smtp_host = "127.0.0.1"
smtp_port = 9
mail_from = "guide@clinic.example"

[clinic]
name = {en = "Riverbend Pain and Rehabilitation Clinic", es = "Clínica Riverbend de Dolor y Rehabilitación"}
logo = "logo.svg"
phone = "(555) 555-0142"
email = "front.desk@clinic.example"
address = "12 River Road, Springfield"
hours = {en = "Monday to Friday, 8 AM to 5 PM", es = "De lunes a viernes, de 8 a. m. a 5 p. m."}
emergency = {en = "Our nurse line is open day and night.", es = "Nuestra línea de enfermería atiende día y noche."}
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="60" height="20" fill="#0a5650"/></svg>'
READERS_DOORS = {"patient", "rulebook"}
# What answers with something else than a page.
FILES = {
    "static",
    "clinic.stylesheet",
    "clinic.logo",
    "patient.summary_pdf",
    "clinician.pdf",
    "feedback.table",
    "exports.file",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Served for these tests alone, with a clinic of its own and made-up submissions."""
    instance: Path = tmp_path_factory.mktemp("clinic")
    (instance / "logo.svg").write_text(LOGO)
    (instance / "config.toml").write_text(CONFIG)
    (instance / "config.toml").chmod(0o600)
    with serving(instance) as site:
        site.command("demo", "--count", "40", "--seed", "11", "--anyway")
        yield site


def pages_passed(site: Site, addresses: Iterable[str], *, are_readers: bool) -> tuple[set[str], set[str]]:
    """The pages (by endpoint) behind these addresses, and all that there are on this side of the house."""
    app = open_app(open_settings(site.instance))
    app.extensions["screener"].engine.dispose()

    def is_asked(endpoint: str) -> bool:
        return endpoint not in FILES and (endpoint.partition(".")[0] in READERS_DOORS) is are_readers

    adapter = app.url_map.bind("localhost")
    passed = set()
    for address in addresses:
        try:
            passed.add(adapter.match(urlsplit(address).path)[0])
        except HTTPException:
            continue  # nothing is there: that too is a page
    there_are = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return set(filter(is_asked, passed)), set(filter(is_asked, there_are))


@pytest.mark.parametrize(
    ("language", "locale", "scheme", "size"), [("en", "en-US", "light", NARROW), ("es", "es-MX", "dark", WIDE)]
)
def test_no_page_of_a_patient_has_a_fault(site, new_page, sign_in, language, locale, scheme, size):
    look = Inspection(language)
    for tour in tours.PATIENTS.values():
        tour(new_page(**size, locale=locale, color_scheme=scheme), look)
    tours.after_sending(new_page(**size, locale=locale, color_scheme=scheme), look, sign_in("intake"))
    assert look.found == []
    sections = [title for state, title in look.titles.items() if re.fullmatch(r"section-\w+", state)]
    assert len(set(sections)) == len(sections) > 10
    passed, there_are = pages_passed(site, look.addresses, are_readers=True)
    assert passed == there_are


@pytest.mark.parametrize(
    ("language", "locale", "scheme", "size"), [("en", "en-US", "light", WIDE), ("es", "es-MX", "dark", NARROW)]
)
def test_no_page_of_staff_has_a_fault(site, new_page, sign_in, language, locale, scheme, size):
    look = Inspection(language)
    invited = site.command("users", "add", f"new.{language}@example.org", "--name", "New", "--role", "intake")
    link = re.search(r"/set-up/\S+", invited)
    assert link is not None
    staff_tours.signing_in(new_page(**size, locale=locale, color_scheme=scheme), look, link.group())
    for role, role_tours in staff_tours.STAFF.items():
        page = sign_in(role, **size, locale=locale, color_scheme=scheme)
        for tour in role_tours:
            tour(page, look)
    assert look.found == []
    passed, there_are = pages_passed(site, look.addresses, are_readers=False)
    assert passed == there_are


# Forced colours: shapes and edges say what tints said


def drawn(page: Page, selector: str, *properties: str) -> list[str]:
    """Computed properties of the first such element."""
    found: list[str] = page.locator(selector).first.evaluate(
        "(element, names) => { const style = getComputedStyle(element); return names.map(name => style[name]) }",
        list(properties),
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_chosen_wrong_done_or_severe_is_still_seen_in_forced_colours(
    new_page: Callable[..., Page], scheme: str
) -> None:
    page = new_page(forced_colors="active", color_scheme=scheme)
    walk.enter(page)
    page.goto("/questions/heart")
    walk.choose(page, "heart_conditions", "hypertension", "none")
    page.fill('[name="bp_systolic"]', "1580")
    walk.submit(page)
    (canvas,) = drawn(page, "body", "backgroundColor")
    chosen = drawn(page, ".choice input:checked + label", "borderTopColor", "borderTopWidth")
    plain = drawn(page, ".choice input:not(:checked) + label", "borderTopColor", "borderTopWidth")
    assert (chosen[1], plain[1]) == ("3px", "1px")
    assert chosen[0] not in (plain[0], canvas)
    for selector, width in ((".has-error", "4px"), (".error-summary", "3px"), ('.input[aria-invalid="true"]', "3px")):
        edge = drawn(page, selector, "borderLeftColor", "borderLeftWidth", "borderLeftStyle")
        assert (edge[0] != canvas, edge[1:]) == (True, [width, "solid"]), selector
    done, empty = (drawn(page, f".bars span{which}", "backgroundColor") for which in (".done", ":last-child"))
    assert done != empty
    (image,) = drawn(page, ".bars .now", "backgroundImage")
    assert image.startswith("linear-gradient")
    page.goto("/rules")
    for severity in ("urgent", "first", "mention", "info", "unknown"):
        (shape,) = drawn(page, f".tag-{severity} .icon", "color")
        (line,) = drawn(page, f".tag-{severity}", "borderTopStyle")
        assert (severity, line) == (severity, "dashed" if severity == "unknown" else "solid")
        assert shape != canvas


def test_a_new_page_begins_at_its_top_and_the_first_key_leads_past_the_frame(new_page: Callable[..., Page]) -> None:
    page = new_page()
    walk.enter(page)
    for path in ("/questions/pain", "/check", "/about"):
        page.goto(path)
        assert page.evaluate("document.activeElement === document.body")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0  # seen while it has the focus
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('main')")
