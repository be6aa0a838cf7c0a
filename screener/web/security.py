"""Who may open what, and the headers of every reply.

Deny by default: an endpoint that the tables here do not know stops the start.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, abort, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response as AnyResponse

from screener.store.workflow import Role
from screener.web import static_files
from screener.web.auth import staff_or_none

# Who may open an endpoint. The patient stands for everyone: it is the absence of an account.
EVERYONE = frozenset({Role.PATIENT, Role.INTAKE, Role.CLINICIAN, Role.ADMIN})
STAFF = frozenset({Role.INTAKE, Role.CLINICIAN, Role.ADMIN})

BLUEPRINTS: Mapping[str, frozenset[Role]] = {
    "patient": EVERYONE,
    "rulebook": EVERYONE,
    "clinic": EVERYONE,
    "intake": frozenset({Role.INTAKE}),
    "clinician": frozenset({Role.CLINICIAN}),
    "worklist": frozenset({Role.INTAKE, Role.CLINICIAN}),
    "exports": frozenset({Role.INTAKE, Role.CLINICIAN}),
    "admin": frozenset({Role.ADMIN}),
    "workflow": STAFF,
    "feedback": frozenset({Role.CLINICIAN, Role.ADMIN}),
}
ENDPOINTS: Mapping[str, frozenset[Role]] = {
    "static": EVERYONE,
    "auth.sign_in": EVERYONE,
    "auth.set_up": EVERYONE,
    "auth.sign_out": STAFF,
    "account.account": STAFF,
    "staff.language": EVERYONE,  # the page of sign-in has it too
}

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# A clinic's logo may be an SVG, which opened by itself is a page: it may style itself, and do nothing else.
LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# A browser that came over HTTPS once asks for nothing in the clear for a year. Of this name alone: a clinic may have others.
ONLY_HTTPS = "max-age=31536000"
NEVER_KEPT = "no-store"
KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"
ASKED_EACH_TIME = "no-cache"
FILES = (
    "static",
    "clinic.stylesheet",
    "clinic.logo",
)  # the same for everyone: browsers may keep them, and no cookie goes along


class UndeclaredEndpoint(Exception):
    """An endpoint has no row in the tables above."""


def allowed_roles(endpoint: str) -> frozenset[Role]:
    """Who may open this endpoint. Raises UndeclaredEndpoint."""
    blueprint = endpoint.partition(".")[0] if "." in endpoint else None
    allowed = ENDPOINTS.get(endpoint) or BLUEPRINTS.get(blueprint or "")
    if allowed is None:
        raise UndeclaredEndpoint(f"Endpoint {endpoint}: say in screener/web/security.py who may open it.")
    return allowed


def init_app(app: Flask) -> None:
    """Guard every request and complete every reply. Call it when all blueprints are registered."""
    for rule in app.url_map.iter_rules():
        allowed_roles(rule.endpoint)
    clinic = app.extensions["screener"].settings.clinic
    versions = dict.fromkeys(FILES, clinic.version if clinic else "") | {"static": static_files.version(app)}
    app.before_request(_refuse_other_sites)
    app.before_request(_let_in)

    @app.after_request
    def complete(response: Response) -> Response:
        response.headers.update(HEADERS)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = ONLY_HTTPS
        if request.endpoint == "clinic.logo":
            response.headers["Content-Security-Policy"] = LOGO_POLICY
        response.headers["Cache-Control"] = _cache_control(response, versions)
        return response


def _refuse_other_sites() -> None:
    # Browsers say where a request comes from; forms carry a token too. (Origin says nothing here: our referrer
    # policy makes it null.)
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    if changes and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(400)


def _let_in() -> AnyResponse | None:
    if request.endpoint is None:
        return None  # no such page, or not this way: the router's own 404 or 405
    allowed = allowed_roles(request.endpoint)
    if allowed is EVERYONE:
        return None
    staff = staff_or_none()
    if staff is None:
        if request.method == "GET":
            session["wanted"] = request.path
        return redirect(url_for("auth.sign_in"), 303)
    if staff.role not in allowed:
        abort(403)
    return None


def _cache_control(response: Response, versions: Mapping[str, str]) -> str:
    if request.endpoint is None or request.endpoint not in versions or response.status_code not in (200, 206, 304):
        return NEVER_KEPT
    return KEPT_FOR_A_YEAR if request.args.get("v") == versions[request.endpoint] else ASKED_EACH_TIME


class Sessions(SecureCookieSessionInterface):
    """Signed cookies, never on static files, so that browsers can keep those; Secure wherever the page is."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return super().get_cookie_secure(app) or request.is_secure

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        # A draft lives a day from the last answer, so its cookie needs no new date when a page is only looked at.
        return session.modified or (session.permanent and request.method == "POST")

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint not in FILES:
            super().save_session(app, session, response)
