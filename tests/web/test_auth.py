"""Staff's own door: who gets in, who does not, when a session ends, and how an account begins."""

from __future__ import annotations

import re

import pytest
from flask_security import verify_password
from sqlalchemy import select

from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.database import reading, writing
from screener.store.models import Event
from screener.store.workflow import Role

PASSWORD = "three grey herons at dusk"
SIGN_IN = "/sign-in"


@pytest.fixture
def engine(app):
    return app.extensions["screener"].engine


@pytest.fixture
def events(engine):
    """The names of all events so far."""

    def names():
        with reading(engine) as session:
            return list(session.scalars(select(Event.name).order_by(Event.id)))

    return names


@pytest.fixture
def set_up_link(engine, clock):
    """The path of the first admin's link, or of someone's invitation."""

    def make(**invited):
        with writing(engine) as session:
            if invited:
                _, token = operations.invite_user(session, actor=None, now=clock(), **invited)
            else:
                token = operations.begin_setup(session, now=clock())
        return f"/set-up/{token}"

    return make


@pytest.fixture
def known_and_gone(make_user, engine, clock):
    """An account, and one that was switched off."""
    known, gone = make_user(Role.INTAKE), make_user(Role.CLINICIAN)
    with writing(engine) as session:
        operations.deactivate_user(session, queries.user_by_id(session, gone.id), actor=None, now=clock())
    return known, gone


def cookie_of(client):
    return client.get_cookie("screener").value


def key_of_only_user(engine):
    """What the cookies of the one account name."""
    with reading(engine) as session:
        return session.scalars(select(User.fs_uniquifier)).one()


def without_token(page):
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


@pytest.mark.parametrize(("role", "home"), [("intake", "/intake/"), ("clinician", "/clinician/"), ("admin", "/admin/")])
def test_sign_in_leads_to_the_roles_first_page(sign_in, role, home):
    reply = sign_in(role).get(SIGN_IN)
    assert (reply.status_code, reply.headers["Location"]) == (303, home)


def test_wrong_password_unknown_address_and_deactivated_account_read_the_same(
    client, known_and_gone, post_form, events
):
    known, gone = known_and_gone
    pages = []
    for email, password in (
        (known.email, "wrong wrong wrong"),
        ("nobody@clinic.test", PASSWORD),
        (gone.email, PASSWORD),
    ):
        reply = post_form(client, SIGN_IN, {"email": email, "password": password})
        pages.append((reply.status_code, without_token(reply.text).replace(email, "")))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 422
    assert "do not match an account" in pages[0][1]
    assert client.get("/admin/").headers["Location"] == SIGN_IN
    assert events().count("sign_in_refused") == 3


def test_wrong_password_unknown_address_and_deactivated_account_cost_the_same_work(
    client, known_and_gone, post_form, monkeypatch
):
    """Time would tell who has an account, so each is held against one hash of the same making."""
    known, gone = known_and_gone
    makings = []

    def counted(password, kept):
        makings.append(kept.split("$")[1:4])
        return verify_password(password, kept)

    monkeypatch.setattr("screener.web.auth.verify_password", counted)
    for email in (known.email, "nobody@clinic.test", gone.email):
        post_form(client, SIGN_IN, {"email": email, "password": "wrong wrong wrong"})
    assert makings == [["argon2id", "v=19", "m=32768,t=2,p=1"]] * 3


def test_password_typed_wrong_is_not_sent_back(client, make_user, post_form):
    reply = post_form(client, SIGN_IN, {"email": make_user(Role.INTAKE).email, "password": "secret typed in haste"})
    assert "typed in haste" not in reply.text


def test_ten_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(client, make_user, post_form, clock):
    user = make_user(Role.ADMIN)
    tries = [post_form(client, SIGN_IN, {"email": user.email, "password": "wrong"}).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]
    right = {"email": user.email, "password": PASSWORD}
    assert post_form(client, SIGN_IN, right).status_code == 429
    clock.move(minutes=15)
    assert post_form(client, SIGN_IN, right).status_code == 303


def test_other_accounts_still_get_in_while_one_is_guessed_at(client, make_user, post_form):
    guessed, other = make_user(Role.ADMIN), make_user(Role.ADMIN)
    for _ in range(11):
        post_form(client, SIGN_IN, {"email": guessed.email, "password": "wrong"})
    assert post_form(client, SIGN_IN, {"email": other.email, "password": PASSWORD}).status_code == 303


