"""Items become a form, and a posted form becomes a piece of the answer document.

Which items are asked is the caller's business; how one of them is shown and read is in `item_fields`. Nothing is
required: a blank is no answer and no error.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask_wtf import FlaskForm

from screener.engine.answers import Answer, Answers
from screener.engine.questionnaire import Item
from screener.web.item_fields import FIELDS, QuestionField

# Names and ids that the page's frame has for itself; ids of items hold no dash, so the others cannot meet.
_TAKEN_BY_THE_PAGE = frozenset({"language", "main"})


def questionnaire_form(items: Sequence[Item], language: str) -> type[FlaskForm]:
    """A form class with one field an item, in this language. Fields are named and numbered by their items' ids."""
    # As attributes of the class they are called otherwise: an item may have the name of anything in WTForms.
    fields = {f"question_{item.id}": FIELDS[item.type](item, language, name=field_name(item)) for item in items}
    return type("QuestionnaireForm", (FlaskForm,), fields)


def field_name(item: Item) -> str:
    """What the item's field is called in HTML: its id, unless the page has that name for itself."""
    return f"{item.id}-answer" if item.id in _TAKEN_BY_THE_PAGE else item.id


def filled_form(items: Sequence[Item], language: str, answers: Answers) -> FlaskForm:
    """The form showing stored answers."""
    stored = {f"question_{item.id}": answers[item.id] for item in items if item.id in answers}
    return questionnaire_form(items, language)(formdata=None, data=stored)


def posted_form(items: Sequence[Item], language: str) -> FlaskForm:
    """The form as this request sent it; validate it next."""
    return questionnaire_form(items, language)(formdata=request.form)


def question_fields(form: FlaskForm) -> list[QuestionField]:
    """The fields of the items, in their order."""
    return [field for field in form if isinstance(field, QuestionField)]


def with_posted(stored: Answers, form: FlaskForm) -> dict[str, Answer]:
    """The stored answers with those of a validated form in their place.

    Other items stay as they are. A blank takes the stored answer away, and so does what cannot be read: an
    answer that is being corrected must not stand as it was.
    """
    answers = dict(stored)
    for field in question_fields(form):
        answers.pop(field.item.id, None)
        if field.answer is not None:
            answers[field.item.id] = field.answer
    return answers


def reading_problems(form: FlaskForm) -> list[tuple[str, str]]:
    """What the error summary lists: (id of the field, its question and what is wrong), in the order of the page."""
    return [(field.id, _problem(field.question, field.error)) for field in question_fields(form) if field.error]


def _problem(question: str, error: str) -> str:
    """The question and what is wrong, as one line: "Your weight: Write a number." and "Do you smoke? Choose one answer."."""
    return f"{question} {error}" if question.endswith(("?", ".", ":", "!")) else f"{question}: {error}"
