"""The condition tree and its three-valued logic. How a tree is read from YAML is the loader's business.

Truth follows Kleene's strong three-valued logic (S. C. Kleene, *Introduction to Metamathematics*, 1952, section 64):
with strict leaves and these connectives an unknown answer can never silently become a no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction


class Truth(IntEnum):
    """False < unknown < true, so that `all` is the minimum and `any` the maximum."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @property
    def opposite(self) -> Truth:
        """True and false swapped; unknown stays.

        >>> Truth.UNKNOWN.opposite is Truth.UNKNOWN
        True
        """
        return Truth(2 - self)

    @classmethod
    def of(cls, value: bool) -> Truth:
        """The truth of a plain boolean."""
        return cls.TRUE if value else cls.FALSE


class Operator(StrEnum):
    """How a number item or a score is compared; both ends of `between` are included."""

    GTE = "gte"
    GT = "gt"
    LTE = "lte"
    LT = "lt"
    EQ = "eq"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class All:
    """True when every condition is."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one condition is."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its condition is false; unknown when that is unknown."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when `n` conditions are true, false when fewer than `n` can still become true, else unknown."""

    n: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A leaf: the answer is (or, for a multi item, includes) one of `codes`, or each of them where `every` is set."""

    item: str
    codes: tuple[str, ...]
    every: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A leaf: a number item or a score against `value`; `high` is the upper end of `between`."""

    subject: str
    operator: Operator
    value: Decimal
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Always:
    """The whole `when` of a rule that is raised for everyone."""


Condition = All | AnyOf | Not | AtLeast | Chosen | Compared | Always
UNREADABLE = All(())  # stands for a condition that could not be read, in a ruleset that does not load


def compare_interval(leaf: Compared, low: Fraction, high: Fraction) -> Truth:
    """The truth of a comparison of a number known only to lie in the closed interval [low, high].

    True when every value of the interval satisfies it, false when none does, else unknown (rulebook: Scores).

    >>> compare_interval(Compared("phq2", Operator.GTE, Decimal(3)), Fraction(3), Fraction(6)).name
    'TRUE'
    """
    value = Fraction(leaf.value)
    match leaf.operator:
        case Operator.GTE:
            return _truth(low >= value, high < value)
        case Operator.GT:
            return _truth(low > value, high <= value)
        case Operator.LTE:
            return _truth(high <= value, low > value)
        case Operator.LT:
            return _truth(high < value, low >= value)
        case Operator.EQ:
            return _truth(low == high == value, value < low or value > high)
        case Operator.BETWEEN:
            top = Fraction(leaf.high) if leaf.high is not None else value
            return _truth(value <= low and high <= top, high < value or low > top)


def _truth(is_true: bool, is_false: bool) -> Truth:
    if is_true:
        return Truth.TRUE
    return Truth.FALSE if is_false else Truth.UNKNOWN


def at_least(n: int, truths: Iterable[Truth]) -> Truth:
    """The truth of `at_least` over the truths of its conditions."""
    values = list(truths)
    true = values.count(Truth.TRUE)
    return _truth(true >= n, true + values.count(Truth.UNKNOWN) < n)


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside one; none for a leaf."""
    match condition:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def leaves(condition: Condition, *, negated: bool = False) -> Iterator[tuple[Chosen | Compared, bool]]:
    """Every leaf with whether it stands under an odd number of `not`."""
    match condition:
        case Chosen() | Compared():
            yield condition, negated
        case Not(part):
            yield from leaves(part, negated=not negated)
        case _:
            for part in children(condition):
                yield from leaves(part, negated=negated)


def subject_of(leaf: Chosen | Compared) -> str:
    """The item or score a leaf tests."""
    return leaf.item if isinstance(leaf, Chosen) else leaf.subject


def subjects(condition: Condition) -> frozenset[str]:
    """Ids of every item and score named in a condition."""
    return frozenset(subject_of(leaf) for leaf, _ in leaves(condition))
