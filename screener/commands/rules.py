"""`screener rules`: load, lint, test and show a rulebook, for those who write it."""

from __future__ import annotations

from pathlib import Path

import click

from screener.commands.report import conflict_report, rule_report, ruleset_report
from screener.commands.rulebook import load_or_exit, rules_option
from screener.commands.rules_check import check
from screener.commands.rules_diff import diff
from screener.commands.rules_schema import schema
from screener.commands.rules_translated import translated
from screener.engine.coverage import uncovered_leaves
from screener.engine.examples import failed_cases, failed_examples


@click.group("rules")
def command() -> None:
    """Check, test, show and compare rulebooks."""


for _command in (check, diff, schema, translated):
    command.add_command(_command)


@command.command("test")
@rules_option
def test(folder: Path | None) -> None:
    """Run every rule's examples and the worked patients of cases/. Exit 1 with each that fails.

    In its own examples each part of a rule's condition must be seen true, false and unknown, where answers can make it so.
    """
    ruleset = load_or_exit(folder, code=1)
    problems = failed_examples(ruleset) + uncovered_leaves(ruleset) + failed_cases(ruleset)
    for problem in problems:
        click.echo(str(problem), err=True)
    examples = sum(len(rule.examples) for rule in ruleset.rules)
    click.echo(f"{examples} examples and {len(ruleset.cases)} cases run, {len(problems)} problems")
    raise SystemExit(1 if problems else 0)


@command.command("show")
@click.argument("wanted", metavar="[RULE]", required=False)
@rules_option
def show(wanted: str | None, folder: Path | None) -> None:
    """Print the rulebook, or one rule or conflict of it, as readable text."""
    ruleset = load_or_exit(folder)
    if wanted is None:
        click.echo(ruleset_report(ruleset))
        return
    found = [rule_report(ruleset, rule) for rule in ruleset.rules if rule.id == wanted]
    found += [conflict_report(ruleset, conflict) for conflict in ruleset.conflicts if conflict.id == wanted]
    if not found:
        click.echo(f"{wanted}: there is no such rule; `screener rules show` lists them all", err=True)
        raise SystemExit(2)
    click.echo("\n\n".join(found))
