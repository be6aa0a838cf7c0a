"""For the authors of the rulebook: how often each rule is raised, what clinicians decide on it and why, over a year.

Counts only. A rule that is often found not relevant may be worded too widely; that is for its author to judge, and is no
measure of a clinician.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, url_for
from flask_babel import format_date
from sqlalchemy.orm import Session

from screener.csv_cells import lines
from screener.engine.rules import Rule
from screener.engine.screening import topic_order
from screener.store import queries
from screener.store.casework import DecisionChoice
from screener.store.queries.feedback import COUNTED
from screener.web.auth import current_staff, home_of
from screener.web.extensions import current_ruleset, now, reading
from screener.web.filters import words
from screener.web.review_words import CHOICE_WORDS, REASON_WORDS

MONTHS = 12

blueprint = Blueprint("feedback", __name__, url_prefix="/feedback")


@dataclass(slots=True)
class RuleFeedback:
    """One rule: how often raised each month, and how it was decided. `rule` is None for one of an earlier ruleset."""

    rule_id: str
    rule: Rule | None
    raised: Counter[str] = field(default_factory=Counter)
    choices: Counter[DecisionChoice] = field(default_factory=Counter)
    reasons: Counter[tuple[DecisionChoice, str]] = field(default_factory=Counter)

    @property
    def raised_number(self) -> int:
        """How often it was raised."""
        return self.raised.total()


@blueprint.get("/")
def rules() -> str:
    """Every rule that was raised or decided on, topic by topic."""
    months = last_months(now())
    with reading() as store:
        found = _read(store, months)
        cut = queries.months_not_counted_whole(store, months)
    highest = max((number for row in found for number in row.raised.values()), default=0)
    return render_template(
        "feedback/rules.html",
        topics=_by_topic(found),
        months=[(month, format_date(datetime.fromisoformat(f"{month}-01"), "MMM")) for month in months],
        highest=highest,
        cut=", ".join(format_date(datetime.fromisoformat(f"{month}-01"), "MMM y") for month in cut),
        counted=COUNTED,
        choice_words=CHOICE_WORDS,
        reason_words=REASON_WORDS,
        csv_url=url_for("feedback.table"),
        home_url=home_of(current_staff()),
    )


@blueprint.get("/rules.csv")
def table() -> Response:
    """The same as a table: one row a rule and month. `only_newest` says how many of a month were counted, where not all were."""
    months = last_months(now())
    heads = ("rule", "topic", "severity", "month", "raised", *(f"decided_{choice.value}" for choice in DecisionChoice))
    heads = (*heads, "only_newest")
    with reading() as store:
        raised = queries.raised_counts(store, months)
        decided = queries.decided_counts(store, months)
        cut = queries.months_not_counted_whole(store, months)
    of_choice: Counter[tuple[str, str, DecisionChoice]] = Counter()
    for count in decided:
        of_choice[count.rule_id, count.month, count.choice] += count.number
    numbers = {(count.rule_id, count.month): count.number for count in raised}
    keys = sorted({*numbers, *((rule_id, month) for rule_id, month, _ in of_choice)})
    known = {rule.id: rule for rule in current_ruleset().rules}
    body = [
        (
            rule_id,
            known[rule_id].topic if rule_id in known else "",
            known[rule_id].severity.value if rule_id in known else "",
            month,
            numbers.get((rule_id, month), 0),
            *(of_choice[rule_id, month, choice] for choice in DecisionChoice),
            COUNTED if month in cut else "",
        )
        for rule_id, month in keys
    ]
    headers = {"Content-Disposition": 'attachment; filename="rules.csv"'}
    return Response("".join(lines([heads, *body])), mimetype="text/csv", headers=headers)


def last_months(at: datetime) -> list[str]:
    """The last twelve months up to now, the oldest first."""
    found = [f"{at:%Y-%m}"]
    first = at.replace(day=1)
    while len(found) < MONTHS:
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(f"{first:%Y-%m}")
    return found[::-1]


def _read(store: Session, months: list[str]) -> list[RuleFeedback]:
    known = {rule.id: rule for rule in current_ruleset().rules}
    found: dict[str, RuleFeedback] = {}
    for count in queries.raised_counts(store, months):
        row = found.setdefault(count.rule_id, RuleFeedback(count.rule_id, known.get(count.rule_id)))
        row.raised[count.month] += count.number
    for decided in queries.decided_counts(store, months):
        row = found.setdefault(decided.rule_id, RuleFeedback(decided.rule_id, known.get(decided.rule_id)))
        row.choices[decided.choice] += decided.number
        if decided.reason:
            row.reasons[decided.choice, decided.reason] += decided.number
    return list(found.values())


def _by_topic(found: list[RuleFeedback]) -> list[tuple[str, list[RuleFeedback]]]:
    """Rules under their topics, those most often found not relevant first; always-on rules say nothing and are left out."""
    ruleset = current_ruleset()
    telling = [row for row in found if row.rule is None or not row.rule.is_always]
    telling.sort(key=lambda row: (-row.choices[DecisionChoice.NOT_RELEVANT], -row.raised_number, row.rule_id))
    groups = []
    for topic in topic_order(ruleset):
        here = [row for row in telling if row.rule is not None and row.rule.topic == topic]
        if here:
            title = ruleset.prose.topics.get(topic)
            groups.append((words(title) if title else topic.replace("_", " "), here))
    gone = [row for row in telling if row.rule is None]
    return [*groups, *([("–", gone)] if gone else [])]
