"""The workflow table, held to the house's words cell by cell."""

from __future__ import annotations

from itertools import product

import pytest

from screener.store.refusals import WorkflowError
from screener.store.workflow import Move, Role, Status, moves_from, target

# Written out a second time, by hand and in another shape, from the workflow's description.
LAWFUL = {
    "draft": {"patient": {"submit": "submitted", "withdraw": "withdrawn"}},
    "submitted": {
        "patient": {"amend": "submitted", "withdraw": "withdrawn"},
        "intake": {"accept": "accepted", "ask": "needs_information", "close": "closed"},
    },
    "needs_information": {
        "patient": {"submit": "submitted", "amend": "submitted", "withdraw": "withdrawn"},
        "intake": {"accept": "accepted", "close": "closed"},
    },
    "accepted": {
        "patient": {"amend": "accepted", "withdraw": "withdrawn"},
        "clinician": {"start_review": "in_review", "ask": "needs_information"},
    },
    "in_review": {
        "patient": {"amend": "in_review", "withdraw": "withdrawn"},
        "clinician": {"sign_off": "signed_off", "ask": "needs_information"},
    },
    "signed_off": {"patient": {"amend": "in_review"}, "intake": {"close": "closed"}},
    "closed": {},
    "withdrawn": {},
}


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_workflow_allows_exactly_the_lawful_moves(status: Status, role: Role) -> None:
    lawful = LAWFUL[status].get(role, {})
    assert {move.value for move in moves_from(status, role)} == set(lawful)
    for move in Move:
        if move.value in lawful:
            assert target(status, move, role) == lawful[move.value]
        else:
            with pytest.raises(WorkflowError):
                target(status, move, role)


def test_workflow_error_is_public_text() -> None:
    with pytest.raises(WorkflowError) as refused:
        target(Status.CLOSED, Move.START_REVIEW, Role.CLINICIAN)
    assert str(refused.value) == ("'Start review' is not possible for clinician while the submission is 'closed'.")
