"""What all our forms share: a token that never runs out, clean text, errors in the shape templates take.

Fields and forms of the questionnaire's items are in `item_fields` and `questionnaire_form`.
"""

from __future__ import annotations

import unicodedata

from flask import current_app, request
from flask_babel import gettext
from flask_wtf import FlaskForm


class ButtonForm(FlaskForm):
    """A form with a button and nothing else: only the token is checked."""


def has_stale_token(form: FlaskForm) -> bool:
    """After validation: the token was missing or another session's; show the form again, filled in."""
    return bool(form.errors.get("csrf_token"))


def error_list(form: FlaskForm) -> list[tuple[str, str]]:
    """What `error_summary` takes: (id of the field, message), in the order of the page."""
    errors = [(field.id, str(field.errors[0])) for field in form if field.errors and field.id != "csrf_token"]
    if has_stale_token(form):
        errors.insert(0, ("main", _why_once_more()))
    return errors


def _why_once_more() -> str:
    """Where the browser keeps no cookies, sending again and again would never help."""
    if request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]):
        return gettext("This page was open for a long time. Please send it once more.")
    return gettext(
        "No cookie came with this page. Please send it once more. If you see this again, let this site keep cookies."
    )


def clean_text(value: str | None) -> str | None:
    """A filter for text fields: composed characters, no control characters but new lines, no space around. Signs that nobody
    sees make no text by themselves: a note of them would only look like one.

    PostgreSQL refuses NUL, and nobody types the others.
    """
    if value is None:
        return None
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    composed = unicodedata.normalize("NFC", lines)
    kept = (sign for sign in composed if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    text = "".join(kept).strip()
    return "" if all(sign.isspace() or unicodedata.category(sign) in ("Cf", "Mn") for sign in text) else text


def clean_line(value: str | None) -> str | None:
    """The same for a field of one line."""
    cleaned = clean_text(value)
    return None if cleaned is None else " ".join(cleaned.split())
