"""The ways out: stopping for now, leaving at once, erasing one's answers, and what one sees when they are no longer there.

Leaving is for a device that others see: one press, and nothing of this patient is on it. What a return code opens stays on
the server; what nothing else opens is erased. A shared device that nobody used for long leaves by itself.
"""

from __future__ import annotations

from flask import abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from screener.store import operations
from screener.web.extensions import current_ruleset, now, writing
from screener.web.forms import ButtonForm, error_list
from screener.web.patient import journey, shared_device
from screener.web.patient.blueprint import OPEN_DOORS, blueprint, switch_language
from screener.web.patient.entry import forget_patient
from screener.web.patient.visit import TOKEN, Visit, current_visit, draft_to_keep, forget_current_visit, open_visit

CLEAR = "Clear-Site-Data"
EVERYTHING = '"cache", "cookies", "storage"'
ALL_BUT_COOKIES = '"cache", "storage"'  # the language of the page that follows is in ours
IDLE = "idle"  # the field that the script sends along where nobody touched the page


@blueprint.before_app_request
def close_when_left_alone() -> None:
    """A shared device that nobody used for long: what this cookie opened is closed before anything is shown."""
    if request.blueprint not in OPEN_DOORS or TOKEN not in session or not shared_device.is_shared():
        return
    if not shared_device.was_left_alone():
        shared_device.was_used()
        return
    is_sent = request.method == "POST"
    if is_sent:
        forget_patient(only_here=True)
    session.clear()  # looking at a page writes nothing: what nobody can open any more goes when its time is over
    shared_device.say_shared(is_sent)  # what was sent is shown once more, and who keeps it is still among others
    forget_current_visit()


@blueprint.post("/leave")
def leave() -> Response:
    """Forget this patient on this device, and go where nothing says what was open."""
    if not ButtonForm().validate():
        if TOKEN in session:
            abort(400)  # another site must not do this; the page that says so has the button again
        return redirect(url_for("patient.left"), 303)  # a page from before: there is nothing to forget any more
    forget_patient(only_here=True)
    session.clear()
    by_itself = IDLE in request.form and shared_device.is_always_shared()
    reply = redirect(url_for("patient.start" if by_itself else "patient.left"), 303)
    reply.headers[CLEAR] = EVERYTHING
    return reply


@blueprint.get("/left")
def left() -> str:
    """Says nothing of health, of answers or of this guide: someone else may look at the screen now."""
    return render_template("patient/left.html")


@blueprint.post("/stay")
def stay() -> tuple[str, int]:
    """The patient is still here: the answers stay open on this device for as long as after a save."""
    if not ButtonForm().validate():
        abort(400)
    with writing() as transaction:
        operations.keep_open(transaction, draft_to_keep(transaction), now=now())
    forget_current_visit()
    return "", 204


@blueprint.get("/stopped")
def stopped() -> str | Response:
    """Stopping for now: until when one can go on, and how."""
    present = open_visit()
    if present.amends is not None:  # what was sent before stays sent
        return redirect(url_for("patient.status"), 303)
    return render_template(
        "patient/stopped.html",
        go_on_url=journey.url_to_go_on(present),
        help_now=present.ruleset.prose.help_now,
        ends_at=present.draft.expires_at,
    )


@blueprint.post("/erase")
def erase() -> str | Response:
    """Asks once, then erases: a slip of the finger must not cost an hour's work."""
    present = current_visit()
    form = ButtonForm()
    is_switched = switch_language(request.form.get("language"))
    is_valid = form.validate()
    has_code = present is not None and bool(present.draft.return_code)
    if not is_switched and is_valid and (present is None or "confirm" in request.form):
        was_submitted = _was_sent(present)
        only_here = has_code and request.form.get("confirm") == "device"
        forget_patient(only_here=only_here)
        way = {"sent": 1 if was_submitted else None, "code": 1 if only_here else None}
        reply = redirect(url_for("patient.erased", **way), 303)
        reply.headers[CLEAR] = ALL_BUT_COOKIES
        return reply
    keep_url = url_for("patient.start")
    if present is not None:
        keep_url = url_for("patient.summary") if present.is_submitted else journey.url_to_go_on(present)
    return render_template(
        "patient/erase.html",
        keep_url=keep_url,
        is_submitted=_was_sent(present),
        has_code=has_code,
        errors=[] if is_switched else error_list(form),
    )


def _was_sent(present: Visit | None) -> bool:
    """Whether there is something that stays with the clinic, though this browser forgets it."""
    return present is not None and (present.is_submitted or present.amends is not None)


@blueprint.get("/erased")
def erased() -> str:
    """That the answers are gone, or where they still are."""
    return render_template("patient/erased.html", was_sent="sent" in request.args, code_opens="code" in request.args)


@blueprint.get("/gone")
def gone() -> str:
    """What one sees whose answers this browser does not open any more."""
    return render_template("patient/gone.html", help_now=current_ruleset().prose.help_now)
