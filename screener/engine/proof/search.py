"""Looks for an answer document that shows something, and says for certain where there is none.

Small tables of answers are gone through row by row with the interpreter, which needs nothing beside this program; larger ones go
to the solver, where it is installed. What neither can decide is left out, and says so. A document is only ever reported once the
interpreter has confirmed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from screener.engine.answers import DECLINED, NOT_SURE, Answers
from screener.engine.conditions import Condition, Truth
from screener.engine.evaluation import Evaluation
from screener.engine.proof.space import AnswerSpace
from screener.engine.rules import Ruleset

if TYPE_CHECKING:
    from screener.engine.proof.solver import Solver, SymbolicAnswers

_FEW_ROWS = 400  # quicker than asking the solver
_MANY_ROWS = 40_000  # what is gone through without one


class LeftOutError(Exception):
    """Too many answers to go through, and no solver that decides: nothing is proved either way."""


@dataclass(frozen=True, slots=True)
class Query:
    """Whether answers exist that show something.

    `items`: the items it is enough to answer. That those which a condition rests on are enough, even where other rules must stay
    silent, follows from the logic: an answer left out never makes a rule true.
    """

    items: frozenset[str]
    shows: Callable[[Answers], bool]
    formula: Callable[[SymbolicAnswers], Any]


def solver_is_installed() -> bool:
    """Whether the optional solver can be used."""
    return find_spec("z3") is not None


class Search:
    """Answers queries about one ruleset. `use_solver=False` does without it even where it is installed."""

    def __init__(self, ruleset: Ruleset, *, use_solver: bool = True, use_tables: bool = True) -> None:
        self.ruleset = ruleset
        self.space = AnswerSpace(ruleset)
        self._most_rows = 0 if not use_tables else _FEW_ROWS if use_solver and solver_is_installed() else _MANY_ROWS
        self._use_solver = use_solver and solver_is_installed()
        self._solver: Solver | None = None

    def truth(self, condition: Condition, items: frozenset[str]) -> Callable[[Answers], Truth]:
        """The interpreter, held to the items a condition rests on: the same verdict, sooner."""
        within = {item_id: item for item_id, item in self.ruleset.items.items() if item_id in items}
        small = replace(self.ruleset, items=within)
        return lambda answers: Evaluation(small, answers).truth(condition)

    def find(self, query: Query) -> Answers | None:
        """A small document that shows it; None where it is proved that there is none. Raises LeftOutError."""
        rows = self.space.size(query.items)
        if rows is not None and rows <= self._most_rows:
            found = next(filter(query.shows, self.space.documents(query.items)), None)
        else:
            found = self._solved(query)
        return None if found is None else smallest(found, query.shows)

    def _solved(self, query: Query) -> Answers | None:
        if not self._use_solver:
            raise LeftOutError
        if self._solver is None:
            from screener.engine.proof.solver import Solver  # an optional extra: serving never needs it

            self._solver = Solver(self.ruleset)
        try:
            found = self._solver.find(query.formula)
        except TimeoutError:
            raise LeftOutError from None
        if found is not None and not query.shows(found):
            raise LeftOutError  # the interpreter does not confirm it: a number that decimal digits cannot write
        return found


def smallest(document: Answers, shows: Callable[[Answers], bool]) -> Answers:
    """The document with every answer, and every code of a list, taken out that is not needed to show it still."""
    kept = dict(document)
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for less in _less(kept):
            if shows(less):
                kept, is_smaller = dict(less), True
                break
    return kept


def _less(document: Answers) -> Iterator[Answers]:
    for item_id, answer in document.items():
        yield {other: value for other, value in document.items() if other != item_id}
        if isinstance(answer, list | tuple) and len(answer) > 1:
            for code in answer:
                rest = [other for other in answer if other != code]
                if rest not in ([NOT_SURE], [DECLINED]):
                    yield {**document, item_id: rest}
