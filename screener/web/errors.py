"""What a person sees, and what the log keeps, when a request could not be met.

The log names the kind of error and the place in our code, never its message: messages quote values.
"""

from __future__ import annotations

import logging
import secrets
import sys
import traceback
from types import TracebackType

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from screener.store.refusals import Refused, RoleNotAllowed

CODES = (400, 403, 404, 405, 409, 413, 429, 500, 503)
STAFF_DOORS = (
    "account",
    "auth",
    "staff",
    "intake",
    "clinician",
    "worklist",
    "exports",
    "admin",
    "feedback",
    "workflow",
)
STAFF_PATHS = (
    "/account",
    "/intake",
    "/clinician",
    "/work",
    "/workflow",
    "/exports",
    "/admin",
    "/feedback",
    "/sign-in",
    "/sign-out",
    "/set-up",
    "/staff-language",
)
RETRY_AFTER_SECONDS = "30"

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_log = logging.getLogger("screener.requests")


class Application(Flask):
    """Flask, but for exceptions logged without the values they quote."""

    def log_exception(self, exc_info: ExceptionInfo) -> None:
        error, frames = exc_info[1], traceback.extract_tb(exc_info[2])
        places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        _log.error("%s %s %s at %s", request_id(), request.endpoint, type(error).__name__, places)


def request_id() -> str:
    """A random name of this request, the same in the log and in the reply's X-Request-Id."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def is_for_staff() -> bool:
    """Whether this request came to one of staff's doors."""
    if request.endpoint is None:
        return request.path.startswith(STAFF_PATHS)
    return request.blueprint in STAFF_DOORS


def error_page(code: int, message: str | None = None) -> Response:
    """The page for this status in calm words; `message` is public text that says more."""
    shown = code if code in CODES else (400 if code < 500 else 500)
    try:
        page = render_template("errors/error.html", code=shown, staff=is_for_staff(), message=message)
        response = make_response(page, code)
    except Exception:
        if current_app.testing:
            raise
        current_app.log_exception(sys.exc_info())
        page = gettext("Something went wrong on our side")
        response = make_response(page, code, {"Content-Type": "text/plain"})
    if code == 503:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours, and log every request by its endpoint alone."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(PoolTimeout, _busy)

    @app.after_request
    def log(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        if request.endpoint != "static":
            _log.info("%s %s %s %s", request_id(), request.method, request.endpoint, response.status_code)
        return response


def _http(error: HTTPException) -> Response:
    response = error.get_response(request.environ)
    code = response.status_code
    if code < 400:
        return make_response(response)  # the router's own redirects
    page = error_page(code)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            page.headers[name] = response.headers[name]
    return page


def _refused(error: Refused) -> Response:
    return error_page(403 if isinstance(error, RoleNotAllowed) else 409, gettext(str(error)))


def _busy(error: OperationalError | PoolTimeout) -> Response:
    _log.error("%s %s %s: the database did not take it", request_id(), request.endpoint, type(error).__name__)
    return error_page(503)
