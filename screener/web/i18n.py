"""Which language a page speaks, and how it gets its words.

Interface words come from gettext catalogues in `screener/translations`; clinical words come from the
ruleset, in both languages, through the filter `words`.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, has_request_context, request, session
from flask_babel import Babel

LANGUAGES = ("en", "es")
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


def language() -> str:
    """The language of this page: what the person chose, else what the browser asks for, else English."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def choose_language(wanted: str | None) -> bool:
    """Speak this language from now on; False, and nothing changes, where it is none of ours."""
    if wanted not in LANGUAGES:
        return False
    session["language"] = wanted
    return True


def init_app(app: Flask) -> None:
    """Give the application its words."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=language)

    @app.context_processor
    def page_language() -> dict[str, str]:
        return {"language": language()}
