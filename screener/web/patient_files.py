"""What a patient's phone loads beside a page: one stylesheet and one script, put together when the program starts.

A bad line asks for each file alone, so the rulebook's styles and the clinic's colours are part of the one stylesheet, and the
script's words, in the page's language, stand before the script.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import force_locale, lazy_gettext

from screener.clinic import Clinic
from screener.engine.json import dumps
from screener.web.clinic_files import colors_css
from screener.web.i18n import LANGUAGES

STYLESHEET = "patient.css"
STYLES = ("site.css", "rulebook.css")
SCRIPT = "patient.js"
WORDS = {
    "sending": lazy_gettext("Sending. This can take a while."),
    "no_connection": lazy_gettext("This was not sent: there is no connection."),
    "no_answer": lazy_gettext("This was not sent: the guide did not answer. Please try again in a few minutes."),
    "still_here": lazy_gettext("What you wrote is still on this page. Keep the page open."),
    "connected": lazy_gettext("There is a connection again. You can send this now."),
    "try_again": lazy_gettext("Try again"),
    "questions_added": lazy_gettext(
        "Because of your answer, there is more to ask on this page. New questions: {count}."
    ),
    "questions_gone": lazy_gettext("Because of your answer, there is less to ask on this page."),
    "ends_soon": lazy_gettext("Your answers close on this device in a few minutes. Choose Stay to keep them open."),
    "idle": lazy_gettext(
        "Are you still here? In half a minute this page closes, because other people use this device."
    ),
    "ended": lazy_gettext("Your answers are not open on this device any more."),
    "ended_unsent": lazy_gettext(
        "Your answers are not open on this device any more. What is on this page is not lost yet. Choose Continue to keep it."
    ),
    "stay": lazy_gettext("Stay"),
}


def script_name(language: str) -> str:
    """The script of a page in this language."""
    return f"patient.{language}.js"


def patient_files(app: Flask, files: Mapping[str, bytes], clinic: Clinic | None) -> dict[str, bytes]:
    """The stylesheet and the scripts, made of these static files. Call it when the application knows its languages."""
    made = {STYLESHEET: b"".join(files[name] for name in STYLES) + colors_css(clinic).encode()}
    with app.app_context():
        for language in LANGUAGES:
            with force_locale(language):
                words = dumps({name: str(text) for name, text in WORDS.items()})
            made[script_name(language)] = f"self.patientWords = {words};\n".encode() + files[SCRIPT]
    return made
