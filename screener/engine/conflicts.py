"""Which conflicts stand in a response: answers that hardly go together, to be asked about before they are sent.

Never a finding and never an error: nothing is held back because of one. An unknown answer raises none.
"""

from __future__ import annotations

from screener.engine.answers import Answers
from screener.engine.conditions import Truth
from screener.engine.evaluation import Evaluation
from screener.engine.rules import Conflict, Ruleset


def standing_conflicts(ruleset: Ruleset, answers: Answers) -> tuple[Conflict, ...]:
    """The conflicts of `ruleset` that are true of checked answers (see `parse_answers`), in the order of the file."""
    if not ruleset.conflicts:
        return ()
    evaluation = Evaluation(ruleset, answers)
    return tuple(conflict for conflict in ruleset.conflicts if evaluation.truth(conflict.when) is Truth.TRUE)
