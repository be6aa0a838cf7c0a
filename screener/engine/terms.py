"""Which signs must be there and which must not, said as shortly as can be: prime terms that cover exactly a set of cases.

A case is a number whose bits say which signs are present. The method is Quine and McCluskey's (E. J. McCluskey, *Minimization of
Boolean functions*, 1956), for so few signs that every term can be tried. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product


@dataclass(frozen=True, slots=True)
class Term:
    """The cases in which all signs of `present` are there, all of `absent` are not, whatever the others."""

    present: tuple[int, ...]
    absent: tuple[int, ...]


def covering_terms(signs: int, wanted: int, indifferent: int = 0) -> list[Term]:
    """Terms that together cover every wanted case of 2 ** `signs`, none of them a case that is neither wanted nor indifferent.

    `wanted` and `indifferent` are sets of cases, each a number with the bit of every case in it set. Shorter terms stand first;
    none can lose a sign, and none is left out without a wanted case losing its last term.

    >>> covering_terms(2, 0b1110)  # at least one of two signs
    [Term(present=(0,), absent=()), Term(present=(1,), absent=())]
    """
    chosen: list[tuple[Term, int]] = []
    left = wanted
    primes = list(_prime_terms(signs, wanted, indifferent))
    while left:
        term, cases = max(
            primes, key=lambda prime: (prime[1] & left).bit_count()
        )  # the first, so the shortest, of the best
        chosen.append((term, cases))
        left &= ~cases
    for term, cases in sorted(chosen, key=lambda prime: -len(prime[0].present) - len(prime[0].absent)):
        rest = 0
        for other, others_cases in chosen:
            rest |= others_cases if other != term else 0
        if not wanted & ~rest:
            chosen.remove((term, cases))
    return sorted((term for term, _ in chosen), key=lambda term: len(term.present) + len(term.absent))


def _prime_terms(signs: int, wanted: int, indifferent: int) -> Iterator[tuple[Term, int]]:
    """Every term without a case that is out, with its cases, that cannot lose a sign; shorter ones first."""
    everything = (1 << 2**signs) - 1
    out = everything & ~(wanted | indifferent)
    having = [sum(1 << case for case in range(2**signs) if case >> sign & 1) for sign in range(signs)]
    found: list[tuple[frozenset[int], frozenset[int]]] = []
    for size in range(signs + 1):
        for named in combinations(range(signs), size):
            for is_present in product((True, False), repeat=size):
                term = Term(
                    tuple(sign for sign, there in zip(named, is_present, strict=True) if there),
                    tuple(sign for sign, there in zip(named, is_present, strict=True) if not there),
                )
                cases = everything
                for sign in term.present:
                    cases &= having[sign]
                for sign in term.absent:
                    cases &= ~having[sign]
                present, absent = frozenset(term.present), frozenset(term.absent)
                if cases & out or not cases & wanted or any(p <= present and a <= absent for p, a in found):
                    continue
                found.append((present, absent))
                yield term, cases
