"""What both doors do with a submission besides moving it: write and change notes, log contacts, flag, look at what differs.

Each door registers these views on its own blueprint with `add_work_views`: the addresses are the door's, the acts the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf

from screener.store import operations, queries
from screener.store.casework import ContactChannel, ContactOutcome, FlagReason
from screener.store.models import Note, Submission
from screener.store.models import Response as AnswerVersion
from screener.web.auth import current_staff
from screener.web.case.acts import Refusal, attempt, found, incomplete, record_opening, text_field
from screener.web.case.difference import difference, version_of
from screener.web.case.page import Page
from screener.web.case.work import note_row
from screener.web.extensions import now, reading
from screener.web.filters import moment
from screener.web.forms import error_list
from screener.web.row_numbers import seen_number

Show = Callable[[str, Refusal | None], Page]


class NoteForm(FlaskForm):
    """Something to keep about a submission."""

    text = text_field(lazy_gettext("Write the note first."))


class UrgentNoteForm(FlaskForm):
    """What was done about an urgent finding."""

    urgent_text = text_field(lazy_gettext("Write what was done first."))


class EditForm(FlaskForm):
    """Other words for a note; `seen` is how often it had been changed when they were written."""

    text = text_field()
    seen = HiddenField()

    @property
    def seen_revisions(self) -> int:
        """A number that no note has where the field holds none."""
        return seen_number(self.seen.data)


class ContactForm(FlaskForm):
    """One time the patient was contacted."""

    channel = StringField(validators=[AnyOf(tuple(ContactChannel), lazy_gettext("Choose how you tried."))])
    outcome = StringField(validators=[AnyOf(tuple(ContactOutcome), lazy_gettext("Choose what came of it."))])
    contact_text = text_field()


class FlagForm(FlaskForm):
    """Why someone must look at this."""

    reason = StringField(validators=[AnyOf(tuple(FlagReason), lazy_gettext("Choose a reason."))])
    flag_text = text_field()


def _resolve_form(flag_id: int) -> FlaskForm:
    """How a flag was settled. Several stand on a page, so the field has the flag's number in its name."""
    resolution = text_field(lazy_gettext("Write how it was settled."), name=f"flag{flag_id}-resolution")
    return type("ResolveForm", (FlaskForm,), {"resolution": resolution})()


