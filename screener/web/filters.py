"""Jinja filters: clinical words in the page's language, and dates, times and numbers as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import dates, numbers
from flask import Flask
from flask_babel import get_locale

from screener.engine.text import Text
from screener.web.extensions import now, services
from screener.web.i18n import language


def words(text: Text | None) -> str:
    """A ruleset's text in the page's language; nothing for none."""
    return text.in_language(language()) if text else ""


def day(value: date | datetime) -> str:
    """A date, such as November 22, 2026; of a time, the date it was here."""
    here = _here(value).date() if isinstance(value, datetime) else value
    return dates.format_date(here, format="long", locale=get_locale())


def moment(value: datetime) -> str:
    """A date and time of day, such as Nov 22, 2026, 2:05 PM."""
    here = _here(value)
    spoken_day = dates.format_date(here.date(), format="medium", locale=get_locale())
    return f"{spoken_day}, {dates.format_time(here.time(), format='short', locale=get_locale())}"


def lately(value: datetime) -> str:
    """As short as it stays clear: 2:05 PM for today, Fri 2:05 PM for the six days before, then Nov 18, then Nov 18, 2025."""
    here, today = _here(value), _here(now()).date()
    if here.date() == today:
        return clock_time(value)
    if timedelta() < today - here.date() < timedelta(days=7):
        return f"{dates.format_date(here.date(), 'EEE', locale=get_locale())} {clock_time(value)}"
    if here.year == today.year:
        return dates.format_skeleton("MMMd", here, locale=get_locale())
    return dates.format_date(here.date(), format="medium", locale=get_locale())


def clock_time(value: datetime) -> str:
    """The time of day, such as 2:05 PM."""
    return dates.format_time(_here(value).time(), format="short", locale=get_locale())


def ago(value: datetime) -> str:
    """How long before now, such as 3 hours ago."""
    return dates.format_timedelta(value - now(), add_direction=True, locale=get_locale())


def waited(value: datetime) -> str:
    """How long since then, such as 3 hours."""
    return dates.format_timedelta(now() - value, locale=get_locale())


def number(value: int | float | Decimal) -> str:
    """A number with the language's own separators."""
    return numbers.format_decimal(value, locale=get_locale())


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    for shown in (words, day, moment, ago, waited, number):
        app.add_template_filter(shown, shown.__name__)


def _here(value: datetime) -> datetime:
    zone: tzinfo | None = ZoneInfo(services().settings.timezone) if services().settings.timezone else None
    return value.astimezone(zone)  # None: the zone of this machine
