"""What a clinic says of itself, on every page: name, logo and colours, how to reach it, and its words for emergencies beside ours."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from screener.app import create_app
from screener.clinic import read_clinic
from screener.store.workflow import Role
from screener.web.security import LOGO_POLICY
from tests.web.patient_browser import PatientBrowser
from tests.web.staff_page import words

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24"><path d="M0 0h48v24z"/></svg>'
TABLE = {
    "name": {"en": "Riverbend <Pain> Clinic", "es": "Clínica Riverbend"},
    "logo": "logo.svg",
    "brand": "#1d4f91",
    "phone": "(555) 555-0142",
    "email": "care@riverbend.example",
    "address": "1200 River Road\nSpringfield",
    "hours": {"en": "Weekdays, 8 to 5", "es": "De lunes a viernes, de 8 a 5"},
    "emergency": {"en": "Or call our nurse line.", "es": "O llame a nuestra enfermería."},
}


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: what a clinic says does not depend on it."""
    return sqlite_url


@pytest.fixture
def table():
    """The clinic's settings."""
    return TABLE


@pytest.fixture
def settings(settings, table, tmp_path):
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    return replace(settings, clinic=read_clinic(table, tmp_path))


def masthead(page):
    found = re.search(r'<div class="masthead">.*?</div></div>', page, re.DOTALL)
    assert found is not None
    return found[0]


def addresses(page, start="/clinic-files/"):
    return [address.replace("&amp;", "&") for address in re.findall(rf'(?:href|src)="({start}[^"]*)"', page)]


def test_patients_and_staff_read_the_clinics_name_and_see_its_logo(client, sign_in):
    for page in (client.get("/").text, client.get("/sign-in").text, sign_in(Role.INTAKE).get("/intake/").text):
        assert "Riverbend &lt;Pain&gt; Clinic" in masthead(page)
        assert "Conversation guide" in masthead(page)
        assert re.search(r'<img class="logo" src="/clinic-files/logo\?v=\w{12}" width="48" height="24" alt="">', page)
    spanish = client.get("/", headers={"Accept-Language": "es"}).text
    assert "Clínica Riverbend" in masthead(spanish)


def test_title_of_a_page_does_not_name_the_clinic(client):
    title = re.search(r"<title>(.*?)</title>", client.get("/").text)
    assert title is not None and title[1] == "Start – Conversation guide"


def test_logo_is_served_as_it_is_under_a_policy_that_lets_it_run_nothing(client):
    logo = client.get("/clinic-files/logo")
    assert (logo.data, logo.mimetype) == (SVG.encode(), "image/svg+xml")
    assert logo.headers["Content-Security-Policy"] == LOGO_POLICY
    assert "script" not in LOGO_POLICY and LOGO_POLICY.startswith("default-src 'none'")
    assert LOGO_POLICY.endswith("; sandbox")
    assert logo.headers["X-Content-Type-Options"] == "nosniff"


def test_logo_and_colours_are_kept_by_browsers_and_carry_no_cookie(client):
    found = set(addresses(client.get("/sign-in").text))
    assert {address.partition("?")[0] for address in found} == {"/clinic-files/logo", "/clinic-files/colors.css"}
    for address in found:
        reply = client.get(address)
        assert reply.status_code == 200
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert ("Set-Cookie" in reply.headers, "Vary" in reply.headers) == (False, False)
        assert client.get(address.partition("?")[0] + "?v=other").headers["Cache-Control"] == "no-cache"


def test_colours_are_properties_for_light_and_dark_screens_and_none_on_paper(client):
    reply = client.get("/clinic-files/colors.css")
    assert reply.mimetype == "text/css"
    assert reply.text == (
        "@media screen { :root { --brand: #1d4f91; --brand-deep: #143766; --brand-soft: #e6ecf3; --on-brand: #ffffff; } }\n"
        "@media screen and (prefers-color-scheme: dark) { :root { --brand: #a5b9d3; --brand-deep: #c0cee0; "
        "--brand-soft: #2e3538; --on-brand: #101215; } }\n"
    )


