"""Databases for tests: SQLite files, or databases of the server `COP_TEST_DATABASE_URL` names."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url

from cop.core import schema
from cop.core.db import engine_options, prepare_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


def server_url() -> str:
    """Return the URL of the PostgreSQL server of this run, or an empty string for SQLite."""
    url = os.environ.get("COP_TEST_DATABASE_URL", "")
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def fresh_database(folder: Path, *, like: str = "") -> Iterator[str]:
    """Make a database and give its URL: an empty one, or a copy of one of ours to which nobody is connected.

    One on a server is dropped at the end.
    """
    pattern = make_url(like).database if like else None
    server = server_url()
    if not server:
        path = folder / "cop.db"
        if pattern:
            folder.mkdir(exist_ok=True)
            shutil.copyfile(pattern, path)
        yield f"sqlite:///{path}"
        return
    name = f"cop_test_{os.getpid()}_{secrets.token_hex(4)}"
    template = pattern or "template0"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


@contextmanager
def connected(url: str) -> Iterator[Engine]:
    """Give an engine such as the application's, and let go of it at the end."""
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    yield engine
    engine.dispose()


def migrate(url: str) -> None:
    """Bring a database to the schema the code needs."""
    with connected(url) as engine:
        schema.upgrade(engine)
