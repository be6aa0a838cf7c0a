"""The intake door. `queue` is the list, `submission` the page of one with its notes and moves."""

from screener.web.intake import queue, submission
from screener.web.intake.blueprint import blueprint

__all__ = ["blueprint", "queue", "submission"]
