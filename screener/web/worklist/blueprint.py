"""The blueprint itself: what intake and clinicians both do from their lists."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("worklist", __name__, url_prefix="/work")
