"""Pictures of others, such as a clinic's logo: tried out before they come onto a page, so that one that is broken stops none."""

from __future__ import annotations

import logging
from functools import lru_cache

from screener.paper.compilers import sets_picture


@lru_cache(maxsize=8)
def can_draw(content: bytes, format: str) -> bool:
    """Whether this picture ("png" or "svg") can stand in a PDF for screen readers. The log is told once of one that cannot."""
    if sets_picture(content, format):
        return True
    logging.getLogger("screener.paper").warning("a picture cannot be drawn, and documents are made without it")
    return False
