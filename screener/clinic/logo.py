"""A clinic's logo: a small SVG or PNG in the instance folder, read and looked through once, at start.

It is served as it is, with a policy under which it can run nothing; what could only fail there, or would load something from
elsewhere, is refused here, with what to take out.
"""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from screener.clinic.problem import ClinicProblem

LARGEST_BYTES = 20 * 1024
LARGEST_SIDE = 4000  # pixels
SVG_TYPE, PNG_TYPE = "image/svg+xml", "image/png"

_PNG_START, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_SVG = "{http://www.w3.org/2000/svg}"
_NOT_A_PICTURE = frozenset(
    [
        "script",
        "foreignobject",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "animate",
        "animatetransform",
        "animatemotion",
        "set",
    ]
)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px|pt|mm|cm|in)?\s*")
_LOADS = re.compile(r"@import|url\(\s*['\"]?\s*(?!#|data:image/|[\s'\"])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Logo:
    """The file's content and kind, and how wide and high it is, in units of its own."""

    content: bytes = field(repr=False)
    media_type: str
    width: float
    height: float

    @property
    def digest(self) -> str:
        """A short name of exactly this content."""
        return hashlib.sha256(self.content).hexdigest()[:12]


def read_logo(name: str, folder: Path) -> Logo:
    """The logo in the file `name` of the instance folder. Raises ClinicProblem."""
    path = folder / name
    if Path(name).name != name or path.resolve().parent != folder.resolve():
        raise ClinicProblem("logo: expected the name of a file that lies in the instance folder, like logo.svg.")
    reader = {".svg": _svg_size, ".png": _png_size}.get(path.suffix.lower())
    if reader is None:
        raise ClinicProblem(f"logo: {name} is neither an .svg nor a .png file.")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ClinicProblem(f"logo: {path} cannot be read ({error.strerror}).") from None
    if len(content) > LARGEST_BYTES:
        raise ClinicProblem(
            f"logo: {name} is larger than {LARGEST_BYTES // 1024} KB, and patients load it on bad phones. "
            "Save it as an SVG, or as a PNG about 400 pixels wide."
        )
    width, height = reader(name, content)
    return Logo(content, SVG_TYPE if reader is _svg_size else PNG_TYPE, width, height)


def _png_size(name: str, content: bytes) -> tuple[float, float]:
    if not content.startswith(_PNG_START) or content[12:16] != b"IHDR" or not content.endswith(_PNG_END):
        raise ClinicProblem(f"logo: {name} is not a whole PNG picture.")
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise ClinicProblem(f"logo: {name} is not between 1 and {LARGEST_SIDE} pixels wide and high.")
    return float(width), float(height)


def _svg_size(name: str, content: bytes) -> tuple[float, float]:
    try:
        if "<!ENTITY" in content.decode("utf-8"):
            raise ClinicProblem(f"logo: {name} defines entities. Save it again as a plain SVG.")
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise ClinicProblem(f"logo: {name} is not an SVG picture.") from None
    if root.tag != f"{_SVG}svg":
        raise ClinicProblem(f"logo: {name} is not an SVG picture.")
    for element in root.iter():
        _check_element(name, element)
    return _size_of(name, root)


def _check_element(name: str, element: ElementTree.Element) -> None:
    tag = str(element.tag).rpartition("}")[2]
    if tag.lower() in _NOT_A_PICTURE:
        raise ClinicProblem(f"logo: {name} holds <{tag}>, which never runs or moves here. Take it out.")
    texts = [element.text or ""] if tag == "style" else []
    for attribute, value in element.attrib.items():
        short = attribute.rpartition("}")[2]
        if short.lower().startswith("on"):
            raise ClinicProblem(f"logo: {name} holds {short}=…, which never runs here. Take it out.")
        if short == "href" and not value.strip().startswith(("#", "data:image/")):
            raise ClinicProblem(f"logo: {name} leads to something outside it ({short}=…). Take it out.")
        texts.append(value)
    if any(_LOADS.search(text) for text in texts):
        raise ClinicProblem(f"logo: {name} loads something from outside it (url(…) or @import). Take it out.")


def _size_of(name: str, root: ElementTree.Element) -> tuple[float, float]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sides = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    found = [_LENGTH.fullmatch(side) for side in sides]
    if not all(found) or any(match and float(match[1]) <= 0 for match in found):
        raise ClinicProblem(f"logo: {name} does not say how large it is. Give its <svg> a viewBox.")
    width, height = (float(match[1]) for match in found if match)
    return width, height
