"""What can be wrong with the clinic's settings."""

from __future__ import annotations


class ClinicProblem(Exception):
    """A setting of the clinic cannot be used; `str()` is public text: which one, what is wrong, what would do."""
