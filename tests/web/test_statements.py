"""How many statements a page of the review side sends to the database does not grow with the submissions that it lists."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert, select

from screener.store.database import writing
from screener.store.models import Response, StoredFinding, Submission
from screener.store.workflow import Role

URGENT = {"emergency_now": ["heart_attack_signs"]}
FEW, MANY = 10, 300  # less than a page, and many pages
PAGES = [
    (Role.INTAKE, "/intake/"),
    (Role.INTAKE, "/intake/?sort=newest&language=en&unknown=yes"),
    (Role.INTAKE, "/intake/?assignee=nobody&severity=urgent"),
    (Role.INTAKE, "/intake/?status=done"),
    (Role.INTAKE, "/exports/?language=en"),
    (Role.CLINICIAN, "/clinician/"),
    (Role.CLINICIAN, "/feedback/"),
    (Role.ADMIN, "/admin/audit"),
    (Role.ADMIN, "/admin/rulesets"),
]


def copy(store, submission, times):
    """So many others of the same person and with the same answers, each with urgent findings of its own."""
    with writing(store) as session:
        rows = {
            model: dict(session.execute(select(model.__table__).where(of)).mappings().first())
            for model, of in (
                (Submission, Submission.id == submission.id),
                (Response, Response.submission_id == submission.id),
            )
        }
        raised = StoredFinding.__table__
        findings = [
            dict(row) for row in session.execute(select(raised).where(raised.c.severity == "urgent")).mappings()
        ]
        first = max(session.scalars(select(Submission.id)).all()) + 1
        for number in range(first, first + times):
            own = {"public_id": f"{number:032x}", "reference": f"{number:09d}", "submission_key": f"{number:064x}"}
            session.execute(insert(Submission), [rows[Submission] | own | {"id": number}])
            session.execute(insert(Response), [rows[Response] | {"id": number, "submission_id": number}])
            session.execute(
                insert(StoredFinding),
                [
                    {**row, "id": None, "response_id": number}
                    for row in findings
                    if row["response_id"] == rows[Response]["id"]
                ],
            )


@contextmanager
def counted(store):
    """The statements sent meanwhile."""
    sent = []

    def keep(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(store, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(store, "before_cursor_execute", keep)


@pytest.fixture
def statements(sign_in, store):
    """How many statements each page takes."""
    clients = {role: sign_in(role) for role in (Role.INTAKE, Role.CLINICIAN, Role.ADMIN)}

    def count():
        found = {}
        for role, address in PAGES:
            clients[role].get(address)  # what is kept in memory from the first time on is there
            with counted(store) as sent:
                assert clients[role].get(address).status_code == 200
            found[address] = len([statement for statement in sent if statement.startswith(("SELECT", "WITH"))])
        return found

    return count


def test_pages_take_as_many_statements_for_many_as_for_few(statements, submitted, store):
    one = submitted(URGENT)
    copy(store, one, FEW - 1)
    few = statements()
    copy(store, one, MANY - FEW)
    many = statements()
    # A page that is not full looks further once, and asks where that ended.
    more = {address: number - few[address] for address, number in many.items()}
    assert {address for address, number in more.items() if not -2 <= number <= 0} == set()
    assert {address for address, number in many.items() if number > 30} == {"/feedback/"}  # a few for each month
