"""Every endpoint, asked as every role: who gets in, who gets nothing, and that no form changes anything without its token."""

from __future__ import annotations

import pytest
from flask import Blueprint
from sqlalchemy import MetaData, event, select

from screener.app import create_app
from screener.store import operations
from screener.store.casework import ExportFormat, FlagReason
from screener.store.database import reading, writing
from screener.store.queue_filters import Filters
from screener.store.workflow import Role
from screener.web import security

ROLES = ("anonymous", "intake", "clinician", "admin")
EVERYONE = frozenset(ROLES)
STAFF = EVERYONE - {"anonymous"}
INTAKE, CLINICIAN, ADMIN = (frozenset({role}) for role in ("intake", "clinician", "admin"))
CANARY = "Canaria Sample"

# Written out by hand, so that a change to who may open what is a change here.
MATRIX = {
    "static": EVERYONE,
    "patient.start": EVERYONE,
    "patient.age": EVERYONE,
    "patient.adults_only": EVERYONE,
    "patient.consent": EVERYONE,
    "patient.about_you": EVERYONE,
    "patient.questions": EVERYONE,
    "patient.sections": EVERYONE,
    "patient.help_now": EVERYONE,
    "patient.stopped": EVERYONE,
    "patient.leave": EVERYONE,
    "patient.left": EVERYONE,
    "patient.stay": EVERYONE,
    "patient.check": EVERYONE,
    "patient.summary": EVERYONE,
    "patient.summary_pdf": EVERYONE,
    "patient.status": EVERYONE,
    "patient.amend": EVERYONE,
    "patient.drop_changes": EVERYONE,
    "patient.withdraw": EVERYONE,
    "patient.summary_facts": EVERYONE,
    "patient.summary_paper": EVERYONE,
    "patient.erase": EVERYONE,
    "patient.erased": EVERYONE,
    "patient.gone": EVERYONE,
    "patient.return_code": EVERYONE,
    "patient.come_back": EVERYONE,
    "patient.language": EVERYONE,
    "patient.about": EVERYONE,
    "patient.privacy": EVERYONE,
    "rulebook.overview": EVERYONE,
    "rulebook.topic": EVERYONE,
    "rulebook.notes": EVERYONE,
    "rulebook.section": EVERYONE,
    "clinic.stylesheet": EVERYONE,
    "clinic.logo": EVERYONE,
    "auth.sign_in": EVERYONE,
    "auth.set_up": EVERYONE,
    "auth.sign_out": STAFF,
    "account.account": STAFF,
    "staff.language": EVERYONE,
    "intake.queue": INTAKE,
    "intake.submission": INTAKE,
    "intake.note": INTAKE,
    "intake.move": INTAKE,
    "intake.merge": INTAKE,
    "intake.new_entry": INTAKE,
    "intake.entry_questions": INTAKE,
    "intake.entry_check": INTAKE,
    "intake.entry_erase": INTAKE,
    "intake.correct": INTAKE,
    "intake.return_code": INTAKE,
    "intake.give_return_code": INTAKE,
    "intake.unmerge": INTAKE,
    "intake.versions": INTAKE,
    "intake.beside": INTAKE,
    "intake.resolve_flag": INTAKE,
    "intake.flag": INTAKE,
    "intake.contact": INTAKE,
    "intake.edit_note": INTAKE,
    "clinician.reviews": CLINICIAN,
    "clinician.submission": CLINICIAN,
    "clinician.print_view": CLINICIAN,
    "clinician.pdf": CLINICIAN,
    "clinician.review": CLINICIAN,
    "clinician.move": CLINICIAN,
    "clinician.versions": CLINICIAN,
    "clinician.beside": CLINICIAN,
    "clinician.resolve_flag": CLINICIAN,
    "clinician.flag": CLINICIAN,
    "clinician.contact": CLINICIAN,
    "clinician.edit_note": CLINICIAN,
    "clinician.note": CLINICIAN,
    "worklist.assign": INTAKE | CLINICIAN,
    "worklist.assign_one": INTAKE | CLINICIAN,
    "worklist.close": INTAKE | CLINICIAN,
    "worklist.begin_work": INTAKE | CLINICIAN,
    "worklist.end_work": INTAKE | CLINICIAN,
    "worklist.save_view": INTAKE | CLINICIAN,
    "worklist.delete_view": INTAKE | CLINICIAN,
    "worklist.search_form": INTAKE | CLINICIAN,
    "worklist.search": INTAKE | CLINICIAN,
    "worklist.shortcuts": INTAKE | CLINICIAN,
    "workflow.table": STAFF,
    "feedback.rules": CLINICIAN | ADMIN,
    "feedback.table": CLINICIAN | ADMIN,
    "exports.exports": INTAKE | CLINICIAN,
    "exports.export": INTAKE | CLINICIAN,
    "exports.file": INTAKE | CLINICIAN,
    "admin.users": ADMIN,
    "admin.invite": ADMIN,
    "admin.deactivate": ADMIN,
    "admin.activate": ADMIN,
    "admin.change_role": ADMIN,
    "admin.withdraw_invitation": ADMIN,
    "admin.sessions": ADMIN,
    "admin.end_session": ADMIN,
    "admin.settings": ADMIN,
    "admin.rulesets": ADMIN,
    "admin.ruleset_changes": ADMIN,
    "admin.audit": ADMIN,
    "admin.exports": ADMIN,
    "admin.audit_of_submission": ADMIN,
}


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database: who may open what does not depend on it."""
    return sqlite_url


@pytest.fixture
def engine(app):
    return app.extensions["screener"].engine


@pytest.fixture
def rows(engine):
    """Every row of every table but the access log's, to see that nothing changed."""
    tables = MetaData()
    tables.reflect(engine)

    def all_rows():
        with reading(engine) as session:
            found = {name: session.execute(select(table)).all() for name, table in sorted(tables.tables.items())}
        found["event"] = [row for row in found["event"] if row.name not in ("viewed", "printed")]
        return found

    return all_rows


