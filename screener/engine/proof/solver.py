"""The rulebook as formulas for the z3 solver (de Moura and Bjørner, TACAS 2008). Only this module imports it, and only when used.

Each condition becomes two formulas, "known to be true" and "known to be false"; unknown is neither. Each item becomes one truth
variable a code, one for "the rest is open", or a number and whether it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import z3

from screener.engine.answers import Answer, Answers
from screener.engine.conditions import All, Always, AnyOf, AtLeast, Chosen, Compared, Condition, Not, Operator
from screener.engine.proof.space import way_out
from screener.engine.questionnaire import NONE, Item, ItemType, Score, ScoreKind
from screener.engine.rules import Ruleset

_MILLISECONDS = 20_000
Formula = Any  # z3 has no types of its own
Pair = tuple[Formula, Formula]  # known to be true, known to be false
_YES, _NO = z3.BoolVal(True), z3.BoolVal(False)


@dataclass(frozen=True, slots=True)
class ItemSymbols:
    """The variables of one item. `open`: a list that leaves the rest open; `known` and `number`: of a number item."""

    codes: Mapping[str, Formula] = field(default_factory=dict)
    open: Formula = _NO
    known: Formula = _NO
    number: Formula = None
    lawful: Formula = _YES


def _symbols(item: Item) -> ItemSymbols:
    """Fresh variables for an item, and what makes them a lawful answer."""
    if item.type is ItemType.NUMBER:
        number = z3.Int(item.id) if item.integer else z3.Real(item.id)
        lawful = z3.And(number >= _real(item.min or 0), number <= _real(item.max or 0))
        known = z3.Bool(f"{item.id} known")
        return ItemSymbols(known=known, number=number, lawful=z3.Implies(known, lawful))
    codes = {code: z3.Bool(f"{item.id} {code}") for code in item.codes}
    known = z3.Or(*codes.values())
    if item.type is not ItemType.MULTI:
        return ItemSymbols(codes=codes, known=known, lawful=z3.AtMost(*codes.values(), 1) if codes else _YES)
    is_open = z3.Bool(f"{item.id} open") if way_out(item) is not None else _NO
    rest = [z3.Not(symbol) for code, symbol in codes.items() if code != NONE]
    alone = z3.Implies(codes[NONE], z3.And(*rest, z3.Not(is_open))) if NONE in codes else _YES
    return ItemSymbols(codes=codes, open=is_open, known=known, lawful=alone)


def _real(value: Decimal | Fraction | int) -> Formula:
    return z3.RealVal(str(Fraction(value)))


class SymbolicAnswers:
    """One answer document as variables: the true and the false formula of any condition on it."""

    def __init__(self, ruleset: Ruleset, symbols: Mapping[str, ItemSymbols] | None = None) -> None:
        self.ruleset = ruleset
        self.symbols = symbols if symbols is not None else {i.id: _symbols(i) for i in ruleset.items.values()}
        self._pairs: dict[Condition, Pair] = {}

    def not_sure(self, item_id: str) -> SymbolicAnswers:
        """The same document with one answer replaced by "not sure"."""
        old = self.symbols[item_id]
        unsure = replace(old, codes=dict.fromkeys(old.codes, _NO), open=_NO, known=_NO)
        return SymbolicAnswers(self.ruleset, {**self.symbols, item_id: unsure})

    def turned_on(self, item_id: str, code: str) -> SymbolicAnswers:
        """The same document with one code added to a list, or put in the place of the one answer."""
        old = self.symbols[item_id]
        is_list = self.ruleset.items[item_id].type is ItemType.MULTI
        codes = {other: symbol if is_list and other != NONE else _NO for other, symbol in old.codes.items()}
        on = replace(old, codes={**codes, code: _YES}, known=_YES)
        return SymbolicAnswers(self.ruleset, {**self.symbols, item_id: on})

    def pair(self, condition: Condition) -> Pair:
        """The formulas of "known to be true" and "known to be false"."""
        if condition not in self._pairs:
            self._pairs[condition] = self._built(condition)
        return self._pairs[condition]

    def is_true(self, condition: Condition) -> Formula:
        """The formula of "known to be true"."""
        return self.pair(condition)[0]

    def _built(self, condition: Condition) -> Pair:
        match condition:
            case All(parts):
                pairs = [self.pair(part) for part in parts]
                return z3.And(*(true for true, _ in pairs)), z3.Or(*(false for _, false in pairs))
            case AnyOf(parts):
                pairs = [self.pair(part) for part in parts]
                return z3.Or(*(true for true, _ in pairs)), z3.And(*(false for _, false in pairs))
            case Not(part):
                true, false = self.pair(part)
                return false, true
            case AtLeast(n, parts):
                pairs = [self.pair(part) for part in parts]
                true = z3.AtLeast(*(true for true, _ in pairs), n)
                return true, z3.AtLeast(*(false for _, false in pairs), len(parts) - n + 1)
            case Chosen():
                return self._gated(condition.item, self._chosen(condition))
            case Compared():
                return self._compared(condition)
            case Always():
                return _YES, _NO

    def _gated(self, item_id: str, own: Pair) -> Pair:
        gate = self.ruleset.items[item_id].enabled_when
        if gate is None:
            return own
        asked, not_applicable = self.pair(gate)
        return z3.And(asked, own[0]), z3.Or(not_applicable, z3.And(asked, own[1]))

    def _chosen(self, leaf: Chosen) -> Pair:
        item = self.symbols[leaf.item]
        trues = [item.codes[code] for code in leaf.codes]
        falses = [self._lacks(item, code) for code in leaf.codes]
        return (z3.And(*trues), z3.Or(*falses)) if leaf.every else (z3.Or(*trues), z3.And(*falses))

    @staticmethod
    def _lacks(item: ItemSymbols, code: str) -> Formula:
        """A code is known not to be chosen: all is known, or (for none of these) something else was chosen."""
        if code == NONE:
            return z3.Or(*(symbol for other, symbol in item.codes.items() if other != NONE))
        return z3.And(item.known, z3.Not(item.open), z3.Not(item.codes[code]))

    def _compared(self, leaf: Compared) -> Pair:
        score = self.ruleset.scores.get(leaf.subject)
        if score is None:
            item = self.symbols[leaf.subject]
            true, false = _comparison(leaf, item.number, item.number, scale=1)
            return self._gated(leaf.subject, (z3.And(item.known, true), z3.And(item.known, false)))
        if score.kind is ScoreKind.COUNT:
            pairs = [self.pair(condition) for condition in score.conditions]
            low = z3.Sum(*(z3.If(true, 1, 0) for true, _ in pairs))
            high = z3.Sum(*(z3.If(false, 0, 1) for _, false in pairs))
            return _comparison(leaf, low, high, scale=1)
        low, high = self._total(score)
        scale = len(score.items) if score.kind is ScoreKind.MEAN else 1
        return self._gated(score.items[0], _comparison(leaf, low, high, scale=scale))

    def _total(self, score: Score) -> Pair:
        """The least and the greatest sum that the known parts leave possible."""
        lows, highs = [_real(0)], [_real(0)]
        for item_id in score.items:
            item, symbols = self.ruleset.items[item_id], self.symbols[item_id]
            least, greatest = item.value_range
            if item.points:
                own = z3.Sum(*(z3.If(symbols.codes[c], _real(p), _real(0)) for c, p in item.points.items()))
            else:
                own = z3.ToReal(symbols.number) if item.integer else symbols.number
            lows.append(z3.If(symbols.known, own, _real(least)))
            highs.append(z3.If(symbols.known, own, _real(greatest)))
        return z3.Sum(*lows), z3.Sum(*highs)


def _comparison(leaf: Compared, low: Formula, high: Formula, *, scale: int) -> Pair:
    """`compare_interval` as formulas, both sides multiplied by `scale`."""
    value = _real(Fraction(leaf.value) * scale)
    match leaf.operator:
        case Operator.GTE:
            return low >= value, high < value
        case Operator.GT:
            return low > value, high <= value
        case Operator.LTE:
            return high <= value, low > value
        case Operator.LT:
            return high < value, low >= value
        case Operator.EQ:
            return z3.And(low == value, high == value), z3.Or(value < low, value > high)
        case Operator.BETWEEN:
            top = _real(Fraction(leaf.value if leaf.high is None else leaf.high) * scale)
            return z3.And(value <= low, high <= top), z3.Or(high < value, low > top)


class Solver:
    """Finds answer documents that make a formula true, or proves that there are none."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.answers = SymbolicAnswers(ruleset)
        self._solver = z3.Solver()
        self._solver.set("timeout", _MILLISECONDS)
        self._solver.add(*(item.lawful for item in self.answers.symbols.values()))

    def find(self, formula: Callable[[SymbolicAnswers], Formula]) -> Answers | None:
        """A document that makes the formula true, None where there is none. Raises TimeoutError where that stays open."""
        self._solver.push()
        try:
            self._solver.add(formula(self.answers))
            verdict = self._solver.check()
            if verdict == z3.unsat:
                return None
            if verdict == z3.unknown:
                raise TimeoutError("the solver did not decide in time")
            return self._document(self._solver.model())
        finally:
            self._solver.pop()

    def _document(self, model: Any) -> Answers:
        found: dict[str, Answer] = {}
        for item_id, symbols in self.answers.symbols.items():
            answer = self._answer(self.answers.ruleset.items[item_id], symbols, model)
            if answer is not None:
                found[item_id] = answer
        return found

    @staticmethod
    def _answer(item: Item, symbols: ItemSymbols, model: Any) -> Answer | None:
        if symbols.number is not None:
            return _number(model, symbols.number) if z3.is_true(model[symbols.known]) else None
        codes = [code for code, symbol in symbols.codes.items() if z3.is_true(model[symbol])]
        if item.type is not ItemType.MULTI:
            return codes[0] if codes else None
        unsure = way_out(item)
        if unsure is None or not z3.is_true(model[symbols.open]):
            return codes or None
        return [*codes, unsure] if codes else unsure


def _number(model: Any, symbol: Formula) -> int | Decimal:
    """The number of a model, in decimal digits. z3 may name a third; those who asked check what they get."""
    value = model.eval(symbol, model_completion=True)
    exact = Fraction(value.as_fraction()) if z3.is_rational_value(value) else Fraction(value.as_long())
    if exact.denominator == 1:
        return int(exact)
    return Decimal(exact.numerator) / Decimal(exact.denominator)
