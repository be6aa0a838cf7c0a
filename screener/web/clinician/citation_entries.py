"""The whole entry of each citation a rule rests on, for who wants to look it up: work, place in it, address, how it was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from screener.engine.rules import Citation, Ruleset
from screener.web.filters import day


@dataclass(frozen=True, slots=True)
class CitationEntry:
    """One place in one work: `section` in the language of the work, `lines` in the page's, either may be empty.

    `address` is a web address or None, `read` says how and when it was read.
    """

    id: str
    title: str
    by: str
    section: str
    lines: str
    address: str | None
    doi: str | None
    read: str


def citation_entries(ruleset: Ruleset, citation_ids: Iterable[str]) -> list[CitationEntry]:
    """These citations, as the rulebook holds them."""
    return [_entry(ruleset.citations[citation_id]) for citation_id in citation_ids]


def lines_words(lines: Iterable[int]) -> str:
    """Numbers of lines, runs of them joined.

    >>> lines_words([1, 2, 160, 161, 162, 7])
    '1–2, 7, 160–162'
    """
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _entry(citation: Citation) -> CitationEntry:
    by = [part for part in (citation.authors, citation.publisher, citation.year) if part]
    lines = ""
    if citation.lines:
        number = len(citation.lines)
        lines = ngettext(
            "line %(lines)s of the text", "lines %(lines)s of the text", number, lines=lines_words(citation.lines)
        )
    return CitationEntry(
        id=citation.id,
        title=citation.title,
        by=", ".join(dict.fromkeys(by)),
        section=citation.section or "",
        lines=lines,
        address=citation.url if citation.url and citation.url.startswith("https://") else None,
        doi=citation.doi,
        read=_read(citation),
    )


def _read(citation: Citation) -> str:
    original = citation.verified == "primary"
    try:
        when = day(date.fromisoformat(citation.read)) if citation.read else None
    except ValueError:
        when = None
    if when is None:
        return gettext("Read in the original.") if original else gettext("Read in a summary.")
    if original:
        return gettext("Read in the original on %(date)s.", date=when)
    return gettext("Read in a summary on %(date)s.", date=when)
