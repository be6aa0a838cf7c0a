"""The intake door; its pages come next."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("intake", __name__)
