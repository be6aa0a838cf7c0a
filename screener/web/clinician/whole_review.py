"""A review on the whole: ticks, what happens next, the words, and how much is done. Findings' own marks are in `decision_controls`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from screener.web.clinician.decision_controls import Control, counted
from screener.web.clinician.review_form import SentReview
from screener.web.clinician.review_parts import OpenQuestion
from screener.web.review_words import DISPOSITION_WORDS, ReviewWords, disposition_words

Count = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WholeReview:
    """What stands in the fields, and, where a colleague wrote while the page was open, their words (`since_…`, None where the same).
    `decided` and `seen` count what is stored: how many, and of how many; `is_complete` says that nothing is missing for a sign-off."""

    assessment: str
    since_assessment: str | None
    disposition: str
    since_disposition: str | None
    dispositions: tuple[tuple[str, str], ...]
    decided: Count
    seen: Count
    is_complete: bool


def whole_review(
    stored: ReviewWords | None,
    sent: SentReview | None,
    controls: Mapping[str, Control],
    questions: Sequence[OpenQuestion],
    *,
    is_late: bool,
) -> WholeReview:
    """The review as the page shows it; what was sent stands before what is stored, unless nothing was sent."""
    assessment, disposition = (stored.assessment, stored.disposition or "") if stored else ("", "")
    decided = counted(controls, list(controls))
    seen = (sum(one.unknown.item in stored.seen for one in questions) if stored else 0, len(questions))
    shown_assessment = sent.assessment if sent and (sent.assessment or not is_late) else assessment
    shown_disposition = sent.disposition.value if sent and sent.disposition else disposition
    return WholeReview(
        assessment=shown_assessment,
        since_assessment=assessment if is_late and assessment and assessment != shown_assessment else None,
        disposition=shown_disposition,
        since_disposition=disposition_words(disposition) if is_late and disposition != shown_disposition else None,
        dispositions=tuple((one.value, str(words)) for one, words in DISPOSITION_WORDS.items()),
        decided=decided,
        seen=seen,
        is_complete=decided[0] == decided[1] and seen[0] == seen[1] and bool(assessment and disposition),
    )
