"""The blueprint of the clinician's door; its views are next to it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("clinician", __name__, url_prefix="/clinician")
