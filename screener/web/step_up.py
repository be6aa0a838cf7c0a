"""The password once more, before something that is done under one's own name. Wrong ones count as they do at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app, request
from flask_babel import gettext
from flask_security import verify_password

from screener.store import operations
from screener.web.auth import current_staff
from screener.web.extensions import now, writing
from screener.web.passwords import LONGEST
from screener.web.throttle import Throttle

UNCONFIRMED, CLOSED = 422, 429


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Why it was not confirmed, in words for the field, and the status of the reply."""

    words: str
    status: int


def confirm_password(password: str) -> Unconfirmed | None:
    """Whether this is the password of who is signed in; None if it is. An empty one is not counted as a try."""
    staff, network, throttle = current_staff(), request.remote_addr or "", _throttle()
    if not password:
        return Unconfirmed(gettext("Type your password to sign with your name."), UNCONFIRMED)
    if throttle.is_closed(staff.email, network, now=now()):
        words = gettext(
            "Too many wrong passwords. Wait a quarter of an hour, then sign again. Nothing you wrote is lost."
        )
        return Unconfirmed(words, CLOSED)
    if len(password) <= LONGEST and verify_password(password, staff.password):
        throttle.forget(staff.email, network)
        return None
    throttle.add_refused(staff.email, network, now=now())
    with writing() as store:
        operations.record_refused_password(store, staff, now=now())
    return Unconfirmed(
        gettext("That is not your password. Nothing was signed; nothing you wrote is lost."), UNCONFIRMED
    )


def _throttle() -> Throttle:
    return cast(Throttle, current_app.extensions["sign_in_throttle"])
