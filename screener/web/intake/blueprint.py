"""The blueprint itself, which every room of the intake door registers its views on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("intake", __name__, url_prefix="/intake")
