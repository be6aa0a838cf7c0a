"""Paper: a PDF out of plain values. What is printed is arranged elsewhere; here is only how it comes onto a sheet.

Knows typst, the templates in `templates/paper/` and fonts that are packages; nothing of Flask, of the store or of the engine.
"""

from screener.paper.characters import printable
from screener.paper.pictures import can_draw
from screener.paper.qr import qr_svg
from screener.paper.typesetting import PaperError, typeset

__all__ = ["PaperError", "can_draw", "printable", "qr_svg", "typeset"]
