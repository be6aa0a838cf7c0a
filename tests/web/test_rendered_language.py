"""Spanish pages are Spanish: every page and state is opened with marked words, and nothing on it may come from anywhere else.

To add a page, write what leads to it into one of the walks below, or a walk of its own: every page that the application sends
while a walk goes on is looked at. A template that none of WHOLE shows fails their test.
"""

from __future__ import annotations

import pytest
from flask import template_rendered
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from screener.app import create_app
from screener.clinic import read_clinic
from screener.engine.questionnaire import ItemType
from screener.paths import templates_folder
from screener.store import operations
from screener.store.casework import FlagReason
from screener.store.database import writing
from screener.store.refusals import StaleSubmission
from screener.store.workflow import Role, Status
from tests.web import test_access
from tests.web.conftest import PASSWORD
from tests.web.page_language import Judge, marked_words
from tests.web.patient_browser import ABOUT_YOU, PatientBrowser
from tests.web.staff_page import put, stored
from tests.web.test_exports import wait_for_exports

TYPED = {
    "name": "Zoraida Canary",
    "phone": "555 555 0142",
    "email": "zoraida@canary.test",
    "helper": "Tia Canary",
    "words": "Calor y descanso xyzzy",
    "staff": "Robin Roberts",
}
# What stands on a page though nobody typed it here: languages by their own names, codes of languages, units, the sample's names.
NAMES = (
    "English",
    "Español",
    "EN",
    "ES",
    "mmHg",
    "CSV",
    "Riverbend",
    "River Road",
    "Canaria Sample",
    "Eve Sample",
    "xyzzy",
    "New",
    "new@clinic.test",
)
CLINIC = {
    "name": "Riverbend",
    "phone": "555 555 0199",
    "hours": {"en": "Weekdays", "es": "River Road"},
    "emergency": {"en": "Nurse line", "es": "River Road"},
}
MANY = {
    "emergency_now": ["heart_attack_signs"],
    "heart_conditions": ["hypertension", "not_sure"],
    "bp_control": "poor",
    "bp_systolic": 150,
    "pain_kinds": ["crps", "fibromyalgia"],
    "pain_duration": "over_5_years",
    "pain_average": 7,
    "pain_enjoyment": 6,
    "pain_activity": "not_sure",
    "nsaids_result": "failed",
    "opioids_now": "yes",
    "other_treatment_text": TYPED["words"],
    "bladder_now": ["blood"],
    "stomach_upset": "declined",
    "substance_problem": "declined",
    "unreal_experiences": "yes",
}
ADDRESSES = ("robin@roberts.test", "other@roberts.test")
walks = []


def walk(function):
    """Marks a way through pages that the test below goes."""
    walks.append(function)
    return function


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: words do not depend on it."""
    return sqlite_url


values, browser = test_access.values, test_access.browser


class SpanishClient(FlaskClient):
    """A browser set to Spanish."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es-MX,es;q=0.9"


@pytest.fixture
def app(settings, clock, shipped_ruleset, tmp_path, monkeypatch):
    """The application with marked words, a clinic of its own, and Spanish browsers."""
    marked_words(tmp_path / "translations", monkeypatch)
    settings = type(settings)(**{name: getattr(settings, name) for name in settings.__slots__ if name != "clinic"})
    object.__setattr__(settings, "clinic", read_clinic(CLINIC, tmp_path))
    app = create_app(settings, clock=clock, ruleset=shipped_ruleset)
    app.testing = True
    app.test_client_class = SpanishClient
    yield app
    app.extensions["screener"].engine.dispose()


@pytest.fixture
def pages(app):
    """Every page that was sent: (method, path, status, HTML); and of every template that it was shown."""
    found = []

    @app.after_request
    def keep(response):
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            found.append((response.status_code, response.get_data(as_text=True)))
        return response

    return found


@pytest.fixture
def shown(app):
    """The names of the templates that were rendered."""
    names = set()

    def note(_sender, template, **_context):
        names.add(template.name)

    with template_rendered.connected_to(note, app):
        yield names


