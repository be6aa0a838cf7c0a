"""The admin's door: accounts, invitations, and no patient."""

from __future__ import annotations

import re

import pytest

from screener.store import queries
from screener.store.database import reading
from screener.store.workflow import Role

FIELDS = {"name": "Eve Sample", "email": "eve@clinic.test", "role": "clinician"}


@pytest.fixture
def users(app):
    def named():
        with reading(app.extensions["screener"].engine) as session:
            return {user.email: (user.name, user.role, user.active) for user in queries.users(session)}

    return named


@pytest.fixture
def invited(app, clock):
    def all_open():
        with reading(app.extensions["screener"].engine) as session:
            return [(one.email, one.name, one.role) for one in queries.open_invitations(session, now=clock())]

    return all_open


def test_admin_sees_every_account_with_role_and_access(sign_in, make_user):
    make_user(Role.INTAKE, email="ina@clinic.test", name="Ina Sample")
    page = sign_in(Role.ADMIN).get("/admin/").text
    for words in ("Ina Sample", "ina@clinic.test", "Intake", "Active", "Administrator"):
        assert words in page


def test_invitation_shows_its_link_once_and_the_link_works(app, sign_in, post_form, invited):
    client = sign_in(Role.ADMIN)
    reply = post_form(client, "/admin/invitations", FIELDS, page="/admin/")
    assert reply.status_code == 200
    (link,) = re.findall(r"<code>http://localhost(/set-up/[\w-]+)</code>", reply.text)
    assert invited() == [("eve@clinic.test", "Eve Sample", Role.CLINICIAN)]
    again = client.get("/admin/").text
    assert "Eve Sample" in again
    assert link not in again
    assert app.test_client().get(link).status_code == 200


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": " "}, "Write their name."),
        ({"name": "x" * 201}, "Write a shorter name."),
        ({"email": "eve"}, "Write an e-mail address"),
        ({"email": "eve@clinic.test\r\nBcc: all@clinic.test"}, "Write an e-mail address"),
        ({"role": ""}, "Choose what they do here."),
        ({"role": "patient"}, "Not a valid choice."),
    ],
)
def test_incomplete_invitation_is_refused_and_what_was_typed_kept(sign_in, post_form, invited, changed, message):
    reply = post_form(sign_in(Role.ADMIN), "/admin/invitations", FIELDS | changed, page="/admin/")
    assert reply.status_code == 422
    assert message in reply.text
    assert invited() == []


def test_address_with_an_account_is_not_invited_again(sign_in, post_form, make_user, invited):
    make_user(Role.INTAKE, email="eve@clinic.test")
    reply = post_form(sign_in(Role.ADMIN), "/admin/invitations", FIELDS, page="/admin/")
    assert (reply.status_code, "exists already" in reply.text) == (409, True)
    assert invited() == []


def test_account_is_switched_off_and_on(sign_in, post_form, make_user, users):
    user = make_user(Role.INTAKE, email="ina@clinic.test", name="Ina")
    client = sign_in(Role.ADMIN)
    for verb, active in (("deactivate", False), ("activate", True)):
        reply = post_form(client, f"/admin/users/{user.id}/{verb}", page="/admin/")
        assert (reply.status_code, reply.headers["Location"]) == (303, "/admin/")
        assert users()["ina@clinic.test"] == ("Ina", Role.INTAKE, active)


def test_last_admin_cannot_be_switched_off(sign_in, post_form, make_user, users):
    admin = make_user(Role.ADMIN, email="last@clinic.test", name="Last")
    reply = post_form(sign_in(user=admin), f"/admin/users/{admin.id}/deactivate", page="/admin/")
    assert (reply.status_code, "last active administrator" in reply.text) == (409, True)
    assert users()["last@clinic.test"] == ("Last", Role.ADMIN, True)


@pytest.mark.parametrize("user_id", ["999999", "99999999999999999999"])
def test_unknown_account_is_not_found(sign_in, post_form, user_id):
    assert post_form(sign_in(Role.ADMIN), f"/admin/users/{user_id}/deactivate", page="/admin/").status_code == 404


def test_admin_sees_nothing_of_a_patient(sign_in, submitted):
    submission = submitted({"hopes_text": "canary answer"}, name="Canary Sample", email="canary@patient.test")
    client = sign_in(Role.ADMIN)
    page = client.get("/admin/").text
    for secret in ("canary", "Canary", submission.reference, submission.public_id):
        assert secret not in page


def test_name_of_staff_is_inert(sign_in, make_user):
    make_user(Role.INTAKE, name="<script>alert(1)</script>")
    page = sign_in(Role.ADMIN).get("/admin/").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
