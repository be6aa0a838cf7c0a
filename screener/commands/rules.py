"""`screener rules`: load, lint, test and show a rulebook, for those who write it."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from screener.commands.proofs import proof_lines, proved
from screener.commands.report import rule_report, ruleset_report
from screener.commands.rulebook import load_or_exit, rules_option
from screener.engine.examples import failed_cases, failed_examples
from screener.engine.lint import lint


@click.group("rules")
def command() -> None:
    """Check, test and show a rulebook."""


@command.command("check")
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
    ruleset = load_or_exit(folder, code=1)
    today = date.date() if date is not None else datetime.date.today()
    remarks = lint(ruleset, today)
    errors = [remark for remark in remarks if remark.is_error]
    for remark in remarks:
        click.echo(str(remark), err=remark.is_error)
    report = proved(ruleset)
    for refutation in report.refutations:
        click.echo(str(refutation), err=refutation.is_error)
    for line in proof_lines(report):
        click.echo(line)
    failed = len(errors) + len(report.errors)
    warnings = len(remarks) - len(errors) + len(report.refutations) - len(report.errors)
    summary = f"{ruleset.id} {ruleset.version}: {len(ruleset.rules)} rules, {len(ruleset.items)} items, hash {ruleset.hash[:12]}"
    click.echo(f"{summary}; {failed} errors, {warnings} warnings")
    raise SystemExit(1 if failed else 0)


@command.command("test")
@rules_option
def test(folder: Path | None) -> None:
    """Run every rule's examples and the worked patients of cases/. Exit 1 with each that fails."""
    ruleset = load_or_exit(folder, code=1)
    problems = failed_examples(ruleset) + failed_cases(ruleset)
    for problem in problems:
        click.echo(str(problem), err=True)
    examples = sum(len(rule.examples) for rule in ruleset.rules)
    click.echo(f"{examples} examples and {len(ruleset.cases)} cases run, {len(problems)} problems")
    raise SystemExit(1 if problems else 0)


@command.command("show")
@click.argument("rule_id", metavar="[RULE]", required=False)
@rules_option
def show(rule_id: str | None, folder: Path | None) -> None:
    """Print the rulebook, or one rule of it, as readable text."""
    ruleset = load_or_exit(folder)
    if rule_id is None:
        click.echo(ruleset_report(ruleset))
        return
    try:
        click.echo(rule_report(ruleset, ruleset.rule(rule_id)))
    except KeyError:
        click.echo(f"{rule_id}: there is no such rule; `screener rules show` lists them all", err=True)
        raise SystemExit(2) from None
