"""Proofs over all possible answers of one ruleset. Development only: neither loading nor serving ever comes here.

Proved of every rule that is not always on: it can be raised and can be not raised; it is neither the same as nor implied by another
rule of its topic and severity, unless it says so in `also`; replacing an answer by "not sure" never turns it from raised into not
raised. Of every risk answer: turning it on never lowers the highest severity (`monotone` says how that is read). Of every item: it
can be asked; as nothing but its item's gate stands before a choice, each choice can then be given. Of two rules that
are always on: they do not say the same words. Of every conflict: it can be true and can be not true. Of
every part of a condition: it can be true and can be false.

In this order, each for what the one before left open: a walk of the tree, random documents, tables of all answers, the solver.
"""

from __future__ import annotations

from screener.engine.proof.prover import Prover
from screener.engine.proof.report import ProofReport, Refutation
from screener.engine.proof.search import Search, solver_is_installed
from screener.engine.proof.space import Below
from screener.engine.rules import Ruleset

__all__ = ["ProofReport", "Refutation", "prove", "solver_is_installed"]


def prove(ruleset: Ruleset, below: Below, *, use_solver: bool = True, use_tables: bool = True) -> ProofReport:
    """Prove what `rules check` promises. `below` draws a whole number below its argument (`random.Random(0).randrange`).

    Raises nothing on a loaded ruleset: what could not be proved for want of the solver stands in the report's `left_out`.
    """
    return Prover(Search(ruleset, use_solver=use_solver, use_tables=use_tables), below).report()
