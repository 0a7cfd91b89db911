"""The database: one declarative base, one session, and how transactions begin.

This module, `migrations/env.py` and a search engine's own file are the only ones that may name a dialect.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVarTuple

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, CompoundSelect, Engine, MetaData, Row, Select, String, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: JSON that PostgreSQL keeps in its binary form.
JSONType = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


#: Longest sort key kept, in characters.
SORT_KEY_LENGTH = 200
#: A key of `core.text.sort_key`: compared by code point, as SQLite does by itself and PostgreSQL when told.
SortKeyType = String(SORT_KEY_LENGTH).with_variant(
    String(SORT_KEY_LENGTH, collation="C"), "postgresql"
)


Ts = TypeVarTuple("Ts")


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

#: How the next SQLite transaction of this context begins; unsafe requests and the worker take the write lock at once.
_begin_mode: ContextVar[str] = ContextVar("begin_mode", default="DEFERRED")

#: How long a connection waits for SQLite's write lock, in milliseconds.
BUSY_TIMEOUT = 15_000


def rows(
    statement: Select[*Ts] | CompoundSelect[*Ts], values: Mapping[str, Any] | None = None
) -> Sequence[Row[*Ts]]:
    """Return what a statement of columns finds, as `db.session.execute` would, for half its price.

    For statements that are built once and asked by most pages. Of one that names whole objects it would give
    their columns: those are the session's.
    """
    session = db.session()
    if session.autoflush:
        session.flush()
    # What the session adds is making objects, which it prepares for even where there are none to make.
    return session.connection().execute(statement, values).all()


def begin_immediate(*, wanted: bool) -> None:
    """Say whether transactions of this context take the write lock when they begin (SQLite only)."""
    _begin_mode.set("IMMEDIATE" if wanted else "DEFERRED")


@contextmanager
def writing() -> Iterator[None]:
    """Within the block, transactions take SQLite's write lock when they begin.

    A transaction that reads first and writes later fails at once when somebody wrote in between,
    whatever the busy timeout; taking the lock at the start makes it wait its turn instead.
    """
    token = _begin_mode.set("IMMEDIATE")
    try:
        yield
    finally:
        _begin_mode.reset(token)


def engine_options(url: str) -> dict[str, Any]:
    """Return the options with which the engine of this database URL is made."""
    # What people wrote does not go into logs with the error of a statement.
    options: dict[str, Any] = {"json_serializer": to_json, "hide_parameters": True}
    if url.startswith("sqlite"):
        connect = {"timeout": BUSY_TIMEOUT / 1000, "check_same_thread": False}
        return {**options, "connect_args": connect}
    return {**options, "pool_pre_ping": True, "pool_size": 5, "max_overflow": 10}


def to_json(value: Any) -> str:
    """Return a JSON column's text; Han characters stay themselves, which takes half the room of escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair has no UTF-8 form; escaped it can be stored.
    return text if text.isascii() or _is_utf8(text) else json.dumps(value)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_sqlite(bind: Engine | Connection) -> bool:
    """Tell whether the bind speaks to SQLite."""
    return bind.dialect.name == "sqlite"


def prepare_engine(engine: Engine) -> None:
    """Install the pragmas and the begin mode on a SQLite engine; leave others as they are."""
    if not is_sqlite(engine):
        return

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling starts transactions too late; ours is below.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT}",
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
            "temp_store=MEMORY",
            "cache_size=-16000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {_begin_mode.get()}")


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Within the block SQLite lets tables be rebuilt without deleting the rows that refer to them.

    A migration there copies a table and drops the old one; with foreign keys on, the drop would cascade.
    Enter it before the transaction begins: inside one the pragma does nothing.
    """
    raw = connection.connection.driver_connection
    if raw is None or not is_sqlite(connection):
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def check_foreign_keys(connection: Connection) -> None:
    """Raise RuntimeError where a row refers to one that does not exist; other databases refuse that by themselves."""
    if not is_sqlite(connection):
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        message = f"a row of {broken[0]} refers to a row of {broken[2]} that does not exist"
        raise RuntimeError(message)
