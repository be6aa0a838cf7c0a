"""What a browser sends becomes an answer, a blank, or an error in plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from screener.engine.questionnaire import Item, ItemType
from screener.engine.text import Text
from screener.web.item_fields import QuestionField
from screener.web.questionnaire_form import (
    field_name,
    filled_form,
    posted_form,
    question_fields,
    with_posted,
)

Sent = Sequence[tuple[str, str]]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no database is asked here


def item(type_: ItemType, **more: object) -> Item:
    """An item called `thing` of a section called `here`."""
    unsure = type_ not in (ItemType.TEXT, ItemType.DISPLAY)
    given = {"unsure": unsure, "decline": unsure, **more}
    return Item("thing", "here", type_, Text({"en": "A thing?"}), **given)  # type: ignore[arg-type]


PULSE = item(ItemType.NUMBER, min=Decimal(30), max=Decimal(200), integer=True)
WARMTH = item(ItemType.NUMBER, min=Decimal(35), max=Decimal("42.5"))
COLOURS = {"red": Text({"en": "Red"}), "blue": Text({"en": "Blue"})}
ONE = item(ItemType.CHOICE, choices=COLOURS)
MANY = item(ItemType.MULTI, choices=COLOURS, none=Text({"en": "None of these"}))
DAY = item(ItemType.DATE)
WORDS = item(ItemType.TEXT, max_length=10)
SHOWN = item(ItemType.DISPLAY)


@pytest.fixture
def read(app: Flask) -> Callable[[Item, Sent], QuestionField]:
    """The field of one item after it was sent."""
    app.config["WTF_CSRF_ENABLED"] = False

    def send(asked: Item, sent: Sent) -> QuestionField:
        with app.test_request_context(method="POST", data=MultiDict(sent)):
            form = posted_form([asked], "en")
            form.validate()
            (field,) = question_fields(form)
            # Lazy words are to be read while the request is there.
            field.errors = [str(error) for error in field.errors]
            return field

    return send


@pytest.mark.parametrize(
    ("asked", "sent", "answer"),
    [
        (PULSE, [("thing", "72")], 72),
        (PULSE, [("thing", " 072 ")], 72),
        (PULSE, [("thing", "")], None),
        (PULSE, [("thing", "   ")], None),
        (PULSE, [], None),
        (PULSE, [("thing", ""), ("thing-unknown", "not_sure")], "not_sure"),
        (PULSE, [("thing-unknown", "declined")], "declined"),
        (WARMTH, [("thing", "36.6")], 36.6),
        (WARMTH, [("thing", "36,6")], 36.6),
        (WARMTH, [("thing", "37")], 37),
        (WARMTH, [("thing", "37.0")], 37),
        (ONE, [("thing", "red")], "red"),
        (ONE, [("thing", "not_sure")], "not_sure"),
        (ONE, [], None),
        (MANY, [("thing", "red"), ("thing", "blue")], ["red", "blue"]),
        (MANY, [("thing", "red"), ("thing", "not_sure")], ["red", "not_sure"]),
        (MANY, [("thing", "none")], ["none"]),
        (MANY, [("thing", "declined")], ["declined"]),
        (MANY, [], None),
        (DAY, [("thing-month", "2"), ("thing-day", "9"), ("thing-year", "2026")], "2026-02-09"),
        (DAY, [("thing-month", ""), ("thing-day", " "), ("thing-year", "")], None),
        (DAY, [("thing-unknown", "not_sure")], "not_sure"),
        (WORDS, [("thing", "  warm\r\nbath  ")], "warm\nbath"),
        (WORDS, [("thing", "a\x00b\x07c\x85")], "abc"),
        (WORDS, [("thing", " \r\n ")], None),
        (WORDS, [("thing", "not_sure")], "not_sure"),
        (SHOWN, [("thing", "anything")], None),
    ],
)
def test_what_can_be_read_is_an_answer_or_a_blank(
    read: Callable[[Item, Sent], QuestionField], asked: Item, sent: Sent, answer: object
) -> None:
    field = read(asked, sent)
    assert field.errors == []
    assert field.answer == answer
    assert type(field.answer) is type(answer)


NUMBERS_IN_WORDS = "Write a whole number from 30 to 200, in digits."


@pytest.mark.parametrize(
    ("asked", "sent", "message"),
    [
        (PULSE, [("thing", "300")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "29")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "-72")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "72.5")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "1_0")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "\uff17\uff12")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "\u0667\u0662")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "nan")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "7e1")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "0x48")], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "9" * 5000)], NUMBERS_IN_WORDS),
        (PULSE, [("thing", "seventy")], NUMBERS_IN_WORDS),
        (
            PULSE,
            [("thing", "72"), ("thing-unknown", "not_sure")],
            "You wrote an answer and chose “I am not sure”. Keep one.",
        ),
        (
            PULSE,
            [("thing-unknown", "not_sure"), ("thing-unknown", "declined")],
            "You chose “I am not sure” and “I prefer not to say”. Keep one.",
        ),
        (PULSE, [("thing-unknown", "forty")], "Choose from the answers shown here."),
        (WARMTH, [("thing", "1,000.5")], "Write a number from 35 to 42.5, in digits."),
        (WARMTH, [("thing", "42.6")], "Write a number from 35 to 42.5, in digits."),
        (WARMTH, [("thing", "inf")], "Write a number from 35 to 42.5, in digits."),
        (WARMTH, [("thing", ".5")], "Write a number from 35 to 42.5, in digits."),
        (ONE, [("thing", "green")], "Choose from the answers shown here."),
        (ONE, [("thing", "none")], "Choose from the answers shown here."),
        (ONE, [("thing", "red"), ("thing", "blue")], "Choose one answer here."),
        (MANY, [("thing", "red"), ("thing", "none")], "You chose “None of these” and something else. Keep one."),
        (MANY, [("thing", "none"), ("thing", "not_sure")], "You chose “None of these” and something else. Keep one."),
        (
            MANY,
            [("thing", "not_sure"), ("thing", "declined")],
            "You chose “I am not sure” and “I prefer not to say”. Keep one.",
        ),
        (MANY, [("thing", "green")], "Choose from the answers shown here."),
        (
            DAY,
            [("thing-month", "2"), ("thing-day", "30"), ("thing-year", "2026")],
            "Write the month, the day and the year of a real date in digits, like 11, 22 and 2026.",
        ),
        (
            DAY,
            [("thing-month", "2"), ("thing-day", ""), ("thing-year", "2026")],
            "Write the month, the day and the year of a real date in digits, like 11, 22 and 2026.",
        ),
        (
            DAY,
            [("thing-month", "2"), ("thing-day", "9"), ("thing-year", "26")],
            "Write the month, the day and the year of a real date in digits, like 11, 22 and 2026.",
        ),
        (WORDS, [("thing", "elevenchars")], "Use 10 characters or fewer. There are 11 here."),
    ],
)
def test_what_cannot_be_read_is_said_in_plain_words(
    read: Callable[[Item, Sent], QuestionField], asked: Item, sent: Sent, message: str
) -> None:
    field = read(asked, sent)
    assert field.errors == [message]
    assert field.answer is None


def test_no_way_out_is_taken_where_the_item_offers_none(read: Callable[[Item, Sent], QuestionField]) -> None:
    asked = item(ItemType.CHOICE, choices=COLOURS, unsure=False)
    assert [choice.value for choice in read(asked, []).exclusive] == ["declined"]  # type: ignore[attr-defined]
    assert read(asked, [("thing", "not_sure")]).errors == ["Choose from the answers shown here."]


def test_stored_answers_are_shown_again(app: Flask) -> None:
    cases = [
        (PULSE, 72, {"value": "72", "unknown_selected": []}),
        (PULSE, "declined", {"value": "", "unknown_selected": ["declined"]}),
        (WARMTH, 36.6, {"value": "36.6"}),
        (WARMTH, 1e-07, {"value": "0.0000001"}),
        (ONE, "red", {"selected": ["red"]}),
        (MANY, ["red", "not_sure"], {"selected": ["red", "not_sure"]}),
        (MANY, "not_sure", {"selected": ["not_sure"]}),
        (DAY, "2026-02-09", {"month": "02", "day": "09", "year": "2026"}),
        (WORDS, "warm\nbath", {"value": "warm\nbath"}),
    ]
    with app.test_request_context():
        for asked, answer, shown in cases:
            (field,) = question_fields(filled_form([asked], "en", {"thing": answer}))  # type: ignore[dict-item]
            assert {name: getattr(field, name) for name in shown} == shown


def test_nothing_is_preselected(app: Flask) -> None:
    with app.test_request_context():
        for asked in (ONE, MANY):
            (field,) = question_fields(filled_form([asked], "en", {}))
            assert field.selected == []  # type: ignore[attr-defined]


def test_an_item_may_be_called_like_anything_of_wtforms(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    names = ["form_errors", "answers", "language", "main", "csrf", "label", "id"]
    items = [Item(name, "here", ItemType.YES_NO, Text({"en": name}), unsure=True) for name in names]
    sent = MultiDict([(field_name(asked), "yes") for asked in items] + [("language", "es")])
    with app.test_request_context(method="POST", data=sent):
        form = posted_form(items, "en")
        assert form.validate()
        assert with_posted({}, form) == dict.fromkeys(names, "yes")


def test_only_the_items_of_the_form_are_replaced(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context(method="POST", data=MultiDict([("thing", "31")])):
        form = posted_form([PULSE], "en")
        form.validate()
        assert with_posted({"thing": 99, "other": "yes"}, form) == {"thing": 31, "other": "yes"}
    for sent in ("", "300"):  # a blank, and what cannot be read, leave no answer behind
        with app.test_request_context(method="POST", data=MultiDict([("thing", sent)])):
            form = posted_form([PULSE], "en")
            form.validate()
            assert with_posted({"thing": 99, "other": "yes"}, form) == {"other": "yes"}
