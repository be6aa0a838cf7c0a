"""Every read, as a named question: always ordered, always limited, never changing anything."""

from screener.store.queries.accounts import (
    has_any_user,
    invitation_for_token,
    open_invitations,
    user_by_email,
    user_by_id,
    users,
)
from screener.store.queries.casework import (
    events_of,
    has_urgent_note,
    kept_submission,
    merged_into,
    notes_of,
    open_question_of,
    review_of,
    reviews_of,
    thread_of,
    unsettled_urgent,
)
from screener.store.queries.decisions import (
    decisions_of,
    decisions_on,
    response_by_number,
    response_reviewed,
    work_of,
)
from screener.store.queries.drafts import (
    draft_for_code,
    draft_for_token,
)
from screener.store.queries.limits import MOST
from screener.store.queries.notifications import due_notifications
from screener.store.queries.queue import (
    QueuePage,
    counts_by_status,
    queue,
)
from screener.store.queries.rulesets import (
    ruleset_content,
    ruleset_hashes,
)
from screener.store.queries.submissions import (
    answers_not_withdrawn,
    count_submissions_not_withdrawn,
    current_response,
    findings_of,
    responses_of,
    submission_by_public_id,
    submission_by_reference,
)
from screener.store.queries.work import (
    flag_of,
    flags_of,
    has_return_code,
    likely_same_person,
    note_of,
    revisions_of,
)

__all__ = [
    "MOST",
    "QueuePage",
    "answers_not_withdrawn",
    "count_submissions_not_withdrawn",
    "counts_by_status",
    "current_response",
    "decisions_of",
    "decisions_on",
    "draft_for_code",
    "draft_for_token",
    "due_notifications",
    "events_of",
    "findings_of",
    "flag_of",
    "flags_of",
    "has_any_user",
    "has_return_code",
    "has_urgent_note",
    "invitation_for_token",
    "kept_submission",
    "likely_same_person",
    "merged_into",
    "note_of",
    "notes_of",
    "open_invitations",
    "open_question_of",
    "queue",
    "response_by_number",
    "response_reviewed",
    "responses_of",
    "review_of",
    "reviews_of",
    "revisions_of",
    "ruleset_content",
    "ruleset_hashes",
    "submission_by_public_id",
    "submission_by_reference",
    "thread_of",
    "unsettled_urgent",
    "user_by_email",
    "user_by_id",
    "users",
    "work_of",
]
