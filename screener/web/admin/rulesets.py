"""The rulesets that answers were screened with: each kept whole, and what changed in meaning from one to another."""

from __future__ import annotations

import re
from itertools import groupby

from flask import abort, render_template, request
from flask_babel import gettext, lazy_gettext

from screener.engine.comparison import NOTHING, Change, compare
from screener.engine.rules import Ruleset
from screener.store import queries
from screener.web.admin.blueprint import blueprint
from screener.web.extensions import current_ruleset, reading, ruleset_of

SHORT_HASH = 12
SORT_WORDS = {
    "rule": lazy_gettext("Rules"),
    "section": lazy_gettext("Sections"),
    "item": lazy_gettext("Questions"),
    "score": lazy_gettext("Scores"),
    "citation": lazy_gettext("Citations"),
    "conflict": lazy_gettext("Conflicts"),
    "prose": lazy_gettext("Texts"),
    "manifest": lazy_gettext("The rulebook as a whole"),
}
VERB_WORDS = {
    "added": lazy_gettext("Added"),
    "removed": lazy_gettext("Removed"),
    "changed": lazy_gettext("Changed"),
}
_HASH = re.compile(r"[0-9a-f]{64}")


@blueprint.get("/rulesets")
def rulesets() -> str:
    """Every version that something was screened with."""
    with reading() as store:
        kept = queries.kept_rulesets(store)
        counts = queries.counts_by_ruleset(store)
    return render_template(
        "admin/rulesets.html", kept=kept, counts=counts, in_force=current_ruleset(), short=SHORT_HASH
    )


@blueprint.get("/rulesets/changes")
def ruleset_changes() -> str:
    """What changed in meaning from one kept version to another."""
    old, new = _kept("old"), _kept("new")
    changes = compare(old, new)
    groups = [(SORT_WORDS.get(sort, sort), list(found)) for sort, found in groupby(changes, lambda change: change.sort)]
    return render_template(
        "admin/ruleset_changes.html",
        old=old,
        new=new,
        groups=[(title, [(change, _verb(change), _rows(change)) for change in found]) for title, found in groups],
        short=SHORT_HASH,
    )


def _kept(name: str) -> Ruleset:
    wanted = request.args.get(name, "")
    if not _HASH.fullmatch(wanted):
        abort(404)
    with reading() as store:
        try:
            return ruleset_of(store, wanted)
        except LookupError:
            abort(404)


def _verb(change: Change) -> str:
    return str(VERB_WORDS.get(change.verb, change.verb))


def _rows(change: Change) -> list[tuple[str, str, str]]:
    """Each fact: what it is, what it was, what it is now."""
    none = gettext("nothing")
    names = dict.fromkeys([*change.old, *change.new])
    told = [(name, change.old.get(name, NOTHING), change.new.get(name, NOTHING)) for name in names]
    return [(name, none if was == NOTHING else was, none if now == NOTHING else now) for name, was, now in told]
