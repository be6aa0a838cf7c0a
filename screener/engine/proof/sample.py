"""Random documents, judged once: most of what must be possible, and most of what must not follow, shows in them at once."""

from __future__ import annotations

from screener.engine.answers import Answers
from screener.engine.closures import CompiledRuleset
from screener.engine.conditions import Truth
from screener.engine.proof.space import AnswerSpace, Below
from screener.engine.rules import Ruleset


class Sample:
    """For each rule and outcome, and for each item that was asked, the set of documents as the bits of one number."""

    def __init__(self, ruleset: Ruleset, space: AnswerSpace, below: Below, size: int) -> None:
        compiled = CompiledRuleset(ruleset)
        self.documents: list[Answers] = [space.random_document(below) for _ in range(size)]
        self.asked: dict[str, int] = dict.fromkeys(ruleset.items, 0)
        self._outcomes: dict[tuple[str, int], int] = {}
        for number, document in enumerate(self.documents):
            state = compiled.state(document)
            for rule, truth in zip(ruleset.rules, compiled.verdicts(state), strict=True):
                self._outcomes[rule.id, truth] = self._outcomes.get((rule.id, truth), 0) | 1 << number
            for item_id in ruleset.items:
                if compiled.is_asked(state, item_id):
                    self.asked[item_id] |= 1 << number

    def where(self, rule_id: str, truth: Truth) -> int:
        """The documents on which a rule has a truth."""
        return self._outcomes.get((rule_id, int(truth)), 0)
