"""Everything a review rests on, read in one transaction: findings as rows, reviews, decisions ever made, what was signed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screener.engine.rules import Ruleset
from screener.store import queries
from screener.store.casework import Decision
from screener.store.models import Response, StoredFinding, Submission
from screener.store.review_work import Gaps, gaps
from screener.store.workflow import Status
from screener.web.case.acts import found
from screener.web.case.findings import topic_words
from screener.web.clinician.review_form import SentReview
from screener.web.extensions import reading, ruleset_of
from screener.web.i18n import language
from screener.web.review_words import ReviewWords, read_reviews

Signed = tuple[Response, Sequence[StoredFinding]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What is stored of a submission's findings and reviews. `voided` are the answers and findings of the newest sign-off that no
    longer stands, if there is one."""

    submission: Submission
    ruleset: Ruleset
    response: Response
    findings: Sequence[StoredFinding]
    reviews: Sequence[ReviewWords]
    decisions: Sequence[Decision]
    voided: Signed | None

    @property
    def review(self) -> ReviewWords | None:
        """The newest review."""
        return self.reviews[-1] if self.reviews else None

    @property
    def is_open(self) -> bool:
        """Whether there is a review to write in."""
        return self.submission.status is Status.IN_REVIEW and self.review is not None and self.review.sign_off is None

    @property
    def names(self) -> dict[str, str]:
        """Each rule as the page names its finding: topic, source, and its own name."""
        return {
            rule.id: f"{topic_words(self.ruleset, rule.topic, language())}, {self._source(rule.pack)} ({rule.id})"
            for rule in self.ruleset.rules
        }

    def question(self, item_id: str) -> str:
        """A question's words."""
        return self.ruleset.items[item_id].text.in_language(language())

    def _source(self, pack: str) -> str:
        prose = self.ruleset.prose.packs.get(pack)
        return prose.title.in_language(language()) if prose and prose.title else pack

    def gaps(self, sent: SentReview) -> Gaps:
        """What a sign-off of what was sent would still lack."""
        return gaps(self.findings, sent.work(self.findings), sent.assessment)


def read_desk(public_id: str) -> Desk:
    """What is stored now; the page of a missing submission where there is none."""
    with reading() as session:
        submission = found(session, public_id)
        response = queries.current_response(session, submission)
        reviews = read_reviews(session, submission)
        voided = None
        past = [one for one in reviews if one.sign_off is not None and one.sign_off.voided_at is not None]
        signed = queries.response_by_number(session, past[-1].response_id) if past else None
        if signed is not None:
            voided = (signed, queries.findings_of(session, signed))
        return Desk(
            submission=submission,
            ruleset=ruleset_of(session, response.ruleset_hash),
            response=response,
            findings=queries.findings_of(session, response),
            reviews=reviews,
            decisions=queries.decisions_on(session, submission),
            voided=voided,
        )
