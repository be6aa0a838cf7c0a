"""What stands twice, what prose is about, and which approvals count: lint that looks across a rulebook."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from small_rulebooks import ITEMS, MANIFEST, SCORES, files, rule, write

from screener.engine.lint import lint
from screener.engine.loader import load_ruleset

TODAY = datetime.date(2026, 11, 22)
QUESTIONS = "questionnaire/01-only.yaml"


def told(folder: Path, content: dict[str, Any]) -> list[str]:
    """What the lint says of a rulebook, but for what single rules and cases still lack."""
    common = ("review_by", "no example expects", "worked patient", "confirmed", "no rule cites it")
    loaded = load_ruleset(write(folder, content))
    return [
        f"{remark.problem.file}:{remark.problem.line}: {remark.problem.where}: {remark.problem.what}"
        for remark in lint(loaded, TODAY)
        if not any(words in remark.problem.what for words in common)
    ]


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ({"any": [{"smokes": "yes"}, {"smokes": "yes"}]}, "stands twice in one `any`"),
        ({"all": [{"heart": "angina"}, {"not": {"all": [{"smokes": "no"}] * 2}}]}, "stands twice in one `all`"),
        ({"at_least": {"n": 2, "of": [{"smokes": "yes"}] * 2}}, "stands twice in one `at_least`"),
        ({"low": ["some", "often", "some"]}, "`some` stands twice in one list of `low`"),
    ],
)
def test_a_condition_that_repeats_itself_is_an_error(tmp_path, when, what):
    (line,) = told(tmp_path, files(rule("r1", when)))
    assert line.startswith(f"screening/source/general.yaml:1: r1: {what}")


def test_parts_of_a_score_that_count_twice_are_errors(tmp_path):
    scores = {**SCORES, "odd": {"sum": ["low", "low"]}, "many": {"count": [{"smokes": "yes"}, {"smokes": "yes"}]}}
    assert told(tmp_path, files(**{"scores.yaml": scores})) == [
        "scores.yaml:1: many: counts this twice: the answer to “Do you smoke?” is “Yes”",
        "scores.yaml:1: odd: `low` counts twice in this sum",
    ]


def test_a_citation_or_rule_named_twice_is_an_error(tmp_path):
    twice = rule("r1", {"smokes": "yes"}, cites=["book", "book"], also=["r2", "r2"])
    assert told(tmp_path, files(twice, rule("r2", {"heart": "angina"}))) == [
        "screening/source/general.yaml:1: r1: `book` stands twice in its `cites`",
        "screening/source/general.yaml:1: r1: `r2` stands twice in its `also`",
    ]


def test_two_choices_in_the_same_words_are_an_error(tmp_path):
    choices = {"good": {"en": "Very  good"}, "poor": {"en": "very good"}}
    items = [{**item, "choices": choices} if item["id"] == "control" else item for item in ITEMS]
    questions = {"section": "only", "title": {"en": "Only"}, "items": items}
    assert told(tmp_path, files(**{QUESTIONS: questions})) == [
        f"{QUESTIONS}:1: control: `poor` says the same as `good` in `en`"
    ]


def bilingual(words: dict[str, str], **prose: Any) -> dict[str, Any]:
    title = {"en": "Only", "es": "Única"}
    items = [{"id": "smokes", "type": "yes_no", "text": words}]
    whole = files(rule("r1", {"smokes": "yes"}, patient={"en": "Smoke is bad.", "es": "El humo es malo."}))
    whole |= {"manifest.yaml": {**MANIFEST, "languages": ["en", "es"]}, "prose.yaml": prose or None}
    whole |= {QUESTIONS: {"section": "only", "title": title, "items": items}, "scores.yaml": None}
    return {name: content for name, content in whole.items() if content is not None}


def test_a_translation_that_is_its_original_is_an_error(tmp_path):
    assert told(tmp_path, bilingual({"en": "Do you smoke now?", "es": "Do you  smoke now?"})) == [
        f"{QUESTIONS}:1: items.smokes.text (es): the text in `es` is the one in `en`"
    ]


def test_a_name_may_be_the_same_in_two_languages(tmp_path):
    assert told(tmp_path, bilingual({"en": "Lima, Roma, Oslo", "es": "Lima, Roma, Oslo"})) == []


def test_prose_about_nothing_and_what_has_no_title_are_errors(tmp_path):
    both = {"en": "Words", "es": "Palabras"}
    content = bilingual(
        {"en": "Smoke?", "es": "¿Fuma?"}, topics={"generl": both}, packs={"sorce": {"title": both}, "source": {}}
    )
    del content["prose.yaml"]["packs"]["source"]
    assert told(tmp_path, content) == [
        "prose.yaml:0: packs source: this pack has no title",
        "prose.yaml:0: topics general: this topic has no title",
        "prose.yaml:1: packs sorce: the manifest has no such pack",
        "prose.yaml:1: topics generl: no rule is of this topic",
    ]


SIGNED = {"who": "Ada Sample", "role": "MD", "date": "2026-11-20"}


@pytest.mark.parametrize(
    ("approval", "what"),
    [
        ({**SIGNED, "of": "x" * 64}, ["`of` is no hash of a ruleset"]),
        ({**SIGNED, "of": "abc"}, ["`of` is no hash of a ruleset"]),
        (SIGNED, ["`of` is missing"]),
        ({"date": "20.11.2026", "of": "0" * 64}, ["`date` is no date", "`role` is missing", "`who` is missing"]),
        ({**SIGNED, "date": "2026-11-23", "of": "0" * 64}, ["`date` is 2026-11-23, which is still to come"]),
        ({**SIGNED, "of": "0" * 64, "whom": "x"}, ["unknown key `whom`"]),
    ],
)
def test_an_approval_that_says_too_little_is_an_error(tmp_path, approval, what):
    manifest = {**MANIFEST, "approvals": [approval]}
    assert told(tmp_path, files(**{"manifest.yaml": manifest})) == [f"manifest.yaml:1: approval 1: {w}" for w in what]


def test_an_approval_of_another_content_does_not_count(tmp_path):
    first = load_ruleset(write(tmp_path, files()))
    approvals = [{**SIGNED, "of": "0" * 64}, {**SIGNED, "of": first.hash[:12]}]
    (line,) = told(tmp_path, files(**{"manifest.yaml": {**MANIFEST, "approvals": approvals}}))
    assert line == (
        f"manifest.yaml:1: approval 1: is of another content than this, whose hash begins with {first.hash[:12]}: it does not count"
    )


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("…", "has no words"),
        ("Call {name} now.", "“{name}” is shown as it is: nothing is put in its place"),
        ("<b>Call now.", "“<b>” is shown as it is: texts know no markup"),
        ("TODO", "“TODO” stands for words still to be written"),
        ("Call \u202enow.", "holds an invisible character"),
        ("Call\u2028now.", "holds an invisible character"),
    ],
)
def test_a_text_that_is_not_fit_to_be_shown_is_an_error(tmp_path, words, what):
    assert told(tmp_path, files(rule("r1", {"smokes": "yes"}, patient={"en": words}))) == [
        f"screening/source/general.yaml:1: rules.r1.patient (en): {what}"
    ]


def test_a_word_of_another_language_stands_for_nothing_unwritten(tmp_path):
    assert told(tmp_path, bilingual({"en": "Do you smoke it all?", "es": "¿Fuma TODO?"})) == []


def test_a_text_may_compare_numbers_and_join_letters(tmp_path):
    assert told(tmp_path, files(rule("r1", {"smokes": "yes"}, patient={"en": "Is 3 < 4, or 5 > 4 \u200c?"}))) == []


def test_only_the_text_on_what_was_not_checked_has_a_number_put_in(tmp_path):
    summary = {"not_checked": {"en": "Not seen: {count}, {cuont}."}, "next": {"en": "Now {count}."}}
    assert told(tmp_path, files(**{"prose.yaml": {"summary": summary}})) == [
        "prose.yaml:1: prose.summary.next (en): “{count}” is shown as it is: nothing is put in its place",
        "prose.yaml:1: prose.summary.not_checked (en): “{cuont}” is shown as it is: nothing is put in its place",
    ]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"url": "javascript:alert(1)"}, "its `url` is no address of a page"),
        ({"url": "https://[x"}, "its `url` is no address of a page"),
        ({"url": "example.org/page"}, "its `url` is no address of a page"),
        ({"year": 20200}, "its `year` is no year"),
        ({"doi": "https://doi.org/10.1000/x"}, "its `doi` is none"),
        ({"read": "2026-11-23"}, "it was read on 2026-11-23, which is still to come"),
        ({"lines": [3, 3]}, "a line stands twice in its `lines`"),
    ],
)
def test_a_citation_that_nobody_could_look_up_is_an_error(tmp_path, changes, what):
    book = {"source": "book", "title": "A book", "verified": "primary", **changes}
    assert told(tmp_path, files(**{"citations.yaml": {"book": book}})) == [f"citations.yaml:1: book: {what}"]


def test_a_citation_with_its_place_in_order_is_fine(tmp_path):
    place = {
        "url": "https://example.org/a?b=c",
        "year": 2020,
        "doi": "10.1000/xyz",
        "read": "2026-11-22",
        "lines": [3, 4],
    }
    book = {"source": "book", "title": "A book", "verified": "primary", **place}
    assert told(tmp_path, files(**{"citations.yaml": {"book": book}})) == []


def test_a_rule_that_names_itself_in_also_is_an_error(tmp_path):
    assert told(tmp_path, files(rule("r1", {"smokes": "yes"}, also=["r1"]))) == [
        "screening/source/general.yaml:1: r1: `also` names the rule itself"
    ]
