"""Every read, as a named question: always ordered, always limited, never changing anything."""

from screener.store.queries.accounts import (
    assignable_users,
    has_any_user,
    invitation_for_token,
    names_of_invitations,
    names_of_users,
    open_invitations,
    user_by_email,
    user_by_id,
    users,
    users_with_work_left,
)
from screener.store.queries.audit import events_everywhere
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
    unsettled_urgent_of,
)
from screener.store.queries.decisions import (
    decisions_of,
    decisions_on,
    response_by_number,
    response_reviewed,
    signed_reviews,
    work_of,
)
from screener.store.queries.drafts import (
    draft_for_code,
    draft_for_token,
)
from screener.store.queries.exports import (
    ExportedCase,
    all_exports,
    export_by_id,
    exported_cases,
    exports_of,
    kept_exports,
    unfinished_exports,
)
from screener.store.queries.feedback import (
    DecidedCount,
    RaisedCount,
    decided_counts,
    months_not_counted_whole,
    raised_counts,
)
from screener.store.queries.limits import MOST, Count
from screener.store.queries.notifications import due_notifications
from screener.store.queries.queue import QueuePage, queue_page
from screener.store.queries.queue_conditions import Asked
from screener.store.queries.queue_totals import count_assigned, queue_counts
from screener.store.queries.rulesets import (
    counts_by_ruleset,
    kept_rulesets,
    ruleset_content,
    ruleset_hashes,
    ruleset_versions,
)
from screener.store.queries.saved_views import (
    saved_view,
    saved_views,
)
from screener.store.queries.search import (
    MOST_FOUND,
    Found,
    Sought,
    search_submissions,
)
from screener.store.queries.sessions import open_session, open_sessions
from screener.store.queries.settings import setting
from screener.store.queries.submissions import (
    answers_not_withdrawn,
    count_submissions_not_withdrawn,
    counts_by_status,
    current_response,
    findings_of,
    responses_of,
    ruleset_hashes_of,
    submission_by_public_id,
    submission_by_reference,
)
from screener.store.queries.tags import (
    tag_words,
)
from screener.store.queries.work import (
    flag_of,
    flags_of,
    has_return_code,
    likely_same_person,
    note_of,
    return_code_id,
    revisions_of,
)
from screener.store.queries.working import (
    WORK_RUNS_OUT,
    at_work,
)

__all__ = [
    "MOST",
    "MOST_FOUND",
    "WORK_RUNS_OUT",
    "Asked",
    "Count",
    "DecidedCount",
    "ExportedCase",
    "Found",
    "QueuePage",
    "RaisedCount",
    "Sought",
    "all_exports",
    "answers_not_withdrawn",
    "assignable_users",
    "at_work",
    "count_assigned",
    "count_submissions_not_withdrawn",
    "counts_by_ruleset",
    "counts_by_status",
    "current_response",
    "decided_counts",
    "decisions_of",
    "decisions_on",
    "draft_for_code",
    "draft_for_token",
    "due_notifications",
    "events_everywhere",
    "events_of",
    "export_by_id",
    "exported_cases",
    "exports_of",
    "findings_of",
    "flag_of",
    "flags_of",
    "has_any_user",
    "has_return_code",
    "has_urgent_note",
    "invitation_for_token",
    "kept_exports",
    "kept_rulesets",
    "kept_submission",
    "likely_same_person",
    "merged_into",
    "months_not_counted_whole",
    "names_of_invitations",
    "names_of_users",
    "note_of",
    "notes_of",
    "open_invitations",
    "open_question_of",
    "open_session",
    "open_sessions",
    "queue",
    "queue_counts",
    "queue_page",
    "raised_counts",
    "response_by_number",
    "response_reviewed",
    "responses_of",
    "return_code_id",
    "review_of",
    "reviews_of",
    "revisions_of",
    "ruleset_content",
    "ruleset_hashes",
    "ruleset_hashes_of",
    "ruleset_versions",
    "saved_view",
    "saved_views",
    "search_submissions",
    "setting",
    "signed_reviews",
    "submission_by_public_id",
    "submission_by_reference",
    "tag_words",
    "thread_of",
    "unfinished_exports",
    "unsettled_urgent",
    "unsettled_urgent_of",
    "user_by_email",
    "user_by_id",
    "users",
    "users_with_work_left",
    "work_of",
]
