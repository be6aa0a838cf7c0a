"""The proofs of `rules check`: run with chance numbers that repeat, timed where they take long, and told in lines."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import click

from screener.engine.proof import ProofReport, prove, solver_is_installed
from screener.engine.rules import Ruleset

_SLOW = 5.0  # seconds


def proved(ruleset: Ruleset) -> ProofReport:
    """All proofs of a ruleset; says on stderr how long they took where that was long."""
    started = time.monotonic()
    report = prove(ruleset, random.Random(0).randrange)
    if (seconds := time.monotonic() - started) > _SLOW:
        click.echo(f"The proofs took {seconds:.0f} seconds.", err=True)
    return report


def proof_lines(report: ProofReport) -> Iterator[str]:
    """How many proofs hold, and each that was left out."""
    for what in report.left_out:
        yield f"not proved: {what}"
    if report.left_out and not solver_is_installed():
        yield "These proofs need the solver: pip install 'screener[prove]'"
    count = len(report.left_out)
    yield f"{report.held} proofs over all possible answers hold, {len(report.refutations)} fail, {count} left out"
