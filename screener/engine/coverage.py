"""Leaf coverage: is each leaf of each conditional rule seen true, false and unknown in the rule's own examples?

After the clause coverage that authors of clinical quality measures work by. A state that a leaf can never have, by proof over all
possible answers, needs no example: a comparison that every value of a score meets, say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from screener.engine.answers import AnswerError, parse_answers
from screener.engine.conditions import Chosen, Compared, Truth, leaves
from screener.engine.evaluation import Evaluation
from screener.engine.loader.problems import Problem
from screener.engine.proof.properties import truth_query
from screener.engine.proof.search import LeftOutError, Search
from screener.engine.rules import Rule, Ruleset
from screener.engine.wording import sentence

_STATES = (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)


def uncovered_leaves(ruleset: Ruleset) -> list[Problem]:
    """Every leaf and state that no example of its rule shows, though some answers would."""
    search = Search(ruleset)
    return [problem for rule in ruleset.rules for problem in _uncovered(search, rule)]


def _uncovered(search: Search, rule: Rule) -> Iterator[Problem]:
    evaluations = list(_evaluations(search.ruleset, rule))
    for leaf in dict.fromkeys(leaf for leaf, _ in leaves(rule.when)):
        seen = {evaluation.truth(leaf) for evaluation in evaluations}
        for state in _STATES:
            if state not in seen and _is_possible(search, leaf, state):
                words = sentence(search.ruleset, leaf, "en")
                what = f"no example in which this is {state.name.lower()}: {words}"
                mend = "add one to its `examples`"
                yield Problem(rule.place.file, rule.place.line, rule.id, what, mend)


def _evaluations(ruleset: Ruleset, rule: Rule) -> Iterator[Evaluation]:
    """The examples whose answers can be read; what is wrong with the others is told elsewhere."""
    for example in rule.examples:
        if isinstance(example, Mapping) and "answers" in example:
            try:
                yield Evaluation(ruleset, parse_answers(ruleset, example["answers"]))
            except AnswerError:
                continue


def _is_possible(search: Search, leaf: Chosen | Compared, state: Truth) -> bool:
    try:
        return search.find(truth_query(search, leaf, state)) is not None
    except LeftOutError:
        return True
