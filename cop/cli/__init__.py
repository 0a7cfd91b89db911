"""The command `cop`: one module a capability, each loaded when its command is called."""

from __future__ import annotations

import importlib
import sys

import click

from cop import __version__
from cop.cli.console import Refusal, refusing
from cop.core.loading import loading

#: Command → module and function. A module is imported when its command runs, so that `cop` starts quickly.
_COMMANDS = {
    "up": "cop.cli.up:up",
    "worker": "cop.cli.worker:worker",
    "db": "cop.cli.database:db_group",
    "search": "cop.cli.search:search",
    "user": "cop.cli.people:user",
    "import": "cop.cli.content:import_",
    "export": "cop.cli.content:export",
    "backup": "cop.cli.backup:backup",
    "restore": "cop.cli.backup:restore",
    "doctor": "cop.cli.doctor:doctor",
    "settings": "cop.cli.settings:settings",
    "check": "cop.cli.check:check",
    "i18n": "cop.cli.i18n:i18n",
}


class _Commands(click.Group):
    """The commands, loaded when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order people need them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        with loading():
            command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cop", message="%(prog)s %(version)s")
def cli() -> None:
    """同行 Tongxing: a community of practice in Chinese and English."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; what cannot be done is said in one sentence, with exit code 2.

    `arguments` are those of the process unless given.
    """
    with refusing():
        try:
            code = cli.main(arguments, prog_name="cop", standalone_mode=False)
        except click.exceptions.Abort:
            raise Refusal("Stopped.", code=130) from None
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
