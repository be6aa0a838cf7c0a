"""How long the pages of the queue take with 1,000 and with 1,000,000 submissions, and how the two compare.

Fills a SQLite database of its own with made-up submissions, straight into the tables and in shares like real life (most are closed),
then asks the real application for pages as someone at intake does. Prints medians in milliseconds and how many times longer each page
takes at the larger number. Nothing here is a test: times depend on the machine, the ratios hardly do.

    python benchmarks/queue_pages.py [--sizes 1000 1000000] [--rounds 15]
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import Connection, Engine, String, Table, case, cast, func, insert, literal, select, type_coerce

from screener.app import create_app, prepare
from screener.config import Settings
from screener.engine.rules import Severity
from screener.paths import rules_folder
from screener.store import operations
from screener.store.casework import SubmissionTopic, Tag
from screener.store.columns import Base
from screener.store.database import writing
from screener.store.identifiers import ALPHABET, complete_reference
from screener.store.models import Contact, ContactWord, Response, Submission
from screener.store.queue_filters import tag_code
from screener.store.workflow import OPEN, Role, Status

PASSWORD = "three grey herons at dusk"
EMAIL = "dana@example.org"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
MADE_UP = 20_000
MOST_OPEN = 400  # what a clinic has on its desk does not grow with what it has behind it
FIRST = ("Maria", "Jose", "Ana", "Luis", "Carmen", "John", "Mary", "Robert", "Linda", "James", "Rosa", "David", "Elena")
LAST = ("Canary", "Sample", "Prueba", "Ejemplo", "Invented", "Inventado", "Madeup", "Nobody", "Ninguno", "Somebody")
DONE = ((Status.CLOSED, 80), (Status.SIGNED_OFF, 10), (Status.WITHDRAWN, 10))
WAITING = ((Status.SUBMITTED, 55), (Status.NEEDS_INFORMATION, 10), (Status.ACCEPTED, 20), (Status.IN_REVIEW, 15))
SEVERITIES = ((Severity.URGENT, 4), (Severity.FIRST, 40), (Severity.MENTION, 36), (Severity.INFO, 20))
TAGS = (("waits", 0.03), ("rare", 0.0002))
TABLES: tuple[type[Base], ...] = (Contact, ContactWord, Submission, Response, SubmissionTopic, Tag)
KEYS = {
    "contact_word": "contact_id",
    "response": "submission_id",
    "submission_topic": "submission_id",
    "tag": "submission_id",
}

# What is asked for; `{next}` is the address of the page after the first.
PAGES: Mapping[str, str] = {
    "queue": "/intake/",
    "next page": "{next}",
    "all closed": "/intake/?status=done",
    "all closed, next page": "{next_done}",
    "newest closed": "/intake/?status=closed&sort=newest",
    "closed, longest in status": "/intake/?status=closed&sort=since",
    "closed, severity info": "/intake/?status=done&severity=info",
    "closed, Spanish, unknowns": "/intake/?status=done&language=es&unknown=yes",
    "closed, age and topic": "/intake/?status=done&age=80-&topic=bladder",
    "closed, rare tag": "/intake/?status=done&tag={rare}",
    "assigned to me": "/intake/?assignee=me",
}
SEARCHES: Mapping[str, str] = {
    "search: two words": "maria canary",
    "search: birth date": "1968-04-02",
    "search: phone": "60255501",
    "search: reference": "{reference}",
}


def main() -> None:
    """Fill, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    reader.add_argument("--sizes", type=int, nargs="+", default=[1_000, 1_000_000])
    reader.add_argument("--rounds", type=int, default=15)
    given = reader.parse_args()
    with ExitStack() as stack:
        clinics = {size: open_clinic(stack, size) for size in given.sizes}
        times = ask(clinics, given.rounds)
    print_table(
        {size: {name: statistics.median(found) * 1000 for name, found in times[size].items()} for size in times}
    )


