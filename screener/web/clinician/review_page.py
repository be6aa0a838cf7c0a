"""The clinician's page of one submission, on which a review is read and decided. What its buttons do is in `acts`."""

from __future__ import annotations

from screener.store.workflow import Role
from screener.web.case_acts import Refusal, open_case
from screener.web.case_page import Page, case_page
from screener.web.case_view import SHORT_HASH, language_words, opening_rows
from screener.web.clinician.blueprint import blueprint


@blueprint.get("/submissions/<public_id>")
def submission(public_id: str) -> Page:
    """One submission. That it was opened is recorded (see `open_case`)."""
    return review_page(public_id)


def review_page(public_id: str, refusal: Refusal | None = None) -> Page:
    """The page, with what was refused and typed if something was."""
    case = open_case(public_id, refusal)
    view = case.findings_view(for_clinician=True)
    return case_page(
        "clinician/submission.html",
        case,
        Role.CLINICIAN,
        refusal,
        answered_in=language_words(case.submission.language),
        short_hash=case.ruleset.hash[:SHORT_HASH],
        bands=view.risk_bands(all_notices=True),
        indications=view.indications(),
        routes=view.routes(),
        info=view.info(for_everyone=False),
        info_for_everyone=view.info(for_everyone=True),
        unknowns=view.unknowns(),
        unassessed=view.unassessed(),
        openings=opening_rows(case),
        review=case.review,
        signed=[review for review in case.reviews if review.sign_off],
    )
