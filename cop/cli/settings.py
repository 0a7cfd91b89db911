"""`cop settings`: every setting, its value, and where the value comes from."""

from __future__ import annotations

import os
import tomllib
from dataclasses import fields
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from cop.cli.console import data_option
from cop.settings import Settings

_HIDDEN = "(hidden)"


@click.command(short_help="List all settings and where each value comes from.")
@data_option
def settings(data: Path | None) -> None:
    """List all settings, their values, and where each value comes from. Secrets are hidden."""
    found = Settings.from_env(data=data)
    file = found.data / "cop.toml"
    named = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for (variable, default, sentence), field in zip(
        Settings.described(), fields(Settings), strict=True
    ):
        value = shown(field.name, str(getattr(found, field.name)))
        click.secho(f"{variable} = {value}", bold=True)
        click.echo(f"    {sentence}")
        click.echo(
            f"    From {origin(field.name, data, named, file)}; default: {default or 'none'}."
        )


def origin(name: str, data: Path | None, named: dict[str, object], file: Path) -> str:
    """Return where a setting's value comes from, in words."""
    variable = f"COP_{name.upper()}"
    if name == "data" and data is not None:
        return "the option --data"
    if os.environ.get(variable):
        return f"the environment ({variable})"
    if name in named:
        return str(file)
    if name == "secret_key":
        return "the data folder, where it was made"
    return "its default"


def shown(name: str, value: str) -> str:
    """Return a value as it may be shown: keys and passwords never."""
    if name == "secret_key":
        return _HIDDEN
    if name == "database_url":
        return make_url(value).render_as_string(hide_password=True)
    if name == "mail_url" and "@" in value:
        scheme, _slashes, rest = value.partition("://")
        user, _at, host = rest.rpartition("@")
        return f"{scheme}://{user.partition(':')[0]}:{_HIDDEN}@{host}"
    return value
