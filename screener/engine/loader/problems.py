"""What is wrong with a rulebook, said so that its author can mend it: file, line, id, what, how."""

from __future__ import annotations

import difflib
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


class RulesetError(ValueError):
    """A rulebook that does not load; `problems` has every mistake, in the order of files and lines.

    `partial` is what could be read of it, for lint and editors alone: so that no mistake hides another. A condition that could
    not be read is `UNREADABLE` there. `unread_text` is of files that are no YAML. Never screen anybody with it.
    """

    def __init__(self, problems: Iterable[Problem], partial: Ruleset | None = None, *, unread_text: str = "") -> None:
        self.problems = sorted(set(problems))
        self.partial = partial
        self.unread_text = unread_text
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
