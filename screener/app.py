"""The only place where the parts meet: settings, database, ruleset and doors become one application."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from screener.config import Settings
from screener.engine.loader import load_ruleset
from screener.engine.rules import Ruleset
from screener.paths import templates_folder
from screener.store import migrations
from screener.store.database import check_settings, connect
from screener.web import (
    account,
    admin,
    auth,
    clinic_files,
    clinician,
    compression,
    errors,
    exports,
    feedback,
    filters,
    i18n,
    icons,
    intake,
    patient,
    patient_files,
    row_numbers,
    rulebook,
    security,
    staff_language,
    static_files,
    workflow_page,
    worklist,
)
from screener.web.extensions import Clock, Services

LARGEST_REQUEST = 256 * 1024
MOST_FORM_PARTS = 500


class Absent(StrictUndefined):
    """A name nobody set may be asked for ("is there a Back link?") but never shown."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


def prepare(settings: Settings) -> None:
    """Bring the database to this version's tables and read its settings back. Raises SettingsError, MigrationError."""
    engine = connect(settings.database_url)
    try:
        migrations.upgrade(engine)
        check_settings(engine)
    finally:
        engine.dispose()


def create_app(settings: Settings, *, clock: Clock | None = None, ruleset: Ruleset | None = None) -> Flask:
    """The application, on a prepared database. Raises RulesetError where the rulebook is bad."""
    app = errors.Application(
        "screener",
        static_folder=None,  # `static_files` serves them
        template_folder=str(templates_folder()),
    )
    app.jinja_options = {**app.jinja_options, "undefined": Absent}
    app.session_interface = security.Sessions()
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="screener",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(
            hours=24
        ),  # of a patient with a draft; staff have shorter clocks of their own
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        TEMPLATES_AUTO_RELOAD=settings.debug,
        WTF_CSRF_TIME_LIMIT=None,
    )
    engine = connect(settings.database_url)
    engine.hide_parameters = True  # an error must not carry a row into a log
    app.extensions["screener"] = Services(
        settings=settings,
        engine=engine,
        ruleset=ruleset or load_ruleset(settings.rules),
        clock=clock or _utc_now,
    )
    _assemble(app)
    if settings.proxies:
        number = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=number)  # type: ignore[method-assign]
    return app


def _assemble(app: Flask) -> None:
    app.jinja_env.globals["csrf_token"] = generate_csrf
    compression.init_app(app)
    i18n.init_app(app)
    _serve_files(app)
    filters.init_app(app)
    icons.init_app(app)
    errors.init_app(app)
    auth.init_app(app)
    doors = (
        patient,
        rulebook,
        auth,
        account,
        intake,
        clinician,
        admin,
        feedback,
        worklist,
        exports,
        staff_language,
        clinic_files,
        workflow_page,
    )
    row_numbers.init_app(app)
    for door in doors:
        app.register_blueprint(door.blueprint)
    security.init_app(app)  # last: it looks at every endpoint


def _serve_files(app: Flask) -> None:
    files = static_files.read_folder()
    made = patient_files.patient_files(app, files, app.extensions["screener"].settings.clinic)
    static_files.init_app(app, {**files, **made})


def _utc_now() -> datetime:
    return datetime.now(UTC)
