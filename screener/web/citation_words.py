"""Citations in words, for every door: who says it, where, and whether it was read in the original.

What a source says stands in the ruleset; here is only how its place is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from screener.engine.rules import Citation, Ruleset


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """One source as a citation line names it. `places` are the parts of it that are cited; `in_summary`: read in a digest."""

    name: str
    places: tuple[str, ...]
    url: str | None
    in_summary: bool

    @property
    def place(self) -> str:
        """All its places in one line."""
        return "; ".join(self.places)


def cited_places(ruleset: Ruleset, citation_ids: Iterable[str]) -> list[CitedPlace]:
    """These citations in their order, several places of one publication as one line."""
    found: dict[tuple[str, str | None, bool], list[str]] = {}
    for citation_id in citation_ids:
        citation = ruleset.citations[citation_id]
        key = (_name(citation), citation.url, citation.verified != "primary")
        found.setdefault(key, []).extend([citation.section] if citation.section else [])
    return [
        CitedPlace(name, tuple(dict.fromkeys(places)), url, in_summary)
        for (name, url, in_summary), places in found.items()
    ]


def _name(citation: Citation) -> str:
    """Who wrote it and when: the first author, else the title. A title that tells the year itself is not given it twice."""
    authors = [author.strip() for author in (citation.authors or "").split(",") if author.strip()]
    who = authors[0] if authors else citation.title
    if len(authors) > 1:
        who += " et al."
    return f"{who} {citation.year}" if citation.year and str(citation.year) not in who else who
