"""What each event is called on a page: every name that an operation can write, in words that staff read."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from screener.store.models import Event, NoteKind

EVENT_WORDS: Mapping[str, object] = {
    # Of a submission
    "submitted": lazy_gettext("Sent"),
    "entered": lazy_gettext("Entered for the patient"),
    "viewed": lazy_gettext("Opened"),
    "printed": lazy_gettext("Printed or saved as PDF"),
    "noted": lazy_gettext("Note written"),
    "note_edited": lazy_gettext("Note changed"),
    "flag_raised": lazy_gettext("Flag raised"),
    "flag_resolved": lazy_gettext("Flag resolved"),
    "accepted": lazy_gettext("Accepted for a clinician"),
    "asked": lazy_gettext("Patient asked"),
    "amended": lazy_gettext("Answers changed"),
    "requeued": lazy_gettext("Back in the queue"),
    "contact_changed": lazy_gettext("Contact changed"),
    "merged": lazy_gettext("Put together with another submission"),
    "unmerged": lazy_gettext("Taken apart again"),
    "joined": lazy_gettext("Another submission was put together with this one"),
    "separated": lazy_gettext("The other submission was taken apart again"),
    "closed": lazy_gettext("Closed"),
    "withdrawn": lazy_gettext("Withdrawn"),
    "review_started": lazy_gettext("Review started"),
    "review_recorded": lazy_gettext("Review recorded"),
    "decision_taken_back": lazy_gettext("Decision set back to undecided"),
    "signed_off": lazy_gettext("Signed off"),
    "decisions_carried": lazy_gettext("Decisions kept that still hold"),
    "sign_off_voided": lazy_gettext("Sign-off no longer stands"),
    "return_code_given": lazy_gettext("Return code given to the patient"),
    "assigned": lazy_gettext("Assigned"),
    "unassigned": lazy_gettext("Assigned to no one"),
    "work_begun": lazy_gettext("Work begun"),
    "work_taken_over": lazy_gettext("Work taken over"),
    "work_ended": lazy_gettext("Work ended"),
    # Of the list that staff work from
    "searched": lazy_gettext("Patients searched"),
    "export_requested": lazy_gettext("Export asked for"),
    "exported": lazy_gettext("Written to an export"),
    "export_finished": lazy_gettext("Export finished"),
    "export_failed": lazy_gettext("Export stopped with an error"),
    "export_downloaded": lazy_gettext("Export downloaded"),
    "view_saved": lazy_gettext("View kept"),
    "view_deleted": lazy_gettext("View deleted"),
    # Of a draft
    "draft_begun": lazy_gettext("Answers begun"),
    "answers_saved": lazy_gettext("Answers saved"),
    "contact_saved": lazy_gettext("Contact saved"),
    "entry_saved": lazy_gettext("Where answers came from saved"),
    "language_set": lazy_gettext("Language chosen"),
    "urgent_acknowledged": lazy_gettext("Urgent notice read"),
    "urgent_settled": lazy_gettext("Urgent answer changed"),
    "return_code_made": lazy_gettext("Return code made"),
    "returned": lazy_gettext("Came back with the return code"),
    "return_refused": lazy_gettext("Return code refused"),
    "device_left": lazy_gettext("Closed on one device"),
    "amendment_begun": lazy_gettext("Change of answers begun"),
    "amendment_dropped": lazy_gettext("Change of answers forgotten"),
    "kept_open": lazy_gettext("Time to answer extended"),
    "draft_erased": lazy_gettext("Answers erased"),
    "drafts_expired": lazy_gettext("Old answers deleted"),
    # Of accounts, and of the program itself
    "ruleset_kept": lazy_gettext("Rulebook version kept"),
    "user_created": lazy_gettext("Account made"),
    "user_invited": lazy_gettext("Someone invited"),
    "invitation_accepted": lazy_gettext("Invitation accepted"),
    "role_changed": lazy_gettext("Role changed"),
    "invitation_withdrawn": lazy_gettext("Invitation taken back"),
    "session_ended": lazy_gettext("Sign-in ended"),
    "sessions_ended": lazy_gettext("All sign-ins of an account ended"),
    "setting_changed": lazy_gettext("Setting changed"),
    "user_deactivated": lazy_gettext("Account switched off"),
    "user_activated": lazy_gettext("Account switched on"),
    "notify_chosen": lazy_gettext("When to be told chosen"),
    "signed_in": lazy_gettext("Signed in"),
    "signed_out": lazy_gettext("Signed out"),
    "sign_in_refused": lazy_gettext("Sign-in refused"),
    "password_refused": lazy_gettext("Password refused when asked again"),
}
NOTED_WORDS: Mapping[NoteKind, object] = {
    NoteKind.NOTE: lazy_gettext("Note written"),
    NoteKind.URGENT_ACTION: lazy_gettext("What was done"),
    NoteKind.CONTACT: lazy_gettext("Patient contacted"),
    NoteKind.QUESTION: lazy_gettext("Asked the patient"),
    NoteKind.REPLY: lazy_gettext("Patient replied"),
}


def event_words(event: Event) -> str:
    """What happened, in words; the name itself where an event of another version has none."""
    if event.name == "noted" and event.detail.get("kind") in set(NoteKind):
        return str(NOTED_WORDS[NoteKind(event.detail["kind"])])
    return str(EVENT_WORDS.get(event.name, event.name.replace("_", " ")))
