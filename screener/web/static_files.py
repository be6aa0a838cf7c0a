"""The files that every page needs, kept in memory and packed once at start, so that a phone loads them small and once.

Their addresses carry a version made of what they hold, by which `security` says how long a browser keeps them. Nothing
here is made for a person.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request

from screener.web.compression import CODINGS, pack, wanted_coding

FOLDER = Path(__file__).resolve().parent / "static"
_VERSION = "STATIC_VERSION"
# Not from the machine's own tables, which differ: a wrong type is refused by `nosniff`.
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: what it is, and its bytes in every coding that makes it smaller, "" for none."""

    mimetype: str
    bodies: Mapping[str, bytes]

    def reply(self) -> Response:
        """This file in the coding that the browser would best like, or that it has it already."""
        coding = wanted_coding() or ""
        body = self.bodies.get(coding)
        if body is None:
            coding, body = "", self.bodies[""]
        response = Response(body, mimetype=self.mimetype)
        if coding:
            response.headers["Content-Encoding"] = coding
        response.vary.add("Accept-Encoding")
        response.set_etag(hashlib.sha256(body).hexdigest()[:16])
        return response.make_conditional(request)


def read_folder(folder: Path = FOLDER) -> dict[str, bytes]:
    """The content of all files of a folder, by their path in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def version_of(contents: Mapping[str, bytes]) -> str:
    """A short name of exactly these files."""
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def init_app(app: Flask, contents: Mapping[str, bytes]) -> None:
    """Serve these files as `static`, and tell every page their version."""
    kept = {name: _packed(name, content) for name, content in contents.items()}
    app.config[_VERSION] = version_of(contents)

    def static(filename: str) -> Response:
        return (kept.get(filename) or abort(404)).reply()

    app.add_url_rule("/static/<path:filename>", "static", static)

    @app.context_processor
    def every_page() -> dict[str, str]:
        return {"static_version": version(app)}


def version(app: Flask) -> str:
    """The version of the files that this application serves."""
    return str(app.config[_VERSION])


def _packed(name: str, content: bytes) -> StaticFile:
    mimetype = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return StaticFile(mimetype, _bodies(content))


@lru_cache(maxsize=64)  # tests make an application each
def _bodies(whole: bytes) -> Mapping[str, bytes]:
    packed = {coding: pack(whole, coding, best=True) for coding in CODINGS}
    return {"": whole} | {coding: body for coding, body in packed.items() if len(body) < len(whole)}
