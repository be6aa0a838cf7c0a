"""Fills an installation with any number of made-up submissions, straight into the tables and in shares like real life.

They came one after the other over four years, most are closed, and as many are open in a small clinic as in a large one: what stands
on a desk does not grow with what lies behind it. Each has a contact, words to search by, answers, the first of its findings, topics
and events. The newest are made up one by one; the database copies them for the time before, under other numbers and with other
people. `queue_pages` asks for pages of what stands here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from earlier_values import BY_DATABASE
from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    String,
    Table,
    case,
    cast,
    insert,
    literal,
    select,
    text,
    type_coerce,
)

from screener.demo_stories import PLAIN, STORIES
from screener.engine.answers import parse_answers
from screener.engine.rules import Outcome, Ruleset, Severity
from screener.engine.screening import Finding, screen
from screener.store.casework import Flag, SubmissionTopic, Tag
from screener.store.columns import Base
from screener.store.identifiers import ALPHABET, complete_reference
from screener.store.models import Contact, ContactWord, Event, Response, StoredFinding, Submission
from screener.store.search_words import phone_reversed
from screener.store.workflow import OPEN, Status

MADE_UP = 20_000
OPEN_ONES = 300
BETWEEN = timedelta(minutes=2)  # two of them, at the largest size
FINDINGS = 3
FIRST = ("Maria", "Jose", "Ana", "Luis", "Carmen", "John", "Mary", "Robert", "Linda", "James", "Rosa", "David", "Elena")
LAST = ("Canary", "Sample", "Prueba", "Ejemplo", "Invented", "Inventado", "Madeup", "Nobody", "Ninguno", "Somebody")
DONE = ((Status.CLOSED, 80), (Status.SIGNED_OFF, 10), (Status.WITHDRAWN, 10))
WAITING = ((Status.SUBMITTED, 55), (Status.NEEDS_INFORMATION, 10), (Status.ACCEPTED, 20), (Status.IN_REVIEW, 15))
SEVERITIES = ((Severity.URGENT, 4), (Severity.FIRST, 40), (Severity.MENTION, 36), (Severity.INFO, 20))
TAGS = (("waits", 0.03), ("rare", 0.0002))
FLAGS = ((True, 0.02), (False, 0.005))  # resolved or not
EVENTS = (("submitted", None), ("viewed", 0), ("viewed", 1))  # each with the place of its actor among the staff
# The link by which each table's rows belong to a submission; contacts and responses are numbered like it.
LINKS: dict[type[Base], str] = {
    Contact: "id",
    ContactWord: "contact_id",
    Submission: "id",
    Response: "id",
    StoredFinding: "response_id",
    SubmissionTopic: "submission_id",
    Tag: "submission_id",
    Flag: "submission_id",
    Event: "submission_id",
}
NUMBERS = ("id", "contact_id", "submission_id", "response_id")
PLACES = 16**4
# What makes filling quick and is no way to run a clinic: no wiping of what is freed, no looking up of every link.
QUICKLY = {
    "sqlite": ("PRAGMA secure_delete = OFF", "PRAGMA cache_size = -200000"),
    "postgresql": ("SET LOCAL session_replication_role = replica", "SET LOCAL maintenance_work_mem = '512MB'"),
}
TIMES = ("submitted_at", "status_at", "created_at", "raised_at", "resolved_at", "at")


@dataclass(frozen=True, slots=True)
class Told:
    """What someone could answer, and what was concluded on it."""

    answers: dict[str, Any]
    findings: Sequence[Finding]
    severity: Severity


@dataclass(frozen=True, slots=True)
class MadeUp:
    """What everything is made from: the size, the hash of the ruleset, the numbers of the staff, and what can be told."""

    size: int
    ruleset: str
    staff: Sequence[int]
    told: Sequence[Told]
    now: datetime


def fill(engine: Engine, size: int, *, ruleset: Ruleset, staff: Sequence[int]) -> None:
    """Write so many submissions."""
    rng = random.Random(1)
    made = min(size, MADE_UP)
    if size % made:
        raise SystemExit(f"A size above {MADE_UP} must be a multiple of it.")
    of = MadeUp(size, ruleset.hash, staff, told(ruleset), datetime.now(UTC))
    newest = range(max(size - made, size - 4 * OPEN_ONES) + 1, size + 1)
    is_open = set(rng.sample(newest, min(OPEN_ONES, made // 3)))
    rows: dict[type[Base], list[dict[str, Any]]] = {model: [] for model in LINKS}
    for number in range(size - made + 1, size + 1):
        for model, values in one(rng, number, number in is_open, of):
            rows[model].append(values)
    with engine.begin() as connection:
        for statement in QUICKLY[engine.dialect.name]:
            connection.exec_driver_sql(statement)
        for model, values in rows.items():
            if values:
                connection.execute(insert(table_of(model)), values)
        indexes = [index for model in LINKS for index in table_of(model).indexes] if size > made else []
        for index in indexes:
            index.drop(connection)
        for copy in range(size // made - 1, 0, -1):  # the oldest first, as they came
            for model in LINKS:
                copy_rows(connection, model, copy, made, size)
        for index in indexes:
            index.create(connection)
    if engine.dialect.name == "postgresql":
        settle(engine)


def settle(engine: Engine) -> None:
    """What a PostgreSQL in use has done by itself: its own numbers go on where ours end, and it knows its tables."""
    with engine.begin() as connection:
        for model in (model for model, link in LINKS.items() if link == "id"):
            name = table_of(model).name
            number = f"setval(pg_get_serial_sequence('{name}', 'id'), max(id))"
            connection.execute(text(f'SELECT {number} FROM "{name}"'))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def told(ruleset: Ruleset) -> list[Told]:
    """What the stories of the demo lead to."""
    found = []
    for story in STORIES:
        screening = screen(ruleset, parse_answers(ruleset, {**PLAIN, **story.answers}))
        answers = {item: answer for item, answer in screening.answers.items() if item not in screening.dropped}
        raised = [finding.rule.severity for finding in screening.findings if finding.outcome is Outcome.RAISED]
        found.append(Told(answers, screening.findings, min(raised, key=lambda severity: severity.rank)))
    return found


def one(rng: random.Random, number: int, is_open: bool, of: MadeUp) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """The rows of one submission."""
    minutes = rng.randrange(100) / 100
    sent_at = of.now - timedelta(minutes=5) - (of.size - number) * BETWEEN * (1_000_000 // of.size) - minutes * BETWEEN
    status = pick(rng, WAITING if is_open else DONE)
    severity = pick(rng, SEVERITIES)
    heard = rng.choice([one for one in of.told if one.severity is severity])
    language = "es" if rng.random() < 0.3 else "en"
    topics = rng.sample(("bladder", "liver", "cardiovascular", "pregnancy", "mental_health"), rng.randrange(0, 3))
    yield from person(rng, number, language)
    yield (
        Submission,
        {
            "id": number,
            "public_id": f"{number:032x}",
            "reference": reference_of(number),
            "submission_key": f"{number:064x}",
            "contact_id": number,
            "language": language,
            "status": status,
            "severity_raised": severity.value,
            "severity_possible": severity.value,
            "severity_rank": severity.rank,
            "unknown_count": rng.randrange(0, 5),
            "topics": topics,
            "version": 1,
            "submitted_at": sent_at,
            "status_at": sent_at + timedelta(minutes=3),
            "is_open": status in OPEN,
            "ruleset_hash": of.ruleset,
            "source": "phone" if rng.random() < 0.1 else "web",
            "assignee_id": rng.choice(of.staff) if rng.random() < 0.3 else None,
        },
    )
    yield from response(number, heard, sent_at, of)
    for topic in topics:
        yield SubmissionTopic, {"submission_id": number, "topic": topic}
    for word, share in TAGS:
        if rng.random() < share:
            yield Tag, {"submission_id": number, "word": word}
    for is_resolved, share in FLAGS:
        if rng.random() < share:
            raised = {"submission_id": number, "reason": "other", "text": "Look at this.", "raised_by_id": of.staff[0]}
            ended = (sent_at, of.staff[0], "Seen.") if is_resolved else (None, None, None)
            yield (
                Flag,
                raised
                | {"raised_at": sent_at}
                | dict(zip(("resolved_at", "resolved_by_id", "resolution"), ended, strict=True)),
            )
    for minute, (name, place) in enumerate(EVENTS):
        actor = (None, "patient") if place is None else (of.staff[place], "intake")
        at = sent_at + timedelta(minutes=minute)
        values = {"submission_id": number, "name": name, "detail": {}, "at": at}
        yield Event, values | dict(zip(("actor_id", "actor_role"), actor, strict=True))


def person(rng: random.Random, number: int, language: str) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """A contact and the words it is found by."""
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}{number % 997}"
    phone = f"602{rng.randrange(10_000_000):07d}"
    born = date(1935, 1, 1) + timedelta(days=rng.randrange(26_000))
    known = {"phone": phone, "phone_digits": phone, "phone_reversed": phone_reversed(phone), "birth_date": born}
    rest = {"email": None, "preferred_contact": "phone", "language": language, "helper": None}
    yield Contact, {"id": number, "name": name, **known, **rest}
    for word in name.lower().split():
        yield ContactWord, {"contact_id": number, "word": word}


def response(number: int, heard: Told, sent_at: datetime, of: MadeUp) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """The answers: whole for the newest one, which is opened; of the others the first findings and what they rest on."""
    is_whole = number == of.size
    findings = heard.findings if is_whole else heard.findings[:FINDINGS]
    evidence = {item for finding in findings for item in finding.evidence}
    answers = {item: answer for item, answer in heard.answers.items() if is_whole or item in evidence}
    made = {"id": number, "submission_id": number, "number": 1, "ruleset_hash": of.ruleset, "created_at": sent_at}
    yield Response, made | {"answers": answers, "scores": {}, "dropped": [], "not_raised": []}
    for position, finding in enumerate(findings, start=1):
        rule = finding.rule
        about = {"rule_id": rule.id, "pack": rule.pack, "topic": rule.topic, "citations": list(rule.cites)}
        kind = {"kind": rule.kind.value, "severity": rule.severity.value, "outcome": finding.outcome.value}
        seen = {"evidence": dict(finding.evidence), "missing": dict(finding.missing)}
        yield StoredFinding, {"response_id": number, "position": position, **about, **kind, **seen}


def copy_rows(connection: Connection, model: type[Base], copy: int, made: int, size: int) -> None:
    """The made-up rows of a table once more, for the submissions of this copy: earlier, closed, of other people."""
    table, shift, write = table_of(model), copy * made, BY_DATABASE[connection.dialect.name]
    minutes = shift * int(BETWEEN.total_seconds()) // 60
    changed: dict[str, Any] = {
        name: table.c[name] - shift for name in NUMBERS if name in table.c and (name != "id" or LINKS[model] == "id")
    }
    changed |= {name: write.minutes_earlier(table.c[name], minutes) for name in TIMES if name in table.c}
    if model is Submission:
        number = table.c.id - shift
        changed["public_id"] = write.hexadecimal(number, 32)
        changed["submission_key"] = write.hexadecimal(number, 64)
        # Four signs, "-" and four, with a 0, so no other's.
        changed["reference"] = (
            write.capitals(number // PLACES, 4).concat("-").concat(write.capitals(number % PLACES, 4))
        )
        changed["status"] = case((table.c.is_open, Status.CLOSED.value), else_=cast(table.c.status, String))
        changed["is_open"] = literal(False)
    if model is Contact:
        phone = literal("602").concat(write.decimal(cast(table.c.id - shift, BigInteger) * 7919 % 10_000_000, 7))
        changed |= {"phone": phone, "phone_digits": phone, "phone_reversed": write.backwards(phone, 10)}
        changed["birth_date"] = write.days_earlier(table.c.birth_date, copy * 3)
    names = [column.name for column in table.c if column.name != "id" or "id" in changed]
    rows = select(*(type_coerce(changed.get(name, table.c[name]), table.c[name].type) for name in names))
    connection.execute(insert(table).from_select(names, rows.where(table.c[LINKS[model]] > size - made)))


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    assert isinstance(model.__table__, Table)
    return model.__table__


def pick(rng: random.Random, shares: Sequence[tuple[Any, int]]) -> Any:
    """One of these, by its share."""
    return rng.choices([value for value, _ in shares], weights=[share for _, share in shares])[0]


def reference_of(number: int) -> str:
    """A reference of its own for each number."""
    letters = ""
    for _ in range(7):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return complete_reference(letters)