@dataclass(frozen=True)
class Clinic:
    """One filled installation, someone signed in to it, and what stands for the names in PAGES and SEARCHES."""

    client: FlaskClient
    values: Mapping[str, str]
    form_token: str


def open_clinic(stack: ExitStack, size: int) -> Clinic:
    """An installation with so many submissions, and someone at intake."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="screener-queue-"))
    settings = Settings(
        instance=Path(folder),
        rules=rules_folder(),
        database_url=f"sqlite:///{folder}/screener.db",
        secret_key="b3nchmark-only-" * 4,
        password_salt="b3nchmark-salt-" * 4,
    )
    prepare(settings)
    app = create_app(settings)
    engine = app.extensions["screener"].engine
    with app.app_context(), writing(engine) as session:
        ruleset = operations.keep_ruleset(session, app.extensions["screener"].ruleset, now=datetime.now(UTC))
        account = {"email": EMAIL, "name": "Dana Whitfield", "role": Role.INTAKE}
        hashed = hash_password(PASSWORD)
        dana = operations.create_user(session, **account, password_hash=hashed, actor=None, now=datetime.now(UTC))
    began = time.perf_counter()
    reference = fill(engine, size, ruleset=ruleset, user_id=dana.id)
    print(f"{size:,} submissions in {time.perf_counter() - began:.0f} s", flush=True)
    client = app.test_client()
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD, "csrf_token": token(client, "/sign-in")})
    values = {
        "next": next_page(client, "/intake/"),
        "next_done": next_page(client, "/intake/?status=done"),
        "rare": tag_code("rare"),
        "reference": reference,
    }
    return Clinic(client, values, token(client, "/intake/"))


def ask(clinics: Mapping[int, Clinic], rounds: int) -> dict[int, dict[str, list[float]]]:
    """Seconds by size and page. All sizes take turns, so that a slow moment of the machine does not hit one of them alone."""
    times: dict[int, dict[str, list[float]]] = {size: {name: [] for name in (*PAGES, *SEARCHES)} for size in clinics}
    for _ in range(rounds):
        for name in (*PAGES, *SEARCHES):
            for size, clinic in clinics.items():
                began = time.perf_counter()
                status = open_one(clinic, name)
                times[size][name].append(time.perf_counter() - began)
                assert status in (200, 303), name
    return times


def open_one(clinic: Clinic, name: str) -> int:
    """Ask for one page or search; the status of the reply."""
    if name in PAGES:
        return clinic.client.get(PAGES[name].format(**clinic.values)).status_code
    fields = {"sought": SEARCHES[name].format(**clinic.values), "csrf_token": clinic.form_token}
    return clinic.client.post("/work/search", data=fields).status_code


def token(client: FlaskClient, address: str) -> str:
    """The token of the forms of a page."""
    found = TOKEN.search(client.get(address).text)
    assert found is not None
    return found[1]


def next_page(client: FlaskClient, address: str) -> str:
    """Where the page after this one is; the page itself where it is the last."""
    found = re.search(r'href="([^"]*)" rel="next"', client.get(address).text)
    return found[1].replace("&amp;", "&") if found else address


def fill(engine: Engine, size: int, *, ruleset: str, user_id: int) -> str:
    """Write so many submissions with contact, words, answers and topics; a reference of one of them.

    The first are made up one by one; the database then copies them with other numbers, references and times, all closed.
    """
    rng = random.Random(1)
    made = min(size, MADE_UP)
    is_open = set(rng.sample(range(1, made + 1), min(MOST_OPEN, made // 3)))
    rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in TABLES}
    for number in range(1, made + 1):
        for table, values in one(rng, number, number in is_open, ruleset=ruleset, user_id=user_id):
            rows[table].append(values)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        for table, values in rows.items():
            connection.execute(insert(table_of(table)), values)
    with engine.begin() as connection:
        indexes = [index for table in TABLES for index in table_of(table).indexes] if size > made else []
        for index in indexes:
            index.drop(connection)
        for copy in range(1, size // made):
            for table in TABLES:
                copy_rows(connection, table_of(table), copy, made)
        for index in indexes:
            index.create(connection)
    return reference_of(made // 2)


def copy_rows(connection: Connection, table: Table, copy: int, made: int) -> None:
    """The made-up rows of a table once more, for the submissions of this copy."""
    shift = copy * made
    later = f"-{copy * 61} minutes"
    changed: dict[str, Any] = {
        name: table.c[name] + shift for name in ("contact_id", "submission_id") if name in table.c
    }
    if table.name in ("contact", "submission"):
        changed["id"] = table.c.id + shift
    if table.name == "submission":
        number = table.c.id + shift
        changed["public_id"] = func.printf("%032x", number)
        changed["submission_key"] = func.printf("%064x", number)
        changed["reference"] = func.printf("%04X-%04X", number / 65536, number % 65536)  # with a 0, so no other's
        changed["status"] = case((table.c.is_open, Status.CLOSED.value), else_=cast(table.c.status, String))
        changed["is_open"] = literal(False)
        for name in ("submitted_at", "status_at"):
            changed[name] = func.strftime("%Y-%m-%d %H:%M:%f", table.c[name], later)
    names = [column.name for column in table.c if column.name != "id" or "id" in changed]
    first = (table.c.id if table.name in ("contact", "submission") else table.c[KEYS[table.name]]) <= made
    rows = select(*(type_coerce(changed.get(name, table.c[name]), table.c[name].type) for name in names)).where(first)
    connection.execute(insert(table).from_select(names, rows))


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    assert isinstance(model.__table__, Table)
    return model.__table__


def one(
    rng: random.Random, number: int, is_open: bool, *, ruleset: str, user_id: int
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """The rows of one submission."""
    sent_at = datetime.now(UTC) - timedelta(minutes=rng.randrange(5, 8_000 if is_open else 2_000_000))
    status = pick(rng, WAITING if is_open else DONE)
    severity = pick(rng, SEVERITIES)
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}{number % 997}"
    phone = f"602555{rng.randrange(10_000):04d}"
    topics = rng.sample(("bladder", "liver", "cardiovascular", "pregnancy", "mental_health"), rng.randrange(0, 3))
    language = "es" if rng.random() < 0.3 else "en"
    born = date(1935, 1, 1) + timedelta(days=rng.randrange(26_000))
    contact = {"id": number, "name": name, "birth_date": born, "phone": phone, "phone_digits": phone, "email": None}
    yield Contact, contact | {"preferred_contact": "phone", "language": language, "helper": None}
    for word in name.lower().split():
        yield ContactWord, {"contact_id": number, "word": word}
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
            "ruleset_hash": ruleset,
            "source": "web",
            "assignee_id": user_id if rng.random() < 0.2 else None,
        },
    )
    made = {"submission_id": number, "number": 1, "ruleset_hash": ruleset, "created_at": sent_at}
    yield Response, made | {"answers": {}, "scores": {}, "dropped": [], "not_raised": []}
    for topic in topics:
        yield SubmissionTopic, {"submission_id": number, "topic": topic}
    for word, share in TAGS:
        if rng.random() < share:
            yield Tag, {"submission_id": number, "word": word}


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


def print_table(results: Mapping[int, Mapping[str, float]]) -> None:
    """One line a page, as Markdown."""
    sizes = list(results)
    print(f"\n| page | {' | '.join(f'{size:,}' for size in sizes)} | ratio |\n|---|{'---|' * (len(sizes) + 1)}")
    for name in results[sizes[0]]:
        found = [results[size][name] for size in sizes]
        print(f"| {name} | {' | '.join(f'{value:.0f} ms' for value in found)} | {found[-1] / found[0]:.2f} |")


if __name__ == "__main__":
    main()
