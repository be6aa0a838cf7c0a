"""The rulebook's door, open to everyone: how this guide decides, topic by topic, and what it asks.

Nothing is screened here and nobody is known here: all that is shown stands in a ruleset, the one in force or one that is
kept because answers were screened with it (`?version=` and its hash). How rules and questions become words for a page
is in `rulebook_words`.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from screener.engine.rules import Ruleset
from screener.web.auth import home_of, staff_or_none
from screener.web.extensions import current_ruleset, reading, ruleset_of
from screener.web.rulebook_words import (
    TopicEntry,
    approvals_of,
    conflicts_in_words,
    date_in,
    language_names,
    question_groups,
    rules_by_source,
    topic_index,
)

_HASH = re.compile(r"[0-9a-f]{64}")

blueprint = Blueprint("rulebook", __name__, url_prefix="/rules")


@blueprint.get("")
def overview() -> str:
    """What decides here: version, approvals, sources, and the way to every rule and question."""
    ruleset = _wanted_ruleset()
    staff = staff_or_none()
    return _page(
        "rulebook/overview.html",
        ruleset,
        effective=date_in(ruleset.effective),
        languages=language_names(ruleset),
        approvals=approvals_of(ruleset),
        topics=topic_index(ruleset),
        conflicts=conflicts_in_words(ruleset),
        home_url=home_of(staff) if staff else None,
    )


@blueprint.get("/<topic>")
def topic(topic: str) -> str:
    """The rules of one topic, source by source."""
    ruleset = _wanted_ruleset()
    entry = _entry_or_404(ruleset, topic)
    return _page("rulebook/topic.html", ruleset, topic=entry, sources=rules_by_source(ruleset, topic))


@blueprint.get("/<topic>/notes")
def notes(topic: str) -> str:
    """What the rules of one topic say to clinicians: technical, in English, and nothing a patient's phone need load."""
    ruleset = _wanted_ruleset()
    entry = _entry_or_404(ruleset, topic)
    if not entry.has_notes:
        abort(404)
    return _page("rulebook/notes.html", ruleset, topic=entry, sources=rules_by_source(ruleset, topic))


@blueprint.get("/questions/<section>")
def section(section: str) -> str:
    """The questions of one section: when each is asked, and which topics look at its answer."""
    ruleset = _wanted_ruleset()
    found = next((part for part in ruleset.sections if part.id == section), None)
    if found is None:
        abort(404)
    return _page("rulebook/section.html", ruleset, section=found, questions=question_groups(ruleset, found))


def _entry_or_404(ruleset: Ruleset, topic: str) -> TopicEntry:
    return next((entry for entry in topic_index(ruleset) if entry.id == topic), None) or abort(404)


def _wanted_ruleset() -> Ruleset:
    """The ruleset in force, or the kept one of the hash in the address."""
    wanted = request.args.get("version")
    if wanted is None:
        return current_ruleset()
    if not _HASH.fullmatch(wanted):
        abort(404)
    with reading() as transaction:
        try:
            return ruleset_of(transaction, wanted)
        except LookupError:
            abort(404)


def _page(template: str, ruleset: Ruleset, **shown: Any) -> str:
    version = request.args.get("version")
    here = url_for(str(request.endpoint), **(request.view_args or {}), version=version)
    is_in_force = ruleset.hash == current_ruleset().hash
    return render_template(template, ruleset=ruleset, version=version, is_in_force=is_in_force, next_url=here, **shown)
