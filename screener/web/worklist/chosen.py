"""Acting on several submissions at once: each in a transaction of its own, so that one that is refused takes no other along."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import abort, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from screener.store import queries
from screener.store.database import is_busy
from screener.store.models import Submission
from screener.store.refusals import Refused, RoleNotAllowed
from screener.web.extensions import reading, writing

MOST_CHOSEN = 100
_KEY = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9})")

Key = tuple[str, int]


@dataclass(slots=True)
class Results:
    """What was done, and what was not and why, by reference; the public ids of the latter stay chosen."""

    done: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """For `error_summary`: each leads to its line."""
        return [
            (f"choose-{public_id}", gettext("%(reference)s: %(problem)s", reference=reference, problem=problem))
            for public_id, (reference, problem) in zip(self.left, self.problems, strict=True)
        ]


def chosen_keys() -> list[Key]:
    """The submissions that a form chose, each in the version that was seen; a bad request where that cannot be read."""
    texts = list(dict.fromkeys(request.form.getlist("chosen")))
    matches = [_KEY.fullmatch(text) for text in texts]
    if len(texts) > MOST_CHOSEN or None in matches:
        abort(400)
    return [(match[1], int(match[2])) for match in matches if match]


def chosen_submissions(keys: list[Key]) -> list[Submission]:
    """These submissions as they are now; 404 where there is no such one."""
    with reading() as session:
        return [_found(session, public_id) for public_id, _ in keys]


def act_on(keys: list[Key], act: Callable[[Session, Submission, int], object]) -> Results:
    """Do something to each, told the version that was seen."""
    results = Results()
    for public_id, version in keys:
        problem = None
        try:
            with writing() as session:
                submission = _found(session, public_id)
                reference = submission.reference
                act(session, submission, version)
        except RoleNotAllowed:
            raise
        except Refused as refused:
            problem = gettext(refused.text)
        except Exception as error:
            if not is_busy(error):
                raise
            problem = gettext("The guide is busy, and nothing was saved. Please send it once more.")
        if problem is None:
            results.done.append(reference)
        else:
            results.problems.append((reference, problem))
            results.left.append(public_id)
    return results


def _found(session: Session, public_id: str) -> Submission:
    return queries.submission_by_public_id(session, public_id) or abort(404)
