"""Answers that hardly go together, asked about on *check your answers*: kindly, with a way back to each, and never in the way."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from screener.engine.conditions import Truth
from screener.engine.conflicts import standing_conflicts
from screener.engine.questionnaire import Item
from screener.web.ages import is_age
from screener.web.i18n import language
from screener.web.patient.answer_rows import Row, answer_row
from screener.web.patient.visit import Visit


@dataclass(frozen=True, slots=True)
class LookAgain:
    """One conflict: its words, and each question as it is answered now, with where to change that."""

    id: str
    text: str
    rows: list[tuple[Row, str]]


def things_to_look_at(visit: Visit) -> list[LookAgain]:
    """The conflicts that stand now; of each the questions that are asked now."""
    items = visit.ruleset.items
    return [
        LookAgain(
            id=conflict.id,
            text=conflict.text.in_language(language()),
            rows=[
                (answer_row(visit, items[item_id]), _change_url(items[item_id]))
                for item_id in conflict.items
                if visit.asked[item_id] is Truth.TRUE
            ],
        )
        for conflict in standing_conflicts(visit.ruleset, visit.answers)
    ]


def _change_url(item: Item) -> str:
    if is_age(item):
        return url_for("patient.about_you", back="check")
    return url_for("patient.questions", section=item.section, back="check", _anchor=item.id)
