"""`screener demo`: made-up submissions and accounts, for trying the review side."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from flask_security import hash_password
from sqlalchemy import Engine

from screener.commands.instance import Failure, instance_option, open_app, open_settings
from screener.demo import STAFF, add_staff, fill
from screener.store import queries
from screener.store.database import reading

MOST = 1000


@click.command("demo")
@click.option("--count", default=40, show_default=True, type=click.IntRange(1, MOST), help="How many submissions.")
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed gives the same people.")
@click.option("--anyway", is_flag=True, help="Fill it even where it holds submissions of its own.")
@instance_option
def command(count: int, seed: int, anyway: bool, instance: Path | None) -> None:
    """Fill an installation with synthetic submissions. Nobody in them exists.

    Makes an account of each role too, with passwords of its own that are shown once. Not for an installation that
    real patients use.
    """
    app = open_app(open_settings(instance))
    engine: Engine = app.extensions["screener"].engine
    if not anyway:
        _refuse_real_use(engine)
    passwords = _make_accounts(app, engine)
    filled = fill(engine, app.extensions["screener"].ruleset, count=count, seed=seed, now=datetime.now(UTC))
    click.echo(f"Added {filled.submissions} synthetic submissions.")
    if passwords:
        click.echo("Sign in at /sign-in with one of these; the passwords are not shown again:")
    for email, password in passwords.items():
        click.echo(f"  {email}  {password}")


def _refuse_real_use(engine: Engine) -> None:
    """Made-up patients must not stand among real ones."""
    demo_emails = {email for _, email in STAFF.values()}
    with reading(engine) as session:
        is_demo = any(user.email in demo_emails for user in queries.users(session))
        has_submissions = any(queries.counts_by_status(session).values())
    if has_submissions and not is_demo:
        raise Failure(
            "This installation has submissions of its own. Name another folder with --instance, or say --anyway."
        )


def _make_accounts(app: Flask, engine: Engine) -> dict[str, str]:
    """The demo's accounts that were not there yet, with their passwords."""
    passwords = {role: secrets.token_urlsafe(15) for role in STAFF}
    with app.app_context():
        hashes = {role: hash_password(password) for role, password in passwords.items()}
    made = add_staff(engine, password_hashes=hashes, now=datetime.now(UTC))
    return {STAFF[role][1]: passwords[role] for role in made}
