"""A page that stood open in another tab while its answers changed elsewhere must not put the old ones back.

Beside each item a page carries a mark of the answer it was rendered with. What comes back as it was rendered was not
touched there. The mark tells nothing about the answer without the application's key.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

from flask import current_app, request
from flask_wtf import FlaskForm

from screener.engine.answers import Answer, Answers, as_decimal
from screener.engine.questionnaire import Item, Section
from screener.store.sealed_drafts import OpenDraft
from screener.web.ages import is_age
from screener.web.questionnaire_form import question_fields

SHOWN = "items-shown"  # the items of the page, each with its mark; no item's id has a dash or a colon
Marks = Mapping[str, str]


def marks_of(draft: OpenDraft, items: Iterable[Item], answers: Answers) -> Marks:
    """The marks of a page that shows these answers."""
    return {item.id: _mark(draft, item, answers.get(item.id)) for item in items}


def sent_marks() -> Marks:
    """The marks as this request sent them, by item; empty where an item came without one."""
    parts = (sent.partition(":") for sent in request.form.getlist(SHOWN))
    return {item_id: mark for item_id, _, mark in parts}


def sent_items(here: Section) -> list[Item]:
    """The items of this section that stood on the page that was sent."""
    sent = sent_marks()
    return [item for item in here.items if item.id in sent and not is_age(item)]


def keep_newer(draft: OpenDraft, form: FlaskForm, stored: Answers) -> None:
    """In a validated form: where nothing was changed on the page but the answer was changed elsewhere, take that one."""
    sent = sent_marks()
    for field in question_fields(form):
        mark = sent.get(field.item.id)
        newer = stored.get(field.item.id)
        if not mark or field.errors or mark == _mark(draft, field.item, newer):
            continue
        if hmac.compare_digest(mark.encode(), _mark(draft, field.item, field.answer).encode()):
            field.process_data(newer)


def changes_anything(form: FlaskForm, stored: Answers) -> bool:
    """Whether a validated form says anything else than these answers."""
    return any(
        field.errors or _canonical(field.answer) != _canonical(stored.get(field.item.id))
        for field in question_fields(form)
    )


def _mark(draft: OpenDraft, item: Item, answer: Answer | None) -> str:
    # The draft's own key: equal answers of two patients have different marks.
    said = json.dumps(["shown answer", draft.submission_key, item.id, _canonical(answer)])
    key = current_app.secret_key or ""
    return hmac.digest(key.encode() if isinstance(key, str) else key, said.encode(), "sha256")[:8].hex()


def _canonical(answer: Answer | None) -> list[str]:
    """The same for the same answer, however it is kept: 7 and 7.0, codes in any order."""
    if answer is None:
        return []
    if isinstance(answer, list):
        return ["codes", *sorted(answer)]
    if isinstance(answer, int | float | Decimal):
        return ["number", format(as_decimal(answer).normalize(), "f")]
    return ["words", answer]
