"""Reads manifest.yaml, citations.yaml and prose.yaml: what surrounds the questions and rules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from screener.engine.loader.problems import Problems
from screener.engine.loader.shapes import Shapes
from screener.engine.loader.yaml_source import Entries, Listing, Node, Scalar, plain
from screener.engine.rules import Approval, Citation, GuideProse, PackProse, Prose

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MANIFEST = ("id", "version", "effective", "languages", "sections", "packs")
_CITATION_OPTIONAL = ("section", "url", "year", "authors", "publisher", "doi", "read")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The head of a rulebook: what it is, in which languages, and what stands in it, in order."""

    id: str
    version: str
    effective: str
    languages: tuple[str, ...]
    sections: tuple[str, ...]
    packs: tuple[str, ...]
    approvals: tuple[Approval, ...]


def read_manifest(shapes: Shapes, node: Node | None) -> Manifest | None:
    """The manifest, what could not be read of it empty (then `shapes` noted why); None where it is no mapping."""
    entries = shapes.mapping(node, "manifest", (*_MANIFEST, "approvals"), _MANIFEST)
    if entries is None:
        return None
    get = entries.entries.get
    id_, version = _label(shapes, get("id"), "manifest id"), _label(shapes, get("version"), "manifest version")
    effective = shapes.date(get("effective"), "manifest effective")
    languages = _languages(shapes, get("languages"))
    sections = _names(shapes, get("sections"), "manifest sections")
    packs = _names(shapes, get("packs"), "manifest packs")
    approvals = []
    for part in shapes.listing(get("approvals"), "manifest approvals", may_be_empty=True):
        if isinstance(part, Entries):
            approvals.append(Approval(plain(part), part.place))
        else:
            shapes.problems.report(
                part.place, "manifest approvals", "an approval is a mapping", "write who, role, date, of"
            )
    return Manifest(id_ or "", version or "", effective or "", languages, sections, packs, tuple(approvals))


def _label(shapes: Shapes, node: Node | None, where: str) -> str | None:
    """One word, or a number as it was written: 1.10 is not 1.1."""
    if isinstance(node, Scalar) and (node.value is None or isinstance(node.value, bool)):
        shapes.problems.report(node.place, where, "must be text", "write a word or a number")
        return None
    return shapes.raw(node, where)


def _languages(shapes: Shapes, node: Node | None) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in shapes.listing(node, "manifest languages"):
        code = shapes.raw(part, "manifest languages")
        if code is None:
            continue
        if not _LANGUAGE.fullmatch(code):
            shapes.problems.report(
                part.place, "manifest languages", f"`{code[:20]}` is no language code", "write one like en or es"
            )
        elif code in found:
            shapes.problems.report(part.place, "manifest languages", f"`{code}` stands twice", "keep one")
        else:
            found[code] = None
    return tuple(found)


def listed(node: Node | None, key: str) -> tuple[str, ...]:
    """The sections or packs a manifest lists, whatever else is wrong with it; empty where it lists none."""
    entries = node.entries if isinstance(node, Entries) else {}
    return _names(Shapes(Problems()), entries.get(key), key)  # its mistakes are noted when the manifest is read