@dataclass(frozen=True, slots=True)
class WorkViews:
    """The views of one door; `show` is its page of a submission."""

    door: str
    show: Show

    def note(self, public_id: str) -> Page | Response:
        """Keep a note, or what was done about an urgent finding."""
        is_action = "urgent_text" in request.form
        form = UrgentNoteForm() if is_action else NoteForm()
        field = form.urgent_text if is_action else form.text
        typed = {field.name: field.data}
        if not form.validate():
            return self.show(public_id, incomplete(error_list(form), typed))

        def keep(session: Session, submission: Submission) -> None:
            add = operations.add_urgent_note if is_action and submission.is_urgent else operations.add_note
            add(session, submission, field.data, author=current_staff(), now=now())

        return self._answer(public_id, attempt(public_id, keep, field=field.name, typed=typed), anchor="notes")

    def edit_note(self, public_id: str, note_id: int) -> Page | Response | str:
        """What a note says and said before; its author may change it."""
        if request.method == "GET":
            return self._note_page(public_id, note_id, None)
        form = EditForm()
        if not form.validate():
            return self._note_page(public_id, note_id, incomplete(error_list(form), {"text": form.text.data}))

        def change(session: Session, submission: Submission) -> None:
            note = _found_note(session, submission, note_id)
            operations.edit_note(
                session,
                note,
                form.text.data or "",
                editor=current_staff(),
                seen_revisions=form.seen_revisions,
                now=now(),
            )

        refusal = attempt(public_id, change, field="text", typed={"text": form.text.data})
        if refusal is not None:
            return self._note_page(public_id, note_id, refusal)
        return self._answer(public_id, None, anchor="notes")

    def contact(self, public_id: str) -> Page | Response:
        """Log a contact."""
        form = ContactForm()
        typed = {"channel": form.channel.data, "outcome": form.outcome.data, "contact_text": form.contact_text.data}
        if not form.validate():
            return self.show(public_id, incomplete(error_list(form), typed))

        def log(session: Session, submission: Submission) -> None:
            operations.log_contact(
                session,
                submission,
                channel=ContactChannel(form.channel.data),
                outcome=ContactOutcome(form.outcome.data),
                text=form.contact_text.data or "",
                author=current_staff(),
                now=now(),
            )

        return self._answer(public_id, attempt(public_id, log, field="contact_text", typed=typed), anchor="contacts")

    def flag(self, public_id: str) -> Page | Response:
        """Raise a flag."""
        form = FlagForm()
        typed = {"reason": form.reason.data, "flag_text": form.flag_text.data}
        if not form.validate():
            return self.show(public_id, incomplete(error_list(form), typed))

        def put(session: Session, submission: Submission) -> None:
            reason, text = FlagReason(form.reason.data), form.flag_text.data or ""
            operations.raise_flag(session, submission, reason, text, actor=current_staff(), now=now())

        return self._answer(public_id, attempt(public_id, put, field="flag_text", typed=typed), anchor="flags")

    def resolve_flag(self, public_id: str, flag_id: int) -> Page | Response:
        """Say how a flag was settled."""
        form = _resolve_form(flag_id)
        name, resolution = form.resolution.name, form.resolution.data
        typed = {name: resolution}
        if not form.validate():
            return self.show(public_id, incomplete(error_list(form), typed))

        def settle(session: Session, submission: Submission) -> None:
            flag = queries.flag_of(session, submission, flag_id) or abort(404)
            operations.resolve_flag(session, flag, resolution, actor=current_staff(), now=now())

        return self._answer(public_id, attempt(public_id, settle, field=name, typed=typed), anchor="flags")

    def versions(self, public_id: str) -> str:
        """What differs between two versions of the answers; the newest and the one before, unless others are asked for."""
        record_opening(public_id)
        with reading() as session:
            submission = found(session, public_id)
            kept = {version.number: version for version in queries.responses_of(session, submission)}
            newest = max(kept)
            new = _number("new", newest)
            old = _number("old", max(1, new - 1))
            if old not in kept or new not in kept:
                abort(404)
            rows = [_version_row(version) for version in kept.values()]
            changes = difference(version_of(session, kept[old]), version_of(session, kept[new]))
        return render_template(
            "casework/versions.html",
            door=self.door,
            home=_home(self.door),
            submission=submission,
            versions=rows,
            old=old,
            new=new,
            difference=changes,
        )

    def beside(self, public_id: str, other_id: str) -> str:
        """Another submission beside this one: who sent them, and what differs; at intake, to put them together."""
        record_opening(public_id)
        record_opening(other_id)
        with reading() as session:
            one, other = (found(session, each) for each in (public_id, other_id))
            if one.id == other.id:
                abort(404)
            changes = difference(
                *(version_of(session, queries.current_response(session, each)) for each in (one, other))
            )
        return render_template(
            "casework/beside.html",
            door=self.door,
            home=_home(self.door),
            one=one,
            other=other,
            can_merge=self.door == "intake" and one.merged_into_id is None and other.merged_into_id is None,
            difference=changes,
            errors=[],
        )

    def _note_page(self, public_id: str, note_id: int, refusal: Refusal | None) -> Page:
        record_opening(public_id)
        with reading() as session:
            submission = found(session, public_id)
            note = _found_note(session, submission, note_id)
            revisions = queries.revisions_of(session, [note]).get(note.id, [])
            row = note_row(note, current_staff())
        page = render_template(
            "casework/note.html",
            door=self.door,
            home=_home(self.door),
            submission=submission,
            note=row,
            can_edit=row.is_own and submission.merged_into_id is None,
            before=[(moment(revision.replaced_at), revision.text) for revision in reversed(revisions)],
            seen=len(revisions),
            errors=refusal.errors if refusal else [],
            typed=refusal.typed if refusal else {},
        )
        return page, refusal.status if refusal else 200

    def _answer(self, public_id: str, refusal: Refusal | None, *, anchor: str) -> Page | Response:
        if refusal is not None:
            return self.show(public_id, refusal)
        return redirect(url_for(f"{self.door}.submission", public_id=public_id, _anchor=anchor), 303)


def add_work_views(blueprint: Blueprint, show: Show) -> None:
    """Register the views on a door's blueprint."""
    views, one = WorkViews(blueprint.name, show), "/submissions/<public_id>"
    blueprint.add_url_rule(f"{one}/notes", "note", views.note, methods=["POST"])
    blueprint.add_url_rule(f"{one}/notes/<row:note_id>", "edit_note", views.edit_note, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/contacts", "contact", views.contact, methods=["POST"])
    blueprint.add_url_rule(f"{one}/flags", "flag", views.flag, methods=["POST"])
    blueprint.add_url_rule(f"{one}/flags/<row:flag_id>", "resolve_flag", views.resolve_flag, methods=["POST"])
    blueprint.add_url_rule(f"{one}/beside/<other_id>", "beside", views.beside, methods=["GET"])
    blueprint.add_url_rule(f"{one}/versions", "versions", views.versions, methods=["GET"])


def _found_note(session: Session, submission: Submission, note_id: int) -> Note:
    return queries.note_of(session, submission, note_id) or abort(404)


def _home(door: str) -> tuple[str, str]:
    """The list that a door begins with: its name and its endpoint."""
    return (gettext("Queue"), "intake.queue") if door == "intake" else (gettext("Reviews"), "clinician.reviews")


def _number(name: str, otherwise: int) -> int:
    """A version's number as it was asked for; one that none has where that is no number."""
    written = request.args.get(name)
    if written is None:
        return otherwise
    return seen_number(written)


def _version_row(version: AnswerVersion) -> tuple[int, str, str]:
    """A version's number, when it was sent, and who typed it."""
    by = version.entered_by
    return version.number, moment(version.created_at), by.name if by is not None else gettext("The patient")
