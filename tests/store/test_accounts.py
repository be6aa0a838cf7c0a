"""Staff accounts: made, invited, switched off; and what Flask-Security sees of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from screener.store import operations, queries
from screener.store.accounts import User, account_datastore
from screener.store.database import reading, writing
from screener.store.models import Event, Invitation
from screener.store.refusals import (
    AlreadySetUp,
    EmailTaken,
    InvitationInvalid,
    LastAdmin,
    RoleNotAllowed,
    TextMissing,
)
from screener.store.workflow import Role
from tests.store.examples import NOW, make_user

IN_TIME = NOW + timedelta(hours=72) - timedelta(microseconds=1)
TOO_LATE = NOW + timedelta(hours=72)


def test_account_is_made_active_with_its_role(engine: Engine) -> None:
    with reading(engine) as session:
        assert queries.has_any_user(session) is False
    with writing(engine) as session:
        made = operations.create_user(
            session,
            email="  Ana@Clinic.Example ",
            name=" Ana ",
            role=Role.CLINICIAN,
            password_hash="hash",
            actor=None,
            now=NOW,
        )
    with reading(engine) as session:
        assert queries.has_any_user(session) is True
        found = queries.user_by_email(session, "ANA@clinic.example")
        assert found is not None
        assert queries.user_by_id(session, made.id) is found
        assert (found.email, found.name, found.role, found.active) == (
            "ana@clinic.example",
            "Ana",
            Role.CLINICIAN,
            True,
        )
        assert found.password == "hash"
        assert found.has_role("clinician")
        assert not found.has_role("admin")
        assert repr(found) == f"<User {made.id}>"


def test_second_account_with_the_same_address_is_refused(engine: Engine) -> None:
    with writing(engine) as session:
        make_user(session, Role.INTAKE, "ana")
        with pytest.raises(EmailTaken) as refused:
            make_user(session, Role.ADMIN, "ANA")
        assert "ana" not in str(refused.value).lower().split()
        with pytest.raises(EmailTaken):
            operations.invite_user(session, email="ana@clinic.example", name="A", role=Role.ADMIN, actor=None, now=NOW)
    with reading(engine) as session:
        assert [user.role for user in queries.users(session)] == [Role.INTAKE]


def test_account_needs_address_name_and_a_staff_role(engine: Engine) -> None:
    with writing(engine) as session:
        for email, name in (("", "Ana"), ("a@b.example", "  ")):
            with pytest.raises(TextMissing):
                operations.create_user(
                    session, email=email, name=name, role=Role.INTAKE, password_hash="h", actor=None, now=NOW
                )
        with pytest.raises(RoleNotAllowed):
            make_user(session, Role.PATIENT)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.CLINICIAN])
def test_only_admins_touch_accounts(engine: Engine, role: Role) -> None:
    with writing(engine) as session:
        actor, other = make_user(session, role), make_user(session, Role.INTAKE, "other")
        acts: list[Callable[[], object]] = [
            lambda: operations.create_user(
                session, email="x@y.z", name="X", role=Role.ADMIN, password_hash="h", actor=actor, now=NOW
            ),
            lambda: operations.invite_user(session, email="x@y.z", name="X", role=Role.ADMIN, actor=actor, now=NOW),
            lambda: operations.deactivate_user(session, other, actor=actor, now=NOW),
            lambda: operations.activate_user(session, other, actor=actor, now=NOW),
        ]
        for act in acts:
            with pytest.raises(RoleNotAllowed):
                act()
        assert len(queries.users(session)) == 2


def test_invitation_makes_one_account(engine: Engine) -> None:
    with writing(engine) as session:
        admin = make_user(session, Role.ADMIN)
        invitation, token = operations.invite_user(
            session, email="New@Clinic.example", name="New", role=Role.INTAKE, actor=admin, now=NOW
        )
        assert token not in (invitation.token_hash, repr(invitation))
    with reading(engine) as session:
        assert [i.id for i in queries.open_invitations(session, now=IN_TIME)] == [invitation.id]
        assert queries.open_invitations(session, now=TOO_LATE) == []
        assert queries.invitation_for_token(session, token, now=IN_TIME) is not None
        assert queries.invitation_for_token(session, token, now=TOO_LATE) is None
        assert queries.invitation_for_token(session, invitation.token_hash, now=NOW) is None
    with writing(engine) as session:
        made = operations.accept_invitation(
            session, token, password_hash="h", email="other@x.y", name="Other", now=IN_TIME
        )
        assert (made.email, made.name, made.role) == ("new@clinic.example", "New", Role.INTAKE)
    with pytest.raises(InvitationInvalid), writing(engine) as session:
        operations.accept_invitation(session, token, password_hash="h2", now=IN_TIME)
    with reading(engine) as session:
        assert queries.open_invitations(session, now=NOW) == []
        kept = session.scalars(select(Invitation)).one()
        assert (kept.user_id, kept.used_at) == (made.id, IN_TIME)


def test_invitation_that_is_late_or_unknown_is_refused(engine: Engine) -> None:
    with writing(engine) as session:
        _, token = operations.invite_user(session, email="n@c.example", name="N", role=Role.INTAKE, actor=None, now=NOW)
    for given, now in ((token, TOO_LATE), ("unknown", NOW), ("", NOW)):
        with pytest.raises(InvitationInvalid), writing(engine) as session:
            operations.accept_invitation(session, given, password_hash="h", now=now)
    with reading(engine) as session:
        assert queries.users(session) == []


def test_first_admin_sets_up_by_the_newest_link(engine: Engine) -> None:
    with writing(engine) as session:
        old = operations.begin_setup(session, now=NOW)
    with writing(engine) as session:
        new = operations.begin_setup(session, now=NOW)
    with pytest.raises(InvitationInvalid), writing(engine) as session:
        operations.accept_invitation(session, old, password_hash="h", email="a@b.example", name="A", now=NOW)
    with pytest.raises(TextMissing), writing(engine) as session:
        operations.accept_invitation(session, new, password_hash="h", now=NOW)
    with writing(engine) as session:
        made = operations.accept_invitation(session, new, password_hash="h", email="a@b.example", name="A", now=NOW)
        assert made.role is Role.ADMIN
        with pytest.raises(AlreadySetUp):
            operations.begin_setup(session, now=NOW)


def test_a_second_invitation_of_the_same_address_replaces_the_first(engine: Engine) -> None:
    with writing(engine) as session:
        admin = make_user(session, Role.ADMIN)
        invited = {"email": "new@example.org", "name": "New", "role": Role.INTAKE, "actor": admin, "now": NOW}
        _, first = operations.invite_user(session, **invited)
        second, _ = operations.invite_user(session, **invited)
    with reading(engine) as session:
        assert [one.id for one in queries.open_invitations(session, now=NOW)] == [second.id]
    with pytest.raises(InvitationInvalid), writing(engine) as session:
        operations.accept_invitation(session, first, password_hash="h", now=NOW)


def test_the_link_of_the_first_administrator_is_no_invitation_of_someone(engine: Engine) -> None:
    with writing(engine) as session:
        operations.begin_setup(session, now=NOW)
    with reading(engine) as session:
        assert queries.open_invitations(session, now=NOW) == []


def test_set_up_link_stops_when_there_is_an_account(engine: Engine) -> None:
    with writing(engine) as session:
        token = operations.begin_setup(session, now=NOW)
        make_user(session, Role.INTAKE)
    with pytest.raises(AlreadySetUp), writing(engine) as session:
        operations.accept_invitation(session, token, password_hash="h", email="a@b.example", name="A", now=NOW)


def test_deactivated_account_loses_its_sessions(engine: Engine) -> None:
    with writing(engine) as session:
        admin, user = make_user(session, Role.ADMIN), make_user(session, Role.INTAKE)
    key = user.fs_uniquifier
    with writing(engine) as session:
        operations.deactivate_user(session, user, actor=admin, now=NOW)
    with reading(engine) as session:
        found = queries.user_by_id(session, user.id)
        assert found is not None
        assert found.active is False
        assert found.fs_uniquifier != key
    with writing(engine) as session:
        operations.activate_user(session, user, actor=admin, now=NOW)
    with reading(engine) as session:
        found = queries.user_by_id(session, user.id)
        assert found is not None
        assert found.active is True


def test_last_active_admin_stays(engine: Engine) -> None:
    with writing(engine) as session:
        admin, other = make_user(session, Role.ADMIN), make_user(session, Role.ADMIN, "other")
        operations.deactivate_user(session, other, actor=admin, now=NOW)
        with pytest.raises(LastAdmin):
            operations.deactivate_user(session, admin, actor=admin, now=NOW)
        with pytest.raises(LastAdmin):
            operations.deactivate_user(session, admin, actor=None, now=NOW)
        operations.activate_user(session, other, actor=admin, now=NOW)
        operations.deactivate_user(session, admin, actor=other, now=NOW)
        assert [(user.id, user.active) for user in queries.users(session)] == [
            (admin.id, False),
            (other.id, True),
        ]


def test_sign_in_events_name_the_account_by_number_only(engine: Engine) -> None:
    with writing(engine) as session:
        user = make_user(session, Role.INTAKE)
        operations.record_sign_in(session, user, now=NOW)
        operations.record_sign_out(session, user, now=NOW)
        operations.record_refused_sign_in(session, user=user, now=NOW)
        operations.record_refused_sign_in(session, now=NOW)
    with reading(engine) as session:
        events = session.scalars(select(Event).order_by(Event.id)).all()
    assert [(e.name, e.actor_id, e.actor_role, e.detail) for e in events[1:]] == [
        ("signed_in", user.id, "intake", {}),
        ("signed_out", user.id, "intake", {}),
        ("sign_in_refused", None, None, {"user": user.id}),
        ("sign_in_refused", None, None, {"user": None}),
    ]


def test_datastore_finds_accounts_by_one_column(engine: Engine) -> None:
    with writing(engine) as session:
        made = make_user(session, Role.CLINICIAN, "ana")
    datastore = account_datastore(engine)
    for found in (
        datastore.find_user(fs_uniquifier=made.fs_uniquifier),
        datastore.find_user(email="ana@clinic.example"),
        datastore.find_user(case_insensitive=True, email="ANA@clinic.example"),
    ):
        assert found is not None
        assert (found.id, [role.name for role in found.roles]) == (made.id, ["clinician"])
    assert datastore.find_user(email="ANA@clinic.example") is None
    assert datastore.find_user(case_insensitive=True, email="nobody@clinic.example") is None
    assert datastore.find_role("admin") == "admin"
    assert datastore.find_role("wizard") is None


def test_datastore_keeps_a_renewed_password_at_once(engine: Engine) -> None:
    with writing(engine) as session:
        made = make_user(session, Role.CLINICIAN)
    datastore = account_datastore(engine)
    user = datastore.find_user(email=made.email)
    assert user is not None
    user.password = "renewed"
    datastore.set_uniquifier(user)
    datastore.put(user)
    datastore.commit()
    with reading(engine) as session:
        found = queries.user_by_id(session, made.id)
        assert found is not None
        assert (found.password, found.fs_uniquifier) == ("renewed", user.fs_uniquifier)
        assert user.fs_uniquifier != made.fs_uniquifier
        assert session.scalar(select(func.count()).select_from(User)) == 1
