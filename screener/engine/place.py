"""Where something stands in a rulebook, so that whoever wrote it finds it again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A file relative to the rulebook's folder, and a line counted from 1; 0 where no line can be named."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
