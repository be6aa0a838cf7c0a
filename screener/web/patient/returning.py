"""Coming back with a return code and the date of birth, on any device.

Whatever is wrong, the page, its status and about its time are the same, so that it tells nobody which codes there are. Guessing
is limited in the database: by code, whether there is such a one or not, by network, generously, and over all.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import timedelta

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired

from screener.store import operations, queries
from screener.store.crypto import keyed_hash
from screener.store.operations.attempts import Limit
from screener.store.refusals import DraftGone, TooManyAttempts
from screener.store.return_words import LONGEST, read_code
from screener.store.sealed_drafts import OpenDraft
from screener.store.workflow import Status
from screener.web.contact_form import BirthDateField
from screener.web.extensions import now, reading, writing
from screener.web.forms import clean_line, error_list
from screener.web.patient import journey, shared_device
from screener.web.patient.blueprint import blueprint, switch_language
from screener.web.patient.entry import ADULT
from screener.web.patient.keeping import lifetimes, server_key
from screener.web.patient.visit import current_visit, remember_draft

OF_CODE, OF_NETWORK, OF_ALL = "return_code", "return_network", "return_any"
# Wrong tries alone: a waiting room full of people behind one address, each mistyping, must get in.
LIMITS = (
    Limit(OF_CODE, 5, timedelta(hours=1)),
    Limit(OF_CODE, 20, timedelta(hours=24)),
    Limit(OF_NETWORK, 120, timedelta(hours=1)),
    Limit(OF_ALL, 3000, timedelta(hours=1)),
)

WAITS_FOR_PATIENT = (Status.NEEDS_INFORMATION,)

Problems = list[tuple[str, str]]


class ReturnForm(FlaskForm):
    code = StringField(filters=[clean_line], validators=[DataRequired(lazy_gettext("Write your return code."))])
    birth_date = BirthDateField()
    shared_device = BooleanField()


@blueprint.route("/return", methods=["GET", "POST"])
def come_back() -> str | Response | tuple[str, int]:
    """Open a draft or a summary with its return code and the date of birth."""
    form = ReturnForm()
    if request.method == "GET":
        return _page(form, [])
    if switch_language(request.form.get("language")):
        return _page(form, [])
    if not form.validate():
        return _page(form, error_list(form)), 422
    code = read_code(form.code.data)
    try:
        attempts = _begin_attempt(code)
    except TooManyAttempts:
        return _page(form, [("code", gettext(TooManyAttempts.text))]), 429
    with reading() as transaction:
        born, key = form.birth_date.data, server_key()
        kept = lifetimes(shared=shared_device.is_always_shared() or form.shared_device.data)
        draft = queries.draft_for_code(transaction, code, born, server_key=key, now=now(), lifetimes=kept)
    if draft is None or not _open_here(draft, attempts, shared=form.shared_device.data):
        with writing() as transaction:
            operations.refuse_return(transaction, code, server_key=server_key(), now=now())
        return _page(form, [("code", _nothing_opened())]), 422
    present = current_visit()
    if present is None or present.is_submitted:
        is_asked = (
            present is not None and present.submission is not None and present.submission.status in WAITS_FOR_PATIENT
        )
        return redirect(url_for("patient.status" if is_asked else "patient.summary"), 303)
    return redirect(journey.url_to_go_on(present), 303)


def _begin_attempt(code: str) -> Sequence[int]:
    """Count the try before it is looked at. Raises TooManyAttempts."""
    key = server_key()
    counted = {
        OF_CODE: keyed_hash(key, OF_CODE, code),
        OF_NETWORK: keyed_hash(key, OF_NETWORK, network_of(request.remote_addr)),
        OF_ALL: keyed_hash(key, OF_ALL),
    }
    with writing() as transaction:
        return operations.begin_attempt(transaction, counted, LIMITS, now=now())


def _open_here(draft: OpenDraft, attempts: Sequence[int], *, shared: bool) -> bool:
    """Give this browser a secret of its own; False where the draft was erased this very moment."""
    try:
        with writing() as transaction:
            token = operations.come_back(transaction, draft, attempts, now=now())
    except DraftGone:
        return False
    shared_device.say_shared(shared)
    remember_draft(token)
    session[ADULT] = True
    journey.forget_screens()
    return True


def _nothing_opened() -> str:
    return gettext("Nothing opens with this code and this date of birth. Check each word, and the date.")


def _page(form: ReturnForm, errors: Problems) -> str:
    present = current_visit()
    go_on = None
    if present is not None:
        go_on = url_for("patient.summary") if present.is_submitted else journey.url_to_go_on(present)
    return render_template(
        "patient/return.html",
        form=form,
        errors=errors,
        longest=LONGEST,
        go_on_url=go_on,
        is_submitted=present is not None and present.is_submitted,
        asks_device=not shared_device.is_always_shared(),
        opens_with_code=present is not None and bool(present.draft.return_code),
    )


def network_of(address: str | None) -> str:
    """What counts as one network: an IPv4 address, or the 64 bits that one IPv6 connection has to itself.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3:4:5:6"), network_of("::ffff:192.0.2.7"), network_of(None)
    ('192.0.2.7', '2001:db8:1:2::/64', '192.0.2.7', '')
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)