class World:
    """What the walks may use."""

    def __init__(self, app, clock, ruleset, sign_in, submitted, make_user, post_form, open_as, request):
        self.app, self.clock, self.ruleset = app, clock, ruleset
        self.sign_in, self.submitted, self.make_user, self.post_form = sign_in, submitted, make_user, post_form
        self.open_as, self.request = open_as, request

    def patient(self):
        """A new patient's browser."""
        return PatientBrowser(self.app.test_client())

    def started(self):
        """A patient at the first question."""
        browser = self.patient()
        browser.open("/age").send({"adult": "yes"}).send({"agree": "y"})
        about = {**ABOUT_YOU, "name": TYPED["name"], "phone": TYPED["phone"], "email": TYPED["email"]}
        browser.send({**about, "helper": TYPED["helper"], "contact_language": "es"})
        return browser

    def at(self, status, answers=MANY):
        """A submission that stands in this status."""
        who = {name: TYPED[name] for name in ("name", "phone", "email", "helper")}
        submission = self.submitted(answers, language="es", **who)
        put(self.app.extensions["screener"].engine, submission, status)
        return submission

    def fresh(self, submission):
        """A submission as it is by now."""
        return stored(self.app.extensions["screener"].engine, submission)


@pytest.fixture
def world(app, clock, shipped_ruleset, sign_in, submitted, make_user, post_form, browser, request):
    return World(app, clock, shipped_ruleset, sign_in, submitted, make_user, post_form, browser, request)


# The walks. Patients


@walk
def everything_that_can_be_opened(world):
    addresses = world.request.getfixturevalue("values")
    for role in test_access.ROLES:
        client = world.open_as(role)
        for endpoint, method, address in test_access.endpoints(world.app, addresses):
            if method == "GET" and role in test_access.MATRIX[endpoint]:
                client.get(address).close()


@walk
def a_patient_who_gets_everything_wrong_first(world):
    browser = world.patient()
    browser.open("/age").send()
    browser.open("/age").send({"adult": "yes"}).send()
    browser.send({"agree": "y"}).send()
    wrong = {"birth_date-month": "13", "birth_date-day": "1", "birth_date-year": "1968"}
    browser.send({**wrong, "phone": "12", "email": "nobody", "name": "x" * 201, "helper": "x" * 201})
    browser.send({**ABOUT_YOU, "birth_date-year": "1492"})
    browser.send({**ABOUT_YOU, "birth_date-year": "2015"})  # asked whether that is right
    browser.send({**ABOUT_YOU, "phone": ""}).send({**ABOUT_YOU, "phone": "", "email": "a@b.test"})
    browser.send({**ABOUT_YOU, "preferred_contact": "email"})
    browser.open("/about-you").send({**ABOUT_YOU, "phone": "1" * 60, "email": "x" * 260})


@walk
def a_patient_who_gets_answers_wrong(world):
    browser = world.started()
    for section in ("heart", "pain", "mind", "tried", "bladder", "hopes"):
        fields = {}
        for name, value in browser.open(f"/questions/{section}").form().items(multi=True):
            if value == "" and not name.startswith("csrf"):
                fields[name] = "1580x"
        browser.send(fields)
        browser.open(f"/questions/{section}").send(dict.fromkeys(fields, "99999"))
    both = {"heart_conditions": ["hypertension", "none"], "bp_control": ["poor", "good"], "bp_systolic": "1580"}
    browser.open("/questions/heart").send(both)
    browser.send({"heart_conditions": ["nonsense"]})
    browser.send({"csrf_token": "old"})


@walk
def a_patient_who_sends_everything(world):
    browser = world.started()
    for _ in range(40):
        if browser.path == "/check":
            break
        fields = {
            name: [str(code) for code in answer] if isinstance(answer, list) else str(answer)
            for name, answer in MANY.items()
            if f'name="{name}"' in browser.text
        }
        browser.send(fields)
    browser.open("/sections").open("/").open("/stopped").open("/check").send()
    assert browser.path == "/summary"
    browser.open("/").open("/help-now").open("/check").open("/age")
    browser.press("/erase")
    browser.press("/erase", {"confirm": "yes"})


