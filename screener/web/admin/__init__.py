"""The admin's door: who works here and from where, the clinic's settings, the rulesets in use, what was exported, and what was done.

Shows accounts, never a patient and never an answer. Each view has a room; all stand on one blueprint.
"""

from screener.web.admin import accounts, audit, exports, rulesets, sessions, settings
from screener.web.admin.blueprint import blueprint

__all__ = ["accounts", "audit", "blueprint", "exports", "rulesets", "sessions", "settings"]
