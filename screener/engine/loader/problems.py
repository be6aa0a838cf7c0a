"""What is wrong with a rulebook, said so that its author can mend it: file, line, id, what, how."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from screener.engine.place import Place
from screener.engine.rules import Ruleset


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `where` is the id it concerns, `what` is wrong, `mend` says what to write instead."""

    file: str
    line: int
    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{place}: {self.where}: {self.what}; {self.mend}" if self.where else f"{place}: {self.what}; {self.mend}"
        )


@dataclass(frozen=True, slots=True)
class Unread:
    """What of a rulebook that does not load is not known, so that nothing is called missing that may well be there.

    `names`: the words of files that are no YAML. `broken`: items and scores with mistakes of their own, and items whose gate has
    some. `knows_items`: whether every file of the questionnaire was read.
    """

    names: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    knows_items: bool = True


def names_in(text: str) -> frozenset[str]:
    """Every word of a text that could be an id: whole ones, so that a part of an id is not taken for it."""
    return frozenset(word.strip(".-") for word in re.findall(r"[A-Za-z0-9_.-]+", text))


class RulesetError(ValueError):
    """A rulebook that does not load; `problems` has every mistake, in the order of files and lines.

    `partial` is what could be read of it, for lint and editors alone: so that no mistake hides another. A condition that could
    not be read is `UNREADABLE` there. `unread` says what is not known of the rest. Never screen anybody with it.
    """

    def __init__(
        self, problems: Iterable[Problem], partial: Ruleset | None = None, *, unread: Unread | None = None
    ) -> None:
        self.problems = sorted(set(problems))
        self.partial = partial
        self.unread = unread if unread is not None else Unread()
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems(list[Problem]):
    """The mistakes found so far; reading goes on after each."""

    def report(self, place: Place, where: str, what: str, mend: str) -> None:
        """Note one mistake."""
        self.append(Problem(place.file, place.line, where, what, mend))


def looks_like_one_of(word: str, known: Iterable[str]) -> bool:
    """Whether a word is nearly one that is known."""
    return bool(difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0.8))


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """How to mend a word that is not among `known`: the nearest one, else `otherwise`."""
    close = difflib.get_close_matches(word[:100], list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else otherwise
