"""From plain values to the bytes of a PDF: the same values and time give the same bytes.

The values reach the template as JSON, so that whatever people typed stays text and never becomes markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from screener.paper.characters import GAP, has_gaps, printable
from screener.paper.compilers import Unset, set_template


class PaperError(Exception):
    """A template could not be set. `str()` is public text and never holds what was to be printed."""


def typeset(
    template: str, content: Mapping[str, Any], *, made_at: datetime, drawings: Mapping[str, str] | None = None
) -> bytes:
    """The PDF (tagged, PDF/UA-1) of a template such as "summary.typ" filled with plain values.

    `drawings` are SVG images by name. Besides its own values a template is told `has_gaps`: whether a letter could not be
    shown, and GAP stands for it. Raises PaperError.
    """
    shown = printable(content)
    inputs = {**(drawings or {}), "content": json.dumps({**shown, "has_gaps": has_gaps(shown), "gap": GAP})}
    try:
        return set_template(template, inputs, made_at=made_at)
    except Unset:
        pass
    raise PaperError(f"{template} could not be set with these values.")