def test_sign_out_kills_a_cookie_kept_from_before(app, sign_in, post_form, events, engine):
    client = sign_in(Role.ADMIN)
    kept, key = cookie_of(client), key_of_only_user(engine)
    assert post_form(client, "/sign-out", page="/admin/").headers["Location"] == SIGN_IN
    assert key_of_only_user(engine) != key
    thief = app.test_client()
    thief.set_cookie("screener", kept)
    assert thief.get("/admin/").headers["Location"] == SIGN_IN
    assert events()[-1] == "signed_out"


def test_deactivated_account_is_out_at_once(sign_in, make_user, engine, clock):
    user = make_user(Role.INTAKE)
    client = sign_in(user=user)
    assert client.get("/intake/").status_code != 303
    with writing(engine) as session:
        operations.deactivate_user(session, queries.user_by_id(session, user.id), actor=None, now=clock())
    assert client.get("/intake/").headers["Location"] == SIGN_IN


def test_cookie_from_before_sign_in_opens_nothing(app, client, make_user, post_form):
    client.get(SIGN_IN)
    planted = cookie_of(client)
    assert post_form(client, SIGN_IN, {"email": make_user(Role.ADMIN).email, "password": PASSWORD}).status_code == 303
    thief = app.test_client()
    thief.set_cookie("screener", planted)
    assert thief.get("/admin/").headers["Location"] == SIGN_IN


def test_session_ends_after_half_an_hour_of_rest(sign_in, clock):
    client = sign_in(Role.ADMIN)
    clock.move(minutes=30, seconds=-1)
    assert client.get("/admin/").status_code == 200
    clock.move(minutes=30)
    assert client.get("/admin/").headers["Location"] == SIGN_IN


def test_session_ends_after_eight_hours_of_work(sign_in, clock):
    client = sign_in(Role.ADMIN)
    for _ in range(23):
        clock.move(minutes=20)
        assert client.get("/admin/").status_code == 200
    clock.move(minutes=20)
    assert client.get("/admin/").headers["Location"] == SIGN_IN


def test_session_ends_where_the_clock_jumps_back(sign_in, clock):
    client = sign_in(Role.ADMIN)
    clock.move(hours=-2)
    assert client.get("/admin/").headers["Location"] == SIGN_IN


def test_sign_in_returns_to_the_page_that_was_wanted(client, make_user, post_form):
    user = make_user(Role.INTAKE)
    assert client.get("/intake/submissions/abc").headers["Location"] == SIGN_IN
    reply = post_form(client, SIGN_IN, {"email": user.email, "password": PASSWORD})
    assert reply.headers["Location"] == "/intake/submissions/abc"


def test_sign_in_does_not_lead_into_another_roles_pages(client, make_user, post_form):
    client.get("/clinician/")
    reply = post_form(client, SIGN_IN, {"email": make_user(Role.INTAKE).email, "password": PASSWORD})
    assert reply.headers["Location"] == "/intake/"


def test_token_in_a_header_or_address_signs_nobody_in(app, client, make_user):
    user = make_user(Role.ADMIN)
    with app.app_context():
        token = user.get_auth_token()
    assert client.get("/admin/", headers={"Authentication-Token": token}).headers["Location"] == SIGN_IN
    assert client.get(f"/admin/?auth_token={token}").headers["Location"] == SIGN_IN


def test_passwords_are_kept_as_argon2id(make_user):
    assert make_user(Role.INTAKE).password.startswith("$argon2id$v=19$m=32768,t=2,p=1$")


def test_first_admin_sets_up_an_account_once(client, post_form, set_up_link, engine):
    link = set_up_link()
    fields = {"name": "Ana  Sample", "email": "Ana@Clinic.test", "password": PASSWORD, "repeated": PASSWORD}
    reply = post_form(client, link, fields)
    assert (reply.status_code, reply.headers["Location"]) == (303, SIGN_IN)
    with reading(engine) as session:
        assert [(user.name, user.email, user.role) for user in queries.users(session)] == [
            ("Ana Sample", "ana@clinic.test", Role.ADMIN)
        ]
    assert "Your account is ready" in client.get(SIGN_IN).text
    used = client.get(link)
    assert (used.status_code, "was used already" in used.text) == (404, True)
    assert (
        post_form(client, SIGN_IN, {"email": "ana@clinic.test", "password": PASSWORD}).headers["Location"] == "/admin/"
    )


