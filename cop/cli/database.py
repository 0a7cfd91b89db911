"""`cop db`: the database's schema."""

from __future__ import annotations

from pathlib import Path

import click

from cop.cli.console import data_option, unchecked_application


@click.group("db", short_help="Bring the database up to date.")
def db_group() -> None:
    """Bring the database up to date."""


@db_group.command(short_help="Upgrade the database to what the program needs.")
@data_option
def upgrade(data: Path | None) -> None:
    """Upgrade the database to what the program needs; a SQLite file is copied before."""
    from cop.cli import preparing
    from cop.cli.console import settings_of

    with unchecked_application(data) as app:
        settings = settings_of(app)
        with preparing.alone(settings.data):
            if not preparing.upgrade(settings, click.echo):
                click.echo("The database is up to date.")
