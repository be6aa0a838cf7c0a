"""Fewer bytes for a bad phone: in which coding a reply travels, and which pages are compressed at all.

Only pages of the doors that are open to everyone are. Compressing a page that holds a secret beside words a stranger
chose would let that stranger guess the secret by the reply's length (BREACH). A page asked for from another site gets no
cookie but in a window of its own, and no page repeats anything of the address it was asked by: see SECURITY.md. Staff's
pages hold more, in search fields too, and stay as they are. How files travel is in `static_files`.
"""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

from screener.web.errors import is_for_staff

OPEN_DOORS = ("patient", "rulebook")
CODINGS = ("br", "gzip")  # the better one first
_IDENTITY = "identity"
_SMALLEST = 200  # bytes: a smaller body would hardly shrink
_GZIP_LEVEL = 9
_BROTLI_QUALITY = 10  # a tenth less than with 5, for ten or twenty milliseconds; 11 takes twice as long for little more


def wanted_coding() -> str | None:
    """The coding in which the browser would best like the reply, of those we have; None where it names none of them."""
    best = request.accept_encodings.best_match((*CODINGS, _IDENTITY))
    return best if best in CODINGS else None


def pack(body: bytes, coding: str, *, best: bool = False) -> bytes:
    """The body in that coding; `best` takes its time, for what is packed once."""
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=11 if best else _BROTLI_QUALITY))
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def init_app(app: Flask) -> None:
    """Compress the pages of the patient's and the rulebook's doors, error pages there too."""
    app.after_request(_compress)


def _is_for_everyone() -> bool:
    """Whether this reply comes from an open door, or is the page about an address that no door has."""
    return request.blueprint in OPEN_DOORS or (request.endpoint is None and not is_for_staff())


def _compress(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or not _is_for_everyone():
        return response
    response.vary.add("Accept-Encoding")
    coding = wanted_coding()
    if coding is not None and "Content-Encoding" not in response.headers:
        body = response.get_data()
        if len(body) >= _SMALLEST:
            response.set_data(pack(body, coding))
            response.headers["Content-Encoding"] = coding
    return response
