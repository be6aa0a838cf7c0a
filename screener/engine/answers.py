"""The answer document: plain JSON in, checked against the questionnaire, every mistake named by its item.

What an answer means for a rule is evaluation's business. Messages name items and what is allowed, never what was answered:
they may end in a log.
"""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from screener.engine.json import JSONError, JSONObject, loads
from screener.engine.questionnaire import NONE, Item, ItemType
from screener.engine.rules import Ruleset

NOT_SURE = "not_sure"
DECLINED = "declined"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_DIGITS = 30  # of a number: far beyond any measurement, and cheap to compute with exactly
_MOST_SUGGESTIONS = 50  # they cost more than all the rest

Answer = str | int | float | Decimal | list[str]
Answers = Mapping[str, Answer]


class Reason(StrEnum):
    """Why an answer is unknown."""

    NOT_ASKED = "not_asked"
    NOT_ANSWERED = "not_answered"
    NOT_SURE = "not_sure"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """What is wrong with one answer; `item` is None where it is the document itself."""

    item: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.item}: {self.message}" if self.item else self.message


class AnswerError(ValueError):
    """An answer document that cannot be used; `problems` has each mistake once."""

    def __init__(self, problems: tuple[AnswerProblem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_answers(ruleset: Ruleset, text: str | bytes) -> dict[str, Answer]:
    """Read and check one answer document in JSON. Raises AnswerError."""
    try:
        document = loads(text)
    except JSONError as error:
        raise AnswerError((AnswerProblem(None, str(error)),)) from None
    return parse_answers(ruleset, document)


def parse_answers(ruleset: Ruleset, document: Any) -> dict[str, Answer]:
    """Check `document` (a mapping of item id to answer, as read from JSON) against the questionnaire.

    Returns the same answers in questionnaire order. Raises AnswerError with every problem, each naming its item.
    """
    if not isinstance(document, Mapping):
        problem = AnswerProblem(None, "an answer document is a JSON object of item ids and answers")
        raise AnswerError((problem,))
    problems = list(_problems(ruleset, document))
    if problems:
        raise AnswerError(tuple(problems))
    return ruleset.in_order(document)


def _problems(ruleset: Ruleset, document: Mapping[Any, Any]) -> Iterator[AnswerProblem]:
    if isinstance(document, JSONObject):
        for key in document.duplicates:
            yield AnswerProblem(_shown(key), "answered twice; keep one")
    unknown = 0
    for key, answer in document.items():
        item = ruleset.items.get(key) if isinstance(key, str) else None
        if item is None:
            unknown += 1
            suggestion = _did_you_mean(key, ruleset.items) if unknown <= _MOST_SUGGESTIONS else ""
            yield AnswerProblem(_shown(key), f"no such item{suggestion}")
            continue
        wrong = problem_with(item, answer)
        if wrong is not None:
            yield AnswerProblem(item.id, wrong)


def _shown(key: Any) -> str:
    """A key from outside, made safe to print: short, printable, one line."""
    text = str(key)[:60]
    return (
        "".join(c if c.isprintable() and not unicodedata.category(c).startswith("C") else "?" for c in text)
        or "(empty)"
    )


def _did_you_mean(key: Any, known: Mapping[str, Any]) -> str:
    if not isinstance(key, str) or len(key) > 100:
        return ""
    close = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def problem_with(item: Item, answer: Any) -> str | None:
    """What is wrong with one answer to one item, or None. The message never repeats the answer."""
    if item.type is ItemType.DISPLAY:
        return "this only shows text and takes no answer"
    if item.type is ItemType.TEXT:
        return _text_problem(item, answer)
    if isinstance(answer, str) and answer in (NOT_SURE, DECLINED):
        return _way_out_problem(item, answer)
    match item.type:
        case ItemType.MULTI:
            return _multi_problem(item, answer)
        case ItemType.NUMBER:
            return _number_problem(item, answer)
        case ItemType.DATE:
            return _date_problem(answer)
        case _:
            if isinstance(answer, str) and answer in item.codes:
                return None
            return f"the answer must be one of {_listed(item)}"


def _listed(item: Item) -> str:
    ways_out = [code for code, offered in ((NOT_SURE, item.unsure), (DECLINED, item.decline)) if offered]
    return ", ".join([*item.codes, *ways_out])


def _way_out_problem(item: Item, answer: str) -> str | None:
    offered = item.unsure if answer == NOT_SURE else item.decline
    return None if offered else f"this item does not offer {answer}"


def _multi_problem(item: Item, answer: Any) -> str | None:
    if not isinstance(answer, list | tuple):
        return "the answer must be a list of codes"
    if not answer:
        return "the list is empty; leave the item out where it has no answer"
    if not all(isinstance(code, str) for code in answer):
        return f"each entry of the list must be one of {_listed(item)}"
    ways_out = [code for code in answer if code in (NOT_SURE, DECLINED)]
    for code in ways_out:
        if wrong := _way_out_problem(item, code):
            return wrong
    if any(code not in item.codes for code in answer if code not in ways_out):
        return f"each entry of the list must be one of {_listed(item)}"
    if len(set(answer)) < len(answer):
        return "a code stands in the list twice"
    if NONE in answer and len(answer) > 1:
        return "none stands alone; it cannot stand beside other codes"
    if len(ways_out) > 1:
        return f"a list holds one of {NOT_SURE}, {DECLINED}, not both"
    return None


def _number_problem(item: Item, answer: Any) -> str | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float | Decimal):
        return "the answer must be a number"
    number = as_decimal(answer)
    if not number.is_finite():
        return "the answer must be a finite number"
    assert item.min is not None and item.max is not None
    if not item.min <= number <= item.max:
        return f"the number must be from {item.min} to {item.max}"
    _, digits, exponent = number.as_tuple()
    if len(digits) > _MOST_DIGITS or (isinstance(exponent, int) and abs(exponent) > _MOST_DIGITS):
        return "the number has too many digits"
    if item.integer and number != number.to_integral_value():
        return "the answer must be a whole number"
    return None


def as_decimal(number: int | float | Decimal) -> Decimal:
    """The number exactly as it is written in decimal digits."""
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def _date_problem(answer: Any) -> str | None:
    if not isinstance(answer, str) or not _DATE.fullmatch(answer):
        return 'the answer must be a date written like "2026-11-22"'
    try:
        year = datetime.date.fromisoformat(answer).year
    except ValueError:
        return "there is no such date"
    return None if 1900 <= year <= 2100 else "the year must be from 1900 to 2100"


def _text_problem(item: Item, answer: Any) -> str | None:
    if not isinstance(answer, str):
        return "the answer must be text"
    if not answer:
        return "the text is empty; leave the item out where it has no answer"
    if len(answer) > item.max_length:
        return f"the text is longer than {item.max_length} characters"
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n" for c in answer):
        return "the text holds a control character"
    return None


def reason_unknown(item: Item, answer: Answer | None) -> Reason | None:
    """Why the answer of an asked item is unknown, wholly or in part; None where all of it is known.

    For a multi item ["angina", "not_sure"] is known to include angina and unknown for the rest: its reason is `not_sure`.
    """
    if answer is None:
        return Reason.NOT_ANSWERED
    if item.type is ItemType.TEXT:
        return None
    codes = answer if isinstance(answer, list | tuple) else [answer]
    for code in codes:
        if code == NOT_SURE:
            return Reason.NOT_SURE
        if code == DECLINED:
            return Reason.DECLINED
    return None
