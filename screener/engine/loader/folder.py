"""Which files a rulebook folder holds, and that it holds no others: a stray file would be rules that silently never fire."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from screener.engine.loader.problems import Problems, did_you_mean, names_in
from screener.engine.loader.prose_reader import listed
from screener.engine.loader.questionnaire_reader import section_name
from screener.engine.loader.yaml_source import Entries, Listing, Node, Scalar, read_yaml
from screener.engine.rules import Place

_LARGEST = 8 * 1024 * 1024  # bytes of one file; far above any that a person wrote
_TOP = ("manifest.yaml", "citations.yaml", "scores.yaml", "prose.yaml", "conflicts.yaml")
_KEPT_IN_PART = ("questionnaire/", "screening/")  # lists of items and of rules, which stand each for itself
_PROSE_FOR_PEOPLE = ("README.md", "CHANGELOG.md")


@dataclass
class Sources:
    """The nodes of a rulebook, wherever they came from; sections in the manifest's order."""

    manifest: Node | None = None
    citations: Node | None = None
    scores: Node | None = None
    prose: Node | None = None
    conflicts: Node | None = None
    sections: list[tuple[str, Node | None]] = field(default_factory=list)
    topics: list[tuple[str, str, Node]] = field(default_factory=list)
    cases: list[tuple[str, Node]] = field(default_factory=list)
    is_complete: bool = True  # whether every questionnaire file could be read
    # Of files that are no YAML, the words: what is named there may well exist. Those where items and scores are made stand apart.
    unread_names: frozenset[str] = frozenset()
    unread_items: frozenset[str] = frozenset()


def read_folder(folder: Path, problems: Problems) -> Sources:
    """Read every file of a rulebook folder; what is missing, unknown or unreadable is noted in `problems`."""
    if not _is_folder(folder):
        problems.report(
            Place(str(folder), 0), "", "there is no such folder", "name a rulebook folder, one with a manifest.yaml"
        )
        return Sources()
    return _Folder(folder, problems).read()


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, or a folder above it that may not be entered
        return False


def _listed_at(manifest: Node | None, key: str, name: str) -> Place:
    """Where the manifest lists a section or pack."""
    listing = manifest.entries.get(key) if isinstance(manifest, Entries) else None
    parts = listing.parts if isinstance(listing, Listing) else ()
    places = (part.place for part in parts if isinstance(part, Scalar) and part.raw == name)
    return next(places, Place("manifest.yaml", 0))


def _has_parts(node: Node | None) -> bool:
    """Whether some list of a mapping could be read, at least its beginning."""
    values = node.entries.values() if isinstance(node, Entries) else ()
    return any(isinstance(value, Listing) and value.parts for value in values)


