"""Runs every proof of a ruleset and words what fails, so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable

from screener.engine.answers import Answers
from screener.engine.conditions import Condition, Truth
from screener.engine.lint.rule_checks import is_entry
from screener.engine.loader.problems import Problem
from screener.engine.proof.conflict_proofs import prove_conflicts
from screener.engine.proof.monotone import doubtful, highest, lowering_query, risk_answers, turned_on
from screener.engine.proof.part_proofs import prove_parts
from screener.engine.proof.polarity import RiskAnswer
from screener.engine.proof.properties import (
    at_odds,
    implication_query,
    nearest,
    not_sure,
    truth_query,
    unsure_query,
)
from screener.engine.proof.report import ProofReport, Refutation
from screener.engine.proof.sample import Sample
from screener.engine.proof.search import LeftOutError, Query, Search
from screener.engine.proof.space import Below
from screener.engine.questionnaire import Item, ItemType
from screener.engine.rules import Rule
from screener.engine.wording import sentence

_SAMPLE = 2_000


class Prover:
    """All proofs of one ruleset, each run once by `report`."""

    def __init__(self, search: Search, below: Below) -> None:
        self.search = search
        self.ruleset = search.ruleset
        self.sample = Sample(self.ruleset, search.space, below, _SAMPLE)
        self.conditional = [rule for rule in self.ruleset.rules if not rule.is_always]
        self._report = ProofReport()
        self._never: set[str] = set()

    def report(self) -> ProofReport:
        """Every proof, in the order of rulebook.md."""
        for rule in self.conditional:
            self._can_be_raised(rule)
            self._can_be_silent(rule)
            self._unsure_is_safe(rule)
        self._are_told_once()
        self._never_lower()
        self._can_be_asked()
        prove_conflicts(self.search, self._report)
        prove_parts(self.search, self._report, self._never)
        self._report.left_out = list(dict.fromkeys(self._report.left_out))
        return self._report

    def _found(self, query: Query, what: str) -> tuple[Answers | None, bool]:
        return self._report.found(self.search, query, what)

    def _refuted(
        self, rule: Rule, what: str, mend: str, documents: Iterable[Answers], *, is_error: bool = True
    ) -> None:
        problem = Problem(rule.place.file, rule.place.line, rule.id, what, mend)
        self._report.refutations.append(Refutation(problem, tuple(documents), is_error))

    def _words(self, conditions: Iterable[Condition]) -> str:
        return "; ".join(sentence(self.ruleset, condition, "en") for condition in conditions)

    def _is_possible(self, rule: Rule, truth: Truth, what: str) -> bool:
        if self.sample.where(rule.id, truth):
            self._report.held += 1
            return True
        document, is_decided = self._found(truth_query(self.search, rule.when, truth), f"{rule.id}: {what}")
        self._report.held += document is not None
        return document is not None or not is_decided

    def _can_be_raised(self, rule: Rule) -> None:
        if self._is_possible(rule, Truth.TRUE, "can be raised"):
            return
        self._never.add(rule.id)
        clash = at_odds(self.search, rule.when)
        together = "are never true together" if len(clash) > 1 else "is never true"
        what = f"can never be raised: {self._words(clash)}: {together}"
        mend = "mend the condition; the answers below come nearest"
        self._refuted(rule, what, mend, [nearest(self.search, rule.when, Truth.TRUE)])

    def _can_be_silent(self, rule: Rule) -> None:
        if self._is_possible(rule, Truth.FALSE, "can be not raised"):
            return
        document = nearest(self.search, rule.when, Truth.FALSE)
        mend = "mend the condition, or write `always: true`; the answers below come nearest"
        self._refuted(rule, "can never be not raised", mend, [document])

    def _unsure_is_safe(self, rule: Rule) -> None:
        query = unsure_query(self.search, rule.when)
        document, is_decided = self._found(query, f'{rule.id}: "not sure" never silences it')
        self._report.held += is_decided and document is None
        if document is None:
            return
        judge = self.search.truth(rule.when, query.items)
        item = next(i for i in document if judge(not_sure(self.search, document, i)) is Truth.FALSE)
        what = f"replacing `{item}` by not sure turns raised into not raised"
        mend = "this must never be; the engine needs mending"
        self._refuted(rule, what, mend, [document, not_sure(self.search, document, item)])

    def _are_told_once(self) -> None:
        for index, rule in enumerate(self.ruleset.rules):
            for other in self.ruleset.rules[:index]:
                if rule.is_always and other.is_always:
                    self._say_other_words(rule, other)
                elif not rule.is_always and not other.is_always and _are_kin(rule, other):
                    self._differ(rule, other)
            self._also_is_true(rule)

    def _say_other_words(self, rule: Rule, other: Rule) -> None:
        if rule.patient.by_language != other.patient.by_language or _names(rule, other):
            self._report.held += 1
            return
        what = f"says the same words as `{other.id}`, which is always on as well"
        self._refuted(rule, what, "remove one, or name it in `also`", [{}])

    def _implies(self, rule: Rule, other: Rule) -> bool:
        """Whether `other` is raised wherever `rule` is; what is left open counts as no."""
        if self.sample.where(rule.id, Truth.TRUE) & ~self.sample.where(other.id, Truth.TRUE):
            return False
        what = f"{other.id}: is not implied by {rule.id}"
        document, is_decided = self._found(implication_query(self.search, rule, other), what)
        return is_decided and document is None

    def _differ(self, rule: Rule, other: Rule) -> None:
        if {rule.id, other.id} & self._never:
            return  # never raised: that is said already
        forth, back = self._implies(rule, other), self._implies(other, rule)
        if not forth and not back:
            self._report.held += 2
        elif forth and back:
            if not _names(rule, other):
                self._told_twice(rule, other, f"is the same as `{other.id}`", "remove one, or name it in `also`")
        else:
            implied, implying = (other, rule) if forth else (rule, other)
            if implying.id not in implied.also:
                mend = f"join them, or name `{implying.id}` in its `also`"
                what = f"is implied by `{implying.id}`: it is raised whenever that is"
                self._told_twice(implied, implying, what, mend)

    def _told_twice(self, rule: Rule, other: Rule, what: str, mend: str) -> None:
        self._refuted(rule, what, mend, self._shown(truth_query(self.search, other.when, Truth.TRUE)))

    def _shown(self, query: Query) -> list[Answers]:
        """The document a query finds, where one is found."""
        try:
            document = self.search.find(query)
        except LeftOutError:
            return []
        return [] if document is None else [document]

    def _also_is_true(self, rule: Rule) -> None:
        for other in self.ruleset.rules:
            if other.id in rule.also and not rule.is_always and not other.is_always and not self._implies(other, rule):
                shown = self._shown(implication_query(self.search, other, rule))
                what = f"`also` names `{other.id}`, which can be raised without it"
                if shown:  # else it was left open
                    self._refuted(rule, what, "remove it from `also`", shown, is_error=False)

    def _never_lower(self) -> None:
        answers = risk_answers(self.ruleset)
        excused = {rule.id: self._entries(rule, answers) for rule in self.ruleset.rules}
        needed: set[tuple[str, str, str]] = set()
        pairs = list(doubtful(self.ruleset, answers))
        self._report.held += len(self.conditional) * len(answers) - len(pairs)
        for rule, answer in pairs:
            what = f"{rule.id}: turning on `{answer.item}: {answer.code}` does not lower the severity"
            before, is_decided = self._found(lowering_query(self.search, rule, answer), what)
            self._report.held += is_decided and before is None
            if before is None:
                continue
            needed.add((rule.id, answer.item, answer.code))
            if (answer.item, answer.code) not in excused[rule.id]:
                self._lowers(rule, answer, before)
        for rule in self.ruleset.rules:
            for item, code in sorted(excused[rule.id]):
                if (rule.id, item, code) not in needed:
                    what = f"`non_monotone` lists `{item}: {code}`, which lowers nothing here"
                    self._refuted(rule, what, "remove the entry", [], is_error=False)

    def _lowers(self, rule: Rule, answer: RiskAnswer, before: Answers) -> None:
        after = turned_on(self.ruleset, before, answer)
        assert after is not None
        was, now = highest(self.ruleset, before), highest(self.ruleset, after)
        what = f"turning on `{answer.item}: {answer.code}` lowers the highest severity from {was} to {now or 'none'}"
        mend = "mend the condition, or list {item, code, by, reason} in its `non_monotone`"
        self._refuted(rule, what, mend, [before, after])

    def _entries(self, rule: Rule, answers: list[RiskAnswer]) -> set[tuple[str, str]]:
        known = {(answer.item, answer.code) for answer in answers}
        entries: set[tuple[str, str]] = set()
        for entry in rule.non_monotone:
            if not is_entry(entry) or entry["code"] not in self._codes(entry["item"]):
                continue  # it names nothing that exists, as the lint says
            if (entry["item"], entry["code"]) not in known:
                what = f"`non_monotone` names `{entry['item']}: {entry['code']}`, which is no risk answer"
                self._refuted(rule, what, "name a code that a risk or urgent rule tests", [])
            else:
                entries.add((entry["item"], entry["code"]))
        return entries

    def _codes(self, item_id: str) -> tuple[str, ...]:
        item = self.ruleset.items.get(item_id)
        return item.codes if item is not None else ()

    def _can_be_asked(self) -> None:
        for item in self.ruleset.items.values():
            if item.enabled_when is None or self.sample.asked[item.id]:
                self._report.held += 1
                continue
            query = truth_query(self.search, item.enabled_when, Truth.TRUE)
            document, is_decided = self._found(query, f"{item.id}: can be asked")
            self._report.held += document is not None
            if document is None and is_decided:
                clash = at_odds(self.search, item.enabled_when)
                what = f"can never be asked, nor any choice of it: {self._words(clash)}: never true"
                mend = "mend its `enabled_when`; with the answers below it is set aside"
                self._item_refuted(item, what, mend, [self._answered(item)])

    def _answered(self, item: Item) -> Answers:
        """The answers that come nearest to asking an item, and one for the item itself, which is set aside."""
        assert item.enabled_when is not None
        document = dict(nearest(self.search, item.enabled_when, Truth.TRUE))
        answers = [answer for answer in self.search.space.answers(item.id) or () if answer is not None]
        if item.type is ItemType.TEXT:
            document[item.id] = "x"
        elif item.type is ItemType.DATE:
            document[item.id] = "2026-01-01"
        elif answers:
            document[item.id] = answers[-1]
        return self.ruleset.in_order(document)

    def _item_refuted(self, item: Item, what: str, mend: str, documents: Iterable[Answers]) -> None:
        problem = Problem(item.place.file, item.place.line, item.id, what, mend)
        self._report.refutations.append(Refutation(problem, tuple(documents)))


def _are_kin(rule: Rule, other: Rule) -> bool:
    return rule.topic == other.topic and rule.severity is other.severity


def _names(rule: Rule, other: Rule) -> bool:
    return other.id in rule.also or rule.id in other.also
