"""The clinician door; its pages come next."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("clinician", __name__)
