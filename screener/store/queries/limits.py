"""How much a read gives at most, and how a number is given that was not counted to the end."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 1000  # more rows than any one screen shows


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `has_more` where counting stopped before the end."""

    number: int
    has_more: bool

    def __str__(self) -> str:
        return f"{self.number}+" if self.has_more else str(self.number)
