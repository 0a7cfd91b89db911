"""Empty databases for tests: SQLite files, or databases of the server `COP_TEST_DATABASE_URL` names."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def server_url() -> str:
    """Return the URL of the PostgreSQL server of this run, or an empty string for SQLite."""
    url = os.environ.get("COP_TEST_DATABASE_URL", "")
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """Make an empty database and give its URL; one on a server is dropped at the end."""
    server = server_url()
    if not server:
        yield f"sqlite:///{folder / 'cop.db'}"
        return
    name = f"cop_test_{os.getpid()}_{secrets.token_hex(4)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()
