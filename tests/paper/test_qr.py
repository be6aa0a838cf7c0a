"""The QR code: drawn here, the same each time, with the white around it that readers need."""

from __future__ import annotations

import re

from qrcode.main import QRCode

from screener.paper.qr import QUIET, qr_svg

ADDRESS = "https://clinic.test/return"


def test_picture_is_the_code_of_exactly_this_address() -> None:
    code = QRCode(error_correction=0, border=QUIET)
    code.add_data(ADDRESS)
    dark = sum(module for row in code.get_matrix() for module in row)
    svg = qr_svg(ADDRESS)
    (path,) = re.findall(r' d="([^"]+)"', svg)
    assert path.count("M") == dark
    assert qr_svg(ADDRESS) == svg
    assert qr_svg(ADDRESS + "x") != svg


def test_picture_asks_nobody_for_anything() -> None:
    assert re.findall(r"https?://[^\"]+", qr_svg(ADDRESS)) == ["http://www.w3.org/2000/svg"]
