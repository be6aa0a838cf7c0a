"""Writes exports: walks through the submissions asked for, page by page, into one file in the instance folder.

Each page is one short read and one short write, so nobody waits for it and its memory stays the same at any number. A submission
has its `exported` event before anyone can fetch the file. Who may ask, and how they are told, is the business of `web.exports`.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from screener.csv_cells import lines
from screener.engine.json import dumps
from screener.engine.loader import ruleset_from_content
from screener.engine.questionnaire import ItemType
from screener.engine.rules import Ruleset
from screener.store import operations, queries
from screener.store.casework import ExportFormat, ExportState
from screener.store.database import reading, writing
from screener.store.models import Submission
from screener.store.queries import Asked, ExportedCase
from screener.store.queue_filters import Sort

PAGE = 200
KEPT = timedelta(hours=24)
FOLDER = "exports"
# The columns of a CSV before the answers, in the order of `_facts`.
FACTS = (
    *("reference", "status", "sent_at", "source", "language", "highest_raised", "highest_possible", "open_questions"),
    *("topics", "assigned_to", "name", "birth_date", "phone", "email"),
    *("ruleset_version", "ruleset_hash", "answers_version"),
)
_log = logging.getLogger("screener.exports")


@dataclass(frozen=True, slots=True)
class Job:
    """One export to write: the submissions asked for, and the ruleset whose items come first among the columns of a CSV."""

    export_id: int
    format: ExportFormat
    asked: Asked
    ruleset: Ruleset
    instance: Path
    clock: Callable[[], datetime]

    @property
    def path(self) -> Path:
        """Where its file stands."""
        return file_of(self.instance, self.export_id, self.format)


def file_of(instance: Path, export_id: int, format: str) -> Path:
    """Where the file of an export stands, as long as it is kept."""
    return instance / FOLDER / f"{export_id}.{format}"


def start(engine: Engine, job: Job) -> threading.Thread:
    """Write it beside the running server."""
    thread = threading.Thread(target=run, args=(engine, job), name=f"export-{job.export_id}", daemon=True)
    thread.start()
    return thread


def run(engine: Engine, job: Job) -> None:
    """Write it. Whatever goes wrong leaves no file, the state FAILED, and a line in the log that holds no values."""
    try:
        _write(engine, job)
    except Exception as error:  # nobody is above this thread to catch it
        _log.error("export %s: %s, stopped", job.export_id, type(error).__name__)
        with suppress(OSError):
            job.path.unlink(missing_ok=True)
        _end_as_failed(engine, job.export_id, job.clock())


def end_interrupted(engine: Engine, *, now: datetime) -> None:
    """Exports that a stop of the server cut off are failed; call it before any is started."""
    with reading(engine) as session:
        unfinished = queries.unfinished_exports(session)
    for export in unfinished:
        _end_as_failed(engine, export.id, now)


def delete_old_files(engine: Engine, instance: Path, *, now: datetime) -> None:
    """Delete the files of exports that were finished more than KEPT ago, or that failed."""
    folder = instance / FOLDER
    paths = list(folder.iterdir()) if folder.is_dir() else []
    numbers = {int(path.stem): path for path in paths if path.stem.isascii() and path.stem.isdigit()}
    with reading(engine) as session:
        kept = queries.kept_exports(session, numbers, since=now - KEPT)
    for number, path in numbers.items():
        if number not in kept:
            path.unlink(missing_ok=True)


def _end_as_failed(engine: Engine, export_id: int, now: datetime) -> None:
    try:
        with writing(engine) as session:
            operations.end_export(session, export_id, ExportState.FAILED, now=now)
    except SQLAlchemyError as error:
        _log.error("export %s: %s while noting that it stopped", export_id, type(error).__name__)


def _write(engine: Engine, job: Job) -> None:
    total, hashes = 0, dict[str, None]()
    for page in _pages(engine, job):
        total += len(page)
        hashes.update(dict.fromkeys(submission.ruleset_hash for submission in page))
    items = _items(engine, job.ruleset, hashes)
    with writing(engine) as session:
        operations.begin_export(session, job.export_id, total=total)
    written = _as_csv if job.format is ExportFormat.CSV else _as_json
    with _open(job.path) as file:
        for text in written(_cases(engine, job), items):
            file.write(text)
    with writing(engine) as session:
        operations.end_export(session, job.export_id, ExportState.DONE, now=job.clock())


def _pages(engine: Engine, job: Job) -> Iterator[list[Submission]]:
    """Who has waited longest comes first: no work on a submission changes that order, so none comes twice or is passed over."""
    asked = replace(job.asked, filters=replace(job.asked.filters, sort=Sort.WAITING))
    after: str | None = None
    while True:
        with reading(engine) as session:
            page = queries.queue_page(session, asked, after=after, limit=PAGE)
        if page.submissions:
            yield page.submissions
        if page.next is None:
            return
        after = page.next


def _cases(engine: Engine, job: Job) -> Iterator[ExportedCase]:
    """Each submission; after the last one of a page was written, the page is noted as exported."""
    for page in _pages(engine, job):
        with reading(engine) as session:
            cases = queries.exported_cases(session, page)
        yield from cases
        with writing(engine) as session:
            operations.record_exported(session, job.export_id, page, now=job.clock())


def _items(engine: Engine, current: Ruleset, hashes: Iterable[str]) -> list[str]:
    """The items that can be answered: of the ruleset in use, which one amended meanwhile could have, then what only others have."""
    found = dict.fromkeys(_answerable(current))
    for kept in hashes:
        if kept != current.hash:
            with reading(engine) as session:
                content = queries.ruleset_content(session, kept)
            if content is not None:
                found.update(dict.fromkeys(_answerable(ruleset_from_content(content))))
    return list(found)


def _answerable(ruleset: Ruleset) -> list[str]:
    return [item.id for item in ruleset.items.values() if item.type is not ItemType.DISPLAY]


def _open(path: Path) -> IO[str]:
    """A new file that only this account can read, in a folder that only it can open."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.parent.chmod(0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _facts(case: ExportedCase) -> dict[str, Any]:
    """What stands before the answers, under the names that both kinds of file use."""
    submission, contact, response = case.submission, case.contact, case.response
    values = (
        submission.reference,
        submission.status.value,
        submission.submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        submission.source.value,
        submission.language,
        submission.severity_raised,
        submission.severity_possible,
        submission.unknown_count,
        list(submission.topics),
        submission.assignee.name if submission.assignee else None,
        contact.name,
        contact.birth_date.isoformat(),
        contact.phone,
        contact.email,
        case.ruleset_version,
        response.ruleset_hash,
        response.number,
    )
    return dict(zip(FACTS, values, strict=True))


def _as_csv(cases: Iterable[ExportedCase], items: list[str]) -> Iterator[str]:
    """One line each; `answers.` stands before the items' ids, so that none is taken for a fact of the submission."""
    return lines(_table(cases, items))


def _table(cases: Iterable[ExportedCase], items: list[str]) -> Iterator[list[object]]:
    yield [*FACTS, *(f"answers.{item}" for item in items), "raised"]
    for case in cases:
        answers = case.response.answers
        yield [
            *map(_joined, _facts(case).values()),
            *(_joined(answers.get(item)) for item in items),
            _joined(case.raised),
        ]


def _joined(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _as_json(cases: Iterable[ExportedCase], _items: list[str]) -> Iterator[str]:
    """One list, an object a line."""
    before = "[\n"
    for case in cases:
        yield before + dumps({**_facts(case), "answers": case.response.answers, "raised": case.raised})
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"
