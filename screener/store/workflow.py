"""The workflow: who may move a submission from where to where, as one table.

Pure Python, no database. What a move needs besides the right role (a note, a review) is checked by the
operation that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from screener.store.refusals import WorkflowError


class Role(StrEnum):
    """Who acts. The patient has no account: it is the absence of one."""

    PATIENT = "patient"
    INTAKE = "intake"
    CLINICIAN = "clinician"
    ADMIN = "admin"


class Status(StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFORMATION = "needs_information"
    ACCEPTED = "accepted"
    IN_REVIEW = "in_review"
    SIGNED_OFF = "signed_off"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


# Where someone has still something to do.
OPEN = (Status.SUBMITTED, Status.NEEDS_INFORMATION, Status.ACCEPTED, Status.IN_REVIEW)


class Move(StrEnum):
    """A lawful change of status."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    AMEND = "amend"
    ACCEPT = "accept"
    ASK = "ask"
    CLOSE = "close"
    START_REVIEW = "start_review"
    SIGN_OFF = "sign_off"


# An admin stands in no row: an admin moves nothing and sees no answers. Before a clinician has it, intake may close what
# nobody needs to read (sent twice, a test, taken back by phone), with a reason; after that, only what is signed off.
MOVES: Mapping[tuple[Status, Role, Move], Status] = {
    (Status.DRAFT, Role.PATIENT, Move.SUBMIT): Status.SUBMITTED,
    (Status.DRAFT, Role.PATIENT, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Role.INTAKE, Move.ACCEPT): Status.ACCEPTED,
    (Status.SUBMITTED, Role.INTAKE, Move.ASK): Status.NEEDS_INFORMATION,
    (Status.SUBMITTED, Role.INTAKE, Move.CLOSE): Status.CLOSED,
    (Status.SUBMITTED, Role.PATIENT, Move.AMEND): Status.SUBMITTED,
    (Status.SUBMITTED, Role.PATIENT, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.NEEDS_INFORMATION, Role.PATIENT, Move.SUBMIT): Status.SUBMITTED,
    (Status.NEEDS_INFORMATION, Role.INTAKE, Move.ACCEPT): Status.ACCEPTED,
    (Status.NEEDS_INFORMATION, Role.INTAKE, Move.CLOSE): Status.CLOSED,
    (Status.NEEDS_INFORMATION, Role.PATIENT, Move.AMEND): Status.SUBMITTED,
    (Status.NEEDS_INFORMATION, Role.PATIENT, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.ACCEPTED, Role.CLINICIAN, Move.START_REVIEW): Status.IN_REVIEW,
    (Status.ACCEPTED, Role.CLINICIAN, Move.ASK): Status.NEEDS_INFORMATION,
    (Status.ACCEPTED, Role.PATIENT, Move.AMEND): Status.ACCEPTED,
    (Status.ACCEPTED, Role.PATIENT, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.IN_REVIEW, Role.CLINICIAN, Move.SIGN_OFF): Status.SIGNED_OFF,
    (Status.IN_REVIEW, Role.CLINICIAN, Move.ASK): Status.NEEDS_INFORMATION,
    (Status.IN_REVIEW, Role.PATIENT, Move.AMEND): Status.IN_REVIEW,
    (Status.IN_REVIEW, Role.PATIENT, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.SIGNED_OFF, Role.INTAKE, Move.CLOSE): Status.CLOSED,
    (Status.SIGNED_OFF, Role.PATIENT, Move.AMEND): Status.IN_REVIEW,
}


def moves_from(status: Status, role: Role) -> tuple[Move, ...]:
    """The moves this role may make from this status, in the table's order."""
    return tuple(move for at, who, move in MOVES if (at, who) == (status, role))


def target(status: Status, move: Move, role: Role) -> Status:
    """The status this move leads to; raises WorkflowError where the table has no such row."""
    try:
        return MOVES[status, role, move]
    except KeyError:
        raise WorkflowError(
            f"{_words(move).capitalize()!r} is not possible for {_words(role)} "
            f"while the submission is {_words(status)!r}."
        ) from None


def _words(code: StrEnum) -> str:
    return code.value.replace("_", " ")
