"""The filters of a list in words: what each is called and what was chosen; for those who ask for an export, and who look at it later."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy.orm import Session

from screener.store.queue_filters import ME, Filters
from screener.web.status_words import STATUS_WORDS
from screener.web.worklist.filter_form import first_fields, more_fields


def filter_words(session: Session, filters: Filters, *, me: str | None = None) -> list[tuple[str, str]]:
    """The filters that are set. `me` is the name of who asked, where somebody else reads it."""
    statuses = {"open": gettext("All open"), "done": gettext("All closed")}
    statuses |= {status.value: str(words) for status, words in STATUS_WORDS.items()}
    fields = [*first_fields(session, filters), *more_fields(session, filters)]
    chosen = [
        (field.label, me if me and field.chosen == ME else dict(field.choices)[field.chosen])
        for field in fields
        if field.chosen and field.name != "sort"
    ]
    return [(gettext("Status"), statuses[filters.status]), *chosen]
