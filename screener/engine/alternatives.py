"""What would change a finding: of each answer it rests on, which other answers to that one question would end it otherwise.

All other answers are kept. What is told is exact and complete: every answer to the question is accounted for, multi answers
by groups of choices that no condition tells apart, numbers by the marks between which nothing changes. The words for it are
next door, in `alternatives_wording`; what the rule rests on is explanation's business.

    for alternatives in what_would_change(ruleset, answers, findings)["article_bp_not_controlled"]:
        alternatives_sentence(ruleset, alternatives, "es")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from screener.engine.answers import Answer, Answers, as_decimal
from screener.engine.closures import CompiledRuleset
from screener.engine.conditions import Chosen, Compared, Condition, Truth, leaves
from screener.engine.evaluation import Evaluation
from screener.engine.questionnaire import NONE, Item, ItemType, ScoreKind
from screener.engine.rules import Outcome, Ruleset
from screener.engine.screening import OUTCOMES, Finding
from screener.engine.terms import covering_terms

MOST_GROUPS = 8  # of choices that conditions tell apart: beyond it words would say nothing a person can hold in mind


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` to `high`; each end is in it or is its open edge. Of whole numbers both ends are in it."""

    low: Decimal
    high: Decimal
    has_low: bool = True
    has_high: bool = True

    def __contains__(self, number: Decimal) -> bool:
        above = self.low <= number if self.has_low else self.low < number
        return above and (number <= self.high if self.has_high else number < self.high)


@dataclass(frozen=True, slots=True)
class Lists:
    """Answers to a multi item: those with at least one code of each group of `includes`, and no code of `excludes`.

    Without `includes`, none of these (or whatever else has no code of `excludes`) is among them.
    """

    includes: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]

    def __contains__(self, answer: Iterable[str]) -> bool:
        given = set(answer)
        return all(given.intersection(group) for group in self.includes) and given.isdisjoint(self.excludes)


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """Fully known answers to one item: codes of a choice or yes_no item, spans of a number, lists of a multi item."""

    codes: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    lists: tuple[Lists, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.spans or self.lists)

    def __contains__(self, answer: Answer) -> bool:
        if isinstance(answer, str):
            return answer in self.codes
        if isinstance(answer, list | tuple):
            return any(answer in listed for listed in self.lists)
        return any(as_decimal(answer) in span for span in self.spans)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What a rule would come to, were the answer to `item` another one: every fully known answer by the outcome it leads to.

    `now` is the present outcome, `not_known` the one where the answer is not known. `is_told` is false where the choices matter
    in more combinations than can be told (then the sets are empty).
    """

    item: str
    now: Outcome
    raised: AnswerSet
    not_raised: AnswerSet
    could_not_assess: AnswerSet
    not_known: Outcome
    is_told: bool = True

    @property
    def can_change(self) -> bool:
        """Whether any other answer to this question alone would change the outcome."""
        if not self.is_told or self.not_known is not self.now:
            return True
        sets = {
            Outcome.RAISED: self.raised,
            Outcome.NOT_RAISED: self.not_raised,
            Outcome.COULD_NOT_ASSESS: self.could_not_assess,
        }
        return any(sets[outcome] for outcome in sets if outcome is not self.now)


def what_would_change(
    ruleset: Ruleset, answers: Answers, findings: Iterable[Finding]
) -> dict[str, tuple[Alternatives, ...]]:
    """By rule id, of each finding: the alternatives to each item of its evidence (raised) or to each missing one, in their order.

    `answers` are the checked ones that were screened. A rule raised for everyone has none. The sentences for them are made by
    `alternatives_wording.alternatives_sentence`.
    """
    compiled = CompiledRuleset(ruleset)
    return {finding.rule.id: _of_finding(compiled, answers, finding) for finding in findings}


def _of_finding(compiled: CompiledRuleset, answers: Answers, finding: Finding) -> tuple[Alternatives, ...]:
    when = finding.rule.when
    tested = list(_tested_leaves(compiled.ruleset, when))
    return tuple(
        _alternatives(_Question(compiled, answers, when, compiled.ruleset.items[item_id], tested), finding.outcome)
        for item_id in (*finding.evidence, *finding.missing)
    )


def _alternatives(question: _Question, now: Outcome) -> Alternatives:
    match question.item.type:
        case ItemType.MULTI:
            sets = _lists_by_outcome(question)
        case ItemType.NUMBER:
            sets = _spans_by_outcome(question)
        case _:
            sets = _codes_by_outcome(question)
    told = sets or {}
    return Alternatives(
        item=question.item.id,
        now=now,
        raised=told.get(Outcome.RAISED, AnswerSet()),
        not_raised=told.get(Outcome.NOT_RAISED, AnswerSet()),
        could_not_assess=told.get(Outcome.COULD_NOT_ASSESS, AnswerSet()),
        not_known=question.outcome(None),
        is_told=sets is not None,
    )


Sets = Mapping[Outcome, AnswerSet]


@dataclass(frozen=True, slots=True)
class _Question:
    """One rule on one response, with one item's answer still open. `tested` are all leaves that the rule can depend on."""

    compiled: CompiledRuleset
    answers: Answers
    when: Condition
    item: Item
    tested: list[Chosen | Compared]

    def outcome(self, answer: Answer | None) -> Outcome:
        """What the rule comes to with this answer to the item; None: not known."""
        answers = {item_id: given for item_id, given in self.answers.items() if item_id != self.item.id}
        if answer is not None:
            answers[self.item.id] = answer
        return OUTCOMES[Truth(self.compiled.compiled(self.when)(self.compiled.state(answers)))]


