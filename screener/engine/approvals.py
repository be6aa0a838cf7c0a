"""Which approvals of a manifest count: one belongs to exactly the content whose hash it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from screener.engine.rules import Approval, Ruleset

LEAST_OF_A_HASH = 12  # digits that tell one content from any other


def is_of(approval: Approval, ruleset_hash: str) -> bool:
    """Whether an approval names this content, by its hash or at least the first digits of it."""
    named = str(approval.content.get("of", "")) if isinstance(approval.content, Mapping) else ""
    return len(named) >= LEAST_OF_A_HASH and ruleset_hash.startswith(named)


def standing_approvals(ruleset: Ruleset) -> Iterator[Mapping[str, Any]]:
    """The approvals of exactly this content; one of another version is none of this one."""
    yield from (approval.content for approval in ruleset.approvals if is_of(approval, ruleset.hash))
