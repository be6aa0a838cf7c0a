"""`screener verify`: a row that was changed outside the program is named, by reference and never by name."""

from __future__ import annotations

import sqlite3

import pytest
from click.testing import CliRunner

from screener.cli import cli


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """An instance with signed submissions; gives its database file and a way to run the command."""
    for name in ("SCREENER_INSTANCE", "SCREENER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    instance = tmp_path / "instance"
    made = CliRunner().invoke(cli, ["demo", "--count", "40", "--seed", "11", "--instance", str(instance)])
    assert made.exit_code == 0, made.output
    return instance / "screener.db", lambda: CliRunner().invoke(cli, ["verify", "--instance", str(instance)])


def test_every_sign_off_is_compared_and_a_changed_one_is_named(filled):
    database, verify = filled
    with sqlite3.connect(database) as rows:
        (number,) = rows.execute("SELECT count(*) FROM sign_off").fetchone()
    assert number > 3
    done = verify()
    assert (done.exit_code, done.output) == (0, f"{number} sign-offs compared: all are as they were signed.\n")
    with sqlite3.connect(database) as rows:
        review, reference, name = rows.execute(
            "SELECT review.id, submission.reference, contact.name FROM sign_off JOIN review ON review.id = sign_off.review_id "
            "JOIN submission ON submission.id = review.submission_id JOIN contact ON contact.id = submission.contact_id"
        ).fetchone()
        rows.execute("UPDATE review SET assessment = 'Never read.' WHERE id = ?", (review,))
    done = verify()
    assert done.exit_code == 1
    first, last = done.output.splitlines()
    assert first.startswith(f"{reference}: what is stored is not what was signed at 20")
    assert last == f"1 of {number} sign-offs differ."
    assert name not in done.output


NEWEST = "(SELECT max(id) FROM sign_off WHERE voided_at IS NULL)"


CHANGES = {
    f"UPDATE sign_off SET user_id = (SELECT min(id) FROM user WHERE role = 'admin') WHERE id = {NEWEST}": [
        "the log tells otherwise of the sign-off at",
        "the log tells of a sign-off at",
    ],
    f"UPDATE sign_off SET signed_at = '2020-01-01 00:00:00' WHERE id = {NEWEST}": [
        "the log tells otherwise of the sign-off at 2020-01-01",
        "the log tells of a sign-off at 20",
    ],
    f"UPDATE sign_off SET voided_at = signed_at, void_reason = 'amended' WHERE id = {NEWEST}": [
        "the log tells otherwise of the sign-off at 20"
    ],
    f"DELETE FROM sign_off WHERE id = {NEWEST}": ["the log tells of a sign-off at 20"],
    "UPDATE ruleset SET content = replace(content, 'bladder', 'bladdex')": [
        "what is stored is not what its hash says."
    ],
    "UPDATE ruleset SET content = 'x'": ["what is stored is not what its hash says."],
}


def test_sign_off_that_the_log_does_not_know_and_rulebook_of_another_hash_are_named(filled):
    database, verify = filled
    whole = database.read_bytes()
    for change, told in CHANGES.items():
        database.write_bytes(whole)
        with sqlite3.connect(database) as rows:
            assert rows.execute(change).rowcount == 1
        done = verify()
        lines = [line for line in done.output.splitlines() if not line.endswith("sign-offs differ.")]
        assert (done.exit_code, [words in line for words, line in zip(told, lines, strict=True)]) == (
            1,
            [True] * len(told),
        )
