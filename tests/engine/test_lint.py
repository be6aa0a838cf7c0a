"""What a rulebook that loads still lacks."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import pytest
from small_rulebooks import ITEMS, SCORES, files, rule, write

from screener.engine.lint import lint
from screener.engine.lint.reading_level import inflesz, school_grade
from screener.engine.lint.word_lists import clinician_words, verdict_words
from screener.engine.loader import load_ruleset
from screener.engine.loader.translations_file import read_confirmed
from screener.paths import rules_folder

TODAY = datetime.date(2026, 11, 22)
CASE = {"name": "Ann", "story": "Smokes.", "answers": {}, "raised": ["r1"], "could_not_assess": []}
EXAMPLES = [{"answers": {}, "expect": outcome} for outcome in ("raised", "not_raised", "could_not_assess")]


def remarks(tmp_path: Any, when: Any, **changes: Any) -> list[tuple[str, bool]]:
    one = rule("r1", when, **{"review_by": "2027-11-22", "examples": EXAMPLES, **changes})
    loaded = load_ruleset(write(tmp_path, {**files(one), "cases/ann.yaml": CASE}))
    return [(remark.problem.what, remark.is_error) for remark in lint(loaded, TODAY)]


def test_a_rule_with_all_it_needs_has_no_remarks(tmp_path):
    assert remarks(tmp_path, {"smokes": "yes"}) == []


@pytest.mark.parametrize(
    ("when", "changes", "remark"),
    [
        ({"smokes": "yes"}, {"severity": "urgent"}, ("an urgent rule has no `unknown` text", True)),
        (
            {"control": "poor"},
            {"severity": "urgent", "unknown": {"en": "x"}},
            ("an urgent rule tests `control`, which is not always asked", True),
        ),
        ({"not": {"control": "good"}}, {}, ("`not` over `control`, which is true where that is not applicable", True)),
        (
            {"control": {"none_of": ["good"]}},
            {},
            ("`not` over `control`, which is true where that is not applicable", True),
        ),
        ({"smokes": "yes"}, {"review_by": "2026-11-21"}, ("was to be reviewed by 2026-11-21", True)),
        ({"smokes": "yes"}, {"review_by": "2026-12-31"}, ("is to be reviewed by 2026-12-31", False)),
        ({"smokes": "yes"}, {"examples": EXAMPLES[:2]}, ("no example expects could_not_assess", True)),
        ({"smokes": "yes"}, {"also": ["r7"]}, ("`also` names `r7`, which is no rule", True)),
    ],
)
def test_what_a_rule_lacks_is_remarked(tmp_path, when, changes, remark):
    assert remarks(tmp_path, when, **changes) == [remark]


def test_a_missing_review_date_is_an_error(tmp_path):
    loaded = load_ruleset(write(tmp_path, files(rule("r1", {"smokes": "yes"}, examples=EXAMPLES))))
    assert [remark.problem.what for remark in lint(loaded, TODAY) if remark.is_error] == ["has no `review_by`"]


def test_not_over_a_gated_item_is_fine_with_its_gate_beside_it(tmp_path):
    assert remarks(tmp_path, {"all": [{"heart": "hypertension"}, {"not": {"control": "good"}}]}) == []


def lines_of(tmp_path: Path, changed: dict[str, Any], word: str) -> list[str]:
    """The remarks on a small rulebook, some files changed, that hold a word."""
    loaded = load_ruleset(write(tmp_path, changed))
    return [str(remark) for remark in lint(loaded, TODAY) if word in str(remark)]


def test_an_unused_citation_is_a_warning_and_an_unused_paragraph_an_error(tmp_path):
    book = {"source": "book", "title": "A book", "verified": "primary"}
    cited = {
        "book": book,
        "spare": book,
        "spare.told": {**book, "section": "Preface", "lines": [7, 9]},
        "spare.known": {**book, "section": "Preface (background)", "lines": [3]},
    }
    assert lines_of(tmp_path, {**files(), "citations.yaml": cited}, "spare") == [
        "warning: citations.yaml:1: spare: no rule cites it; cite it, or remove it",
        "warning: citations.yaml:1: spare.known: no rule cites it: its section says that it is background; cite it should it make a claim",
        "error: citations.yaml:1: spare.told: no rule cites this part of book (line 7, 9); "
        "write its rule, or end its `section` with “(background)”",
    ]


def test_a_rule_that_no_worked_patient_raises_is_an_error(tmp_path):
    two = files(rule("r1", {"smokes": "yes"}), rule("r2", {"smokes": "no"}), rule("r3", {"always": True}))
    assert lines_of(tmp_path, {**two, "cases/ann.yaml": CASE}, "worked patient") == [
        "error: screening/source/general.yaml:1: r2: no worked patient of cases/ raises it; add a case, or adapt one"
    ]


def test_a_rulebook_without_worked_patients_is_a_warning(tmp_path):
    assert lines_of(tmp_path, files(), "worked patient") == [
        "warning: cases: there is no worked patient; add whole invented patients, with the rules they must raise"
    ]


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ({"pressure": {"gte": 60}}, "`pressure: {gte: 60}` is always true: it lies from 60 to 260"),
        ({"pressure": {"gt": 260}}, "`pressure: {gt: 260}` is never true: it lies from 60 to 260"),
        ({"pressure": {"eq": 70.5}}, "`pressure: {eq: 70.5}` is never true: it lies from 60 to 260"),
        ({"pressure": {"between": [70.2, 70.8]}}, "`pressure: {between: 70.2 and 70.8}` is never true: it lies from 60 to 260"),
        ({"pressure": {"between": [60, 260]}}, "`pressure: {between: 60 and 260}` is always true: it lies from 60 to 260"),
        ({"mood": {"gte": 7}}, "`mood: {gte: 7}` is never true: it lies from 0 to 6"),
        ({"mood": {"gte": 0}}, "`mood: {gte: 0}` is always true: it lies from 0 to 6"),
        ({"mean_mood": {"gt": 3}}, "`mean_mood: {gt: 3}` is never true: it lies from 0 to 3"),
        ({"trouble": {"gte": 4}}, "`trouble: {gte: 4}` is never true: it lies from 0 to 3"),
        ({"trouble": {"eq": 1.5}}, "`trouble: {eq: 1.5}` is never true: it lies from 0 to 3"),
        ({"any": [{"smokes": "yes"}, {"not": {"mood": {"lt": 0}}}]}, "`mood: {lt: 0}` is never true: it lies from 0 to 6"),
    ],
)  # fmt: skip
def test_a_comparison_that_cannot_decide_is_an_error(tmp_path, when, what):
    assert remarks(tmp_path, when) == [(what, True)]


@pytest.mark.parametrize(
    "when",
    [{"pressure": {"gt": 60}}, {"pressure": {"lt": 260}}, {"weight": {"eq": 70.5}}, {"mood": {"gte": 6}}, {"mean_mood": {"eq": 1.5}}],
)  # fmt: skip
def test_a_comparison_that_some_answers_meet_is_fine(tmp_path, when):
    assert remarks(tmp_path, when) == []


def test_a_comparison_that_cannot_decide_is_found_in_gates_and_counts(tmp_path):
    gated = [*ITEMS, {"id": "late", "type": "yes_no", "text": {"en": "x"}, "enabled_when": {"pressure": {"lte": 260}}}]
    questions = {"section": "only", "title": {"en": "Only"}, "items": gated}
    scores = {**SCORES, "odd": {"count": [{"weight": {"gt": 300}}]}}
    changed = {**files(), "questionnaire/01-only.yaml": questions, "scores.yaml": scores}
    assert [line.split(": {")[0] for line in lines_of(tmp_path, changed, " it lies ")] == [
        "error: questionnaire/01-only.yaml:1: late: `pressure",
        "error: scores.yaml:1: odd: `weight",
    ]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("You are eligible.", "“eligible” sounds like a verdict"),
        ("You are a Good Candidate.", "“Candidate” sounds like a verdict"),
        ("Ketamine is safe\nfor  you.", "“safe\nfor  you” sounds like a verdict"),
        ("Your pain is refractory.", "“refractory” is a clinician's word"),
        ("It is fine now. " * 40, "has 640 letters, more than the 500 that a phone screen shows"),
    ],
)
def test_what_a_text_may_not_say(tmp_path, words, what):
    assert remarks(tmp_path, {"smokes": "yes"}, patient={"en": words}) == [(what, True)]


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("en", "Not eligible. Eligibility. Ineligible.", ["eligible", "Eligibility", "Ineligible"]),
        ("en", "You qualify. She qualifies. Qualifying. You are disqualified.", ["qualify", "qualifies", "Qualifying", "disqualified"]),
        ("en", "You are cleared for treatment.", ["cleared"]),
        ("en", "It is recommended for you and right for you.", ["recommended for you", "right for you"]),
        ("en", "No risks found. There are no risks.", ["No risks found", "There are no risks"]),
        ("en", "A qualified doctor. It cleared up. Ask if it is safe. Clear words. The article recommends care.", []),
        ("es", "Usted es apta. No es apto.", ["apta", "apto"]),
        ("es", "Es elegible; son inelegibles; elegibilidad.", ["elegible", "inelegibles", "elegibilidad"]),
        ("es", "Usted califica. Calificaría. Califican.", ["califica", "Calificaría", "Califican"]),
        ("es", "Es buena candidata.", ["candidata"]),
        ("es", "Es seguro para usted, y recomendada para usted.", ["seguro para usted", "recomendada para usted"]),
        ("es", "Sin riesgos. No se encontraron riesgos.", ["Sin riesgos", "No se encontraron riesgos"]),
        ("es", "Un profesional calificado. Su seguro médico. Adapto, capto y rapto.", []),
        ("fr", "eligible", []),
    ],
)  # fmt: skip
def test_verdict_words_are_found_whole_with_their_inflections(language, words, found):
    assert verdict_words(words, language) == found


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("en", "High blood pressure (hypertension) and pain pills", []),
        ("en", "Your hypertension; contraindicated analgesics", ["hypertension", "contraindicated", "analgesics"]),
        ("es", "Presión alta (hipertensión) y pastillas", []),
        ("es", "Contraindicado por su hipertensión", ["Contraindicado", "hipertensión"]),
    ],
)
def test_clinicians_words_are_found_outside_parentheses(language, words, found):
    assert clinician_words(words, language) == found


HARD = (
    "Pharmacies occasionally manufacture complicated preparations, and individual practitioners administer "
    "unfamiliar quantities notwithstanding considerable institutional reservations."
)


def test_a_text_that_is_hard_to_read_is_an_error(tmp_path):
    (found,) = remarks(tmp_path, {"smokes": "yes"}, patient={"en": HARD})
    assert (found[0].startswith("reads at US grade"), found[0].endswith("above 6")) == (True, True)


def test_safety_texts_must_be_easier(tmp_path):
    words = "Your doctor may ask about any other pill that you have to take each day."
    assert 5 < school_grade(words) < 6
    urgent = remarks(tmp_path, {"smokes": "yes"}, severity="urgent", unknown={"en": words}, patient={"en": "Call."})
    assert [what.split("above ")[1] for what, _ in urgent] == ["5"]


def test_spanish_is_read_on_its_own_scale():
    easy = "Llame a su médico hoy. Llame aunque haya visto sangre una sola vez."
    hard = "Las contraindicaciones farmacológicas imposibilitan administraciones intravenosas simultáneas."
    assert (inflesz(easy) > 80, inflesz(hard) < 10) == (True, True)


def test_the_words_of_an_instrument_stay_as_they_are(tmp_path):
    stem = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
    assert remarks(tmp_path, {"smokes": "yes"}, patient={"en": stem}) == []


def test_without_textstat_reading_level_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "textstat", None)
    assert remarks(tmp_path, {"smokes": "yes"}, patient={"en": HARD}) == []


def test_the_shipped_rulebook_has_no_errors():
    shipped = load_ruleset(rules_folder())
    effective = datetime.date.fromisoformat(shipped.effective)
    confirmed = read_confirmed(rules_folder())
    assert [str(remark) for remark in lint(shipped, effective, confirmed=confirmed) if remark.is_error] == []


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("heart", "`non_monotone` has an entry that is not {item, code, by, reason}"),
        ({"item": "heart"}, "`non_monotone` has an entry that is not {item, code, by, reason}"),
        ({1: "heart"}, "`non_monotone` has an entry that is not {item, code, by, reason}"),
        ({"item": "x", "code": "y", "by": "z", "reason": "w"}, "`non_monotone` names `x`, which is no item"),
        (
            {"item": "heart", "code": "y", "by": "z", "reason": "w"},
            "`non_monotone` names `y`, which is not a choice of `heart`",
        ),
    ],
)
def test_an_entry_of_non_monotone_that_names_nothing_is_an_error(tmp_path, entry, what):
    assert remarks(tmp_path, {"smokes": "yes"}, non_monotone=[entry]) == [(what, True)]
