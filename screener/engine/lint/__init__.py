"""What a rulebook still lacks before it may be published. Never run at load: serving does not depend on it.

Lint looks at one thing at a time: a rule, a condition, a text, a citation. What takes all possible answers to find is for the
proofs. A ruleset that does not load is linted as far as it could be read (`RulesetError.partial`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from screener.engine.lint.approval_checks import approval_remarks
from screener.engine.lint.condition_checks import condition_remarks
from screener.engine.lint.conflict_checks import conflict_remarks
from screener.engine.lint.patient_texts import patient_texts
from screener.engine.lint.prose_checks import prose_remarks
from screener.engine.lint.reading_level import reading_remarks
from screener.engine.lint.remarks import Remark
from screener.engine.lint.repetition import repetition_remarks
from screener.engine.lint.rule_checks import also_remarks, case_remarks, rule_remarks
from screener.engine.lint.source_checks import citation_remarks, place_remarks
from screener.engine.lint.stale_translations import Hashes, translation_remarks
from screener.engine.lint.text_checks import text_remarks
from screener.engine.rules import Ruleset

__all__ = ["Remark", "lint"]


def lint(
    ruleset: Ruleset,
    today: datetime.date,
    *,
    confirmed: Mapping[str, Hashes] | None = None,
    unread: frozenset[str] = frozenset(),
) -> list[Remark]:
    """All remarks on a ruleset, as of `today`, in the order of files and lines.

    `confirmed` is what `.translations.json` says, None where there is no such file. What `unread` names,
    the words of files that could not be read, counts as used and as being there.
    """
    texts = patient_texts(ruleset)
    remarks = [remark for rule in ruleset.rules for remark in rule_remarks(ruleset, rule, today)]
    remarks += condition_remarks(ruleset)
    for text in texts:
        remarks += text_remarks(text)
        remarks += reading_remarks(text)
    remarks += translation_remarks(ruleset, texts, confirmed)
    remarks += conflict_remarks(ruleset)
    remarks += case_remarks(ruleset, unread)
    remarks += citation_remarks(ruleset, unread)
    remarks += place_remarks(ruleset, today)
    remarks += also_remarks(ruleset, unread)
    remarks += repetition_remarks(ruleset, texts)
    remarks += prose_remarks(ruleset, unread)
    remarks += approval_remarks(ruleset, today)
    return sorted(dict.fromkeys(remarks), key=lambda remark: remark.problem)