def _tested_leaves(ruleset: Ruleset, condition: Condition) -> Iterator[Chosen | Compared]:
    """Every leaf that a condition can depend on: its own, those of its scores, and those of the gates of all of them."""
    seen: set[str] = set()
    waiting = [condition]
    while waiting:
        for leaf, _ in leaves(waiting.pop()):
            yield leaf
            subject = leaf.item if isinstance(leaf, Chosen) else leaf.subject
            if subject in seen:
                continue
            seen.add(subject)
            score = ruleset.scores.get(subject)
            waiting += score.conditions if score is not None else ()
            for item_id in score.items if score is not None else (subject,):
                gate = ruleset.items[item_id].enabled_when
                if gate is not None:
                    waiting.append(gate)


def _codes_by_outcome(question: _Question) -> Sets:
    found: dict[Outcome, list[str]] = {}
    for code in question.item.codes:
        found.setdefault(question.outcome(code), []).append(code)
    return {outcome: AnswerSet(codes=tuple(codes)) for outcome, codes in found.items()}


def _lists_by_outcome(question: _Question) -> Sets | None:
    """By prime terms over groups of codes: those of one group stand in the same leaves, so that any of them does for all."""
    groups = _groups(question)
    if len(groups) > MOST_GROUPS:
        return None
    outcomes: list[Outcome | None] = [
        question.outcome(answer) if (answer := _realised(question.item, groups, number)) else None
        for number in range(2 ** len(groups))
    ]
    impossible = sum(1 << number for number, outcome in enumerate(outcomes) if outcome is None)
    sets = {}
    for wanted in dict.fromkeys(outcome for outcome in outcomes if outcome is not None):
        wanted_numbers = sum(1 << number for number, outcome in enumerate(outcomes) if outcome is wanted)
        terms = covering_terms(len(groups), wanted_numbers, impossible)
        sets[wanted] = AnswerSet(
            lists=tuple(
                Lists(
                    includes=tuple(groups[place] for place in term.present),
                    excludes=tuple(code for place in term.absent for code in groups[place]),
                )
                for term in terms
            )
        )
    return sets


