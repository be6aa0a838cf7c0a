"""From a rulebook folder, or a stored canonical ruleset, to a Ruleset; the only part of the engine that touches files.

A bad rulebook never loads half-way: all its mistakes come at once, in a RulesetError.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from screener.engine.json import dumps, loads
from screener.engine.loader.condition_reader import ConditionReader, Vocabulary
from screener.engine.loader.conflicts_reader import ConflictsReader
from screener.engine.loader.folder import Sources, read_folder
from screener.engine.loader.problems import Problem, Problems, RulesetError, Unread
from screener.engine.loader.prose_reader import Manifest, read_citations, read_manifest, read_prose
from screener.engine.loader.questionnaire_reader import QuestionnaireReader
from screener.engine.loader.rules_reader import RulesReader, meaning
from screener.engine.loader.shapes import Shapes
from screener.engine.loader.yaml_source import Entries, Node, node_of, plain
from screener.engine.rules import Case, Place, Prose, Rule, Ruleset

__all__ = ["Problem", "RulesetError", "Unread", "hash_of", "load_ruleset", "ruleset_from_content"]


def load_ruleset(folder: Path) -> Ruleset:
    """The ruleset of a rulebook folder. Raises RulesetError with every mistake, each with file, line and how to mend it."""
    problems = Problems()
    sources = read_folder(Path(folder), problems)
    return _build(sources, problems)


def ruleset_from_content(text: str) -> Ruleset:
    """The ruleset of its content in JSON, as a store keeps it; examples, review dates, cases and approvals are not in it.

    Raises RulesetError where the text is not such a JSON.
    """
    problems = Problems()
    place = Place("stored ruleset", 0)
    try:
        document = loads(text)
        sources = _sources_of(document, place)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problems.report(
            place, "", f"is no content of a ruleset ({type(error).__name__})", "store what `Ruleset.content` says"
        )
        raise RulesetError(problems) from None
    return _build(sources, problems)


def _sources_of(document: Any, place: Place) -> Sources:
    sections: list[tuple[str, Node | None]] = [
        (section["section"], node_of(section, place)) for section in document["questionnaire"]
    ]
    topics: dict[tuple[str, str], list[Any]] = {}
    for rule in document["rules"]:
        written = {key: value for key, value in rule.items() if key not in ("pack", "topic")}
        topics.setdefault((rule["pack"], rule["topic"]), []).append(written)
    return Sources(
        manifest=node_of(document["manifest"], place),
        citations=node_of(document["citations"], place),
        scores=node_of(document["scores"], place) if document["scores"] else None,
        prose=node_of(document["prose"], place) if document["prose"] else None,
        conflicts=node_of(document["conflicts"], place) if "conflicts" in document else None,
        sections=sections,
        topics=[
            (pack, topic, node_of({"topic": topic, "rules": rules}, place)) for (pack, topic), rules in topics.items()
        ],
    )


@dataclass
class _Parts:
    """What has been read so far of the rules."""

    rules: list[Rule] = field(default_factory=list)
    meanings: dict[str, dict[str, object]] = field(default_factory=dict)


def _build(sources: Sources, problems: Problems) -> Ruleset:
    manifest = read_manifest(Shapes(problems), sources.manifest)
    languages = manifest.languages if manifest is not None else ()
    shapes = Shapes(problems, languages)
    citations = read_citations(shapes, sources.citations)
    prose = read_prose(shapes, sources.prose)
    vocabulary = Vocabulary(complete=sources.is_complete, unread=sources.unread_items)
    questionnaire = QuestionnaireReader(shapes, vocabulary)
    for name, node in sources.sections:
        questionnaire.read_section(name, node)
    questionnaire.read_scores(sources.scores)
    sections = questionnaire.finish()
    known = list(citations) or None
    conditions = ConditionReader(shapes, vocabulary)
    reader = RulesReader(shapes, conditions, citations, known)
    parts = _read_rules(sources, prose, reader)
    conflicts = ConflictsReader(shapes, conditions)
    ruleset = Ruleset(
        id=manifest.id if manifest else "",
        version=manifest.version if manifest else "",
        effective=manifest.effective if manifest else "",
        languages=shapes.languages,
        sections=sections,
        items=questionnaire.items,
        scores=questionnaire.scores,
        packs=(manifest.packs if manifest else ()) or tuple(dict.fromkeys(pack for pack, _, _ in sources.topics)),
        rules=tuple(parts.rules),
        citations=citations,
        prose=prose,
        content="",
        hash="",
        approvals=manifest.approvals if manifest else (),
        cases=tuple(Case(file, plain(node)) for file, node in sources.cases),
        conflicts=conflicts.read(sources.conflicts),
    )
    if problems or manifest is None:
        partial = dataclasses.replace(
            ruleset,
            rules=(*ruleset.rules, *reader.unsound),
            conflicts=(*ruleset.conflicts, *conflicts.unsound),
        )
        broken = frozenset(vocabulary.broken | questionnaire.unread_gates)
        unread = Unread(sources.unread_names, broken, knows_items=vocabulary.complete)
        raise RulesetError(problems, partial, unread=unread)
    content = _content(sources, manifest, parts)
    return dataclasses.replace(ruleset, content=dumps(content), hash=hash_of(content))


def hash_of(content: Any) -> str:
    """The SHA-256 (hex) of a ruleset's content: of its JSON without spaces and with sorted keys."""
    return hashlib.sha256(dumps(content, sort_keys=True).encode()).hexdigest()


def _read_rules(sources: Sources, prose: Prose, reader: RulesReader) -> _Parts:
    """The rules in the order of packs and topics."""
    parts = _Parts()
    topics = [*prose.topics, *sorted({topic for _, topic, _ in sources.topics} - set(prose.topics))]
    packs = list(dict.fromkeys(pack for pack, _, _ in sources.topics))  # a folder's are in the manifest's order already
    for pack, topic, node in sorted(
        sources.topics, key=lambda source: (packs.index(source[0]), topics.index(source[1]))
    ):
        for rule, rule_node in reader.read_topic(pack, topic, node):
            parts.rules.append(rule)
            parts.meanings[rule.id] = meaning(rule, rule_node)
    return parts


def _content(sources: Sources, manifest: Manifest, parts: _Parts) -> dict[str, Any]:
    """All that a ruleset means, in the order it was written: without approvals, examples and review dates (rulebook: hash)."""
    assert isinstance(sources.manifest, Entries)
    head = {key: plain(node) for key, node in sources.manifest.entries.items() if key != "approvals"}
    head |= {"id": manifest.id, "version": manifest.version}  # as written: 1.10 is not 1.1
    content = {
        "citations": plain(sources.citations) if sources.citations is not None else {},
        "manifest": head,
        "prose": plain(sources.prose) if sources.prose is not None else {},
        "questionnaire": [plain(node) for _, node in sources.sections if node is not None],
        "rules": [parts.meanings[rule.id] for rule in parts.rules],
        "scores": plain(sources.scores) if sources.scores is not None else {},
    }
    if (
        sources.conflicts is not None
    ):  # no key without the file: a rulebook without conflicts keeps the hash it always had
        content["conflicts"] = plain(sources.conflicts)
    return content
