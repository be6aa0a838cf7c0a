"""Reads a `when` or `enabled_when` into a condition tree, checked against the questionnaire it is about.

The grammar is rulebook.md's, and closed on purpose: no `answered`, no `default`, no `else`.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal

from screener.engine.conditions import All, Always, AnyOf, AtLeast, Chosen, Compared, Condition, Not, Operator
from screener.engine.loader.problems import did_you_mean, looks_like_one_of
from screener.engine.loader.shapes import Shapes
from screener.engine.loader.yaml_source import Entries, Listing, Node, Scalar
from screener.engine.questionnaire import Item, ItemType
from screener.engine.rules import Place

_CONNECTIVES = ("all", "any", "not", "at_least")
_CODED = (ItemType.YES_NO, ItemType.CHOICE, ItemType.MULTI)
_COMPARISONS = tuple(operator.value for operator in Operator)


@dataclass
class Vocabulary:
    """What a condition may name.

    `complete` is false where some file could not be read. Then an unknown name is only reported where it looks like a known one
    misspelt, and is no word of a file of items or scores that is no YAML (`unread`).
    """

    items: dict[str, Item] = field(default_factory=dict)
    scores: set[str] = field(default_factory=set)
    later: AbstractSet[str] = (
        frozenset()
    )  # names that exist but may not stand here: what a gate comes before, other scores
    broken: set[str] = field(default_factory=set)  # items and scores whose own mistakes are noted: naming one adds none
    is_for_scores: bool = False
    complete: bool = True
    unread: frozenset[str] = frozenset()


class ConditionReader:
    """Reads conditions; one instance serves the whole rulebook."""

    def __init__(self, shapes: Shapes, vocabulary: Vocabulary) -> None:
        self.shapes = shapes
        self.vocabulary = vocabulary

    def whole(self, node: Node | None, where: str) -> Condition | None:
        """The whole `when` of a rule, which alone may be `always: true`."""
        if isinstance(node, Entries) and list(node.entries) == ["always"]:
            value = node.entries["always"]
            if isinstance(value, Scalar) and value.value is True:
                return Always()
            self._report(value.place, where, "`always` takes only `true`", "write `always: true`")
            return None
        return self.part(node, where)

    def part(self, node: Node | None, where: str) -> Condition | None:
        """A condition that may stand inside others; None where it could not be read."""
        if node is None:
            return None
        if not isinstance(node, Entries) or len(node.entries) != 1:
            mend = "write one `item: answer` or one of all, any, not, at_least; join several with `all:`"
            self._report(node.place, where, "a condition is a mapping of exactly one key", mend)
            return None
        key, value = next(iter(node.entries.items()))
        place = node.places[key]
        match key:
            case "all" | "any":
                parts = self._parts(value, where)
                return None if parts is None else (All if key == "all" else AnyOf)(parts)
            case "not":
                part = self.part(value, where)
                return None if part is None else Not(part)
            case "at_least":
                return self._at_least(value, where)
            case "always":
                self._report(
                    place, where, "`always` cannot be part of a condition", "make it the whole `when` of a rule"
                )
                return None
        return self._leaf(key, value, place, where)

    def _report(self, place: Place, where: str, what: str, mend: str) -> None:
        self.shapes.problems.report(place, where, what, mend)

    def _parts(self, node: Node, where: str) -> tuple[Condition, ...] | None:
        nodes = self.shapes.listing(node, where)
        parts = tuple(part for part in (self.part(inner, where) for inner in nodes) if part is not None)
        return parts if parts and len(parts) == len(nodes) else None

    def _at_least(self, node: Node, where: str) -> Condition | None:
        entries = self.shapes.mapping(node, where, ("n", "of"), ("n", "of"))
        if entries is None:
            return None
        n = self.shapes.whole_number(entries.entries.get("n"), where)
        of = entries.entries.get("of")
        parts = self._parts(of, where) if of is not None else None
        if n is not None and isinstance(of, Listing) and n > len(of.parts) > 0:
            what = f"at_least asks for {n} of only {len(of.parts)} conditions"
            self._report(entries.places["n"], where, what, "lower n or add conditions")
            return None
        return None if n is None or parts is None else AtLeast(n, parts)

    def _leaf(self, key: str, value: Node, place: Place, where: str) -> Condition | None:
        vocabulary = self.vocabulary
        if key in vocabulary.broken:
            return None
        if key in vocabulary.scores:
            return self._comparison(key, value, where, None)
        item = vocabulary.items.get(key)
        if item is not None:
            return self._item_leaf(item, value, place, where)
        if key in vocabulary.later:
            what, mend = f"`{key}` is not asked before this item", "name only earlier items, and scores made of them"
            if vocabulary.is_for_scores:
                what, mend = f"`{key}` is a score, and scores are not made of scores", "name items only"
            self._report(place, where, what, mend)
            return None
        known = [*vocabulary.items, *vocabulary.scores, *sorted(vocabulary.broken), *_CONNECTIVES]
        if vocabulary.complete or (looks_like_one_of(key, known) and key not in vocabulary.unread):
            mend = did_you_mean(key, known, "name an item or score of the questionnaire, or all, any, not, at_least")
            self._report(place, where, f"`{key}` is no item, score or connective", mend)
        return None

    def _item_leaf(self, item: Item, value: Node, place: Place, where: str) -> Condition | None:
        if item.type is ItemType.NUMBER:
            return self._comparison(item.id, value, where, item)
        if item.type not in _CODED:
            what = f"`{item.id}` is a {item.type} item, which stands in no condition"
            self._report(place, where, what, "test a yes_no, choice, multi or number item")
            return None
        if isinstance(value, Entries):
            return self._code_operator(item, value, where)
        codes = self._codes(item, value, where)
        return None if codes is None else Chosen(item.id, codes)

    def _code_operator(self, item: Item, node: Entries, where: str) -> Condition | None:
        if len(node.entries) != 1:
            self._report(node.place, where, f"one operator for `{item.id}`", "join several conditions with `all:`")
            return None
        operator, value = next(iter(node.entries.items()))
        if operator not in ("all_of", "none_of"):
            mend = f"write `{item.id}: code`, `{item.id}: [codes]`, all_of or none_of"
            what = f"operator `{operator}` does not fit the {item.type} item `{item.id}`"
            self._report(node.places[operator], where, what, mend)
            return None
        if operator == "all_of" and item.type is not ItemType.MULTI:
            what = f"`all_of` does not fit the {item.type} item `{item.id}`, which has one answer"
            self._report(node.places[operator], where, what, "write a list of codes: any of them")
            return None
        if not isinstance(value, Listing):
            self._report(value.place, where, f"`{operator}` takes a list of codes", f"write `{operator}: [a, b]`")
            return None
        codes = self._codes(item, value, where)
        if codes is None:
            return None
        return Chosen(item.id, codes, every=True) if operator == "all_of" else Not(Chosen(item.id, codes))

    def _codes(self, item: Item, node: Node, where: str) -> tuple[str, ...] | None:
        parts = self.shapes.listing(node, where) if isinstance(node, Listing) else (node,)
        codes = []
        for part in parts:
            code = self.shapes.raw(part, where)
            if code is None:
                continue
            if isinstance(part, Scalar) and isinstance(part.value, bool) and code not in item.codes:
                mend = "write yes or no" if item.type is ItemType.YES_NO else "write the code"
                self._report(part.place, where, f"`{code}` is a boolean, not an answer to `{item.id}`", mend)
            elif code not in item.codes:
                mend = did_you_mean(code, item.codes, f"its codes are {', '.join(item.codes)}")
                what = f"`{code}` is not a choice of `{item.id}`"
                if code in ("not_sure", "declined"):
                    what, mend = (
                        f"`{code}` is unknown, not an answer to test",
                        "remove it; unknown answers are told by themselves",
                    )
                self._report(part.place, where, what, mend)
            else:
                codes.append(code)
        return tuple(codes) if codes and len(codes) == len(parts) else None

    def _comparison(self, subject: str, node: Node, where: str, item: Item | None) -> Condition | None:
        kind = "number item" if item is not None else "score"
        if not isinstance(node, Entries) or not node.entries:
            self._report(
                node.place, where, f"`{subject}` is a {kind} and needs a comparison", f"write `{subject}: {{gte: 3}}`"
            )
            return None
        leaves: list[Condition] = []
        for operator, value in node.entries.items():
            if operator not in _COMPARISONS:
                mend = did_you_mean(operator, _COMPARISONS, f"write one of {', '.join(_COMPARISONS)}")
                what = f"operator `{operator}` does not fit the {kind} `{subject}`"
                self._report(node.places[operator], where, what, mend)
                continue
            leaf = self._compared(subject, Operator(operator), value, where, item)
            if leaf is not None:
                leaves.append(leaf)
        if len(leaves) < len(node.entries):
            return None
        return leaves[0] if len(leaves) == 1 else All(tuple(leaves))

    def _compared(self, subject: str, operator: Operator, node: Node, where: str, item: Item | None) -> Compared | None:
        if operator is not Operator.BETWEEN:
            value = self._threshold(node, where, item)
            return None if value is None else Compared(subject, operator, value)
        if not isinstance(node, Listing) or len(node.parts) != 2:
            self._report(node.place, where, "`between` takes two numbers", "write `between: [low, high]`")
            return None
        low, high = (self._threshold(part, where, item) for part in node.parts)
        if low is None or high is None:
            return None
        if low > high:
            self._report(node.place, where, f"between {low} and {high} lies nothing", "write the lower number first")
            return None
        return Compared(subject, operator, low, high)

    def _threshold(self, node: Node, where: str, item: Item | None) -> Decimal | None:
        value = self.shapes.number(node, where)
        if value is None or item is None or item.min is None or item.max is None:
            return value
        if not item.min <= value <= item.max:
            what = f"{value} lies outside the range of `{item.id}`"
            self._report(node.place, where, what, f"write a number from {item.min} to {item.max}")
            return None
        return value