def test_colours_of_the_clinic_come_after_those_they_change(client, sign_in):
    page = sign_in(Role.ADMIN).get("/admin/").text
    sheets = re.findall(r'rel="stylesheet" href="([^"?]+)', page)
    assert (sheets[0], sheets[-1]) == ("/static/site.css", "/clinic-files/colors.css")
    for path in ("/", "/rules"):  # one request: a phone on a bad line asks for each alone
        assert re.findall(r'rel="stylesheet" href="([^"?]+)', client.get(path).text) == ["/static/patient.css"]
    assert client.get("/static/patient.css").text.endswith(client.get("/clinic-files/colors.css").text)


def test_every_patient_page_says_how_to_reach_the_clinic_once(client):
    for path in ("/", "/age", "/about", "/privacy", "/rules", "/gone", "/adults-only", "/nowhere"):
        page = client.get(path).text
        assert page.count('<dl class="contact-list">') == 1, path
        assert 'href="tel:5555550142"' in page
        assert 'href="mailto:care@riverbend.example"' in page
        assert "Weekdays, 8 to 5" in page
        assert "1200 River Road\nSpringfield" in page


def test_staff_are_not_told_how_to_reach_themselves(client, sign_in):
    for page in (client.get("/sign-in").text, sign_in(Role.INTAKE).get("/intake/").text):
        assert "contact-list" not in page


@pytest.mark.parametrize("path", ["/", "/gone", "/adults-only"])
def test_clinics_words_for_emergencies_stand_beside_911_and_988_and_after_them(client, path):
    page = words(client.get(path).text.partition("<main")[2])
    assert page.index("988") < page.index("Or call our nurse line.")
    assert "911" in page
    spanish = words(client.get(path, headers={"Accept-Language": "es"}).text)
    assert "O llame a nuestra enfermería." in spanish


def test_urgent_page_stopped_page_summary_and_paper_have_them_too(client):
    browser = PatientBrowser(client).begin()
    while not browser.path.startswith("/help-now"):
        fields = {"emergency_now": "cannot_urinate"} if browser.path == "/questions/right_now" else {}
        browser.send(fields)
    assert browser.words.index("911") < browser.words.index("Or call our nurse line.")
    stopped = browser.open("/stopped").words
    assert "988" in stopped and "Or call our nurse line." in stopped
    browser.open("/help-now").send()
    browser.open("/check")
    assert "Your answers go to Riverbend &lt;Pain&gt; Clinic." in browser.text
    browser.send()
    assert browser.path == "/summary"
    screen = browser.text
    paper = browser.open("/summary/print").text.partition('<div class="paper">')[2]
    assert screen.count('<dl class="contact-list">') == 1
    assert "How to reach Riverbend &lt;Pain&gt; Clinic" in screen
    for part in (screen, paper):
        assert "Or call our nurse line." in part
        assert "(555) 555-0142" in part
        assert "Weekdays, 8 to 5" in part
        assert part.count("Or call our nurse line.") == 1


@pytest.mark.parametrize(("address", "status"), [("/language", 400), ("/age", 413)])
def test_page_that_tells_of_an_error_says_how_to_reach_the_clinic(client, address, status):
    reply = client.post(address, data={"adult": "x" * (300_000 if status == 413 else 1)})
    assert reply.status_code == status
    main = reply.text.partition("<main")[2].partition("</main>")[0]
    assert main.count('<dl class="contact-list">') == 1
    assert reply.text.count('<dl class="contact-list">') == 1
    assert "Or call our nurse line." in main


@pytest.mark.parametrize("table", [{**TABLE, "logo_says_name": True}])
def test_name_that_the_logo_says_is_not_written_beside_it(client):
    top = masthead(client.get("/").text)
    assert 'alt="Riverbend &lt;Pain&gt; Clinic"' in top
    assert words(top).count("Riverbend") == 0


@pytest.mark.parametrize("table", [{"name": "Riverbend"}])
def test_a_name_alone_needs_no_other_file(client):
    page = client.get("/").text
    assert addresses(page) == []
    assert "contact-list" not in page
    assert "Riverbend" in masthead(page)
    for path in ("/clinic-files/logo", "/clinic-files/colors.css"):
        reply = client.get(path)
        assert (reply.status_code, reply.headers["Cache-Control"]) == (404, "no-store")


def test_guide_without_a_clinic_stays_as_it_is(settings, clock, shipped_ruleset):
    app = create_app(replace(settings, clinic=None), clock=clock, ruleset=shipped_ruleset)
    page = app.test_client().get("/").text
    app.extensions["screener"].engine.dispose()
    assert "clinic-files" not in page
    assert words(masthead(page)).startswith("Conversation guide")
