"""The clinician's page of one submission, on which a review is read and decided. What its buttons do is in `acts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext

from screener.store.workflow import Role
from screener.web.case.acts import REFUSED, Refusal, open_case
from screener.web.case.page import Page, case_page
from screener.web.case.view import SHORT_HASH, Case, language_words, urgent_words
from screener.web.clinician.blueprint import blueprint
from screener.web.clinician.changes_since import Changes, changes_between
from screener.web.clinician.citation_entries import citation_entries
from screener.web.clinician.decision_controls import Control, controls_of, since_opened
from screener.web.clinician.review_desk import Desk, read_desk
from screener.web.clinician.review_form import SentReview
from screener.web.clinician.review_parts import band_counts, change_sentences, linked_answers, open_rows
from screener.web.clinician.whole_review import whole_review


@blueprint.get("/submissions/<public_id>")
def submission(public_id: str) -> Page:
    """One submission. That it was opened is recorded (see `open_case`)."""
    return review_page(public_id)


def review_page(
    public_id: str, refusal: Refusal | None = None, sent: SentReview | None = None, version: int | None = None
) -> Page:
    """The page. After a refusal it holds what was `sent`, and what colleagues wrote since the `version` that was looked at."""
    case = open_case(public_id, refusal)
    desk = read_desk(public_id)
    since, colleagues = None, ""
    if refusal is not None and refusal.status == REFUSED and version is not None:
        since, colleagues = since_opened(case.events, version)
    controls = controls_of(
        desk.findings,
        desk.review,
        names=desk.names,
        earlier=desk.decisions,
        sent=sent,
        errors=dict(refusal.errors) if refusal is not None else {},
        since=since,
    )
    if refusal is not None and since is not None:
        refusal = replace(refusal, errors=[*refusal.errors, *_clashes(controls, colleagues)])
    return case_page(
        "clinician/submission.html",
        case,
        Role.CLINICIAN,
        refusal,
        answered_in=language_words(case.submission.language),
        short_hash=case.ruleset.hash[:SHORT_HASH],
        urgent_words=urgent_words(case),
        needs_urgent_note=case.needs_urgent_note,
        desk=desk,
        controls=controls,
        colleagues=colleagues,
        left_over=_left_over(desk, sent),
        voided=_voided(desk),
        **_arranged(case, desk, controls, sent, refusal, is_late=since is not None),
    )


def _arranged(
    case: Case,
    desk: Desk,
    controls: Mapping[str, Control],
    sent: SentReview | None,
    refusal: Refusal | None,
    *,
    is_late: bool,
) -> dict[str, Any]:
    """Findings, open questions and answers, with what is marked on them."""
    view = case.findings_view(for_clinician=True)
    bands, indications, routes = view.risk_bands(all_notices=True), view.indications(), view.routes()
    info, info_for_everyone = view.info(for_everyone=False), view.info(for_everyone=True)
    by_rule, by_item = change_sentences(case)
    seen = (desk.review.seen if desk.review else frozenset()) | (sent.seen if sent else frozenset())
    questions = open_rows(view.unknowns(), by_item, seen, dict(refusal.errors) if refusal else {})
    anchored = [(card.id, card) for card in (*(card for band in bands for card in band.cards), *routes, *info)]
    if indications is not None:
        anchored.append((indications.id, indications))
    return {
        "bands": bands,
        "counts": band_counts(bands, controls),
        "questions": questions,
        "whole": whole_review(desk.review, sent, controls, questions, is_late=is_late),
        "indications": indications,
        "routes": routes,
        "info": info,
        "info_for_everyone": info_for_everyone,
        "unassessed": view.unassessed(),
        "changes": by_rule,
        "entries": {f.rule.id: citation_entries(case.ruleset, f.rule.cites) for f in view.raised},
        "linked_answers": linked_answers(case, anchored),
    }


def _clashes(controls: Mapping[str, Control], colleagues: str) -> list[tuple[str, str]]:
    """A line for each finding on which a colleague decided otherwise while this page was open."""
    return [
        (
            f"choice-{rule}",
            gettext("%(names)s decided otherwise meanwhile: %(finding)s", names=colleagues, finding=control.legend),
        )
        for rule, control in controls.items()
        if control.since is not None
    ]


def _left_over(desk: Desk, sent: SentReview | None) -> list[tuple[str, str]]:
    """Words that were sent and have no field on the page: of findings that are no more, or all where there is no review to write in."""
    if sent is None:
        return []
    left = sent.left_over(desk.findings if desk.is_open else ())
    return [(desk.names.get(rule, rule), text) for rule, text in left.items()]


def _voided(desk: Desk) -> Changes | None:
    """What changed since the newest sign-off that no longer stands; None once another one stands."""
    if desk.voided is None or desk.review is None or desk.review.sign_off is not None:
        return None
    return changes_between(desk.ruleset, desk.voided, (desk.response, desk.findings), desk.names)
