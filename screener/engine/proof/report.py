"""What proofs come to: how many hold, what fails and which answers show it, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from screener.engine.answers import Answers
from screener.engine.json import dumps
from screener.engine.loader.problems import Problem
from screener.engine.proof.search import LeftOutError, Query, Search


@dataclass(frozen=True, slots=True)
class Refutation:
    """A property that does not hold, with the answer documents that show it: one, or one before and one after a change.

    A refutation that is no error only remarks that something written in the rulebook is not, or no longer, needed.
    """

    problem: Problem
    documents: tuple[Answers, ...] = ()
    is_error: bool = True

    def __str__(self) -> str:
        names = ("answers",) if len(self.documents) == 1 else ("before", "after")
        shown = (f"\n  {name}: {dumps(document)}" for name, document in zip(names, self.documents, strict=False))
        return f"{'error' if self.is_error else 'warning'}: {self.problem}{''.join(shown)}"


@dataclass(slots=True)
class ProofReport:
    """All proofs of one ruleset. `left_out` names each proof that was neither made nor refuted."""

    refutations: list[Refutation] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    held: int = 0

    def found(self, search: Search, query: Query, what: str) -> tuple[Answers | None, bool]:
        """The document that a query finds, and whether it was decided at all; where it was not, `what` is left out."""
        try:
            return search.find(query), True
        except LeftOutError:
            self.left_out.append(what)
            return None, False

    @property
    def errors(self) -> list[Refutation]:
        """What must be mended."""
        return [refutation for refutation in self.refutations if refutation.is_error]
