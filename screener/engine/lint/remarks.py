"""A remark: one thing about a rulebook that loads, to mend before it is published or only to know."""

from __future__ import annotations

from dataclasses import dataclass

from screener.engine.loader.problems import Problem
from screener.engine.place import Place


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend (error, which fails `rules check`) or to know (warning)."""

    problem: Problem
    is_error: bool

    def __str__(self) -> str:
        return f"{'error' if self.is_error else 'warning'}: {self.problem}"


def error(place: Place, where: str, what: str, mend: str) -> Remark:
    """Something to mend before the rulebook is published."""
    return Remark(Problem(place.file, place.line, where, what, mend), True)


def warning(place: Place, where: str, what: str, mend: str) -> Remark:
    """Something to know."""
    return Remark(Problem(place.file, place.line, where, what, mend), False)
