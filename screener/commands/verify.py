"""`screener verify`: every sign-off compared with what is stored now, so that a row changed outside the program is found."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from screener.commands.instance import instance_option, open_app, open_settings
from screener.engine.json import loads
from screener.engine.loader import hash_of
from screener.store import queries
from screener.store.database import reading
from screener.store.sign_off_trail import is_in_the_log, lost_sign_offs
from screener.store.signed_content import is_intact


@click.command("verify")
@instance_option
@click.pass_context
def command(context: click.Context, instance: Path | None) -> None:
    """Compare every sign-off with what is stored.

    Works out the SHA-256 of everything that was signed once more. Names each submission whose answers, findings, decisions or words
    are not those that were signed, or of whose sign-off the log of events tells otherwise; and each kept rulebook that is not what
    its hash says. Then ends with 1.
    """
    engine: Engine = open_app(open_settings(instance)).extensions["screener"].engine
    number, differing = compare(engine)
    for line in (told := [*(line for _, line in differing), *lost(engine), *changed_rulesets(engine)]):
        click.echo(line)
    if differing:
        click.echo(f"{len({review for review, _ in differing})} of {number} sign-offs differ.")
    if told:
        context.exit(1)
    click.echo(f"{number} sign-offs compared: all are as they were signed.")


def compare(engine: Engine) -> tuple[int, list[tuple[int, str]]]:
    """How many sign-offs there are, and of each that is not as it was the number of its review and what is wrong, with its time (UTC)."""
    number, differing, after = 0, [], 0
    while True:
        with reading(engine) as session:
            reviews = queries.signed_reviews(session, after=after)
            for review in reviews:
                number, after = number + 1, review.id
                if review.sign_off is None:
                    continue
                reference, when = review.submission.reference, _written(review.sign_off.signed_at)
                if not is_intact(session, review):
                    differing.append((review.id, f"{reference}: what is stored is not what was signed at {when}."))
                if not is_in_the_log(session, review):
                    words = f"{reference}: the log tells otherwise of the sign-off at {when}: by whom, when, or if it still stands."
                    differing.append((review.id, words))
        if not reviews:
            return number, differing


def lost(engine: Engine) -> list[str]:
    """A line for each sign-off that the log tells of and that is stored no more."""
    with reading(engine) as session:
        return [
            f"{event.submission.reference if event.submission else '–'}: the log tells of a sign-off at {_written(event.at)}, "
            "and no such one is stored."
            for event in lost_sign_offs(session)
        ]


def changed_rulesets(engine: Engine) -> list[str]:
    """A line for each kept rulebook whose content is not what its hash says."""
    with reading(engine) as session:
        return [
            f"Rulebook {kept.version}, hash {kept.hash[:12]}: what is stored is not what its hash says."
            for kept in queries.kept_rulesets(session)
            if not _is_of_its_hash(kept.content, kept.hash)
        ]


def _is_of_its_hash(content: str, kept_hash: str) -> bool:
    try:
        return hash_of(loads(content)) == kept_hash
    except (ValueError, RecursionError):
        return False


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
