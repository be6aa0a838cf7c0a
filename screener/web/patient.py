"""The patient door; its pages come next."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("patient", __name__)