@pytest.fixture
def values(submitted, make_user, engine, clock):
    """What stands in the addresses: a real submission, account and link, so that there is something to leak."""
    with writing(engine) as session:
        link = {"email": "new@clinic.test", "name": "New", "role": Role.INTAKE}
        invitation, token = operations.invite_user(session, actor=None, now=clock(), **link)
    submission, staff = submitted({"pain_average": 8}, name=CANARY), make_user(Role.INTAKE)
    with writing(engine) as session:
        note = operations.add_note(session, submission, CANARY, author=staff, now=clock())
        flag = operations.raise_flag(session, submission, FlagReason.IDENTITY, CANARY, actor=staff, now=clock())
    someone = make_user(Role.CLINICIAN)
    with writing(engine) as session:
        view = operations.save_view(session, someone, "Theirs", Filters(), now=clock())
        wanted = {"reason": CANARY, "format": ExportFormat.CSV, "query": ""}
        export = operations.request_export(session, someone, **wanted, now=clock())
    return {
        "chosen": f"{submission.public_id}.1",
        "view_id": view.id,
        "export_id": export.id,
        "public_id": submission.public_id,
        "other_id": submitted({"pain_average": 7}, name=CANARY).public_id,
        "note_id": note.id,
        "flag_id": flag.id,
        "user_id": make_user(Role.INTAKE).id,
        "section": "heart",
        "topic": "bladder",
        "token": token,
        "invitation_id": invitation.id,
        "session_id": 1,
        "filename": "site.css",
    }


