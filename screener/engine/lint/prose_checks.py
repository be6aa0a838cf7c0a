"""Prose that is about nothing, or that leaves a topic or a source without the title that people read."""

from __future__ import annotations

from collections.abc import Iterator

from screener.engine.lint.remarks import Remark, error
from screener.engine.loader.problems import did_you_mean
from screener.engine.place import Place
from screener.engine.rules import PackProse, Ruleset

_FILE = Place("prose.yaml", 0)


def prose_remarks(ruleset: Ruleset, unread: frozenset[str] = frozenset()) -> Iterator[Remark]:
    """Titles of topics and packs that do not exist, and topics and packs without one; `unread` may well exist."""
    topics = {rule.topic for rule in ruleset.rules}
    packs = set(ruleset.packs)
    titles = ruleset.prose.topics
    for topic, text in titles.items():
        if topic not in topics | unread:
            place = next(iter(text.places.values()), _FILE)
            mend = did_you_mean(topic, sorted(topics - titles.keys()), "name a topic that has rules, or remove it")
            yield error(place, f"topics {topic}", "no rule is of this topic", mend)
    for pack, prose in ruleset.prose.packs.items():
        if pack not in packs | unread:
            mend = did_you_mean(pack, sorted(packs), "name a pack of the manifest, or remove it")
            yield error(_place(prose), f"packs {pack}", "the manifest has no such pack", mend)
    if titles:
        for topic in sorted(topics - titles.keys()):
            yield error(_FILE, f"topics {topic}", "this topic has no title", f"add `{topic}:` to `topics:`")
    if ruleset.prose.packs:
        titled = {pack for pack, prose in ruleset.prose.packs.items() if prose.title is not None}
        for pack in ruleset.packs:
            if pack not in titled and pack not in unread:
                yield error(_FILE, f"packs {pack}", "this pack has no title", f"add `{pack}: {{title: …}}` to `packs:`")


def _place(prose: PackProse) -> Place:
    texts = [text for text in (prose.title, prose.about, *prose.not_covered) if text is not None]
    return next((place for text in texts for place in text.places.values()), _FILE)
