"""The `--rules` option and the loading behind it, shared by the commands that read a rulebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from screener.engine.loader import RulesetError, load_ruleset
from screener.engine.rules import Ruleset
from screener.paths import rules_folder


def rules_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--rules DIR`; without it the rulebook that came with screener is used."""
    return click.option(
        "--rules",
        "folder",
        type=click.Path(path_type=Path),
        default=None,
        help="Rulebook folder (default: the one shipped).",
    )(function)


def load_or_exit(folder: Path | None, *, code: int = 2) -> Ruleset:
    """The ruleset of `folder`; prints every mistake on stderr and exits with `code` where it does not load."""
    try:
        return load_ruleset(folder if folder is not None else rules_folder())
    except RulesetError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        count = len(error.problems)
        click.echo(f"The rulebook does not load: {count} problem{'s' if count != 1 else ''}.", err=True)
        raise SystemExit(code) from None
