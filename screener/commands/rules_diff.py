"""`screener rules diff`: what a change of the rulebook means, and how many answer documents come out otherwise.

Exits like `diff`: 0 where nothing changed in meaning, 1 where something did, 2 where it could not be told.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from screener.commands.change_report import change_lines, impact_lines
from screener.commands.kept_versions import Kept, NotKeptError
from screener.engine.answers import Answers
from screener.engine.comparison import compare
from screener.engine.impact import Impact
from screener.engine.loader import RulesetError, load_ruleset, ruleset_from_content
from screener.engine.proof.space import AnswerSpace
from screener.engine.rules import Ruleset

_HASH = re.compile(r"[0-9a-f]{8,64}")
_SEED = 0
Documents = Iterable[tuple[str | None, Answers]]


class Trouble(click.ClickException):
    """Something that keeps the comparison from being made; the command ends with 2."""

    exit_code = 2


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--synthetic", type=click.IntRange(min=0), default=2000, show_default=True, help="Random answer documents to try."
)
@click.option("--stored", is_flag=True, help="Also try the stored submissions; only counts are shown.")
@click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of an installation, for --stored and for versions by their hash.",
)
def diff(old: str, new: str, synthetic: int, stored: bool, instance: Path | None) -> None:
    """Compare two rulebooks, each a folder or the hash of a version kept in an instance (its first 8 digits or more).

    Tells the change in meaning, then how many shipped cases and random documents gain or lose which finding. Exit 0 where
    nothing changed in meaning, 1 where something did, 2 on trouble.
    """
    kept = Kept(instance)
    try:
        before, after = _side(old, kept), _side(new, kept)
        changes = compare(before, after)
        click.echo(f"{_named(before)} -> {_named(after)}")
        if not changes:
            click.echo("No change in meaning.")
            return
        for line in change_lines(changes):
            click.echo(line)
        cases = list(_cases(before, after))
        _tell("shipped cases", before, after, cases, len(cases))
        _tell("synthetic documents", before, after, _synthetic(before, after, synthetic), synthetic)
        if stored:
            _tell("stored submissions", before, after, kept.answers(), kept.count())
    except NotKeptError as error:
        raise Trouble(str(error)) from None
    raise SystemExit(1)


def _named(ruleset: Ruleset) -> str:
    return f"{ruleset.id} {ruleset.version} ({ruleset.hash[:12]})"


def _side(name: str, kept: Kept) -> Ruleset:
    """The ruleset of a folder, or of a kept version."""
    try:
        if Path(name).is_dir():
            return load_ruleset(Path(name))
        if _HASH.fullmatch(name):
            return ruleset_from_content(kept.content(name))
    except RulesetError as error:
        raise Trouble(f"{name} does not load:\n{error}") from None
    raise Trouble(f"{name}: no such folder; name a rulebook folder, or a kept version by its hash")


def _cases(old: Ruleset, new: Ruleset) -> Iterator[tuple[str | None, Answers]]:
    """The worked patients of both sides, each once, by the name of its file."""
    by_file = {case.file: case.content for case in (*old.cases, *new.cases)}
    for file, content in sorted(by_file.items()):
        answers = content.get("answers") if isinstance(content, Mapping) else None
        if isinstance(answers, Mapping):
            yield Path(file).stem, dict(answers)


def _synthetic(old: Ruleset, new: Ruleset, count: int) -> Documents:
    """Random documents, the same each time, by turns over the questionnaire of either side."""
    below = random.Random(_SEED).randrange
    spaces = (AnswerSpace(old), AnswerSpace(new))
    return ((None, spaces[number % 2].random_document(below)) for number in range(count))


def _tell(what: str, old: Ruleset, new: Ruleset, documents: Documents, count: int) -> None:
    """Count what documents gain and lose, with a progress bar where somebody watches, and say it."""
    from tqdm import tqdm  # here alone: no other command should wait for it

    if not count:
        return
    impact = Impact(old, new)
    bar: Any = tqdm(documents, total=count, desc=what, unit="", leave=False, disable=None)
    for name, document in bar:
        impact.add(document, name)
    for line in impact_lines(what, impact, new, old):
        click.echo(line)