def _names(shapes: Shapes, node: Node | None, where: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in shapes.listing(node, where):
        name = shapes.name(part, where)
        if name in found:
            shapes.problems.report(part.place, where, f"`{name}` stands twice", "keep one")
        elif name is not None:
            found[name] = None
    return tuple(found)


def read_citations(shapes: Shapes, node: Node | None) -> dict[str, Citation]:
    """All citations by id; one with mistakes is left in, so that rules citing it are not reported too."""
    found = {}
    for citation_id, part in shapes.any_mapping(node, "citations").items():
        place = node.places[citation_id] if isinstance(node, Entries) else part.place
        found[citation_id] = dataclasses.replace(_citation(shapes, citation_id, part), place=place)
    return found


def _citation(shapes: Shapes, citation_id: str, node: Node) -> Citation:
    known = ("source", "title", "verified", "lines", *_CITATION_OPTIONAL)
    entries = shapes.mapping(node, citation_id, known, ("source", "title", "verified"))
    if entries is None:
        return Citation(citation_id, "", "", "secondary")
    get = entries.entries.get
    verified = shapes.raw(get("verified"), f"{citation_id} verified")
    if verified is not None and verified not in ("primary", "secondary"):
        mend = "write primary (read in the original) or secondary (read in a summary)"
        shapes.problems.report(
            entries.places["verified"], citation_id, f"`verified: {verified[:40]}` is not known", mend
        )
    read = shapes.date(get("read"), f"{citation_id} read")
    lines = tuple(
        line
        for line in (
            shapes.whole_number(part, f"{citation_id} lines")
            for part in shapes.listing(get("lines"), f"{citation_id} lines")
        )
        if line is not None
    )
    words = {key: _loose(shapes, get(key), f"{citation_id} {key}") for key in _CITATION_OPTIONAL if key != "read"}
    source = _loose(shapes, get("source"), f"{citation_id} source") or ""
    title = _loose(shapes, get("title"), f"{citation_id} title") or ""
    return Citation(
        citation_id, source, title, verified or "secondary", lines=lines, read=read, place=entries.place, **words
    )


def _loose(shapes: Shapes, node: Node | None, where: str) -> str | None:
    """Text, a number such as a year, or a list of names such as authors."""
    if isinstance(node, Listing) and where.endswith(" authors"):
        return ", ".join(word for word in (shapes.raw(part, where) for part in node.parts) if word is not None) or None
    if isinstance(node, Scalar) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.raw
    return shapes.string(node, where)


def read_prose(shapes: Shapes, node: Node | None) -> Prose:
    """The clinical text that is no rule; an absent file is empty prose."""
    shapes.any_mapping(node, "prose")
    if not isinstance(node, Entries) or not node.entries:
        return Prose()
    entries = shapes.mapping(node, "prose", ("guide", "topics", "packs", "summary", "help_now"))
    assert entries is not None
    get = entries.entries.get
    topics = {}
    for topic, part in shapes.any_mapping(get("topics"), "topics").items():
        if (text := shapes.text(part, f"topic {topic}")) is not None:
            topics[topic] = text
    packs = {name: _pack(shapes, name, part) for name, part in shapes.any_mapping(get("packs"), "packs").items()}
    summary = shapes.mapping(get("summary"), "summary", ("bring", "next", "nothing_raised", "not_checked"))
    lines: Mapping[str, Node] = summary.entries if summary is not None else {}
    return Prose(
        topics=topics,
        packs=packs,
        bring=shapes.texts(lines.get("bring"), "summary bring"),
        next=shapes.text(lines.get("next"), "summary next"),
        nothing_raised=shapes.text(lines.get("nothing_raised"), "summary nothing_raised"),
        not_checked=shapes.text(lines.get("not_checked"), "summary not_checked"),
        help_now=shapes.text(get("help_now"), "help_now"),
        guide=_guide(shapes, get("guide")),
    )


def _guide(shapes: Shapes, node: Node | None) -> GuideProse:
    keys = ("title", "lead", "asks", "sources", "reasons")
    entries = shapes.mapping(node, "guide", keys)
    lines: Mapping[str, Node] = entries.entries if entries is not None else {}
    return GuideProse(**{key: shapes.text(lines.get(key), f"guide {key}") for key in keys})


def _pack(shapes: Shapes, name: str, node: Node) -> PackProse:
    entries = shapes.mapping(node, f"pack {name}", ("title", "about", "not_covered"))
    lines: Mapping[str, Node] = entries.entries if entries is not None else {}
    return PackProse(
        title=shapes.text(lines.get("title"), f"pack {name} title"),
        about=shapes.text(lines.get("about"), f"pack {name} about"),
        not_covered=shapes.texts(lines.get("not_covered"), f"pack {name} not_covered"),
    )
