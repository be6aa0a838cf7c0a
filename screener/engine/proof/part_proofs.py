"""What is proved of the parts of conditions: that each can be true and can be false; else it decides nothing, and is a slip.

A comparison that decides nothing is told by the lint, which needs no search for it. Of a part that decides nothing only the
innermost is told.
"""

from __future__ import annotations

from screener.engine.conditions import Compared, Condition, Truth, children
from screener.engine.loader.problems import Problem
from screener.engine.place import Place
from screener.engine.proof.properties import nearest, truth_query
from screener.engine.proof.report import ProofReport, Refutation
from screener.engine.proof.search import Search
from screener.engine.rules import Rule
from screener.engine.wording import sentence


def prove_parts(search: Search, report: ProofReport, never: set[str]) -> None:
    """Add to `report` what holds of each part, what fails, and what was left out; `never` are rules told of already."""
    for owner, condition in search.ruleset.conditions():
        if isinstance(owner, Rule) and owner.id in never:
            continue
        for part in dict.fromkeys(children(condition)):
            _prove(search, report, part, owner.place, owner.id)


def _prove(search: Search, report: ProofReport, part: Condition, place: Place, where: str) -> bool:
    """Whether a part and all its own decide something."""
    inner = [_prove(search, report, each, place, where) for each in dict.fromkeys(children(part))]
    if not all(inner):
        return False
    if isinstance(part, Compared):
        return True
    decides = True
    for truth in (Truth.TRUE, Truth.FALSE):
        told = f"{where}: each part of its condition can be true and can be false"
        document, is_decided = report.found(search, truth_query(search, part, truth), told)
        if not is_decided:
            continue
        if document is not None:
            report.held += 1
        else:
            decides = False
            what = f"a part of its condition is never {truth.name.lower()}: {sentence(search.ruleset, part, 'en')}"
            mend = "mend or remove that part; the answers below come nearest"
            problem = Problem(place.file, place.line, where, what, mend)
            report.refutations.append(Refutation(problem, (nearest(search, part, truth),)))
    return decides
