"""What else an admin looks after: roles, sign-ins, the clinic's settings, rulesets, and what was done."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from screener.engine.loader import ruleset_from_content
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import Event
from screener.store.workflow import Role
from screener.web.auth import LONGEST_SESSION

PLACES = ("/admin/", "/admin/sessions", "/admin/settings", "/admin/rulesets", "/admin/exports", "/admin/audit")


@pytest.fixture
def events(store):
    """The names of all events, the oldest first."""

    def names():
        with reading(store) as session:
            return list(session.scalars(select(Event.name).order_by(Event.id)))

    return names


def role_of(store, user):
    with reading(store) as session:
        return queries.user_by_id(session, user.id).role


# Roles and invitations


def test_new_role_counts_at_once_and_ends_the_old_sign_in(sign_in, post_form, make_user, store, events):
    user = make_user(Role.INTAKE)
    theirs, admin = sign_in(user=user), sign_in(Role.ADMIN)
    assert theirs.get("/intake/").status_code == 200
    reply = post_form(admin, f"/admin/users/{user.id}/role", {"role": "clinician"}, page="/admin/")
    assert (reply.status_code, role_of(store, user)) == (303, Role.CLINICIAN)
    assert theirs.get("/intake/").headers["Location"] == "/sign-in"
    assert events()[-2:] == ["sessions_ended", "role_changed"]
    assert sign_in(user=user).get("/clinician/").status_code == 200


def test_last_admin_keeps_the_role(sign_in, post_form, make_user, store):
    admin = make_user(Role.ADMIN)
    client = sign_in(user=admin)
    reply = post_form(client, f"/admin/users/{admin.id}/role", {"role": "intake"}, page="/admin/")
    assert (reply.status_code, "last active administrator" in reply.text) == (409, True)
    assert role_of(store, admin) is Role.ADMIN


@pytest.mark.parametrize("role", ["", "patient", "owner"])
def test_role_that_is_none_is_refused(sign_in, post_form, make_user, store, role):
    user = make_user(Role.INTAKE)
    reply = post_form(sign_in(Role.ADMIN), f"/admin/users/{user.id}/role", {"role": role}, page="/admin/")
    assert (reply.status_code, role_of(store, user)) == (400, Role.INTAKE)


def test_withdrawn_invitation_opens_nothing(app, sign_in, post_form, store, clock, events):
    with writing(store) as session:
        asked = {"email": "new@clinic.test", "name": "New", "role": Role.INTAKE}
        invitation, token = operations.invite_user(session, actor=None, now=clock(), **asked)
    admin = sign_in(Role.ADMIN)
    address = f"/admin/invitations/{invitation.id}/withdraw"
    assert post_form(admin, address, page="/admin/").status_code == 303
    assert app.test_client().get(f"/set-up/{token}").status_code == 404
    assert "new@clinic.test" not in admin.get("/admin/").text
    assert post_form(admin, address, page="/admin/").status_code == 303  # gone already is no error
    assert events().count("invitation_withdrawn") == 1


# Sign-ins


def test_ended_sign_in_is_over_at_once_and_no_other(sign_in, post_form, make_user, events):
    user = make_user(Role.INTAKE, name="Ina Sample")
    first, second, admin = sign_in(user=user), sign_in(user=user), sign_in(Role.ADMIN)
    page = admin.get("/admin/sessions").text
    assert (page.count("Ina Sample</td>"), page.count("This is yours, here")) == (2, 1)
    newest, oldest = re.findall(r"/admin/sessions/(\d+)/end", page)
    assert int(newest) > int(oldest)
    assert post_form(admin, f"/admin/sessions/{oldest}/end", page="/admin/sessions").status_code == 303
    assert [client.get("/intake/").status_code for client in (first, second)] == [303, 200]
    assert events()[-1] == "session_ended"
    assert admin.get("/admin/sessions").text.count("Ina Sample</td>") == 1


def test_sign_out_ends_every_sign_in_of_that_person(sign_in, post_form, make_user):
    user = make_user(Role.INTAKE)
    first, second = sign_in(user=user), sign_in(user=user)
    assert post_form(first, "/sign-out", page="/intake/").status_code == 303
    assert second.get("/intake/").headers["Location"] == "/sign-in"


def test_cookie_without_the_secret_of_its_sign_in_opens_nothing(sign_in):
    client = sign_in(Role.INTAKE)
    with client.session_transaction() as cookie:
        cookie["session"] = "guessed"
    assert client.get("/intake/").headers["Location"] == "/sign-in"


def test_sign_in_that_is_too_old_is_not_listed(sign_in, make_user, clock):
    sign_in(user=make_user(Role.INTAKE, name="Ina Sample"))
    clock.at += LONGEST_SESSION
    assert "Ina Sample" not in sign_in(Role.ADMIN).get("/admin/sessions").text


@pytest.mark.parametrize("act", ["sessions/{}/end", "invitations/{}/withdraw"])
@pytest.mark.parametrize(("number", "status"), [("999999", 303), ("99999999999999999999", 404)])
def test_ending_what_is_there_no_more_is_no_error_and_what_cannot_be_is_not_found(
    sign_in, post_form, act, number, status
):
    reply = post_form(sign_in(Role.ADMIN), "/admin/" + act.format(number), page="/admin/sessions")
    assert reply.status_code == status


# The clinic


def test_waiting_target_is_kept(sign_in, post_form, events):
    client = sign_in(Role.ADMIN)
    assert 'value="48"' in client.get("/admin/settings").text
    for hours in ("24", "72"):
        reply = post_form(client, "/admin/settings", {"waiting_target_hours": hours})
        assert (reply.status_code, reply.headers["Location"]) == (303, "/admin/settings")
        assert f'value="{hours}"' in client.get("/admin/settings").text
    assert events().count("setting_changed") == 2


@pytest.mark.parametrize("hours", ["", "0", "-1", "two", "1441", "1.5"])
def test_waiting_target_that_is_none_is_an_error_and_what_was_typed_stays(sign_in, post_form, hours):
    client = sign_in(Role.ADMIN)
    reply = post_form(client, "/admin/settings", {"waiting_target_hours": hours})
    assert (reply.status_code, "Write a number of hours from 1 to 1440." in reply.text) == (422, True)
    assert f'value="{hours}"' in reply.text
    assert 'value="48"' in client.get("/admin/settings").text


# Rulesets


@pytest.fixture
def two_rulesets(submitted, store, shipped_ruleset, clock):
    """The shipped ruleset and an earlier one with another title of one topic, both used."""
    submitted({"pain_average": 8})
    content = shipped_ruleset.content.replace("High blood pressure", "Raised blood pressure", 1)
    earlier = replace(ruleset_from_content(content))
    with writing(store) as session:
        operations.keep_ruleset(session, earlier, now=clock())
    return earlier, shipped_ruleset


def test_rulesets_are_listed_with_what_they_were_used_for(sign_in, two_rulesets):
    page = sign_in(Role.ADMIN).get("/admin/rulesets").text
    for ruleset in two_rulesets:
        assert ruleset.hash[:12] in page
    assert page.count("In force") == 1


def test_change_of_meaning_between_two_rulesets_is_told(sign_in, two_rulesets):
    earlier, shipped = two_rulesets
    page = sign_in(Role.ADMIN).get(f"/admin/rulesets/changes?old={earlier.hash}&new={shipped.hash}").text
    assert ["Raised blood pressure" in page, "High blood pressure" in page] == [True, True]
    same = sign_in(Role.ADMIN).get(f"/admin/rulesets/changes?old={shipped.hash}&new={shipped.hash}").text
    assert "Nothing that a patient or clinician can meet is different." in same


@pytest.mark.parametrize("query", ["", "?old=1&new=2", f"?old={'0' * 64}&new={'0' * 64}"])
def test_ruleset_that_is_not_kept_is_not_found(sign_in, query):
    assert sign_in(Role.ADMIN).get(f"/admin/rulesets/changes{query}").status_code == 404


# What was done


def test_audit_tells_who_did_what_without_a_patient(sign_in, make_user, submitted):
    submission = submitted({"pain_average": 8}, name="Canary Sample")
    intake = make_user(Role.INTAKE, name="Ina Sample")
    sign_in(user=intake).get(f"/intake/submissions/{submission.public_id}")
    page = sign_in(Role.ADMIN).get("/admin/audit").text
    for words in ("Ina Sample, Intake", "Opened", "a patient", "Sent", submission.reference):
        assert words in page
    assert "Canary" not in page


def test_audit_names_whose_account_and_which_setting_was_changed_and_how(sign_in, post_form, make_user):
    user, admin = make_user(Role.INTAKE, name="Ina Sample"), sign_in(Role.ADMIN)
    post_form(admin, f"/admin/users/{user.id}/role", {"role": "clinician"}, page="/admin/")
    post_form(admin, f"/admin/users/{user.id}/deactivate", {}, page="/admin/")
    post_form(
        admin, "/admin/invitations", {"name": "Neu Sample", "email": "n@clinic.test", "role": "admin"}, page="/admin/"
    )
    for hours in ("36", "40"):
        post_form(admin, "/admin/settings", {"waiting_target_hours": hours})
    told = re.findall(r'data-label="What">([^<]+)<small>([^<]+)</small>', admin.get("/admin/audit").text)
    hours_words = "Hours within which someone should have worked on a submission"
    assert [line for line in told if line[0] != "Account made"] == [
        ("Setting changed", f"{hours_words}: 36 before, 40 now"),
        ("Setting changed", f"{hours_words}: not set before, 36 now"),
        ("Someone invited", "Neu Sample, Administrator"),
        ("Account switched off", "Ina Sample"),
        ("Role changed", "Ina Sample: Intake before, Clinician now"),
    ]


def test_audit_says_nothing_of_what_was_decided_or_written_about_a_patient(sign_in, submitted, store, make_user, clock):
    submission, clinician = submitted({"pain_average": 8}), make_user(Role.CLINICIAN, name="Cleo Sample")
    with writing(store) as session:
        detail = {"rule": "article_bladder_now", "choice": "not_relevant", "reason": "long_past"}
        session.add(
            Event(
                name="decision_taken_back",
                at=clock(),
                actor_id=clinician.id,
                actor_role="clinician",
                submission_id=submission.id,
                detail=detail,
            )
        )
    page = sign_in(Role.ADMIN).get("/admin/audit").text
    assert "Decision set back to undecided</td>" in page
    assert "bladder" not in page


def test_audit_is_narrowed_by_person_kind_and_day(sign_in, make_user, submitted, clock):
    submission = submitted({"pain_average": 8})
    intake = make_user(Role.INTAKE, name="Ina Sample")
    sign_in(user=intake).get(f"/intake/submissions/{submission.public_id}")
    admin = sign_in(Role.ADMIN)
    table = admin.get(f"/admin/audit?by={intake.id}").text.partition("<tbody")[2]
    assert ["Ina Sample" in table, "a patient" in table] == [True, False]
    table = admin.get("/admin/audit?name=viewed").text.partition("<tbody")[2]
    assert (table.count("Opened"), "Signed in" in table) == (1, False)
    assert "Opened" in admin.get(f"/admin/audit?day={clock():%Y-%m-%d}").text.partition("<tbody")[2]
    assert "Nothing was found." in admin.get("/admin/audit?day=2020-01-01").text


def test_audit_of_one_submission_keeps_its_reference_out_of_the_address(sign_in, post_form, submitted):
    one, other = submitted({"pain_average": 8}), submitted({"pain_average": 3})
    admin = sign_in(Role.ADMIN)
    reply = post_form(admin, "/admin/audit", {"reference": one.reference.lower()})
    table = reply.text.partition("<tbody")[2]
    assert (reply.status_code, one.reference in table, other.reference in table) == (200, True, False)
    assert "No submission has this reference." in post_form(admin, "/admin/audit", {"reference": "K7Q4-9MPD"}).text
    assert post_form(admin, "/admin/audit", {"reference": " "}).status_code == 422


def test_audit_goes_on_page_by_page(sign_in, make_user, store, clock):
    user = make_user(Role.INTAKE)
    with writing(store) as session:
        for _ in range(60):
            operations.record_sign_out(session, user, now=clock())
    admin = sign_in(Role.ADMIN)
    page = admin.get("/admin/audit?name=signed_out").text
    assert page.count("Signed out</td>") == 50
    (after,) = re.findall(r'href="([^"]+)" rel="next"', page)
    assert admin.get(after.replace("&amp;", "&")).text.count("Signed out</td>") == 10


@pytest.mark.parametrize("query", ["by=x", "before=-1", "by=99999999999", "name=dreamed", "name=%00"])
def test_audit_of_what_cannot_be_is_not_found(sign_in, query):
    assert sign_in(Role.ADMIN).get(f"/admin/audit?{query}").status_code == 404


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "9999-12-31"])
def test_day_that_cannot_be_read_is_told(sign_in, day):
    assert "Write the day like 2026-11-22." in sign_in(Role.ADMIN).get(f"/admin/audit?day={day}").text


def test_day_on_which_the_clocks_change_is_found_whole(app, sign_in, make_user, store):
    services = app.extensions["screener"]
    here = replace(services.settings, timezone="America/New_York")
    app.extensions["screener"] = replace(services, settings=here)
    late = datetime(2026, 11, 2, 4, 30, tzinfo=UTC)  # half past eleven in the evening of November 1, which has 25 hours
    with writing(store) as session:
        operations.record_sign_out(session, make_user(Role.INTAKE), now=late)
    admin = sign_in(Role.ADMIN)
    found = [admin.get(f"/admin/audit?day=2026-11-0{day}").text.count("Signed out</td>") for day in (1, 2)]
    assert found == [1, 0]


@pytest.mark.parametrize("page", PLACES)
def test_no_page_of_an_admin_shows_a_patient(sign_in, submitted, page):
    submission = submitted({"hopes_text": "canary answer"}, name="Canary Sample", email="canary@patient.test")
    text = sign_in(Role.ADMIN).get(page).text
    assert [word for word in ("anary", submission.public_id) if word in text] == []
