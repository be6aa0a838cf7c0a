"""`screener rules translated`: note that every translation says the same as its original, so that a later change stands out."""

from __future__ import annotations

from pathlib import Path

import click

from screener.commands.rulebook import load_or_exit, rules_option
from screener.engine.lint.patient_texts import patient_texts
from screener.engine.lint.stale_translations import confirmed_anew, stale_languages
from screener.engine.loader import RulesetError
from screener.engine.loader.translations_file import read_confirmed, write_confirmed
from screener.paths import rules_folder


@click.command("translated")
@click.argument("keys", metavar="[TEXT]...", nargs=-1)
@rules_option
def translated(keys: tuple[str, ...], folder: Path | None) -> None:
    """Note in .translations.json that all texts say the same in every language. Stale ones stay stale unless named as TEXT.

    `rules check` names stale texts: those whose first language was changed after another. Exit 2 where one is left, or nothing
    could be written.
    """
    folder = folder if folder is not None else rules_folder()
    texts = patient_texts(load_or_exit(folder))
    unknown = sorted(set(keys) - {text.key for text in texts})
    if unknown:
        click.echo(f"{', '.join(unknown)}: no such text; `screener rules check` names stale ones", err=True)
        raise SystemExit(2)
    try:
        confirmed = read_confirmed(folder) or {}
        anew = confirmed_anew(texts, confirmed, frozenset(keys))
        write_confirmed(folder, anew)
    except (RulesetError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        click.echo(f"The translations could not be noted: {reason}", err=True)
        raise SystemExit(2) from None
    left = [text.key for text in texts if stale_languages(text.text, anew[text.key])]
    click.echo(f"{len(texts) - len(left)} texts noted as translated.")
    for key in left:
        click.echo(f"{key}: not noted, it was changed in its first language only", err=True)
    raise SystemExit(2 if left else 0)
