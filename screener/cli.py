"""The `screener` command: it calls, it never computes. Each subcommand is imported only when it is asked for,
so that screening a document loads no web server and no database.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import sys

import click

from screener import __version__

_COMMANDS = {
    "demo": "Fill the database with synthetic submissions.",
    "notify": "Send staff the messages that are due.",
    "rules": "Check, test and show a rulebook.",
    "screen": "Screen answer documents against a rulebook.",
    "serve": "Run the web questionnaire.",
    "users": "Add, list and deactivate staff accounts.",
    "verify": "Compare every sign-off with what is stored.",
}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class _Lazy(click.Group):
    """Finds `screener.commands.<name>` and its `command` when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"screener.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy)
@click.version_option(__version__, prog_name="screener")
def cli() -> None:
    """A conversation guide: people answer, a declarative rulebook prepares what to discuss with a clinician."""


def main() -> None:
    """Entry point of the `screener` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli()
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        with contextlib.suppress(OSError):
            sys.stdout.close()  # else it is tried once more on the way out
        told = f"Nothing more could be written ({error.strerror}): what was written is not complete."
        click.echo(told, err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
