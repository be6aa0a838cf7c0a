"""The page of one submission, at both doors: what both show of it, and what comes back to its writer after a refusal.

What only one door shows is that door's own; how it is put into words is in `case.view` and `case.findings`.
"""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from screener.store.workflow import Move, Role, Status, moves_from
from screener.web.auth import current_staff
from screener.web.case.acts import Refusal
from screener.web.case.timeline import timeline
from screener.web.case.view import MOVE_WORDS, Case, age, answer_groups, set_aside
from screener.web.case.work import work_page
from screener.web.conflict_words import sent_conflicts
from screener.web.waiting import waiting_words
from screener.web.worklist.last_list import last_list_url
from screener.web.worklist.working import work_on

Page = tuple[str, int]


def case_page(template: str, case: Case, role: Role, refusal: Refusal | None, **own: Any) -> Page:
    """The page with what both doors show and what is the door's `own`; the status is the refusal's, if there is one."""
    submission = case.submission
    page = render_template(
        template,
        submission=submission,
        list_url=last_list_url(),
        contact=submission.contact,
        age=age(submission.contact.birth_date),
        waiting=waiting_words(submission),
        at_work=work_on(submission),
        ruleset=case.ruleset,
        answers=answer_groups(case),
        set_aside=set_aside(case),
        conflicts=sent_conflicts(case.ruleset, case.answers),
        work=work_page(str(request.blueprint), role, current_staff(), submission, case.notes, case.work),
        history=timeline(case.events, case.people),
        moves=[(move.value, MOVE_WORDS[move]) for move in _shown_moves(case, role)],
        errors=refusal.errors if refusal else [],
        typed=refusal.typed if refusal else {},
        **own,
    )
    return page, refusal.status if refusal else 200


def _shown_moves(case: Case, role: Role) -> tuple[Move, ...]:
    """The moves to offer this role now; none while the note of what was done about an urgent finding is missing, or while
    another submission stands for this one."""
    if (role is Role.INTAKE and case.needs_urgent_note) or case.submission.merged_into_id is not None:
        return ()
    status = case.submission.status
    # Before the sign-off closing takes a reason, which has a page of its own.
    return tuple(move for move in moves_from(status, role) if move is not Move.CLOSE or status is Status.SIGNED_OFF)
