"""A second opinion on the proofs: every document there is, over small random rulebooks, gone through without any cleverness.

Shares nothing with the proofs but the interpreter: no tables cut at thresholds, no walk of the tree, no solver.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rulebooks import rule, ruleset
from test_properties import ANSWERS, KINDS, conditions

from screener.engine.answers import Answer
from screener.engine.conditions import Compared, Condition, Truth, children, leaves
from screener.engine.evaluation import Evaluation
from screener.engine.proof import prove
from screener.engine.rules import Ruleset, Severity

Documents = tuple[dict[str, Any], ...]
UNSURE = {"i2": [["a", "not_sure"], ["b", "declined"], ["a", "b", "not_sure"], "not_sure"]}
ALL: Documents = tuple(
    {item: answer for item, answer in zip(ANSWERS, row, strict=True) if answer is not None}
    for row in itertools.product(*([None, *known, *UNSURE.get(item, [])] for item, known in ANSWERS.items()))
)


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    items = [dict(kind) for kind in KINDS]
    ids = [item["id"] for item in items]
    for index in (1, 2, 3):
        if draw(st.integers(0, 3)) == 0:
            items[index]["enabled_when"] = draw(conditions(ids[:index], []))
    if "enabled_when" in items[1]:
        items[4]["enabled_when"] = items[1]["enabled_when"]
    scores: dict[str, Any] = {
        "count": {"count": draw(st.lists(conditions(ids, []), min_size=1, max_size=3))},
        "total": {draw(st.sampled_from(["sum", "mean"])): ["i1", "i4"]},
    }
    severity = st.sampled_from(["first", "mention"])
    rules = [
        rule(
            f"r{n}",
            draw(conditions(ids, list(scores))),
            severity=draw(severity),
            kind=draw(st.sampled_from(["risk", "notice"])),
        )
        for n in range(3)
    ]
    return ruleset(*rules, items=items, scores=scores)


class Opinion:
    """What every document says of a ruleset."""

    def __init__(self, small: Ruleset) -> None:
        self.small = small
        self.truths = {self.key(document): self.judged(document) for document in ALL}
        self.seen = self.truths_of_parts()

    @staticmethod
    def key(document: Mapping[str, Answer]) -> str:
        return repr(sorted(document.items()))

    def judged(self, document: Mapping[str, Answer]) -> tuple[Truth, ...]:
        evaluation = Evaluation(self.small, document)
        asked = tuple(evaluation.asked.values())
        return (*(evaluation.truth(one.when) for one in self.small.rules), *asked)

    def has(self, index: int, truth: Truth) -> bool:
        return any(truths[index] is truth for truths in self.truths.values())

    def implies(self, index: int, other: int) -> bool:
        both = [truths[other] is Truth.TRUE for truths in self.truths.values() if truths[index] is Truth.TRUE]
        return all(both)

    def highest(self, truths: tuple[Truth, ...]) -> int:
        ranks = [one.severity.rank for one, truth in zip(self.small.rules, truths, strict=False) if truth is Truth.TRUE]
        return min(ranks, default=len(Severity))

    def expected(self) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        rules = self.small.rules
        for index, one in enumerate(rules):
            found |= {(one.id, "can never be raised")} if not self.has(index, Truth.TRUE) else set()
            found |= {(one.id, "can never be not raised")} if not self.has(index, Truth.FALSE) else set()
        for index, item_id in enumerate(self.small.items, start=len(rules)):
            found |= {(item_id, "can never be asked")} if not self.has(index, Truth.TRUE) else set()
        for (i, one), (j, other) in itertools.combinations(enumerate(rules), 2):
            if one.severity is other.severity and self.has(i, Truth.TRUE) and self.has(j, Truth.TRUE):
                forth, back = self.implies(i, j), self.implies(j, i)
                found |= {(other.id, f"is the same as `{one.id}`")} if forth and back else set()
                found |= {(other.id, f"is implied by `{one.id}`")} if forth and not back else set()
                found |= {(one.id, f"is implied by `{other.id}`")} if back and not forth else set()
        return found | self.lowered() | self.idle()

    def wholes(self) -> list[tuple[str, Condition]]:
        """Every condition there is, but those of rules that are never raised."""
        found = [(one.id, one.when) for n, one in enumerate(self.small.rules) if self.has(n, Truth.TRUE)]
        found += [(item.id, item.enabled_when) for item in self.small.items.values() if item.enabled_when is not None]
        return found + [(score.id, part) for score in self.small.scores.values() for part in score.conditions]

    def truths_of_parts(self) -> dict[Condition, set[Truth]]:
        seen: dict[Condition, set[Truth]] = {}
        waiting = [part for _, whole in self.wholes() for part in children(whole)]
        while waiting:
            part = waiting.pop()
            if part not in seen:
                seen[part] = set()
                waiting += children(part)
        for document in ALL if seen else ():
            evaluation = Evaluation(self.small, document)
            for part, truths in seen.items():
                truths.add(evaluation.truth(part))
        return seen

    def idle(self) -> set[tuple[str, str]]:
        """The innermost parts of conditions that are never true, or never false; comparisons are the lint's."""
        found: set[tuple[str, str]] = set()

        def is_idle(where: str, part: Condition) -> bool:
            inside = [is_idle(where, inner) for inner in children(part)]
            if any(inside):
                return True
            never = {Truth.TRUE, Truth.FALSE} - self.seen[part] if not isinstance(part, Compared) else set()
            found.update((where, f"a part of its condition is never {truth.name.lower()}") for truth in never)
            return bool(never)

        for where, whole in self.wholes():
            for part in children(whole):
                is_idle(where, part)
        return found

    def lowered(self) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for item, code, risky in self.risk_codes():
            for document in ALL:
                after = turned_on(document, item, code, risky)
                if after is None:
                    continue
                before, now = self.truths[self.key(document)], self.judged(after)
                if self.highest(now) > self.highest(before):
                    for index, one in enumerate(self.small.rules):
                        if one.severity.rank == self.highest(before) and before[index] is Truth.TRUE:
                            found.add((one.id, f"turning on `{item}: {code}`"))
        return found

    def risk_codes(self) -> list[tuple[str, str, set[str]]]:
        codes: dict[str, set[str]] = {item: set() for item in ANSWERS}
        for one in self.small.rules:
            if one.kind.value == "risk":
                self.add_codes(one.when, codes, is_wanted=True)
        return [(item, code, known) for item, known in codes.items() for code in sorted(known - {"no", "none"})]

    def add_codes(self, condition: Any, codes: dict[str, set[str]], *, is_wanted: bool) -> None:
        for leaf, negated in leaves(condition):
            wanted = is_wanted is not negated
            if hasattr(leaf, "codes"):
                codes[leaf.item].update(leaf.codes if wanted else ())
            elif leaf.subject == "count":
                for part in self.small.scores["count"].conditions:
                    self.add_codes(part, codes, is_wanted=wanted is (leaf.operator.value in ("gte", "gt")))


