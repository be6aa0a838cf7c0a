"""Which of our own pages an address leads to, for buttons that lead back to where they were pressed."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def is_page(path: str) -> bool:
    """Whether one of our pages can be opened at this path, which may have a question mark and what follows."""
    if not _is_of_this_site(path):
        return False
    try:
        current_app.url_map.bind("").match(_below_root(path.partition("?")[0]), method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


def page_to_open(path: str) -> str | None:
    """The path itself where it can be opened, else the nearest page above it: a refused form stands at an address that
    only takes forms. None where there is none but the start page."""
    if not _is_of_this_site(path):
        return None
    while not is_page(path):
        path = path.partition("?")[0].rpartition("/")[0]
        if not path:
            return None
        if is_page(f"{path}/"):
            return f"{path}/"
    return path


def _is_of_this_site(path: str) -> bool:
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()


def _below_root(path: str) -> str:
    return path.removeprefix(request.script_root) or "/"