def _groups(question: _Question) -> list[tuple[str, ...]]:
    """The codes that leaves tell apart, in groups. Codes that no leaf names are one where `none of these` is named, else left out."""
    named = [leaf for leaf in question.tested if isinstance(leaf, Chosen) and leaf.item == question.item.id]
    groups: dict[frozenset[object], list[str]] = {}
    for code in question.item.choices or ():
        marks = frozenset(
            (leaf, code if leaf.every and len(leaf.codes) > 1 else "") for leaf in named if code in leaf.codes
        )
        groups.setdefault(marks, []).append(code)
    if not any(NONE in leaf.codes for leaf in named):
        groups.pop(frozenset(), None)
    return [tuple(group) for group in groups.values()]


def _realised(item: Item, groups: list[tuple[str, ...]], number: int) -> list[str] | None:
    """An answer with a code of the groups whose bit is set in `number` and none of the others; None where there is no such one."""
    chosen = [group[0] for place, group in enumerate(groups) if number >> place & 1]
    if chosen:
        return chosen
    if item.none is not None:
        return [NONE]
    grouped = {code for group in groups for code in group}
    return next(([code] for code in item.choices or () if code not in grouped), None)


def _spans_by_outcome(question: _Question) -> Sets:
    """By the marks that comparisons set: a try on each mark and one between each two."""
    found: dict[Outcome, list[Span]] = {}
    previous = None
    for span, tried in _pieces(question):
        outcome = question.outcome(tried)
        spans = found.setdefault(outcome, [])
        if outcome is previous:
            spans[-1] = Span(spans[-1].low, span.high, spans[-1].has_low, span.has_high)
        else:
            spans.append(span)
        previous = outcome
    return {outcome: AnswerSet(spans=tuple(spans)) for outcome, spans in found.items()}


def _pieces(question: _Question) -> Iterator[tuple[Span, Decimal]]:
    """The item's numbers from least to greatest in pieces on which nothing changes, each with one number out of it."""
    item = question.item
    least, greatest = (Fraction(end) for end in item.value_range)
    marks = sorted({least, greatest, *(mark for mark in _marks(question) if least <= mark <= greatest)})
    for place, mark in enumerate(marks):
        if not item.integer or mark.denominator == 1:
            yield Span(_exactly(mark), _exactly(mark)), _exactly(mark)
        if place + 1 == len(marks):
            continue
        following = marks[place + 1]
        if not item.integer:
            yield (
                Span(_exactly(mark), _exactly(following), has_low=False, has_high=False),
                _exactly((mark + following) / 2),
            )
        elif (first := mark.__floor__() + 1) <= (last := following.__ceil__() - 1):
            yield Span(Decimal(first), Decimal(last)), Decimal(first)


def _marks(question: _Question) -> Iterator[Fraction]:
    """The values of the item at which a comparison of it, or of a score it is part of, can turn."""
    item_id, ruleset = question.item.id, question.compiled.ruleset
    for leaf in question.tested:
        if not isinstance(leaf, Compared):
            continue
        ends = [Fraction(end) for end in (leaf.value, leaf.high) if end is not None]
        score = ruleset.scores.get(leaf.subject)
        if leaf.subject == item_id:
            yield from ends
        elif score is not None and item_id in score.items:
            least = question.item.value_range[0]
            value = Evaluation(ruleset, {**question.answers, item_id: least}).score(score.id)
            parts = len(score.items) if score.kind is ScoreKind.MEAN else 1
            for rest in {value.low * parts - Fraction(least), value.high * parts - Fraction(least)}:
                yield from (end * parts - rest for end in ends)


def _exactly(number: Fraction) -> Decimal:
    """A number made of decimals by sums and halves, so one that ends, as a decimal: no digit is rounded away.

    >>> _exactly(Fraction(5, 4))
    Decimal('1.25')
    """
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = (number * 10**places).numerator
    return Decimal((int(digits < 0), tuple(int(digit) for digit in str(abs(digits))), -places))