class _Folder:
    def __init__(self, root: Path, problems: Problems) -> None:
        self.root = root
        self.problems = problems
        self.unread = self._walk()
        self.unread_names: frozenset[str] = frozenset()
        self.unread_items: frozenset[str] = frozenset()
        self.has_scores = "scores.yaml" in self.unread

    def _walk(self) -> set[str]:
        """All files below the folder, by their path in it, dot-files and dot-folders aside.

        A folder that cannot be walked would be rules that silently never fire, so it is noted; one that is named like a file
        counts as a file, which then cannot be read.
        """
        found = set()
        for folder, names, files in os.walk(self.root, onerror=self._note_unreadable):
            base = Path(folder).relative_to(self.root)
            for name in sorted(name for name in names if not name.startswith(".")):
                if (Path(folder) / name).is_symlink():
                    what, mend = "is a link to a folder, which is not followed", "put the folder itself here"
                    self.problems.report(Place((base / name).as_posix(), 0), "", what, mend)
            like_files = [name for name in names if name.endswith((".yaml", ".yml"))]
            names[:] = [name for name in names if not name.startswith(".") and name not in like_files]
            found |= {(base / name).as_posix() for name in (*files, *like_files) if not name.startswith(".")}
        return found

    def _note_unreadable(self, error: OSError) -> None:
        folder = os.path.relpath(error.filename, self.root)
        self.problems.report(
            Place(folder, 0), "", f"cannot be read ({error.strerror})", "check that it exists and may be read"
        )

    def read(self) -> Sources:
        sources = Sources()
        for name in _TOP:
            if name in self.unread:
                setattr(sources, name.removesuffix(".yaml"), self._read(name))
            elif name in ("manifest.yaml", "citations.yaml"):
                self.problems.report(Place(name, 0), "", "the file is missing", "every rulebook has one; add it")
        self.unread -= set(_PROSE_FOR_PEOPLE)
        sections, packs = list(listed(sources.manifest, "sections")), list(listed(sources.manifest, "packs"))
        if not sections:
            sources.is_complete = False
            sections = self._found_sections()
        packs = packs or self._found_packs()
        if self.has_scores and sources.scores is None:
            sources.is_complete = False
        self._read_sections(sections, sources)
        self._read_packs(packs, sources)
        for path in sorted(
            path
            for path in self.unread
            if path.startswith("cases/") and path.count("/") == 1 and path.endswith(".yaml")
        ):
            if (node := self._read(path)) is not None:
                sources.cases.append((path, node))
        self._refuse_unread(packs)
        sources.unread_names, sources.unread_items = self.unread_names, self.unread_items
        return sources

    def _read(self, path: str) -> Node | None:
        self.unread.discard(path)
        file = self.root / path
        try:
            if not file.is_file() and file.exists():
                self.problems.report(Place(path, 0), "", "is no file", "put a file of this name here, or remove it")
                return None
            if file.stat().st_size > _LARGEST:
                what = f"larger than {_LARGEST // 1024 // 1024} MiB"
                self.problems.report(Place(path, 0), "", what, "no rulebook file is that large; split it or mend it")
                return None
            content = file.read_bytes()
        except OSError as error:
            self.problems.report(
                Place(path, 0), "", f"cannot be read ({error.strerror})", "check that it exists and may be read"
            )
            return None
        node = read_yaml(path, content, self.problems)
        is_cut = isinstance(node, Entries | Listing) and node.is_cut
        if node is None or is_cut:
            names = names_in(content.decode(errors="replace"))
            self.unread_names |= names
            self.unread_items |= names if path == "scores.yaml" or path.startswith("questionnaire/") else frozenset()
        return node if not is_cut or (path.startswith(_KEPT_IN_PART) and _has_parts(node)) else None

    def _found_sections(self) -> list[str]:
        """Sections by their files alone, where no manifest lists them."""
        files = sorted(path for path in self.unread if path.startswith("questionnaire/"))
        names = (section_name(path.removeprefix("questionnaire/")) for path in files)
        return list(dict.fromkeys(name for name in names if name is not None))

    def _found_packs(self) -> list[str]:
        return sorted(
            {path.split("/")[1] for path in self.unread if path.startswith("screening/") and path.count("/") == 2}
        )

    def _read_sections(self, sections: list[str], sources: Sources) -> None:
        files: dict[str, list[str]] = {}
        for path in sorted(self.unread):
            head, _, name = path.partition("/")
            if head == "questionnaire" and (section := section_name(name)) in sections:
                files.setdefault(str(section), []).append(path)
        for section in sections:
            paths = files.get(section, [])
            if not paths:
                place = _listed_at(sources.manifest, "sections", section)
                self.problems.report(place, section, "this section has no file", f"add questionnaire/NN-{section}.yaml")
                sources.is_complete = False
            for path in paths[1:]:
                self.unread.discard(path)
                self.problems.report(
                    Place(path, 0), section, f"a second file for this section, after {paths[0]}", "keep one file"
                )
            if paths:
                node = self._read(paths[0])
                is_whole = node is not None and not (isinstance(node, Entries) and node.is_cut)
                sources.is_complete = sources.is_complete and is_whole
                sources.sections.append((section, node))

    def _read_packs(self, packs: list[str], sources: Sources) -> None:
        for pack in packs:
            place = _listed_at(sources.manifest, "packs", pack)
            folder, prefix = self.root / "screening" / pack, f"screening/{pack}/"
            if not folder.is_dir():
                self.problems.report(place, pack, "this pack has no folder", f"add the folder screening/{pack}")
            elif not folder.is_symlink() and not any(path.startswith(prefix) for path in self.unread):
                mend = "add one, or remove the pack from the manifest"
                self.problems.report(place, pack, "this pack has no topic file", mend)
            for path in sorted(path for path in self.unread if path.startswith(prefix) and path.endswith(".yaml")):
                topic = path.removeprefix(prefix).removesuffix(".yaml")
                if "/" not in topic and (node := self._read(path)) is not None:
                    sources.topics.append((pack, topic, node))

    def _refuse_unread(self, packs: list[str]) -> None:
        for path in sorted(self.unread):
            if path.startswith("screening/") and path.split("/")[1] not in packs and path.count("/") == 2:
                mend = did_you_mean(
                    path.split("/")[1], packs, "add its pack to the manifest's packs, or remove the file"
                )
            elif path.endswith((".yml", ".YAML", ".YML")):
                mend = "rename it to end in .yaml"
            else:
                mend = "remove it; only the files of a rulebook belong here"
            self.problems.report(
                Place(path, 0), "", "this file belongs to nothing the manifest or the rulebook format knows", mend
            )
