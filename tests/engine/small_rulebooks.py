"""Small rulebooks for tests: written to a folder for the loader, or built in memory, each showing one thing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from screener.engine.json import dumps
from screener.engine.loader import ruleset_from_content
from screener.engine.rules import Ruleset

MANIFEST = {
    "id": "small",
    "version": "1",
    "effective": "2026-01-01",
    "languages": ["en"],
    "sections": ["only"],
    "packs": ["source"],
}
CITATIONS = {"book": {"source": "book", "title": "A book", "verified": "primary"}}
ITEMS: list[dict[str, Any]] = [
    {"id": "smokes", "type": "yes_no", "text": {"en": "Do you smoke?"}},
    {
        "id": "heart",
        "type": "multi",
        "text": {"en": "Any of these?"},
        "choices": {"hypertension": {"en": "High blood pressure"}, "angina": {"en": "Chest pain"}},
        "none": {"en": "None of these"},
    },
    {
        "id": "control",
        "type": "choice",
        "text": {"en": "How is it most days?"},
        "enabled_when": {"heart": "hypertension"},
        "choices": {"good": {"en": "Good"}, "poor": {"en": "Poor"}},
    },
    {"id": "pressure", "type": "number", "min": 60, "max": 260, "integer": True, "text": {"en": "Top number?"}},
    {"id": "weight", "type": "number", "min": 0.5, "max": 300, "text": {"en": "Weight?"}},
    {
        "id": "low",
        "type": "choice",
        "text": {"en": "Feeling low?"},
        "choices": {"never": {"en": "Never"}, "some": {"en": "Some days"}, "often": {"en": "Often"}},
        "points": {"never": 0, "some": 1, "often": 3},
    },
    {
        "id": "interest",
        "type": "choice",
        "text": {"en": "Little interest?"},
        "choices": {"never": {"en": "Never"}, "some": {"en": "Some days"}, "often": {"en": "Often"}},
        "points": {"never": 0, "some": 1, "often": 3},
    },
    {"id": "since", "type": "date", "text": {"en": "Since when?"}},
    {"id": "words", "type": "text", "text": {"en": "Anything else?"}, "max_length": 20},
    {"id": "note", "type": "display", "text": {"en": "Nothing is decided here."}},
]
SCORES = {
    "mood": {"sum": ["low", "interest"]},
    "mean_mood": {"mean": ["low", "interest"]},
    "trouble": {"count": [{"smokes": "yes"}, {"heart": "angina"}, {"pressure": {"gte": 180}}]},
}


def rule(rule_id: str, when: Any, **changes: Any) -> dict[str, Any]:
    """A rule with all it must have."""
    return {
        "id": rule_id,
        "kind": "risk",
        "severity": "mention",
        "when": when,
        "patient": {"en": f"About {rule_id}."},
        "cites": ["book"],
        **changes,
    }


def ruleset(*rules: dict[str, Any], items: list[dict[str, Any]] = ITEMS, scores: Any = SCORES, **prose: Any) -> Ruleset:
    """A ruleset of one section and one pack, built in memory."""
    document = {
        "manifest": MANIFEST,
        "citations": CITATIONS,
        "prose": prose,
        "scores": scores,
        "questionnaire": [{"section": "only", "title": {"en": "Only"}, "items": items}],
        "rules": [{**{"pack": "source", "topic": "general"}, **one} for one in rules],
    }
    if any(one.get("pack") == "other" for one in rules):
        document["manifest"] = {**MANIFEST, "packs": ["source", "other"]}
    return ruleset_from_content(dumps(document))


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write a rulebook folder; content that is no text is written as JSON, which is YAML."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else dumps(content), encoding="utf-8")
    return folder


def files(*rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The files of a good rulebook, some of them changed; None leaves a file out."""
    whole = {
        "manifest.yaml": MANIFEST,
        "citations.yaml": CITATIONS,
        "scores.yaml": SCORES,
        "questionnaire/01-only.yaml": {"section": "only", "title": {"en": "Only"}, "items": ITEMS},
        "screening/source/general.yaml": {"topic": "general", "rules": list(rules) or [rule("r1", {"smokes": "yes"})]},
    }
    return {name: content for name, content in {**whole, **changes}.items() if content is not None}
