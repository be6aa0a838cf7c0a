"""Citations and what they leave out: a paragraph of a mapped source that no rule cites is a claim nobody turned into a rule.

A citation with `lines` stands for one paragraph of a source that was mapped line by line. One that makes no claim says so in its
`section`: "Introduction (background)".
"""

from __future__ import annotations

from collections.abc import Iterator

from screener.engine.lint.remarks import Remark, error, warning
from screener.engine.rules import Ruleset

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
