"""Every write, as a verb. Each adds its event in the same transaction; none commits.

Times come from the caller, and so may tokens and references; where they are left out they are drawn at random.
"""

from screener.store.operations.accounts import (
    accept_invitation,
    activate_user,
    begin_setup,
    change_role,
    create_user,
    deactivate_user,
    invite_user,
    record_refused_password,
    record_refused_sign_in,
    record_sign_in,
    record_sign_out,
    withdraw_invitation,
)
from screener.store.operations.after_sending import (
    begin_amendment,
    drop_amendment,
    look_again,
    send_amendment,
    send_reply,
    withdraw,
)
from screener.store.operations.amendments import amend_submission
from screener.store.operations.assignments import assign_submission
from screener.store.operations.attempts import begin_attempt, delete_old_attempts, forgive_attempt
from screener.store.operations.closing import close_submission
from screener.store.operations.drafts import (
    acknowledge_urgent,
    begin_draft,
    delete_expired_drafts,
    erase_draft,
    forget_acknowledged,
    keep_open,
    keep_ruleset,
    save_answers,
    save_contact,
    save_entry,
    set_draft_language,
)
from screener.store.operations.entry import enter_submission
from screener.store.operations.exports import (
    begin_export,
    end_export,
    record_download,
    record_exported,
    request_export,
)
from screener.store.operations.flags import raise_flag, resolve_flag
from screener.store.operations.given_codes import give_return_code
from screener.store.operations.merging import merge_submission, unmerge_submission
from screener.store.operations.notes import edit_note, log_contact, reply_to_question
from screener.store.operations.notifications import News, choose_notify, mark_told, tell
from screener.store.operations.queue import delete_view, record_search, save_view
from screener.store.operations.return_codes import come_back, leave_device, make_return_code, refuse_return
from screener.store.operations.reviews import record_review, sign_off, start_review
from screener.store.operations.sessions import begin_session, end_session, end_sessions, note_seen
from screener.store.operations.settings import change_setting
from screener.store.operations.submissions import (
    add_note,
    add_urgent_note,
    move_submission,
    record_print,
    record_view,
    submit,
)
from screener.store.operations.working import begin_work, end_work

__all__ = [
    "News",
    "accept_invitation",
    "acknowledge_urgent",
    "activate_user",
    "add_note",
    "add_urgent_note",
    "amend_submission",
    "assign_submission",
    "begin_amendment",
    "begin_attempt",
    "begin_draft",
    "begin_export",
    "begin_session",
    "begin_setup",
    "begin_work",
    "change_role",
    "change_setting",
    "choose_notify",
    "close_submission",
    "come_back",
    "create_user",
    "deactivate_user",
    "delete_expired_drafts",
    "delete_old_attempts",
    "delete_view",
    "drop_amendment",
    "edit_note",
    "end_export",
    "end_session",
    "end_sessions",
    "end_work",
    "enter_submission",
    "erase_draft",
    "forget_acknowledged",
    "forgive_attempt",
    "give_return_code",
    "invite_user",
    "keep_open",
    "keep_ruleset",
    "leave_device",
    "log_contact",
    "look_again",
    "make_return_code",
    "mark_told",
    "merge_submission",
    "move_submission",
    "note_seen",
    "raise_flag",
    "record_download",
    "record_exported",
    "record_print",
    "record_refused_password",
    "record_refused_sign_in",
    "record_review",
    "record_search",
    "record_sign_in",
    "record_sign_out",
    "record_view",
    "refuse_return",
    "reply_to_question",
    "request_export",
    "resolve_flag",
    "save_answers",
    "save_contact",
    "save_entry",
    "save_view",
    "send_amendment",
    "send_reply",
    "set_draft_language",
    "sign_off",
    "start_review",
    "submit",
    "tell",
    "unmerge_submission",
    "withdraw",
    "withdraw_invitation",
]
