"""QR codes, drawn here and asked of nobody. Only public addresses go into one, never a code or a name."""

from __future__ import annotations

import io

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage

QUIET = 4  # modules of white around it, as the standard asks


def qr_svg(address: str) -> str:
    """The QR code of a public address as an SVG image.

    >>> qr_svg("https://clinic.example/return").startswith("<?xml")
    True
    """
    drawn = qrcode.make(address, image_factory=SvgPathImage, error_correction=ERROR_CORRECT_M, border=QUIET)
    svg = io.BytesIO()
    drawn.save(svg)
    return svg.getvalue().decode()
