"""An answer document is checked whole; each problem names its item and never repeats what was answered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from small_rulebooks import ITEMS, rule, ruleset

from screener.engine.answers import AnswerError, Reason, parse_answers, read_answers, reason_unknown

SMALL = ruleset(
    rule("r1", {"smokes": "yes"}),
    items=[
        *ITEMS,
        {"id": "sure", "type": "yes_no", "text": {"en": "x"}, "unsure": False, "decline": False},
        {"id": "plain", "type": "multi", "text": {"en": "x"}, "choices": {"a": {"en": "A"}}},
    ],
)


def wrong(document: object) -> list[str]:
    with pytest.raises(AnswerError) as caught:
        parse_answers(SMALL, document)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"smokes": "yes"},
        {"smokes": "not_sure", "low": "declined"},
        {"heart": ["hypertension", "angina"]},
        {"heart": ["none"]},
        {"heart": ["angina", "not_sure"]},
        {"heart": ["not_sure"]},
        {"heart": "declined"},
        {"pressure": 128},
        {"pressure": Decimal("128.0")},
        {"weight": 70.5},
        {"since": "2026-11-22"},
        {"since": "1900-01-01"},
        {"words": "a\tb\nc"},
        {"words": "not_sure"},
    ],
)
def test_parse_answers_gives_back_what_is_right(document):
    assert parse_answers(SMALL, document) == document


def test_parse_answers_puts_items_in_questionnaire_order():
    assert list(parse_answers(SMALL, {"low": "some", "smokes": "no"})) == ["smokes", "low"]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "an answer document is a JSON object of item ids and answers"),
        ({"smoks": "yes"}, "smoks: no such item; did you mean smokes?"),
        ({"evil\n\x1b[31m": 1}, "evil??[31m: no such item"),
        ({"smokes": None}, "smokes: the answer must be one of yes, no, not_sure, declined"),
        ({"smokes": ""}, "smokes: the answer must be one of yes, no, not_sure, declined"),
        ({"smokes": True}, "smokes: the answer must be one of yes, no, not_sure, declined"),
        ({"smokes": ["yes"]}, "smokes: the answer must be one of yes, no, not_sure, declined"),
        ({"control": "bad"}, "control: the answer must be one of good, poor, not_sure, declined"),
        ({"heart": []}, "heart: the list is empty; leave the item out where it has no answer"),
        ({"heart": "angina"}, "heart: the answer must be a list of codes"),
        (
            {"heart": ["angina", 3]},
            "heart: each entry of the list must be one of hypertension, angina, none, not_sure, declined",
        ),
        (
            {"heart": ["x"]},
            "heart: each entry of the list must be one of hypertension, angina, none, not_sure, declined",
        ),
        ({"heart": ["angina", "angina"]}, "heart: a code stands in the list twice"),
        ({"heart": ["none", "angina"]}, "heart: none stands alone; it cannot stand beside other codes"),
        ({"heart": ["none", "not_sure"]}, "heart: none stands alone; it cannot stand beside other codes"),
        ({"heart": ["not_sure", "declined"]}, "heart: a list holds one of not_sure, declined, not both"),
        ({"plain": ["none"]}, "plain: each entry of the list must be one of a, not_sure, declined"),
        ({"pressure": "128"}, "pressure: the answer must be a number"),
        ({"pressure": True}, "pressure: the answer must be a number"),
        ({"pressure": 59}, "pressure: the number must be from 60 to 260"),
        ({"pressure": 10**400}, "pressure: the number must be from 60 to 260"),
        ({"pressure": 128.5}, "pressure: the answer must be a whole number"),
        ({"pressure": float("nan")}, "pressure: the answer must be a finite number"),
        ({"weight": float("inf")}, "weight: the answer must be a finite number"),
        ({"weight": Decimal("1." + "1" * 40)}, "weight: the number has too many digits"),
        ({"since": "2026-11-31"}, "since: there is no such date"),
        ({"since": "20261122"}, 'since: the answer must be a date written like "2026-11-22"'),
        ({"since": "1899-12-31"}, "since: the year must be from 1900 to 2100"),
        ({"words": ""}, "words: the text is empty; leave the item out where it has no answer"),
        ({"words": "x" * 21}, "words: the text is longer than 20 characters"),
        ({"words": "a\x00b"}, "words: the text holds a control character"),
        ({"words": "a\ud800b"}, "words: the text holds a control character"),
        ({"note": "yes"}, "note: this only shows text and takes no answer"),
        ({"sure": "not_sure"}, "sure: this item does not offer not_sure"),
        ({"sure": "declined"}, "sure: this item does not offer declined"),
    ],
)
def test_parse_answers_names_what_is_wrong(document, problem):
    assert wrong(document) == [problem]


def test_parse_answers_names_every_problem_at_once():
    assert len(wrong({"smokes": 1, "low": 2, "nothing": 3})) == 3


def test_every_problem_is_named_however_many_there_are():
    found = wrong({f"smoke{number}": 1 for number in range(5000)})
    assert (len(found), found[0], found[-1]) == (
        5000,
        "smoke0: no such item; did you mean smokes?",
        "smoke4999: no such item",  # no more suggestions: they would take minutes
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "not JSON at line 1, column 1: the document is empty"),
        (b"\xef\xbb\xbf{}", "not JSON at line 1, column 1: a byte order mark; save it as UTF-8 without one"),
        (b'{"smokes": }', "not JSON at line 1, column 12: Expecting value"),
        (b"\xff", "the document is not UTF-8 text (byte 1)"),
        (b"[" * 200_000, "nested too deeply at line 1, column 101; answers are one flat object"),
        (b'{"[[\\"":\n ' + b"[" * 200_000, "nested too deeply at line 2, column 101; answers are one flat object"),
        (b'{"smokes": "yes", "smokes": "no"}', "smokes: answered twice; keep one"),
        (b'{"pressure": NaN}', "pressure: the answer must be a finite number"),
        (b'{"pressure": ' + b"9" * 100_000 + b"}", "pressure: the number must be from 60 to 260"),
        (b'{"weight": 1e-99999999999999999999}', "weight: the answer must be a finite number"),
        (b'{"weight": 1e99999999999999999999}', "weight: the answer must be a finite number"),
    ],
)
def test_read_answers_names_what_cannot_be_read(text, problem):
    with pytest.raises(AnswerError) as caught:
        read_answers(SMALL, text)
    assert str(caught.value) == problem


def test_read_answers_of_ten_megabytes_is_a_plain_error():
    with pytest.raises(AnswerError, match="words: the text is longer than 20 characters"):
        read_answers(SMALL, b'{"words": "' + b"x" * 10_000_000 + b'"}')


@pytest.mark.parametrize(
    ("item", "answer", "reason"),
    [
        ("smokes", None, Reason.NOT_ANSWERED),
        ("smokes", "yes", None),
        ("smokes", "not_sure", Reason.NOT_SURE),
        ("smokes", "declined", Reason.DECLINED),
        ("heart", ["angina", "declined"], Reason.DECLINED),
        ("heart", ["angina"], None),
        ("words", "not_sure", None),
    ],
)
def test_reason_unknown(item, answer, reason):
    assert reason_unknown(SMALL.items[item], answer) is reason
