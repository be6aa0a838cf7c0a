"""`screener screen`: one answer document in, its findings out; or, with --lines, a stream of them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import click

from screener.commands.report import screening_report
from screener.commands.rulebook import load_or_exit, rules_option
from screener.engine.answers import AnswerError, read_answers
from screener.engine.json import dumps
from screener.engine.rules import Ruleset
from screener.engine.screening import screen, screening_document


@click.command("screen")
@click.argument("answers", metavar="ANSWERS.json", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@rules_option
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON instead of text.")
@click.option("--lines", is_flag=True, help="One document a line in, one JSON result a line out (implies --json).")
def command(answers: Path, folder: Path | None, as_json: bool, lines: bool) -> None:
    """Screen the answers in a JSON document (- for stdin). Exit 2 on bad input, each problem named on stderr."""
    ruleset = load_or_exit(folder)
    if lines:
        raise SystemExit(_screen_lines(ruleset, _read(answers)))
    content = b"".join(_read(answers))
    try:
        screening = screen(ruleset, read_answers(ruleset, content))
    except AnswerError as error:
        click.echo("\n".join(map(str, error.problems)), err=True)  # at once: they may be a million
        raise SystemExit(2) from None
    click.echo(dumps(screening_document(screening)) if as_json else screening_report(screening))


def _read(path: Path) -> Iterator[bytes]:
    """The lines of a file, or of stdin, as they come; exits with 2 where it cannot be read."""
    try:
        with _opened(path) as stream:
            yield from stream
    except OSError as error:
        click.echo(f"{path}: cannot be read ({error.strerror}); name a file of answers, or - for stdin", err=True)
        raise SystemExit(2) from None


def _opened(path: Path) -> IO[bytes]:
    if str(path) != "-":
        return path.open("rb")
    if sys.stdin is None:  # closed by whoever started this
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return sys.stdin.buffer


def _screen_lines(ruleset: Ruleset, stream: Iterable[bytes]) -> int:
    """Screen each line as it comes; the exit code: 2 where any line was bad."""
    code = 0
    for number, line in enumerate(stream, start=1):
        try:
            result = screening_document(screen(ruleset, read_answers(ruleset, line.rstrip(b"\r\n"))))
        except AnswerError as error:
            code = 2
            result = {"line": number, "errors": [str(problem) for problem in error.problems]}
        click.echo(dumps(result))
    return code
