"""What the summary on the screen and the one on paper call things: topics, sources, and the answers behind a finding."""

from __future__ import annotations

from collections.abc import Mapping

from screener.engine.answers import Answer
from screener.engine.rules import Ruleset
from screener.web.answer_words import answer_words
from screener.web.i18n import language

ADVICE = "safety"  # the pack of general advice: not one of the sources that stand side by side
Told = list[tuple[str | None, str]]


def told(ruleset: Ruleset, evidence: Mapping[str, Answer]) -> Told:
    """The answers behind a finding, each with its question."""
    found: Told = []
    for item_id, answer in evidence.items():
        item = ruleset.items[item_id]
        found.append((item.text.in_language(language()), answer_words(item, answer)))
    return found


def topic_title(ruleset: Ruleset, topic: str) -> str:
    """A topic as people read it."""
    text = ruleset.prose.topics.get(topic)
    return text.in_language(language()) if text is not None else topic.replace("_", " ").capitalize()


def source_title(ruleset: Ruleset, pack: str) -> str:
    """What stands above the words of a source."""
    prose = ruleset.prose.packs.get(pack)
    title = prose.title if prose is not None else None
    return title.in_language(language()) if title is not None else pack.replace("_", " ").capitalize()
