"""`screener verify`: every sign-off compared with what is stored now, so that a row changed outside the program is found."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import Engine

from screener.commands.instance import instance_option, open_app, open_settings
from screener.store import queries
from screener.store.database import reading
from screener.store.signed_content import is_intact


@click.command("verify")
@instance_option
@click.pass_context
def command(context: click.Context, instance: Path | None) -> None:
    """Compare every sign-off with what is stored.

    Works out the SHA-256 of everything that was signed once more. Names each submission whose answers, findings, decisions or words
    are not those that were signed, and then ends with 1.
    """
    engine: Engine = open_app(open_settings(instance)).extensions["screener"].engine
    number, differing = compare(engine)
    for reference, when in differing:
        click.echo(f"{reference}: what is stored is not what was signed at {when}.")
    if differing:
        click.echo(f"{len(differing)} of {number} sign-offs differ.")
        context.exit(1)
    click.echo(f"{number} sign-offs compared: all are as they were signed.")


def compare(engine: Engine) -> tuple[int, list[tuple[str, str]]]:
    """How many sign-offs there are, and the reference and time (UTC) of each that is not intact any more."""
    number, differing, after = 0, [], 0
    while True:
        with reading(engine) as session:
            reviews = queries.signed_reviews(session, after=after)
            for review in reviews:
                number, after = number + 1, review.id
                if review.sign_off is not None and not is_intact(session, review):
                    when = review.sign_off.signed_at.isoformat(timespec="seconds")
                    differing.append((review.submission.reference, when))
        if not reviews:
            return number, differing
