"""Which icons a page has used: each shape is sent once, at the end of the page. The shapes are in `macros/icons.html`."""

from __future__ import annotations

from typing import cast

from flask import Flask, g


def icon_used(name: str) -> str:
    """Note that this page shows the icon; the id of its shape, which no question's can meet."""
    icons_used().setdefault(name)
    return f"icon--{name}"


def icons_used() -> dict[str, None]:
    """The icons of this page so far, in the order they came."""
    if "icons_used" not in g:
        g.icons_used = {}
    return cast("dict[str, None]", g.icons_used)


def init_app(app: Flask) -> None:
    """Give the templates these two."""
    app.jinja_env.globals.update(icon_used=icon_used, icons_used=icons_used)
