"""`screener rules schema`: JSON Schemas for editors, made for the questionnaire of the rulebook at hand."""

from __future__ import annotations

import json
from pathlib import Path

import click

from screener.commands.rulebook import rules_option
from screener.engine.editor_schema import editor_schemas
from screener.engine.loader import RulesetError, load_ruleset
from screener.paths import rules_folder


@click.command("schema")
@rules_option
@click.option(
    "--out", "target", type=click.Path(file_okay=False, path_type=Path), help="Folder to write one file a kind to."
)
def schema(folder: Path | None, target: Path | None) -> None:
    """Print the JSON Schemas of a rulebook's files as one JSON object, or write them to a folder, one file a kind.

    A rulebook that does not load has schemas too, of what could be read of it: that is when its author needs them. Exit 2 where
    nothing could be read or written.
    """
    try:
        ruleset = load_ruleset(folder if folder is not None else rules_folder())
    except RulesetError as error:
        click.echo("The rulebook does not load (see `screener rules check`); what could be read is in.", err=True)
        if error.partial is None or not error.partial.items:
            raise SystemExit(2) from None
        ruleset = error.partial
    schemas = editor_schemas(ruleset)
    if target is None:
        click.echo(json.dumps(schemas, ensure_ascii=False, indent=2))
        return
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, content in schemas.items():
            text = json.dumps(content, ensure_ascii=False, indent=2)
            (target / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        click.echo(f"{target}: cannot be written ({error.strerror})", err=True)
        raise SystemExit(2) from None
    click.echo(f"{len(schemas)} schemas written to {target}")
