"""The schema of the database: where it stands, where the code wants it, and the way there."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import cop
from cop.core.db import Base, check_foreign_keys, foreign_keys_off, writing
from cop.core.paths import MIGRATIONS

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Engine, MetaData
    from sqlalchemy.engine import Connection


def metadata() -> MetaData:
    """Return the tables of all models, whichever of their packages have been imported so far."""
    for package in pkgutil.iter_modules(cop.__path__, "cop."):
        if not package.ispkg:
            continue
        module = importlib.import_module(package.name)
        if any(inner.name == "models" for inner in pkgutil.iter_modules(module.__path__)):
            importlib.import_module(f"{package.name}.models")
    return Base.metadata


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, with the connection over which `migrations/env.py` shall work."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    if connection is not None:
        made.attributes["connection"] = connection
    return made


def head() -> str:
    """Return the revision the code needs."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config()).get_current_head() or ""


def current(engine: Engine) -> str:
    """Return the revision the database stands at, or an empty string where it holds no schema."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def known(revision: str) -> bool:
    """Tell whether the code knows this revision; a database of a newer version stands at one it does not."""
    from alembic.script import ScriptDirectory

    return any(
        script.revision == revision
        for script in ScriptDirectory.from_config(config()).walk_revisions()
    )


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to this revision in one transaction, so that it is done wholly or not at all."""
    from alembic import command

    with (
        engine.connect() as connection,
        foreign_keys_off(connection),
        writing(),
        connection.begin(),
    ):
        command.upgrade(config(connection), revision)
        check_foreign_keys(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to this revision (`base` is the empty database)."""
    from alembic import command

    with (
        engine.connect() as connection,
        foreign_keys_off(connection),
        writing(),
        connection.begin(),
    ):
        command.downgrade(config(connection), revision)
        check_foreign_keys(connection)
