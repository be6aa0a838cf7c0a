"""What a clinician sends from the page of a review: a decision a rule, ticks, a disposition, words; and what is wrong with it.

Fields are named by rule, not by row: a page that was open while the answers changed still finds its findings. What is shown
of them is in `decision_controls`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext
from wtforms import PasswordField, StringField

from screener.store.casework import DecisionChoice
from screener.store.models import StoredFinding
from screener.store.review_work import (
    LONGEST_WORDS,
    REASONS,
    Decided,
    Disposition,
    Gaps,
    ReviewWork,
    may_be_decided,
    open_items,
)
from screener.web.case.acts import VersionedForm, text_field
from screener.web.forms import clean_line

SIGN_OFF = "sign_off"
UNDECIDED = "undecided"  # in place of a choice: the finding is decided no more
_FIELD = re.compile(r"(?:choice|words|not_relevant|needs_work_up)-([a-z0-9_]{1,60})")

Errors = list[tuple[str, str]]


class ReviewForm(VersionedForm):
    """The fields that every review has; `act` says whether to sign it off at once."""

    act = StringField()
    assessment = text_field()
    password = PasswordField()


@dataclass(frozen=True, slots=True)
class SentMark:
    """What was marked at one finding, whole or not: the choice, the coded reason of each choice that has any, the words.

    `is_undecided`: it was set back by choice, whatever reasons stood beside it; no choice alone is only nothing yet.
    """

    choice: DecisionChoice | None
    reasons: Mapping[DecisionChoice, str | None]
    text: str
    is_undecided: bool = False

    @property
    def decided(self) -> Decided | None:
        """The decision, once there is a choice; a reason of another choice is left out."""
        return Decided(self.choice, self.reasons.get(self.choice), self.text) if self.choice is not None else None

    @property
    def is_blank(self) -> bool:
        """Nothing was marked or written."""
        return self.choice is None and not self.is_undecided and not self.text and not any(self.reasons.values())


@dataclass(frozen=True, slots=True)
class SentReview:
    """All that was sent but for the password, which is looked at once and never kept."""

    marks: Mapping[str, SentMark]
    seen: frozenset[str]
    disposition: Disposition | None
    assessment: str

    def work(self, findings: Collection[StoredFinding]) -> ReviewWork:
        """What of it can be recorded on these findings."""
        decidable = [finding.rule_id for finding in findings if may_be_decided(finding)]
        decided = {rule: mark.decided for rule in decidable if (mark := self.marks.get(rule)) is not None}
        open_ones = open_items(findings)
        return ReviewWork(
            decisions={rule: one for rule, one in decided.items() if one is not None},
            seen=[item for item in open_ones if item in self.seen],
            disposition=self.disposition,
        )

    def left_over(self, findings: Collection[StoredFinding]) -> dict[str, str]:
        """Words to decisions, by rule, that have no place on these findings any more."""
        decidable = {finding.rule_id for finding in findings if may_be_decided(finding)}
        return {rule: mark.text for rule, mark in self.marks.items() if mark.text and rule not in decidable}


def sent_review(form: ReviewForm) -> SentReview:
    """What this request sent. Codes that there are not count as not sent."""
    rules = dict.fromkeys(found[1] for name in request.form if (found := _FIELD.fullmatch(name)))
    marks = {rule: _mark(rule) for rule in rules}
    return SentReview(
        marks={rule: mark for rule, mark in marks.items() if not mark.is_blank},
        seen=frozenset(request.form.getlist("seen")),
        disposition=_disposition(request.form.get("disposition", "")),
        assessment=form.assessment.data or "",
    )


def mark_errors(sent: SentReview, findings: Collection[StoredFinding], names: Mapping[str, str]) -> Errors:
    """What must be mended before anything is recorded: a reason without a choice, a choice without its reason, too many words."""
    errors = []
    for finding in findings:
        rule = finding.rule_id
        mark = sent.marks.get(rule) if may_be_decided(finding) else None
        if mark is None or mark.is_undecided:
            continue
        if mark.choice is None:
            errors.append(
                (f"choice-{rule}", gettext("You gave a reason but no decision: %(finding)s", finding=names[rule]))
            )
        elif len(mark.text) > LONGEST_WORDS:
            long = gettext("Write %(num)s characters or fewer: %(finding)s", num=LONGEST_WORDS, finding=names[rule])
            errors.append((f"words-{rule}", long))
        elif mark.decided is not None and not mark.decided.is_explained:
            field = f"{mark.choice.value}-{rule}"
            errors.append((field, gettext("Choose a reason or write why: %(finding)s", finding=names[rule])))
    return errors


def gap_errors(gaps: Gaps, names: Mapping[str, str], question: Callable[[str], str]) -> Errors:
    """What is missing for a sign-off, each line with its place on the page."""
    errors = [
        (f"choice-{rule}", gettext("Not decided yet: %(finding)s", finding=names[rule])) for rule in gaps.undecided
    ]
    errors += [(f"seen-{item}", gettext("Not seen yet: %(question)s", question=question(item))) for item in gaps.unseen]
    if gaps.has_no_disposition:
        errors.append(("disposition", gettext("Choose what happens next on the whole.")))
    if gaps.has_no_assessment:
        errors.append(("assessment", gettext("Write your assessment first.")))
    return errors


def _mark(rule: str) -> SentMark:
    choice = request.form.get(f"choice-{rule}", "")
    if choice == UNDECIDED:
        return SentMark(None, {}, "", is_undecided=True)
    return SentMark(
        choice=next((one for one in DecisionChoice if one.value == choice), None),
        reasons={one: _reason(one, rule) for one in DecisionChoice if REASONS[one]},
        text=clean_line(request.form.get(f"words-{rule}")) or "",
    )


def _reason(choice: DecisionChoice, rule: str) -> str | None:
    sent = request.form.get(f"{choice.value}-{rule}", "")
    return sent if sent in REASONS[choice] else None


def _disposition(sent: str) -> Disposition | None:
    return next((one for one in Disposition if one.value == sent), None)