@walk
def a_patient_after_sending(world):
    browser = world.started().send({"emergency_now": "none"}).open("/check").send()
    browser.open("/summary/good-to-know").open("/summary/print").open("/status").press("/amend")
    browser.send()  # nothing is changed yet
    browser.open("/questions/heart?back=check").send({"heart_conditions": ["angina"]}).open("/").open("/status")
    browser.press("/amend/drop").open("/status").press("/amend")
    browser.open("/questions/heart?back=check").send({"heart_conditions": ["angina"]}).send()
    browser.open("/status").open("/withdraw").send()
    assert browser.path == "/status"


@walk
def a_patient_without_any_answer(world):
    browser = world.started()
    while browser.path != "/check":
        browser.send()
    browser.send().open("/about-you")


@walk
def a_page_that_is_sent_too_late(world):
    browser = world.started()
    page = browser.open("/questions/right_now").form()
    browser.open("/check").send()
    for urgent in ("heart_attack_signs", "none"):
        late = [*page.items(multi=True), ("emergency_now", urgent)]
        world.app.test_client()
        browser.client.post("/questions/right_now", data=dict(late), follow_redirects=True)


@walk
def every_patient_of_the_rulebooks_cases(world):
    """Their submissions, at both doors of staff: every rule's words on some page."""
    intake, clinician = world.sign_in(Role.INTAKE), world.sign_in(Role.CLINICIAN)
    for case in world.ruleset.cases[::4]:
        answers = dict(case.content["answers"])
        for item in world.ruleset.items.values():
            if item.type is ItemType.TEXT and item.id in answers:
                answers[item.id] = TYPED["words"]
        submission = world.at(Status.SUBMITTED, answers)
        for client, door in ((intake, "intake"), (clinician, "clinician")):
            if door == "clinician":
                put(world.app.extensions["screener"].engine, submission, Status.ACCEPTED)
            assert client.get(f"/{door}/submissions/{submission.public_id}").status_code == 200


@walk
def leaving(world):
    browser = world.started()
    browser.send({"emergency_now": "cannot_urinate"}).send().open("/stopped")
    browser.press("/erase")
    browser.press("/erase", {"confirm": "yes"})
    browser.open("/questions/heart").open("/summary")
    world.patient().open("/age").send({"adult": "no"})


@walk
def pages_that_tell_of_an_error(world):
    client, staff = world.app.test_client(), world.sign_in(Role.INTAKE)
    client.get("/nowhere")
    client.post("/about")
    client.post("/language")
    client.post("/age", data={"adult": "x" * 300_000})
    staff.get("/admin/")
    staff.get("/intake/nowhere")
    staff.post("/sign-out")
    staff.get("/sign-out")
    start, queue = (world.app.view_functions[name] for name in ("patient.start", "intake.queue"))
    try:
        world.app.testing = False
        for error in (ValueError("x"), OperationalError("x", {}, Exception()), StaleSubmission()):

            def fail(error=error):
                raise error

            world.app.view_functions["patient.start"] = world.app.view_functions["intake.queue"] = fail
            client.get("/")
            staff.get("/intake/")
    finally:
        world.app.testing = True
        world.app.view_functions |= {"patient.start": start, "intake.queue": queue}


# Staff


@walk
def signing_in_and_setting_up(world):
    client = world.app.test_client()
    with writing(world.app.extensions["screener"].engine) as session:
        first = operations.begin_setup(session, now=world.clock())
        who = {"email": ADDRESSES[0], "name": TYPED["staff"], "role": Role.CLINICIAN}
        _, invited = operations.invite_user(session, actor=None, now=world.clock(), **who)
    for token in (first, invited):
        for password in ("", "short", "password password", "a" * 20, "robin roberts robin", "x" * 2000):
            fields = {"password": password, "repeated": password[:15], "email": "nobody", "name": TYPED["staff"]}
            world.post_form(client, f"/set-up/{token}", fields)
            world.post_form(client, f"/set-up/{token}", {**fields, "repeated": password, "email": ADDRESSES[1]})
    good = {"password": "three grey herons at dusk", "repeated": "three grey herons at dusk"}
    world.post_form(client, f"/set-up/{invited}", good)
    client.get("/sign-in")
    client.get("/set-up/none")
    world.post_form(client, "/sign-in", {"email": "x" * 300, "password": "x" * 2000})
    for _ in range(12):  # to the point where there were too many tries
        if world.post_form(client, "/sign-in", {"email": ADDRESSES[1], "password": "wrong"}).status_code == 429:
            return
    raise AssertionError("never too many tries")


