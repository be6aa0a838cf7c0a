"""What the store refuses, and why, in words that may be shown to anyone.

A refusal is an expected answer to a well-formed request, never a defect: its text holds no name and no
answer, and its code stays the same so that the web can show it in another language.
"""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """Base of all refusals; `str()` is public text."""

    code: ClassVar[str] = "refused"
    text: ClassVar[str] = "This is not possible."

    def __init__(self, text: str | None = None) -> None:
        super().__init__(text or self.text)


class WorkflowError(Refused):
    code = "workflow"
    text = "This move is not possible from here."


class StaleSubmission(Refused):
    code = "stale_submission"
    text = "Someone changed this submission after you opened it. Nothing was saved: look at it again first."


class SubmissionMerged(Refused):
    code = "submission_merged"
    text = "These answers were put together with others of the same person. Nothing can be changed here."


class AnswersChangedMeanwhile(Refused):
    code = "answers_changed_meanwhile"
    text = "The clinic changed these answers with you after you began. Look at them again, then send them."


class QuestionAnswered(Refused):
    code = "question_answered"
    text = "This question was answered already, or the clinic no longer needs an answer."


class NothingChanged(Refused):
    code = "nothing_changed"
    text = "These are the same answers as before. Nothing was saved."


class CannotMerge(Refused):
    code = "cannot_merge"
    text = (
        "These two cannot be put together: one of them is under review, signed off or closed, "
        "or was put together with another one already."
    )


class NotMerged(Refused):
    code = "not_merged"
    text = "This submission is not put together with another one."


class NoteChanged(Refused):
    code = "note_changed"
    text = "This note was changed after you opened it. Nothing was saved: compare it with what you wrote."


class NotYourNote(Refused):
    code = "not_your_note"
    text = "Only the one who wrote a note can change it."


class NoteFixed(Refused):
    code = "note_fixed"
    text = "What a patient can read is not changed afterwards. Write another one."


class FlagResolved(Refused):
    code = "flag_resolved"
    text = "This flag was resolved meanwhile."


class UrgentNotSettled(Refused):
    code = "urgent_not_settled"
    text = "This submission has an urgent finding. Note first what was done about it."


class DraftGone(Refused):
    code = "draft_gone"
    text = "These answers are no longer kept here: they were erased or their time ran out."


class DraftIncomplete(Refused):
    code = "draft_incomplete"
    text = "Please fill in how to reach you before you hand in your answers."


class DraftSubmitted(Refused):
    code = "draft_submitted"
    text = "These answers were handed in already and can no longer be changed here."


class DraftChanged(Refused):
    code = "draft_changed"
    text = "The answers changed while they were handed in. Check them again, then hand them in."


class TooManyAttempts(Refused):
    code = "too_many_attempts"
    text = "This was tried many times in a short while. Please wait, then try again."


class ReviewNotRecorded(Refused):
    code = "review_not_recorded"
    text = "Record the review before signing it off."


class ReviewIncomplete(Refused):
    code = "review_incomplete"
    text = "Something is still undecided, unseen or unsaid. Nothing was signed off."


class DecisionUnexplained(Refused):
    code = "decision_unexplained"
    text = "Say why a finding is not relevant, or what work it needs: choose a reason or write it."


class RoleNotAllowed(Refused):
    code = "role_not_allowed"
    text = "Your account may not do this."


class EmailTaken(Refused):
    code = "email_taken"
    text = "An account with this e-mail address exists already."


class LastAdmin(Refused):
    code = "last_admin"
    text = "This is the last active administrator. Make another one first."


class InvitationInvalid(Refused):
    code = "invitation_invalid"
    text = "This set-up link does not exist, was used already, or its time ran out."


class AlreadySetUp(Refused):
    code = "already_set_up"
    text = "There are accounts already; an administrator can invite you."


class CodeGivenMeanwhile(Refused):
    code = "code_given_meanwhile"
    text = (
        "A return code was made after you opened this page, and was shown once. Make another one only if nobody has it."
    )


class TextMissing(Refused):
    code = "text_missing"
    text = "Write something first."


class BadCursor(Refused):
    code = "bad_cursor"
    text = "This page of the queue does not exist."


class BadFilter(Refused):
    code = "bad_filter"
    text = "This view of the queue does not exist."


class CloseReasonMissing(Refused):
    code = "close_reason_missing"
    text = "Say why it is closed before anyone has read it."


class AssigneeNotPossible(Refused):
    code = "assignee_not_possible"
    text = "This person cannot be given submissions: the account is not active, or of another role."


class NotOpen(Refused):
    code = "not_open"
    text = "This submission is closed already. Nothing was changed."


class SomeoneElseWorks(Refused):
    code = "someone_else_works"
    text = "Someone else began to work on this meanwhile. Look who it is before you take it over."


class ExportUnfinished(Refused):
    code = "export_unfinished"
    text = "An export of yours is still being written. Wait until it is done."


class ViewNameMissing(Refused):
    code = "view_name_missing"
    text = "Give the view a name of 1 to 60 letters."


class TooManyViews(Refused):
    code = "too_many_views"
    text = "You have 20 saved views, which is the most. Delete one first."
