"""What a rulebook that loads still lacks."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from small_rulebooks import files, rule, ruleset, write

from screener.engine.lint import lint
from screener.engine.loader import load_ruleset

TODAY = datetime.date(2026, 11, 22)
EXAMPLES = [{"answers": {}, "expect": outcome} for outcome in ("raised", "not_raised", "could_not_assess")]


def remarks(tmp_path: Any, when: Any, **changes: Any) -> list[tuple[str, bool]]:
    one = rule("r1", when, **{"review_by": "2027-11-22", "examples": EXAMPLES, **changes})
    loaded = load_ruleset(write(tmp_path, files(one)))
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
    assert [remark.problem.what for remark in lint(loaded, TODAY)] == ["has no `review_by`"]


def test_not_over_a_gated_item_is_fine_with_its_gate_beside_it(tmp_path):
    assert remarks(tmp_path, {"all": [{"heart": "hypertension"}, {"not": {"control": "good"}}]}) == []


def test_an_unused_citation_is_a_warning():
    small = ruleset(rule("r1", {"always": True}, cites=["book"], review_by="2027-11-22"))
    object.__setattr__(small, "citations", {**small.citations, "spare": small.citations["book"]})
    assert [str(remark) for remark in lint(small, TODAY) if "spare" in str(remark)] == [
        "warning: citations.yaml: spare: no rule cites it; cite it, or leave it as background"
    ]