def test_invited_person_chooses_only_the_password(client, post_form, set_up_link, engine):
    link = set_up_link(email="eve@clinic.test", name="Eve Sample", role=Role.INTAKE)
    fields = {"name": "Mallory", "email": "m@clinic.test", "password": PASSWORD, "repeated": PASSWORD}
    assert post_form(client, link, fields).status_code == 303
    with reading(engine) as session:
        assert [(user.name, user.email, user.role) for user in queries.users(session)] == [
            ("Eve Sample", "eve@clinic.test", Role.INTAKE)
        ]


def test_set_up_link_ends_after_72_hours(client, set_up_link, clock):
    link = set_up_link()
    clock.move(hours=72, seconds=-1)
    assert client.get(link).status_code == 200
    clock.move(seconds=1)
    assert client.get(link).status_code == 404


def test_unknown_and_expired_links_read_the_same(client, set_up_link, clock):
    link = set_up_link()
    clock.move(hours=73)
    assert client.get(link).text == client.get("/set-up/nothing").text


@pytest.mark.parametrize(
    ("password", "repeated", "message"),
    [
        ("", "", "Choose a password."),
        ("fourteen chars", None, "Use at least 15 characters"),
        ("x" * 257, None, "Use 256 characters or fewer."),
        ("passwordpassword", None, "easy to guess"),
        ("123456789012345", None, "easy to guess"),
        ("ana ana clinic test", None, "easy to guess"),
        ("aaaaaaaaaaaaaaaaaaaa", None, "easy to guess"),
        (PASSWORD, PASSWORD + "!", "The two passwords differ."),
    ],
)
def test_weak_password_is_refused_and_the_rest_kept(
    client, post_form, set_up_link, engine, password, repeated, message
):
    fields = {"name": "Ana Sample", "email": "ana@clinic.test", "password": password}
    reply = post_form(client, set_up_link(), {**fields, "repeated": password if repeated is None else repeated})
    assert reply.status_code == 422
    assert message in reply.text
    assert 'value="Ana Sample"' in reply.text
    with reading(engine) as session:
        assert queries.users(session) == []


def test_errors_stand_in_the_order_of_the_page(client, post_form, set_up_link):
    page = post_form(client, set_up_link(), {"password": "short", "repeated": "other"}).text
    linked = re.findall(r'<li><a href="#(\w+)">', page)
    assert linked == ["name", "email", "password", "repeated"]


@pytest.mark.parametrize(
    "password", ["fifteen letters", "ñandú y tres garzas grises", ("pG7 kelp-" * 8)[:64], "#$%&/()=?!{}[]~+"]
)
def test_any_characters_make_a_password(client, post_form, set_up_link, password):
    fields = {"name": "Ana", "email": "a@clinic.test", "password": password, "repeated": password}
    assert post_form(client, set_up_link(), fields).status_code == 303
    assert post_form(client, SIGN_IN, {"email": "a@clinic.test", "password": password}).status_code == 303


def test_session_cookie_is_kept_from_scripts_and_other_sites(client):
    (cookie,) = client.get(SIGN_IN).headers.getlist("Set-Cookie")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=Lax"}
    (cookie,) = client.get(SIGN_IN, base_url="https://clinic.test").headers.getlist("Set-Cookie")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}


def test_events_of_signing_in_hold_no_address(client, make_user, post_form, engine):
    user = make_user(Role.INTAKE)
    post_form(client, SIGN_IN, {"email": user.email, "password": "wrong"})
    post_form(client, SIGN_IN, {"email": user.email, "password": PASSWORD})
    with reading(engine) as session:
        kept = session.execute(select(Event.name, Event.actor_id, Event.detail).order_by(Event.id)).all()[1:]
    assert [tuple(row) for row in kept] == [
        ("sign_in_refused", None, {"user": user.id}),
        ("signed_in", user.id, {}),
    ]