@walk
def the_intake_door(world):
    client, door = world.sign_in(Role.INTAKE), "/intake/"
    client.get("/intake/")
    found = {status: world.at(status) for status in Status if status not in (Status.DRAFT,)}
    world.at(Status.SUBMITTED, {"emergency_now": ["none"], "pain_average": 4})
    world.clock.move(hours=3)
    client = world.sign_in(Role.INTAKE)
    client.get("/intake/")
    for status in (*Status, "all", "open"):
        client.get(f"/intake/?status={status}")
    for submission in found.values():
        page = f"/intake/submissions/{submission.public_id}"
        client.get(page)
        world.post_form(client, f"{page}/notes", {"text": ""}, page=door)
        world.post_form(client, f"{page}/notes", {"text": TYPED["words"], "kind": "urgent_action"}, page=door)
        for move in ("ask", "accept", "close", "nonsense"):
            world.post_form(
                client, f"{page}/moves", {"move": move, "version": submission.version, "note": ""}, page=door
            )
        seen = {"move": "ask", "version": submission.version, "note": TYPED["words"]}
        world.post_form(client, f"{page}/moves", seen, page=door)
        client.get(page)


@walk
def the_clinician_door(world):
    client, door = world.sign_in(Role.CLINICIAN), "/clinician/"
    client.get("/clinician/")
    found = {status: world.at(status) for status in Status if status not in (Status.DRAFT,)}
    world.clock.move(days=2)
    client = world.sign_in(Role.CLINICIAN)
    client.get("/clinician/")
    for status in (*Status, "all", "open"):
        client.get(f"/clinician/?status={status}")
    for submission in found.values():
        client.get(f"/clinician/submissions/{submission.public_id}")
    page = f"/clinician/submissions/{found[Status.ACCEPTED].public_id}"
    version = found[Status.ACCEPTED].version
    world.post_form(client, f"{page}/moves", {"move": "start_review", "version": version}, page=door)
    client.get(page)
    for act, words in (("record", ""), ("sign_off", ""), ("record", TYPED["words"]), ("sign_off", TYPED["words"])):
        for seen in (version, version + 1, version + 2):
            fields = {"act": act, "assessment": words, "version": seen}
            world.post_form(client, f"{page}/review", fields, page=door)
    client.get(page)
    world.post_form(client, f"{page}/moves", {"move": "ask", "version": version + 1, "note": ""}, page=door)


@walk
def staff_who_type_for_a_patient(world):
    client, new = world.sign_in(Role.INTAKE), "/intake/new"
    caller = {name: value for name, value in test_access.PLAUSIBLE.items() if name not in ("name", "email")}
    world.post_form(client, new, {"name": "x" * 201, "email": "nobody", "phone": "12"})
    world.post_form(client, new, {**caller, "name": TYPED["name"], "birth_date-year": "2015"})
    world.post_form(client, new, {**caller, "name": TYPED["name"], "helper": TYPED["helper"]})
    client.get(new)
    client.get(f"{new}/questions/right_now")
    urgent = {"items-shown": "emergency_now", "emergency_now": "heart_attack_signs"}
    world.post_form(client, f"{new}/questions/right_now", urgent)
    world.post_form(client, f"{new}/questions/pain", {"items-shown": "pain_average", "pain_average": "lots"})
    heart = {"items-shown": "heart_conditions", "heart_conditions": "hypertension"}
    client.get(world.post_form(client, f"{new}/questions/heart", heart).location)
    page = world.post_form(client, f"{new}/check", {"version": "0"}).location
    client.get(page)
    world.post_form(client, f"{page}/answers", {}, page=page)
    world.post_form(client, f"{page}/answers/check", {"version": "1"})
    changed = {
        "items-shown": ["pain_average", "pain_activity"],
        "pain_average": "3",
        "pain_activity-unknown": "not_sure",
    }
    client.get(world.post_form(client, f"{page}/answers/questions/pain", changed).location)
    urgent["emergency_now"] = "none"
    world.post_form(client, f"{page}/answers/questions/right_now", urgent)
    client.get(f"{page}/answers/check")
    world.post_form(client, f"{page}/answers/check", {"version": "1"})
    client.get(page)
    client.get(f"{page}/versions")


