"""Staff's own door: signing in and out, and making one's account from a one-time link.

Flask-Security hashes and knows who is signed in; its own pages are off. Sign-in times stand in the signed
session, and signing out ends all sessions of a person, so that a cookie kept from before is dead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_security import Security, hash_password, verify_password
from flask_security.utils import login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from screener.store import operations, queries
from screener.store.accounts import User, account_datastore
from screener.store.models import Invitation
from screener.store.refusals import InvitationInvalid, Refused
from screener.store.workflow import Role
from screener.web.errors import error_page
from screener.web.extensions import now, reading, writing
from screener.web.forms import ButtonForm, clean_line, error_list
from screener.web.passwords import LONGEST, password_problem
from screener.web.throttle import Throttle

IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=8)
SESSION = "session"  # the key of the session's secret
CLOCKS_DIFFER = timedelta(minutes=1)
HOMES = {Role.INTAKE: "/intake/", Role.CLINICIAN: "/clinician/", Role.ADMIN: "/admin/"}
ROLE_WORDS = {
    Role.INTAKE: lazy_gettext("Intake"),
    Role.CLINICIAN: lazy_gettext("Clinician"),
    Role.ADMIN: lazy_gettext("Administrator"),
}
ON_THE_PAGE = ("main", "name", "email", "password", "repeated")
EMAIL = r"[^@\s]{1,64}@[^@\s]{1,189}\Z"
# Argon2id, above the 19 MiB, 2 passes, 1 lane that OWASP asks for.
HASHING = {"argon2__memory_cost": 32 * 1024, "argon2__time_cost": 2, "argon2__parallelism": 1}

blueprint = Blueprint("auth", __name__)


class SignInForm(FlaskForm):
    email = StringField(
        filters=[clean_line], validators=[Length(max=254, message=lazy_gettext("Write a shorter e-mail address."))]
    )
    password = PasswordField(
        validators=[Length(max=LONGEST, message=lazy_gettext("No password here is that long. Check it and try again."))]
    )


class PasswordForm(FlaskForm):
    """What an invited person still chooses."""

    password = PasswordField(validators=[DataRequired(lazy_gettext("Choose a password."))])
    repeated = PasswordField()

    def validate_repeated(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(gettext("The two passwords differ. Type the same one twice."))


class FirstAdminForm(PasswordForm):
    """The first admin says who they are, too."""

    name = StringField(
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Write your name.")),
            Length(max=200, message=lazy_gettext("Write a shorter name.")),
        ],
    )
    email = StringField(
        filters=[clean_line],
        validators=[Regexp(EMAIL, message=lazy_gettext("Write an e-mail address, like name@example.org."))],
    )


def current_staff() -> User:
    """Who is signed in. Only for pages that staff alone may open."""
    staff = staff_or_none()
    assert staff is not None, "this page is open to people who are not signed in"
    return staff


def staff_or_none() -> User | None:
    """Who is signed in, looked up once a request; None for everyone else, and when the time has run out."""
    if "staff" not in g:
        g.staff = None
        if "_user_id" in session:
            g.staff = _find_staff()
    return cast("User | None", g.staff)


def home_of(staff: User) -> str:
    """The first page of this role."""
    return request.script_root + HOMES[staff.role]


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | tuple[str, int] | str:
    """Sign in, and go on to the page that was wanted."""
    staff = staff_or_none()
    if staff is not None:
        return redirect(home_of(staff), 303)
    form = SignInForm()
    if not form.is_submitted():
        return render_template("auth/sign_in.html", form=form, errors=[])
    if not form.validate():
        return render_template("auth/sign_in.html", form=form, errors=error_list(form)), 422
    email, network = (form.email.data or "").lower(), request.remote_addr or ""
    if _throttle().is_closed(email, network, now=now()):
        return error_page(429)
    user = _checked_user(email, form.password.data or "")
    token = ""
    with writing() as store:
        if user is None:
            operations.record_refused_sign_in(store, user=queries.user_by_email(store, email), now=now())
        else:
            operations.record_sign_in(store, user, now=now())
            token = operations.begin_session(store, user, now=now())
    if user is None:
        _throttle().add_refused(email, network, now=now())
        message = gettext("That e-mail address and password do not match an account. Check both and try again.")
        return render_template("auth/sign_in.html", form=form, errors=[("email", message)]), 422
    _throttle().forget(email, network)
    return redirect(_begin_session(user, token), 303)


@blueprint.route("/sign-out", methods=["POST"])
def sign_out() -> Response:
    """End all sessions of who is signed in."""
    if not ButtonForm().validate():
        return error_page(400)
    staff = current_staff()
    with writing() as store:
        operations.end_sessions(store, staff, actor=staff, now=now())
        operations.record_sign_out(store, staff, now=now())
    _end_session()
    return redirect(url_for("auth.sign_in"), 303)


@blueprint.route("/set-up/<token>", methods=["GET", "POST"])
def set_up(token: str) -> Response | tuple[str, int] | str:
    """Make the account that a one-time link is for."""
    with reading() as store:
        invitation = queries.invitation_for_token(store, token, now=now())
    if invitation is None:
        return error_page(404, gettext(InvitationInvalid.text))
    form = PasswordForm() if invitation.email else FirstAdminForm()
    if not form.is_submitted():
        return _set_up_page(form, invitation, [])
    errors = [] if form.validate() else error_list(form)
    email, name = _identity(form, invitation)
    problem = password_problem(form.password.data or "", email=email, name=name)
    if problem and not any(field == "password" for field, _ in errors):
        errors.append(("password", problem))
    if errors:
        errors.sort(key=lambda error: ON_THE_PAGE.index(error[0]))
        return _set_up_page(form, invitation, errors), 422
    try:
        with writing() as store:
            hashed = hash_password(form.password.data)
            operations.accept_invitation(store, token, password_hash=hashed, email=email, name=name, now=now())
    except Refused as refused:
        return _set_up_page(form, invitation, [("password", gettext(str(refused)))]), 409
    flash(gettext("Your account is ready. Sign in with your e-mail address and password."))
    return redirect(url_for("auth.sign_in"), 303)


def init_app(app: Flask) -> None:
    """Let Flask-Security know the accounts, and the templates who is signed in."""
    parts = app.extensions["screener"]
    app.config.from_mapping(
        SECURITY_PASSWORD_SALT=parts.settings.password_salt,
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=HASHING,
        SECURITY_DEFAULT_REMEMBER_ME=False,
    )
    Security(app, account_datastore(parts.engine), register_blueprint=False)
    app.extensions["sign_in_throttle"] = Throttle()
    # Accounts are opened by a session alone: no token in a header or an address.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    with app.app_context():
        app.extensions["nobodys_password"] = hash_password("nobody has this password")

    @app.context_processor
    def who() -> dict[str, object]:
        staff = g.get("staff")  # never looked up here: the page may be about a database that does not answer
        if staff is None:
            return {"staff_name": None, "staff_role": None, "sees_feedback": False}
        sees_feedback = staff.role in (Role.CLINICIAN, Role.ADMIN)
        return {"staff_name": staff.name, "staff_role": ROLE_WORDS[staff.role], "sees_feedback": sees_feedback}


def _throttle() -> Throttle:
    return cast(Throttle, current_app.extensions["sign_in_throttle"])


def _checked_user(email: str, password: str) -> User | None:
    """The active account with this password. An unknown address takes as long as a wrong password."""
    with reading() as store:
        user = queries.user_by_email(store, email)
    kept = user.password if user is not None and user.active else None
    is_right = verify_password(password, kept or current_app.extensions["nobodys_password"])
    return user if kept and is_right else None


def _begin_session(user: User, token: str) -> str:
    """A session with nothing of the one before but the language; the address to go on to."""
    wanted, chosen = str(session.get("wanted", "")), session.get("language")
    session.clear()
    login_user(user, remember=False)
    if chosen:
        session["language"] = chosen
    session["signed_in_at"] = session["seen_at"] = now().timestamp()
    session[SESSION] = token
    g.staff = user
    return wanted if wanted.startswith(HOMES[user.role]) else home_of(user)


def _end_session() -> None:
    chosen = session.get("language")
    logout_user()
    session.clear()
    if chosen:
        session["language"] = chosen
    g.staff = None


def _find_staff() -> User | None:
    if not _is_in_time(session.get("signed_in_at"), session.get("seen_at"), now()):
        _end_session()
        return None
    if not current_user.is_authenticated or not _is_open(current_user.id):
        _end_session()
        return None
    session["seen_at"] = now().timestamp()
    return cast(User, current_user._get_current_object())


def _is_open(user_id: int) -> bool:
    """Whether the session of this cookie was not ended, here or by an administrator."""
    token = session.get(SESSION)
    if not isinstance(token, str):
        return False
    with reading() as store:
        found = queries.open_session(store, token, user_id) is not None
    if found and request.method == "POST":  # looking at pages writes nothing
        with writing() as store:
            operations.note_seen(store, token, now=now())
    return found


def _is_in_time(signed_in_at: object, seen_at: object, at: datetime) -> bool:
    if not isinstance(signed_in_at, float) or not isinstance(seen_at, float):
        return False
    whole, idle = (
        timedelta(seconds=at.timestamp() - signed_in_at),
        timedelta(seconds=at.timestamp() - seen_at),
    )
    return -CLOCKS_DIFFER <= idle < IDLE and -CLOCKS_DIFFER <= whole < LONGEST_SESSION


def _identity(form: PasswordForm, invitation: Invitation) -> tuple[str, str]:
    if isinstance(form, FirstAdminForm):
        return form.email.data or "", form.name.data or ""
    return invitation.email or "", invitation.name or ""


def _set_up_page(form: PasswordForm, invitation: Invitation, errors: list[tuple[str, str]]) -> str:
    return render_template("auth/set_up.html", form=form, invitation=invitation, errors=errors)
