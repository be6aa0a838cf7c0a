"""The admin's door: who works here. Shows accounts and invitations, never a patient and never an answer."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("admin", __name__)