@walk
def staff_who_work_on_a_submission(world):
    intake, clinician = world.sign_in(Role.INTAKE), world.sign_in(Role.CLINICIAN)
    kept, other = world.at(Status.SUBMITTED, {"pain_average": 4}), world.at(Status.SUBMITTED, {"pain_average": 5})
    page = f"/intake/submissions/{kept.public_id}"
    for act, fields in (
        ("notes", {"text": TYPED["words"]}),
        ("contacts", {"channel": "", "outcome": ""}),
        ("contacts", {"channel": "letter", "outcome": "wrong_number", "contact_text": TYPED["words"]}),
        ("flags", {"reason": ""}),
        ("flags", {"reason": "other", "flag_text": ""}),
        *(("flags", {"reason": reason, "flag_text": TYPED["words"]}) for reason in FlagReason),
        ("flags/1", {"flag1-resolution": ""}),
        ("flags/1", {"flag1-resolution": TYPED["words"]}),
        ("notes/1", {"text": "", "seen": "0"}),
        ("notes/1", {"text": TYPED["words"], "seen": "0"}),
        ("notes/1", {"text": TYPED["words"] + " xyzzy", "seen": "0"}),
    ):
        world.post_form(intake, f"{page}/{act}", fields, page=page)
    intake.get(page)
    for more in ("notes/1", "versions", f"beside/{other.public_id}"):
        intake.get(f"{page}/{more}")
        clinician.get(f"/clinician/submissions/{kept.public_id}/{more}")
    versions = {"version": world.fresh(kept).version, "other_version": "1", "keep": kept.public_id}
    for seen in ({**versions, "version": "77"}, versions):
        world.post_form(intake, f"{page}/beside/{other.public_id}", seen, page=f"{page}/beside/{other.public_id}")
    merged = f"/intake/submissions/{other.public_id}"
    intake.get(page)
    intake.get(merged)
    world.post_form(intake, f"{merged}/notes", {"text": TYPED["words"]}, page=page)
    world.post_form(intake, f"{merged}/unmerge", {"version": "77"}, page=page)
    world.post_form(intake, f"{merged}/unmerge", {"version": "2"}, page=page)
    assert world.fresh(other).merged_into_id is None
    intake.get(page)


@walk
def staff_who_give_a_return_code(world):
    intake, submission = world.sign_in(Role.INTAKE), world.at(Status.SUBMITTED)
    page = f"/intake/submissions/{submission.public_id}"
    for fields in ({}, {"identity": TYPED["words"], "seen_code": "0"}, {"identity": TYPED["words"], "seen_code": "0"}):
        world.post_form(intake, f"{page}/return-code", fields, page=page)
    intake.get(f"{page}/return-code")
    intake.get(page)
    taken_back = world.at(Status.WITHDRAWN)
    intake.get(f"/intake/submissions/{taken_back.public_id}/return-code")


@walk
def staff_who_close_and_compare(world):
    submission = world.at(Status.SUBMITTED)
    chosen = {"chosen": f"{submission.public_id}.{submission.version}"}
    world.post_form(world.sign_in(Role.INTAKE), "/work/close", chosen, page="/intake/")
    same = world.ruleset.hash
    world.sign_in(Role.ADMIN).get(f"/admin/rulesets/changes?old={same}&new={same}")


@walk
def the_admins_door(world):
    client = world.sign_in(Role.ADMIN)
    client.get("/admin/")
    world.post_form(client, "/admin/invite", {}, page="/admin/")
    world.post_form(client, "/admin/invite", {"name": "x" * 201, "email": "nobody", "role": "king"}, page="/admin/")
    good = {"name": TYPED["staff"], "email": ADDRESSES[0], "role": "intake"}
    world.post_form(client, "/admin/invite", good, page="/admin/")
    user = world.make_user(Role.INTAKE, email=ADDRESSES[1], name=TYPED["staff"])
    world.post_form(client, "/admin/invite", {**good, "email": ADDRESSES[1]}, page="/admin/")
    client.get("/admin/")
    world.post_form(client, f"/admin/users/{user.id}/deactivate", {}, page="/admin/")
    client.get("/admin/")


