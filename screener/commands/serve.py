"""`screener serve`: one process, a web server that slow clients cannot stop and that ends without losing a request."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from waitress import create_server  # type: ignore[import-untyped]

from screener.commands.instance import Failure, instance_option, open_app, open_settings, set_up_address
from screener.config import Settings
from screener.exporter import delete_old_files, end_interrupted
from screener.notifier import send_due
from screener.store import operations, queries
from screener.store.database import reading, writing

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LARGEST_BODY = 1024 * 1024  # the application says 413 from 256 kB on, with a page; past this the server hangs up
SWEEP_SECONDS = 15 * 60
NOTIFY_SECONDS = 30
TUNING = {
    "threads": 8,
    # The defaults let 100 idle connections, or 300 slow ones, shut everyone else out.
    "connection_limit": 2000,
    "asyncore_use_poll": True,
    "channel_timeout": 30,
    "max_request_body_size": LARGEST_BODY,
    "ident": None,
}


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@instance_option
@click.option(
    "--rules", type=click.Path(file_okay=False, path_type=Path), help="Rulebook folder, else the shipped one."
)
def command(host: str, port: int, instance: Path | None, rules: Path | None) -> None:
    """Run the web questionnaire.

    Prepares the instance folder, brings the database up to date, checks the rulebook, and serves until stopped.
    Without any account yet it prints a one-time link to make the first administrator's.
    """
    _log_to_stderr()
    settings = open_settings(instance, rules=rules)
    app = open_app(settings)
    # Without this, waitress drops the requests it is working on when it is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = _listen(app, settings, host, port)
    address = f"http://{_in_address(host)}:{_port_of(server)}"
    ruleset = app.extensions["screener"].ruleset
    click.echo(f"Rulebook {ruleset.id} {ruleset.version}; instance {settings.instance}")
    end_interrupted(app.extensions["screener"].engine, now=datetime.now(UTC))
    _offer_set_up(app, settings, address)
    if host not in LOOPBACK:
        click.echo("Others on the network can reach this. Put HTTPS in front of it before patients use it.")
    click.echo(f"Listening on {address}  (Ctrl+C stops it)")
    threading.Thread(target=_sweep_for_ever, args=(app, settings), daemon=True).start()
    if settings.smtp_host:
        threading.Thread(target=_notify_for_ever, args=(app, settings), daemon=True).start()
    server.run()
    app.extensions["screener"].engine.dispose()


def _listen(app: Flask, settings: Settings, host: str, port: int) -> Any:
    try:
        return create_server(app, host=host, port=port, clear_untrusted_proxy_headers=not settings.proxies, **TUNING)
    except ValueError:
        raise Failure(
            f"Cannot listen on {host} port {port}: {host} is not an address of this machine. Name one with --host."
        ) from None
    except OSError as error:
        raise Failure(
            f"Cannot listen on {host} port {port}: {error.strerror}. Another program may use it: choose another with --port."
        ) from None


def _port_of(server: Any) -> int:
    listening = getattr(server, "effective_listen", None)
    return int(listening[0][1] if listening else server.effective_port)


def _in_address(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _offer_set_up(app: Flask, settings: Settings, address: str) -> None:
    engine = app.extensions["screener"].engine
    with reading(engine) as session:
        if queries.has_any_user(session):
            return
    with writing(engine) as session:
        token = operations.begin_setup(session, now=datetime.now(UTC))
    click.echo("No one has an account yet. Make the first administrator's here (works once, for 72 hours):")
    click.echo(f"  {set_up_address(settings, token, address)}")


def _sweep_for_ever(app: Flask, settings: Settings) -> None:
    """Drafts are promised to be gone in time, so they must go even when nobody comes; so must counted tries and exports."""
    pause = threading.Event()
    while True:
        try:
            with writing(app.extensions["screener"].engine) as session:
                operations.delete_expired_drafts(session, now=datetime.now(UTC))
                operations.delete_old_attempts(session, now=datetime.now(UTC))
        except SQLAlchemyError as error:
            logging.getLogger("screener.drafts").error("%s while erasing old drafts", type(error).__name__)
        try:
            delete_old_files(app.extensions["screener"].engine, settings.instance, now=datetime.now(UTC))
        except (SQLAlchemyError, OSError) as error:
            logging.getLogger("screener.exports").error("%s while deleting old exports", type(error).__name__)
        pause.wait(SWEEP_SECONDS)


def _notify_for_ever(app: Flask, settings: Settings) -> None:
    """Staff who want to know are told that something is new."""
    pause = threading.Event()
    while True:
        try:
            send_due(app.extensions["screener"].engine, settings, now=datetime.now(UTC))
        except SQLAlchemyError as error:
            logging.getLogger("screener.mail").error("%s while looking for what is new", type(error).__name__)
        pause.wait(NOTIFY_SECONDS)


def _log_to_stderr() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("screener").setLevel(logging.INFO)
