"""`screener rules check`: load, lint and prove a rulebook; one mistake never hides another.

What does not load is linted and proved as far as it could be read, so that an author mends everything at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

import click

from screener.commands.proofs import proof_lines, proved
from screener.commands.rulebook import rules_option
from screener.engine.examples import failed_cases, failed_examples, malformed_examples
from screener.engine.lint import lint
from screener.engine.lint.reading_level import is_available
from screener.engine.loader import Problem, RulesetError, Unread, load_ruleset
from screener.engine.loader.translations_file import read_confirmed
from screener.engine.proof.sound_part import sound_part
from screener.engine.readable_examples import with_readable_examples
from screener.engine.rules import Ruleset
from screener.paths import rules_folder


@click.command("check")
@rules_option
@click.option(
    "--date",
    "date",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The day to check review dates against (default: today).",
)
def check(folder: Path | None, date: datetime.datetime | None) -> None:
    """Load, lint and prove a rulebook, over all possible answers. Exit 1 with every problem."""
    folder = folder if folder is not None else rules_folder()
    today = date.date() if date is not None else datetime.date.today()
    try:
        ruleset = load_ruleset(folder)
    except RulesetError as error:
        _check_what_was_read(folder, error, today)
        raise SystemExit(1) from None
    failed, warned = _linted(folder, ruleset, today)
    failed += _told((*failed_examples(ruleset), *failed_cases(ruleset)))
    failing, warning = _proved(ruleset)
    failed, warned = failed + failing, warned + warning
    _tell_left_out(ruleset.languages)
    summary = f"{ruleset.id} {ruleset.version}: {len(ruleset.rules)} rules, {len(ruleset.items)} items, hash {ruleset.hash[:12]}"
    click.echo(f"{summary}; {failed} errors, {warned} warnings")
    raise SystemExit(1 if failed else 0)


def _check_what_was_read(folder: Path, error: RulesetError, today: datetime.date) -> None:
    """Name what keeps a rulebook from loading, then lint and prove what could be read of it."""
    count = _told(error.problems)
    further = 0
    partial = error.partial
    if partial is not None and partial.items:
        further = _linted(folder, partial, today, error.unread.names)[0]
        sound = sound_part(partial)
        further += _told(_failed_where_readable(sound, partial, error.unread))
        further += _proved(sound)[0]
    told = f"The rulebook does not load: {count} problem{'s' if count != 1 else ''}"
    click.echo(f"{told}, and {further} more in what could be read of it.", err=True)


def _told(problems: Iterable[Problem]) -> int:
    """Print problems as errors; how many they are."""
    told = [f"error: {problem}" for problem in problems]
    for line in told:
        click.echo(line, err=True)
    return len(told)


def _failed_where_readable(sound: Ruleset, partial: Ruleset, unread: Unread) -> list[Problem]:
    """What examples and cases get wrong, as far as that can be told of a rulebook that does not load."""
    readable = with_readable_examples(sound, partial, unread)
    known = {rule.id for rule in readable.rules}
    others = [rule for rule in partial.rules if rule.id not in known]
    return failed_examples(readable) + malformed_examples(others) + failed_cases(readable)


def _linted(
    folder: Path, ruleset: Ruleset, today: datetime.date, unread: frozenset[str] = frozenset()
) -> tuple[int, int]:
    """Print all remarks; how many errors and warnings they are."""
    errors = 0
    try:
        confirmed = read_confirmed(folder)
    except RulesetError as error:
        click.echo(f"error: {error}", err=True)
        confirmed, errors = {}, 1
    remarks = lint(ruleset, today, confirmed=confirmed, unread=unread)
    for remark in remarks:
        click.echo(str(remark), err=remark.is_error)
    in_error = sum(remark.is_error for remark in remarks)
    return errors + in_error, len(remarks) - in_error


def _proved(ruleset: Ruleset) -> tuple[int, int]:
    """Prove, and print what fails; how many errors and warnings that is."""
    report = proved(ruleset)
    for refutation in report.refutations:
        click.echo(str(refutation), err=refutation.is_error)
    for line in proof_lines(report):
        click.echo(line)
    return len(report.errors), len(report.refutations) - len(report.errors)


def _tell_left_out(languages: Iterable[str]) -> None:
    """Say plainly what nobody looked at."""
    if not is_available():
        click.echo("Reading level was left out: it needs textstat, which comes with pip install 'screener[test]'.")
    for language in languages:
        if language.split("-")[0] not in ("en", "es"):
            click.echo(f"Words and reading level were left out for `{language}`: there are lists for en and es only.")
