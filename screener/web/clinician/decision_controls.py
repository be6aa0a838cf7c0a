"""The control beside each finding: what is decided or being decided there, by whom, and what happened to it meanwhile.

What was sent and came back stands before what is stored; what a colleague wrote since stands beside it, so that neither is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from screener.store.casework import Decision, DecisionChoice
from screener.store.models import Event, StoredFinding
from screener.store.review_work import REASONS, Decided, is_same, may_be_decided, needs_decision
from screener.web.clinician.review_form import UNDECIDED, SentMark, SentReview
from screener.web.filters import moment
from screener.web.review_words import CHOICE_WORDS, REASON_WORDS, DecisionWords, ReviewWords, decision_words

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReasonList:
    """The coded reasons of one choice: its code and words, the reasons as (code, words), the one that is chosen ("" for none)."""

    choice: str
    label: str
    options: Options
    chosen: str


@dataclass(frozen=True, slots=True)
class Control:
    """The decision on one finding. `said`: what is stored, in words; `since`: what a colleague wrote since this page was opened;
    `changed`: what was decided before the answers behind it changed; `is_needed`: nothing is signed without it."""

    rule_id: str
    legend: str
    is_needed: bool
    choices: Options
    chosen: str
    reasons: tuple[ReasonList, ...]
    text: str
    error: str | None
    said: str | None
    since: str | None
    changed: str | None

    @property
    def is_decided(self) -> bool:
        """Whether a decision is stored."""
        return self.said is not None


def since_opened(events: Iterable[Event], version: int) -> tuple[datetime | None, str]:
    """When someone first recorded the review after this version of the page, and the names of who did; None where nobody did."""
    later = [
        event for event in events if event.name == "review_recorded" and int(event.detail.get("version", 0)) > version
    ]
    names = dict.fromkeys(event.actor.name for event in later if event.actor is not None)
    return (later[0].at if later else None), ", ".join(names)


def controls_of(
    findings: Sequence[StoredFinding],
    review: ReviewWords | None,
    *,
    names: Mapping[str, str],
    earlier: Iterable[Decision],
    sent: SentReview | None,
    errors: Mapping[str, str],
    since: datetime | None,
) -> dict[str, Control]:
    """One control for each finding that can be decided on, by rule id. `names` say which finding is meant, `earlier` are all decisions
    ever made on the submission, `errors` stand at fields; `since` is when a colleague wrote while this page was open, if one did."""
    stored = review.decisions if review is not None else {}
    before = {decision.finding.rule_id: decision for decision in earlier}
    return {
        finding.rule_id: _control(
            finding,
            names[finding.rule_id],
            stored.get(finding.rule_id),
            sent.marks.get(finding.rule_id) if sent is not None else None,
            error=_error(finding.rule_id, errors),
            since=since,
            before=before.get(finding.rule_id),
        )
        for finding in findings
        if may_be_decided(finding)
    }


def counted(controls: Mapping[str, Control], rules: Collection[str]) -> tuple[int, int]:
    """Of these rules' findings that need a decision: how many have one, and how many they are."""
    needed = [controls[rule] for rule in rules if rule in controls and controls[rule].is_needed]
    return sum(control.is_decided for control in needed), len(needed)


def decision_sentence(words: DecisionWords) -> str:
    """A decision in one line: the choice, the reason, the words, who and when."""
    said = ". ".join(part.rstrip(".") for part in (words.choice_words, words.reason_words, words.text) if part)
    return gettext("%(decision)s. %(name)s, %(when)s", decision=said, name=words.by, when=moment(words.at))


def _control(
    finding: StoredFinding,
    name: str,
    stored: DecisionWords | None,
    mark: SentMark | None,
    *,
    error: str | None,
    since: datetime | None,
    before: Decision | None,
) -> Control:
    if mark is None:  # what a colleague decided where nothing was sent is taken over
        mark = _mark_of(stored)
    can_be_set_back = stored is not None or mark.choice is not None or mark.is_undecided
    is_other = stored is not None and since is not None and stored.at >= since and mark.decided != _decided(stored)
    has_changed = stored is None and before is not None and not is_same(before.finding, finding)
    return Control(
        rule_id=finding.rule_id,
        legend=name,
        is_needed=needs_decision(finding),
        choices=_choices(can_be_set_back),
        chosen=UNDECIDED if mark.is_undecided else mark.choice.value if mark.choice is not None else "",
        reasons=tuple(
            ReasonList(choice.value, str(CHOICE_WORDS[choice]), _options(choice), mark.reasons.get(choice) or "")
            for choice in DecisionChoice
            if REASONS[choice]
        ),
        text=mark.text,
        error=error,
        said=decision_sentence(stored) if stored is not None else None,
        since=decision_sentence(stored) if stored is not None and is_other else None,
        changed=decision_sentence(decision_words(before)) if before is not None and has_changed else None,
    )


def _choices(can_be_set_back: bool) -> Options:
    """A radio button once chosen cannot be left empty again, so that what is decided has a choice that takes it back."""
    choices = tuple((choice.value, str(words)) for choice, words in CHOICE_WORDS.items())
    return (*choices, (UNDECIDED, gettext("Not decided"))) if can_be_set_back else choices


def _mark_of(stored: DecisionWords | None) -> SentMark:
    if stored is None:
        return SentMark(None, {}, "")
    return SentMark(stored.choice, {stored.choice: stored.reason}, stored.text)


def _decided(stored: DecisionWords) -> Decided:
    return Decided(stored.choice, stored.reason, stored.text)


def _options(choice: DecisionChoice) -> Options:
    return tuple((code, str(REASON_WORDS[code])) for code in REASONS[choice])


def _error(rule: str, errors: Mapping[str, str]) -> str | None:
    fields = ("choice", "words", *(choice.value for choice in DecisionChoice))
    return next((errors[f"{field}-{rule}"] for field in fields if f"{field}-{rule}" in errors), None)
