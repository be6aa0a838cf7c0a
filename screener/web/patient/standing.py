"""How answers stand since they were sent, in words for the one who sent them, and what that person may still do with them."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from screener.store.models import Submission
from screener.store.workflow import Move, Role, Status, moves_from

STATUS_WORDS = {
    Status.SUBMITTED: lazy_gettext("The clinic has your answers. It may be days before someone reads them."),
    Status.NEEDS_INFORMATION: lazy_gettext(
        "The clinic asked you something. Your reply goes back to the people who asked."
    ),
    Status.ACCEPTED: lazy_gettext("Staff looked at your answers and passed them on. A clinician will read them."),
    Status.IN_REVIEW: lazy_gettext("A clinician is reading your answers."),
    Status.SIGNED_OFF: lazy_gettext(
        "A clinician has read your answers. What comes next, you decide together when you talk."
    ),
    Status.CLOSED: lazy_gettext(
        "The clinic has finished its work on these answers. Call the clinic if you have a question."
    ),
    Status.WITHDRAWN: lazy_gettext(
        "You took your answers back. Staff work on them no more. They stay in the clinic's records."
    ),
}


def what_happens_next(submission: Submission) -> str:
    """The first line of that part of the summary: what the clinic does with the answers as they stand now."""
    if submission.merged_into_id is not None:
        return gettext("The clinic put these answers together with others that you sent.")
    if submission.status == Status.SUBMITTED:
        return gettext(
            "The clinic has your answers. Staff may not see them for days. They may use your contact details to ask you something."
        )
    return str(STATUS_WORDS[submission.status])


def patient_moves(submission: Submission) -> tuple[Move, ...]:
    """What the patient may do with the submission now; nothing where it was merged into another."""
    return () if submission.merged_into_id is not None else moves_from(submission.status, Role.PATIENT)
