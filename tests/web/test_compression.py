"""What travels compressed, in which coding, and that no compressed page repeats what a stranger may have chosen."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from screener.store.workflow import Role
from tests.web.patient_browser import PatientBrowser

CANARY = "zq7canary"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: how a page travels does not depend on it."""
    return sqlite_url


def coding(reply: TestResponse) -> str | None:
    return reply.headers.get("Content-Encoding")


def unpacked(reply: TestResponse) -> str:
    return UNPACK[coding(reply)](reply.get_data()).decode()


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.2, identity;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("identity, br;q=0.5", None),
        ("deflate", None),
        ("*", "br"),
        ("", None),
        ("nonsense;;q=x", None),
    ],
)
@pytest.mark.parametrize("path", ["/", "/rules", "/nowhere", "/static/site.css"])
def test_reply_travels_in_the_coding_the_browser_likes_best_and_says_the_same(
    client: FlaskClient, path: str, accepted: str, expected: str | None
) -> None:
    plain = client.get(path)
    reply = client.get(path, headers={"Accept-Encoding": accepted})
    assert (reply.status_code, coding(reply)) == (plain.status_code, expected)
    assert without_tokens(unpacked(reply)) == without_tokens(plain.text)
    assert reply.headers["Content-Length"] == str(len(reply.get_data()))
    assert ["Accept-Encoding" in answer.headers["Vary"] for answer in (plain, reply)] == [True, True]
    assert (len(reply.get_data()) < len(plain.get_data()) * 0.6) is (expected is not None)


def test_a_reply_without_content_is_left_alone(client: FlaskClient) -> None:
    head = client.head("/", headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.get_data()) == (200, b"")
    away = client.get("/summary", headers={"Accept-Encoding": "gzip"})
    assert (away.status_code, away.headers["Location"]) == (303, "/gone")


@pytest.mark.parametrize("path", ["/sign-in", "/admin/nothing"])
def test_staffs_pages_are_not_compressed(client: FlaskClient, path: str) -> None:
    assert coding(client.get(path, headers={"Accept-Encoding": "br, gzip"})) is None


@pytest.mark.parametrize(("role", "home"), [(Role.INTAKE, "/intake/"), (Role.CLINICIAN, "/clinician/")])
def test_no_page_with_submissions_is_compressed(sign_in, submitted, role: Role, home: str) -> None:
    address = f"{home}submissions/{submitted({'pain_average': 8}).public_id}"
    reply = sign_in(role).get(address, headers={"Accept-Encoding": "br, gzip"})
    assert (reply.status_code, coding(reply)) == (200, None)


@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
def test_file_that_the_browser_has_already_is_not_sent_again(client: FlaskClient, accepted: str) -> None:
    path = "/static/patient.css"
    first = client.get(path, headers={"Accept-Encoding": accepted})
    tag = first.headers["ETag"]
    again = client.get(path, headers={"Accept-Encoding": accepted, "If-None-Match": tag})
    assert (again.status_code, again.get_data(), again.headers["Vary"]) == (304, b"", "Accept-Encoding")
    assert again.headers["Cache-Control"] == "no-cache"
    other = client.get(path, headers={"Accept-Encoding": accepted, "If-None-Match": '"other"'})
    assert (other.status_code, other.get_data()) == (200, first.get_data())


def test_each_coding_of_a_file_has_its_own_tag(client: FlaskClient) -> None:
    replies = [client.get("/static/site.css", headers={"Accept-Encoding": each}) for each in ("br", "gzip", "")]
    assert len({reply.headers["ETag"] for reply in replies}) == 3


def test_patients_style_sheet_is_one_file_with_the_rulebooks(client: FlaskClient) -> None:
    whole, *parts = (client.get(f"/static/{name}.css").text for name in ("patient", "site", "rulebook"))
    assert whole == "".join(parts)
    for path in ("/", "/rules", "/nowhere"):
        assert re.findall(r"/static/(\w+\.css)", client.get(path).text) == ["patient.css"]


@pytest.mark.parametrize("name", ["none.css", "../app.py", "site.css/", "/etc/passwd"])
def test_there_is_no_other_file(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in (404, 308)


def addresses(app: Flask) -> Iterator[str]:
    """Every address of a compressed page, and some where there is none; each with strange words after the question mark."""
    parts = {"section": "heart", "topic": "bladder"}
    strange = urlencode(dict.fromkeys(("version", "back", "sent", "next", "language", "v", CANARY), CANARY))
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ("patient", "rulebook") and "GET" in (rule.methods or ()):
            path = adapter.build(rule.endpoint, {name: parts[name] for name in rule.arguments})
            yield path
            yield f"{path}?{strange}"
    yield from (f"/{CANARY}", f"/rules/{CANARY}", f"/questions/{CANARY}", f"/rules/questions/{CANARY}?{strange}")


def test_no_page_repeats_anything_of_the_request_it_answers(app: Flask, client: FlaskClient) -> None:
    # With a secret in the page, its compressed length would tell whether the stranger's guess stands in it (BREACH).
    patient = PatientBrowser(client).begin()
    sent = dict.fromkeys(("Referer", "User-Agent", "Accept-Language", "X-Forwarded-Host", "Origin"), CANARY)
    looked_at = 0
    for send in (False, True):
        if send:
            patient.open("/check").send()
        for address in addresses(app):
            reply = client.get(address, headers=sent)
            looked_at += reply.mimetype == "text/html" and reply.status_code in (200, 404)
            assert (address, CANARY.encode() in reply.get_data()) == (address, False)
            assert (address, CANARY in reply.headers.get("Location", "")) == (address, False)
    assert looked_at > 40
