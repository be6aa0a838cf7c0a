"""What serve, users and demo begin with: the instance folder, its settings, a prepared database, the application."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from screener.app import create_app, prepare
from screener.config import ConfigError, Settings, make_first_config, read_settings
from screener.engine.loader import RulesetError
from screener.store.database import SettingsError
from screener.store.migrations import MigrationError

USUAL_ADDRESS = "http://127.0.0.1:8000"

instance_option = click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of this installation: database, settings, keys. Else SCREENER_INSTANCE, else ./instance.",
)


class Failure(click.ClickException):
    """Something outside this program must change first; the command ends with 2."""

    exit_code = 2


def open_settings(instance: Path | None, *, rules: Path | None = None) -> Settings:
    """The settings of an instance, its keys made if it is empty. Raises Failure."""
    try:
        made = make_first_config(instance)
        settings = read_settings(instance, rules=rules)
    except ConfigError as error:
        raise Failure(str(error)) from None
    if made is not None:
        click.echo(f"First start: made the keys of this installation in {made}. Keep them safe, and back them up.")
    return settings


def open_app(settings: Settings) -> Flask:
    """The application on a database brought up to date and checked. Raises Failure, with every problem it has."""
    try:
        prepare(settings)
        return create_app(settings)
    except RulesetError as error:
        raise Failure(f"The rulebook in {settings.rules} cannot be used:\n{error}") from None
    except (SettingsError, MigrationError) as error:
        raise Failure(str(error)) from None
    except (SQLAlchemyError, OSError) as error:
        # The driver's message can hold the address with its password; its kind and code say enough.
        raise Failure(
            f"The database cannot be opened ({type(error).__name__}). Check database_url and the instance folder."
        ) from None


def set_up_address(settings: Settings, token: str, base: str = USUAL_ADDRESS) -> str:
    """The one-time link to hand to a person."""
    return f"{(settings.public_url or base).rstrip('/')}/set-up/{token}"
