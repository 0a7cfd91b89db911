"""What all commands share: the data folder, the application, and how a refusal is said."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cop.settings import Settings, SettingsError

if TYPE_CHECKING:
    from flask import Flask

F = TypeVar("F", bound=Callable[..., Any])


class Refusal(Exception):
    """Something that cannot be done; its text is one sentence that says what to do."""

    def __init__(self, sentence: str, *, code: int = 2) -> None:
        """Take the sentence and the exit code."""
        super().__init__(sentence)
        self.code = code


@contextmanager
def refusing() -> Iterator[None]:
    """Say expected failures in one sentence instead of a traceback."""
    try:
        yield
    except SettingsError as error:
        _say(str(error), 2)
    except Refusal as error:
        _say(str(error), error.code)
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        _say(sentence, 2)


def _say(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)


def _sentence(error: Exception) -> str | None:
    """Return what to do about an error of the database or the disk, or None for an error of ours."""
    from sqlalchemy.exc import DatabaseError, InterfaceError

    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    if "malformed" in said or "not a database" in said:
        return (
            f"The database is damaged ({said}). Move the file aside and bring back a backup with `cop restore`, "
            "or start anew."
        )
    if "no such table" in said or "does not exist" in said:
        return f"The database has no such table or column ({said}). Run `cop db upgrade` first."
    return f"The database cannot be used ({said}). Check COP_DATABASE_URL and that the database is running."


def data_option(command: F) -> F:
    """Add `--data` to a command."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path),
        help="Data folder; otherwise COP_DATA, otherwise instance/ of a checkout.",
    )(command)


@contextmanager
def application(data: Path | None = None, **overrides: Any) -> Iterator[Flask]:
    """Make the application, over a database that is as new as the code, and enter its context."""
    with unchecked_application(data, **overrides) as app:
        require_schema()
        yield app


@contextmanager
def unchecked_application(data: Path | None = None, **overrides: Any) -> Iterator[Flask]:
    """Make the application over whatever database there is, and enter its context.

    Commands speak English, so the sentences of the rooms they call do too.
    """
    from cop.cli.preparing import refuse_half_restored
    from cop.core.db import db
    from cop.core.errors import DomainError
    from cop.core.i18n import speaking
    from cop.core.loading import loading
    from cop.core.types import Lang

    quiet()
    settings = Settings.from_env(data=data, **overrides)
    refuse_unknown_database(settings)
    refuse_half_restored(settings.data)
    refuse_damaged(settings)
    with loading():
        from cop.app import create_app

        app = create_app(settings)
    with app.app_context(), speaking(Lang.EN):
        try:
            yield app
        except DomainError as error:
            # Said here, where the language is still the command's.
            raise Refusal(str(error)) from error
        finally:
            db.session.remove()
            db.engine.dispose()


def refuse_unknown_database(settings: Settings) -> None:
    """Say which setting names a database there is no driver for; the URL itself may hold a password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(settings.database_url).get_dialect().import_dbapi()
    except (ArgumentError, ImportError, ValueError) as error:
        raise Refusal(
            "COP_DATABASE_URL names no database this program can use; it looks like "
            "sqlite:////folder/cop.db or postgresql://user:password@host/name (which needs psycopg installed)."
        ) from error


def refuse_damaged(settings: Settings) -> None:
    """Say what to do about a database file that is none, instead of failing somewhere later."""
    from cop.core import sqlite

    file = sqlite.file_of(settings.database_url)
    if file is not None and not sqlite.is_database(file):
        raise Refusal(
            f"{file} is not a database. Move it aside and start again, or bring back a backup with `cop restore`."
        )


def quiet() -> None:
    """Keep the libraries' chatter out of a command's output."""
    logging.getLogger("alembic").setLevel(logging.WARNING)


def require_schema() -> None:
    """Refuse to work on a database that is older or newer than the code."""
    from cop.core import schema
    from cop.core.db import db

    stands = schema.current(db.engine)
    if stands == schema.head():
        return
    if not stands:
        raise Refusal("The database is empty. Run `cop db upgrade` or `cop up` first.")
    if not schema.known(stands):
        raise Refusal(newer(stands))
    raise Refusal("The database is older than the program. Run `cop db upgrade` first.")


def newer(stands: str) -> str:
    """Return the sentence about a database that a later version of the program has upgraded."""
    return (
        f"The database was upgraded by a newer version of the program (to {stands}). Install that version, or "
        "bring back the copy that was made before the upgrade."
    )


def settings_of(app: Flask) -> Settings:
    """Return the settings of an application."""
    settings: Settings = app.extensions["settings"]
    return settings
