"""`screener users`: staff accounts from the command line, where no administrator is needed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from flask_security import hash_password
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from screener.commands.instance import Failure, instance_option, open_app, open_settings, set_up_address
from screener.config import Settings
from screener.store import operations, queries
from screener.store.accounts import User
from screener.store.database import reading, writing
from screener.store.refusals import Refused
from screener.store.workflow import Role
from screener.web.passwords import password_problem

ROLES = [Role.INTAKE.value, Role.CLINICIAN.value, Role.ADMIN.value]


@click.group("users")
def command() -> None:
    """Add, list and deactivate staff accounts."""


@command.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name shown beside what they do.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they do here.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making a link.")
@instance_option
def add(email: str, name: str, role: str, password_stdin: bool, instance: Path | None) -> None:
    """Add an account, or print a one-time link with which its owner chooses the password."""
    if len(email) > 254 or email.strip().count("@") != 1 or any(sign.isspace() for sign in email.strip()):
        raise Failure("EMAIL: expected an address like name@example.org.")
    if not name.strip() or len(name) > 200:
        raise Failure("--name: expected 1 to 200 characters.")
    settings, app = _open(instance)
    if password_stdin:
        _add_with_password(app, email, name, Role(role))
        click.echo(f"Added {email} ({role}).")
        return
    with _refusals_shown(), writing(_engine(app)) as session:
        _, token = operations.invite_user(
            session, email=email, name=name, role=Role(role), actor=None, now=datetime.now(UTC)
        )
    click.echo("Give this link to its owner. It works once, for 72 hours, and is not shown again:")
    click.echo(f"  {set_up_address(settings, token)}")


@command.command("list")
@instance_option
def list_users(instance: Path | None) -> None:
    """List all accounts and open invitations, one a line: e-mail, role, state, name."""
    _, app = _open(instance)
    with reading(_engine(app)) as session:
        rows = [
            (user.email, user.role.value, "active" if user.active else "deactivated", user.name)
            for user in queries.users(session)
        ]
        rows += [
            (invitation.email or "(first administrator)", invitation.role.value, "invited", invitation.name or "")
            for invitation in queries.open_invitations(session, now=datetime.now(UTC))
        ]
    for row in rows:
        click.echo("\t".join(row))
    if not rows:
        click.echo("No accounts yet. Add one with: screener users add EMAIL --name NAME --role admin", err=True)


@command.command("deactivate")
@click.argument("email")
@instance_option
def deactivate(email: str, instance: Path | None) -> None:
    """End an account's access and its sessions at once."""
    _switch(instance, email, operations.deactivate_user)
    click.echo(f"Deactivated {email}.")


@command.command("activate")
@click.argument("email")
@instance_option
def activate(email: str, instance: Path | None) -> None:
    """Give an account its access back."""
    _switch(instance, email, operations.activate_user)
    click.echo(f"Activated {email}.")


@contextmanager
def _refusals_shown() -> Iterator[None]:
    """Turns what the store refuses into a message and exit code 2."""
    try:
        yield
    except Refused as error:
        raise Failure(str(error)) from None


def _open(instance: Path | None) -> tuple[Settings, Flask]:
    settings = open_settings(instance)
    return settings, open_app(settings)


def _engine(app: Flask) -> Engine:
    engine: Engine = app.extensions["screener"].engine
    return engine


def _add_with_password(app: Flask, email: str, name: str, role: Role) -> None:
    password = sys.stdin.readline().rstrip("\r\n")
    with app.app_context():
        problem = password_problem(password, email=email, name=name)
        if problem is not None:
            raise Failure(problem)
        hashed = hash_password(password)
    with _refusals_shown(), writing(_engine(app)) as session:
        operations.create_user(
            session, email=email, name=name, role=role, password_hash=hashed, actor=None, now=datetime.now(UTC)
        )


def _switch(instance: Path | None, email: str, change: Callable[..., None]) -> None:
    _, app = _open(instance)
    with _refusals_shown(), writing(_engine(app)) as session:
        change(session, _user(session, email), actor=None, now=datetime.now(UTC))


def _user(session: Session, email: str) -> User:
    user = queries.user_by_email(session, email)
    if user is None:
        raise Failure("No account has this e-mail address. See: screener users list")
    return user
