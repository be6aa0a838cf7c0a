"""`screener notify`: send staff the messages that are due, and end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from screener.commands.instance import Failure, instance_option, open_app, open_settings
from screener.notifier import send_due


@click.command("notify")
@instance_option
def command(instance: Path | None) -> None:
    """Tell staff by mail that something is new, those who want to know and are due.

    `screener serve` does this by itself; this is for other servers, from a timer.
    """
    settings = open_settings(instance)
    if not settings.smtp_host:
        raise Failure("No mail server is set. Put smtp_host and mail_from into config.toml (docs/settings.md).")
    app = open_app(settings)
    sent = send_due(app.extensions["screener"].engine, settings, now=datetime.now(UTC))
    click.echo(f"Sent {sent} {'message' if sent == 1 else 'messages'}.")
