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
# One request where there would be three: what the doors open to everyone need, the clinic's colours last.
BUNDLE = "patient.css"
BUNDLED = ("site.css", "rulebook.css")
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


def read_folder(folder: Path, colors: str = "") -> dict[str, StaticFile]:
    """All files of a folder by their path in it, and the bundle, at whose end stand these colours."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    contents[BUNDLE] = b"".join(contents[part] for part in BUNDLED) + colors.encode()
    return {name: _packed(name, content) for name, content in contents.items()}


def version_of(files: Mapping[str, StaticFile]) -> str:
    """A short name of exactly these files."""
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(f"{name}\0{len(file.bodies[''])}\0".encode() + file.bodies[""])
    return digest.hexdigest()[:12]


def init_app(app: Flask, folder: Path = FOLDER, colors: str = "") -> None:
    """Serve the folder as `static`, and tell every page its version."""
    kept = read_folder(folder, colors)
    app.config[_VERSION] = version_of(kept)

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