@walk
def staff_who_export(world):
    client = world.sign_in(Role.INTAKE)
    world.at(Status.SUBMITTED)
    client.get("/exports/?severity=urgent")
    good = {"query": "severity=urgent", "format": "csv", "reason": TYPED["words"], "password": PASSWORD}
    for wrong in ({"reason": "", "format": ""}, {"password": "wrong"}, {"password": ""}, {"query": "severity=worst"}):
        world.post_form(client, "/exports/", good | wrong)
    reply = world.post_form(client, "/exports/", good)
    wait_for_exports()
    client.get(reply.headers["Location"])
    client.get("/exports/")


# What is asked of all of them


@pytest.fixture
def judge(shipped_ruleset):
    """Knows what may stand on these pages."""
    staff = [f"Robin {role.capitalize()}" for role in Role]
    return Judge(shipped_ruleset, [*TYPED.values(), *NAMES, *staff, *ADDRESSES])


def foreign(judge, pages):
    """What on these pages is in no place of its language, one line each."""
    found = {piece for _, page in pages for piece in judge.foreign(page)}
    return "\n".join(f"{where}: {words}" for where, words in sorted(found))


# Those that together show every template.
WHOLE = (
    everything_that_can_be_opened,
    a_patient_who_sends_everything,
    a_patient_after_sending,
    leaving,
    the_intake_door,
    the_clinician_door,
    staff_who_type_for_a_patient,
    staff_who_export,
    staff_who_close_and_compare,
    staff_who_give_a_return_code,
)


@pytest.mark.parametrize("way", [way for way in walks if way not in WHOLE], ids=lambda way: way.__name__)
def test_nothing_on_a_spanish_page_is_in_another_language(way, world, pages, judge):
    way(world)
    assert pages
    assert foreign(judge, pages).splitlines() == []


def test_nothing_is_on_the_way_past_every_template_either(world, pages, shown, judge):
    for way in WHOLE:
        way(world)
    assert foreign(judge, pages).splitlines() == []
    names = {path.relative_to(templates_folder()).as_posix() for path in templates_folder().rglob("*.html")}
    whole = {name for name in names if not name.startswith(("macros/", "layouts/"))}
    assert whole - shown == set()


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>Nothing</p>", [("p", "Nothing")]),
        ("<p>\ue000Nada\ue001</p>", []),
        ("<p>\ue000Nada de \ue001nothing\ue000.\ue001</p>", [("p", "Nada de nothing.")]),
        ("<p>Su dolor <b>hurts</b></p>", [("b", "hurts")]),
        ('<a aria-label="Close">×</a>', [("a aria-label", "Close")]),
        ('<img alt="A logo">', [("img alt", "A logo")]),
        ('<input placeholder="Name" value="Zoraida">', [("input placeholder", "Name")]),
        ('<input type="submit" value="Send">', [("input value", "Send")]),
        ('<td data-label="Status">3</td>', [("td data-label", "Status")]),
        ("<option>Any</option>", [("option", "Any")]),
        ("<p>November 23, 2026</p>", [("p", "November 23, 2026")]),
        ("<p>23 de noviembre de 2026, 15:05</p><p>hace 3 horas</p>", []),
        ("<p>3 hours ago</p>", [("p", "3 hours ago")]),
        ('<p lang="en">Ketalar label</p><p>K7Q4-9MPD 12 %</p><textarea>my words</textarea>', []),
        ("<p>Zoraida Canary</p>", []),
        ('<p translate="no">zebra castle</p>', []),
        ("<p>Your pain</p>", [("p", "Your pain")]),
    ],
)
def test_the_judge_finds_what_was_forgotten_and_nothing_else(judge, page, found):
    frame = '<html lang="es"><title>\ue000Guía\ue001</title><p>\ue000a\ue001</p><p>\ue000b\ue001</p><p>\ue000c\ue001</p>{}</html>'
    assert judge.foreign(frame.format(page)) == found