def endpoints(app, values):
    """(endpoint, method, address) of everything the application answers."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address


@pytest.fixture
def browser(app, sign_in, post_form):
    """A browser of this role; who is not signed in has begun to answer."""

    def open_browser(role):
        if role != "anonymous":
            return sign_in(role)
        client = app.test_client()
        for page, fields in (("/age", {"adult": "yes"}), ("/consent", {"agree": "y"}), ("/about-you", PLAUSIBLE)):
            assert post_form(client, page, fields).status_code == 303
        return client

    return open_browser


def test_matrix_names_every_endpoint_and_no_other(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(MATRIX)


def test_application_agrees_with_the_matrix():
    words = {role: "anonymous" if role is Role.PATIENT else role.value for role in Role}
    declared = {name: frozenset(words[role] for role in security.allowed_roles(name)) for name in MATRIX}
    assert declared == MATRIX


@pytest.mark.parametrize("role", ROLES)
def test_everyone_gets_in_where_the_matrix_says_and_nowhere_else(app, browser, values, rows, role):
    client = browser(role)
    wrong = []
    for endpoint, method, address in endpoints(app, values):
        if endpoint == "auth.sign_out" and role in MATRIX[endpoint]:
            continue  # signs out; test_auth looks at it
        before = rows()
        reply = client.open(address, method=method)
        sent_away = reply.status_code == 303 and reply.headers["Location"] == "/sign-in"
        if role in MATRIX[endpoint]:
            fine = not sent_away and reply.status_code != 403 and reply.status_code < 500
        else:
            refused = sent_away if role == "anonymous" else reply.status_code == 403
            fine = (
                refused and CANARY not in reply.text and str(values["public_id"]) not in reply.text and rows() == before
            )
        reply.close()
        if not fine:
            wrong.append((endpoint, method, reply.status_code))
    assert wrong == []


def test_endpoint_without_a_policy_stops_the_start(settings, clock, shipped_ruleset, monkeypatch):
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/forgotten", "page", lambda: "")
    monkeypatch.setattr("screener.web.admin.blueprint", forgotten)
    with pytest.raises(security.UndeclaredEndpoint, match=r"forgotten\.page"):
        create_app(settings, clock=clock, ruleset=shipped_ruleset)


def test_no_get_changes_anything_but_the_access_log(app, browser, values, rows):
    for role in ROLES:
        client = browser(role)
        before = rows()
        for endpoint, method, address in endpoints(app, values):
            if method == "GET" and role in MATRIX[endpoint]:
                client.open(address).close()
        assert rows() == before


@pytest.mark.parametrize("role", ROLES)
def test_no_page_holds_two_transactions_at_once(app, engine, browser, values, role):
    client, held, wrong = browser(role), [], []

    @event.listens_for(engine, "begin")
    def begin(connection):
        held.append(connection)
        if len(held) > 1:
            wrong.append((endpoint, method))

    for ending in ("commit", "rollback"):
        event.listen(engine, ending, held.remove)
    for endpoint, method, address in endpoints(app, values):
        if role in MATRIX[endpoint] and endpoint != "auth.sign_out":
            client.open(address, method=method, data=PLAUSIBLE if method == "POST" else None).close()
    assert (wrong, held) == ([], [])


@pytest.mark.parametrize("token", [None, "", "forged", "another session's"])
@pytest.mark.parametrize("role", ROLES)
def test_no_form_changes_anything_without_its_own_token(app, browser, values, rows, role, token):
    client = browser(role)
    if token == "another session's":
        page = app.test_client().get("/sign-in").text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = PLAUSIBLE | {"chosen": values["chosen"]} | ({} if token is None else {"csrf_token": token})
    before, wrong = rows(), []
    for endpoint, method, address in endpoints(app, values):
        if method == "POST" and role in MATRIX[endpoint]:
            reply = client.post(address, data=fields)
            if rows() != before or reply.status_code >= 500:
                wrong.append((endpoint, reply.status_code))
    assert wrong == []
    if role != "anonymous":
        assert client.get("/sign-in").status_code == 303  # still signed in


# What each form would take, so that only the token is missing: the last test sends it.
PLAUSIBLE = {
    "adult": "yes",
    "agree": "y",
    "name": "Eve Sample",
    "email": "eve@clinic.test",
    "password": "three grey herons at dusk",
    "repeated": "three grey herons at dusk",
    "role": "intake",
    "kind": "note",
    "text": "Called, no answer.",
    "move": "accept",
    "version": "1",
    "note": "",
    "confirm": "yes",
    "birth_date-month": "4",
    "birth_date-day": "2",
    "birth_date-year": "1968",
    "phone": "555 555 0100",
    "preferred_contact": "phone",
    "contact_language": "en",
    "heart_conditions": "angina",
    "assessment": "Read.",
    "assignee": "me",
    "step": "close",
    "view_name": "Mine",
    "sought": "Sample",
    "channel": "phone",
    "outcome": "reached",
    "reason": "duplicate",
    "flag1-resolution": "Asked.",
    "seen": "0",
    "other_version": "1",
    "keep": "x",
    "source": "phone",
    "agreed": "patient",
    "agreement": "spoken",
    "identity": "Called the number we have.",
    "seen_code": "0",
}


@pytest.mark.parametrize(
    ("endpoint", "page"),
    [
        ("patient.questions", "patient.questions"),
        ("patient.erase", "patient.about_you"),
        ("auth.set_up", "auth.set_up"),
        ("intake.note", "intake.submission"),
        ("intake.move", "intake.submission"),
        ("intake.contact", "intake.submission"),
        ("intake.flag", "intake.submission"),
        ("intake.correct", "intake.submission"),
        ("intake.new_entry", "intake.new_entry"),
        ("intake.give_return_code", "intake.return_code"),
        ("intake.resolve_flag", "intake.submission"),
        ("intake.merge", "intake.beside"),
        ("clinician.note", "clinician.submission"),
        ("clinician.contact", "clinician.submission"),
        ("clinician.flag", "clinician.submission"),
        ("clinician.resolve_flag", "clinician.submission"),
        ("worklist.assign", "intake.queue"),
        ("worklist.assign_one", "intake.submission"),
        ("worklist.close", "intake.queue"),
        ("worklist.begin_work", "intake.submission"),
        ("worklist.save_view", "intake.queue"),
        ("worklist.search", "intake.queue"),
        ("admin.invite", "admin.users"),
        ("admin.deactivate", "admin.users"),
    ],
)
def test_the_same_fields_with_the_token_do_change_something(app, browser, values, rows, post_form, endpoint, page):
    allowed = MATRIX[endpoint]
    client = browser("anonymous" if "anonymous" in allowed else sorted(allowed)[-1])
    addresses = {(name, method): address for name, method, address in endpoints(app, values)}
    before = rows()
    fields = PLAUSIBLE | {"chosen": values["chosen"]}
    reply = post_form(client, addresses[endpoint, "POST"], fields, page=addresses[page, "GET"])
    assert reply.status_code in (200, 303)
    assert rows() != before
