"""Sources by number, for paper: each publication gets a number where it is first cited, and is named once, in the list at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from screener.web.citation_words import CitedPlace


@dataclass(frozen=True, slots=True)
class Source:
    """A publication in the list at the end, with the places of it that are cited."""

    number: int
    name: str
    places: str
    in_summary: bool  # read in a digest, at least one place of it
    url: str | None


class NumberedSources:
    """Numbers the publications in the order they are first cited."""

    def __init__(self) -> None:
        self._cited: dict[str, dict[tuple[str, bool], None]] = {}  # of each name: a place, whether read in a digest
        self._urls: dict[str, str | None] = {}

    def numbers(self, cited: Iterable[CitedPlace], *, with_places: bool = True) -> list[int]:
        """The numbers of these publications, the lowest first. Their places are listed unless that is not wanted."""
        found = set()
        for citation in cited:
            places = self._cited.setdefault(citation.name, {})
            for place in (with_places and citation.places) or ("",):
                places[place, citation.in_summary] = None
            self._urls[citation.name] = self._urls.get(citation.name) or citation.url
            found.add(list(self._cited).index(citation.name) + 1)
        return sorted(found)

    def listed(self) -> list[Source]:
        """All that were cited, by number."""
        return [
            Source(number, name, _joined(places), any(in_summary for _, in_summary in places), self._urls[name])
            for number, (name, places) in enumerate(self._cited.items(), start=1)
        ]


def _joined(cited: Iterable[tuple[str, bool]]) -> str:
    """Places of one publication: "Risks, 1; Risks, 2; Routes" is "Risks, 1, 2; Routes". A star where a digest was read."""
    found: dict[str, list[str]] = {}
    for place, in_summary in sorted(cited):
        head, comma, part = place.rpartition(", ")
        words = (part if comma else place) + ("*" if place and in_summary else "")
        if words:
            found.setdefault(head, []).append(words)
    alone = found.pop("", [])
    return "; ".join([*alone, *(f"{head}, {', '.join(parts)}" for head, parts in found.items())])
