"""What is proved of conflicts: that some answers stand in each, and that some do not; else it would ask nobody, or everybody."""

from __future__ import annotations

from screener.engine.conditions import Truth
from screener.engine.loader.problems import Problem
from screener.engine.proof.properties import at_odds, nearest, truth_query
from screener.engine.proof.report import ProofReport, Refutation
from screener.engine.proof.search import Search
from screener.engine.rules import Conflict
from screener.engine.wording import sentence


def prove_conflicts(search: Search, report: ProofReport) -> None:
    """Add to `report` what holds of each conflict, what fails, and what was left out."""
    for conflict in search.ruleset.conflicts:
        for truth, what in ((Truth.TRUE, "can be true"), (Truth.FALSE, "can be not true")):
            told = f"conflict {conflict.id}: {what}"
            document, is_decided = report.found(search, truth_query(search, conflict.when, truth), told)
            if not is_decided:
                continue
            if document is not None:
                report.held += 1
            else:
                report.refutations.append(_refuted(search, conflict, truth))


def _refuted(search: Search, conflict: Conflict, truth: Truth) -> Refutation:
    what = "can never be not true"
    if truth is Truth.TRUE:
        clash = at_odds(search, conflict.when)
        together = "are never true together" if len(clash) > 1 else "is never true"
        words = "; ".join(sentence(search.ruleset, condition, "en") for condition in clash)
        what = f"can never be true: {words}: {together}"
    mend = "mend its `when`; the answers below come nearest"
    problem = Problem(conflict.place.file, conflict.place.line, conflict.id, what, mend)
    return Refutation(problem, (nearest(search, conflict.when, truth),))
