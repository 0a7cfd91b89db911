"""Alembic's environment: batch mode on SQLite; on PostgreSQL an advisory lock and timeouts."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection, text

from cop.core import schema
from cop.core.db import db
from cop.core.types import UTCDateTime

#: Arbitrary but fixed: two machines that deploy at once wait for each other.
_ADVISORY_LOCK = 7_230_118


def _no_empty_migration(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no migration where nothing changed."""
    if directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _render(kind: str, item: Any, autogenerate: Any) -> str | Literal[False]:
    """Write our types as plain ones, so that an old migration never depends on today's code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return (
            "sa.JSON(none_as_null=True)"
            ".with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"
        )
    return False


def run(connection: Connection) -> None:
    """Migrate over this connection, in one transaction where the database can."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=schema.metadata(),
        render_item=_render,
        render_as_batch=sqlite,
        compare_type=True,
        process_revision_directives=_no_empty_migration,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            connection.execute(text("SET LOCAL statement_timeout = '15min'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        context.run_migrations()


def main() -> None:
    """Run over the application's engine, or over a connection a test handed in."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    with db.engine.connect() as connection:
        run(connection)


main()
