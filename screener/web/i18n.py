"""Which language a page speaks, and how it gets its words.

Interface words come from gettext catalogues in `screener/translations`; clinical words come from the
ruleset, through the filter `words`. Staff's pages speak every language there is a catalogue for; all other pages
only those of them that the ruleset has too, so that no page mixes two.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, has_request_context, request, session
from flask_babel import Babel

from screener.web.errors import is_for_staff
from screener.web.extensions import current_ruleset

LANGUAGES = ("en", "es")
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


def language() -> str:
    """The language of this page: what the person chose, else what the browser asks for, else English."""
    if not has_request_context():
        return LANGUAGES[0]
    offered = languages()
    chosen = session.get("language")
    if chosen in offered:
        return str(chosen)
    return request.accept_languages.best_match(offered) or offered[0]


def languages() -> tuple[str, ...]:
    """The languages that this page can be read in; never none."""
    if is_for_staff():
        return LANGUAGES
    spoken = current_ruleset().languages
    return tuple(code for code in LANGUAGES if code in spoken) or LANGUAGES[:1]


def choose_language(wanted: str | None) -> bool:
    """Speak this language from now on; False, and nothing changes, where it is none of this page's."""
    if wanted not in languages():
        return False
    session["language"] = wanted
    return True


def init_app(app: Flask) -> None:
    """Give the application its words."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=language)

    @app.context_processor
    def page_language() -> dict[str, object]:
        return {"language": language(), "page_languages": languages() if has_request_context() else LANGUAGES}
