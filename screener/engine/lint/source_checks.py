"""Citations and what they leave out: a paragraph of a mapped source that no rule cites is a claim nobody turned into a rule.

A citation with `lines` stands for one paragraph of a source that was mapped line by line. One that makes no claim says so in its
`section`: "Introduction (background)".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from screener.engine.lint.remarks import Remark, error, warning
from screener.engine.rules import Citation, Ruleset

_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_YEAR = re.compile(r"1[5-9][0-9]{2}|20[0-9]{2}|2100")
_BACKGROUND = "(background)"


def citation_remarks(ruleset: Ruleset, unread: frozenset[str] = frozenset()) -> Iterator[Remark]:
    """Citations that no rule cites."""
    used = {citation for rule in ruleset.rules for citation in rule.cites}
    for citation in ruleset.citations.values():
        if citation.id in used or citation.id in unread:
            continue
        if not citation.lines:
            yield warning(citation.place, citation.id, "no rule cites it", "cite it, or remove it")
        elif (citation.section or "").endswith(_BACKGROUND):
            yield warning(
                citation.place,
                citation.id,
                "no rule cites it: its section says that it is background",
                "cite it should it make a claim",
            )
        else:
            lines = ", ".join(map(str, citation.lines))
            what = f"no rule cites this part of {citation.source} (line {lines})"
            yield error(citation.place, citation.id, what, f"write its rule, or end its `section` with “{_BACKGROUND}”")


def place_remarks(ruleset: Ruleset, today: datetime.date) -> Iterator[Remark]:
    """Citations whose place nobody could look up: addresses, years, numbers and days that are none, as of `today`."""
    for citation in ruleset.citations.values():
        for what, mend in _wrong(citation, today):
            yield error(citation.place, citation.id, what, mend)


def _wrong(citation: Citation, today: datetime.date) -> Iterator[tuple[str, str]]:
    if citation.url is not None and not _is_address(citation.url):
        yield "its `url` is no address of a page", "write it whole, beginning with https://"
    if citation.year is not None and not _YEAR.fullmatch(citation.year):
        yield "its `year` is no year", "write four digits"
    if citation.doi is not None and not _DOI.fullmatch(citation.doi):
        yield "its `doi` is none", "write what begins with 10. and no address before it"
    if citation.read is not None and datetime.date.fromisoformat(citation.read) > today:
        yield f"it was read on {citation.read}, which is still to come", "write the day it was read"
    if len(set(citation.lines)) < len(citation.lines):
        yield "a line stands twice in its `lines`", "keep one of the two"


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, url))