def turned_on(document: Mapping[str, Any], item: str, code: str, risky: set[str]) -> dict[str, Any] | None:
    given = document.get(item)
    if item != "i2":
        return None if given in risky - {"no"} else {**document, item: code}
    if given is None or given == ["none"]:
        return {**document, item: [code]}
    if given == "not_sure":
        return {**document, item: [code, "not_sure"]}
    return None if code in given else {**document, item: sorted([*given, code])}


def claim(what: str) -> str:
    """What a proof found, without the words that explain it."""
    found = re.match(
        r"turning on `.*?`|can never be (raised|not raised|asked)|is .*?`r\d`|a part of its condition is never \w+",
        what,
    )
    assert found is not None
    return found[0]


@pytest.mark.parametrize("options", [{"use_solver": False}, {"use_tables": False}])
@settings(max_examples=20, deadline=None)
@given(rulesets())
def test_the_proofs_find_what_going_through_every_document_finds(options, small):
    report = prove(small, random.Random(0).randrange, **options)
    assert report.left_out == []
    found = {(r.problem.where, claim(r.problem.what)) for r in report.refutations}
    assert found == Opinion(small).expected()


@settings(max_examples=15, deadline=None)
@given(rulesets())
def test_what_a_proof_shows_holds(small):
    opinion = Opinion(small)
    for refutation in prove(small, random.Random(0).randrange).refutations:
        if len(refutation.documents) == 2:
            before, after = (opinion.highest(opinion.judged(document)) for document in refutation.documents)
            assert after > before
        elif "is implied by" in refutation.problem.what or "is the same as" in refutation.problem.what:
            raised = Evaluation(small, refutation.documents[0])
            other = refutation.problem.what.split("`")[1]
            assert raised.truth(small.rule(refutation.problem.where).when) is Truth.TRUE
            assert raised.truth(small.rule(other).when) is Truth.TRUE
