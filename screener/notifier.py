"""Sends staff the message that something is new: who is due, what it says, and that it was sent.

The message is the same for everyone and every cause. It holds no name, no reference, nothing about health, and not even how
pressing it is: mail travels and is read by others. A message is marked as sent after the mail server took it, so that one
may come twice after a crash, but none is lost.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from screener.config import Settings
from screener.store import operations, queries
from screener.store.accounts import Notify, User
from screener.store.database import reading, writing

TIMEOUT_SECONDS = 20
SUBJECT = "Something is new / Hay algo nuevo"
LINES = (
    "Something is new for you in the conversation guide. Sign in to see it.",
    "Hay algo nuevo para usted en la guía de conversación. Inicie sesión para verlo.",
)
FOOT = (
    "You chose to be told. You can change that on your own page.",
    "Usted eligió que se le avise. Puede cambiarlo en su propia página.",
)
_log = logging.getLogger("screener.mail")


def send_due(engine: Engine, settings: Settings, *, now: datetime) -> int:
    """Send what is due now, one message a person; returns how many the mail server took. Without `smtp_host` nothing is due."""
    if not settings.smtp_host:
        return 0
    with reading(engine) as session:
        due = queries.due_notifications(session, Notify.AT_ONCE, until=now)
        due += queries.due_notifications(session, Notify.DAILY, until=last_digest(settings, now))
    by_person: dict[User, list[int]] = {}
    for notification in due:
        by_person.setdefault(notification.user, []).append(notification.id)
    if not by_person:
        return 0
    sent = 0
    try:
        with _server(settings) as server:
            for person, numbers in by_person.items():
                sent += _send(server, engine, settings, person, numbers, now)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        # UnicodeError: it signs in with plain letters alone. Its message can hold an address; its kind says enough.
        _log.error("%s: the mail server was not reached; it is tried again later", type(error).__name__)
    return sent


def last_digest(settings: Settings, now: datetime) -> datetime:
    """When the daily message was last due: today at `digest_hour`, or yesterday."""
    here = now.astimezone(ZoneInfo(settings.timezone) if settings.timezone else None)
    today = here.replace(hour=settings.digest_hour, minute=0, second=0, microsecond=0)
    return (today if today <= here else today - timedelta(days=1)).astimezone(UTC)


def message(settings: Settings, address: str, *, now: datetime) -> EmailMessage:
    """What is sent to this address."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.mail_from, address, SUBJECT
    mail["Date"] = formatdate(now.timestamp())
    mail["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    where = [f"{settings.public_url.rstrip('/')}/sign-in"] if settings.public_url else []
    mail.set_content("\n\n".join([*LINES, *where, *FOOT]) + "\n")
    return mail


def _send(
    server: smtplib.SMTP, engine: Engine, settings: Settings, person: User, numbers: Iterable[int], now: datetime
) -> int:
    try:
        server.send_message(message(settings, person.email, now=now))
    except smtplib.SMTPResponseException as error:
        _log.error("the mail server refused a message with code %s", error.smtp_code)
        return 0
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError):  # the latter: of letters it does not know
        _log.error("the mail server refused the address of account %s", person.id)
        return 0
    with writing(engine) as session:
        operations.mark_told(session, numbers, now=now)
    return 1


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The mail server, greeted and signed in to; hung up at the end, and where that fails too."""
    where: dict[str, Any] = {"host": settings.smtp_host, "port": settings.smtp_port, "timeout": TIMEOUT_SECONDS}
    context = ssl.create_default_context()
    is_tls = settings.smtp_security == "tls"
    with smtplib.SMTP_SSL(**where, context=context) if is_tls else smtplib.SMTP(**where) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield server
