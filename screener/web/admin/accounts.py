"""Who works here: accounts with their roles, and invitations."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length, Regexp

from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.refusals import Refused
from screener.store.workflow import Role
from screener.web.admin.blueprint import blueprint
from screener.web.auth import EMAIL, ROLE_WORDS, current_staff
from screener.web.errors import error_page
from screener.web.extensions import now, reading, services, writing
from screener.web.forms import ButtonForm, clean_line, error_list


class InviteForm(FlaskForm):
    """Whom to invite, and to what work."""

    name = StringField(
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Write their name.")),
            Length(max=200, message=lazy_gettext("Write a shorter name.")),
        ],
    )
    email = StringField(
        filters=[clean_line],
        validators=[Regexp(EMAIL, message=lazy_gettext("Write an e-mail address, like name@example.org."))],
    )
    role = RadioField(
        choices=[SelectChoice(role.value, words) for role, words in ROLE_WORDS.items()],
        validators=[DataRequired(lazy_gettext("Choose what they do here."))],
        validate_choice=True,
    )


@blueprint.get("/")
def users() -> str:
    """Everyone with an account, and the invitations still open."""
    return _page(InviteForm())


@blueprint.post("/invitations")
def invite() -> str | tuple[str, int]:
    """Invite someone; their one-time link is shown on this reply and never again."""
    form = InviteForm()
    if not form.validate():
        return _page(form, errors=error_list(form)), 422
    name, email = form.name.data or "", form.email.data or ""
    try:
        with writing() as store:
            _, token = operations.invite_user(
                store, email=email, name=name, role=Role(form.role.data), actor=current_staff(), now=now()
            )
    except Refused as refused:
        return _page(form, errors=[("email", gettext(str(refused)))]), 409
    return _page(InviteForm(formdata=None), link=(name, set_up_address(token)))


@blueprint.post("/users/<row:user_id>/deactivate")
def deactivate(user_id: int) -> Response | Redirect:
    """End someone's access and sessions at once."""
    return _switch(user_id, is_on=False)


@blueprint.post("/users/<row:user_id>/activate")
def activate(user_id: int) -> Response | Redirect:
    """Give someone their access back."""
    return _switch(user_id, is_on=True)


@blueprint.post("/users/<row:user_id>/role")
def change_role(user_id: int) -> Response | Redirect:
    """Give someone other work. They sign in anew."""
    if not ButtonForm().validate():
        return error_page(400)
    role = next((role for role in ROLE_WORDS if role.value == request.form.get("role")), None) or abort(400)
    with writing() as store:
        operations.change_role(store, _user(store, user_id), role, actor=current_staff(), now=now())
    return redirect(url_for("admin.users"), 303)


@blueprint.post("/invitations/<row:invitation_id>/withdraw")
def withdraw_invitation(invitation_id: int) -> Response | Redirect:
    """Make a link that was not used yet stop working."""
    if not ButtonForm().validate():
        return error_page(400)
    with writing() as store:
        operations.withdraw_invitation(store, invitation_id, actor=current_staff(), now=now())
    return redirect(url_for("admin.users"), 303)


def set_up_address(token: str) -> str:
    """The whole address of a set-up link, for a person to pass on."""
    public = services().settings.public_url
    if public:
        return public.rstrip("/") + url_for("auth.set_up", token=token)
    return url_for("auth.set_up", token=token, _external=True)


def _switch(user_id: int, *, is_on: bool) -> Response | Redirect:
    if not ButtonForm().validate():
        return error_page(400)
    with writing() as store:
        change = operations.activate_user if is_on else operations.deactivate_user
        change(store, _user(store, user_id), actor=current_staff(), now=now())
    return redirect(url_for("admin.users"), 303)


def _user(store: Session, user_id: int) -> User:
    user = queries.user_by_id(store, user_id)
    if user is None:
        abort(404)
    return user


def _page(
    form: InviteForm,
    *,
    errors: list[tuple[str, str]] | None = None,
    link: tuple[str, str] | None = None,
) -> str:
    with reading() as store:
        return render_template(
            "admin/users.html",
            users=queries.users(store),
            invitations=queries.open_invitations(store, now=now()),
            roles=ROLE_WORDS,
            form=form,
            errors=errors or [],
            link=link,
            me=current_staff(),
        )
