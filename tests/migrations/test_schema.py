"""The migrations and the models say the same, in both directions, on the database of this run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from cop.app import create_app
from cop.core import schema
from cop.core.db import db
from tests.conftest import test_settings
from tests.databases import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Connect to an empty database as the application does."""
    with fresh_database(tmp_path) as url:
        app = create_app(test_settings(tmp_path, url))
        with app.app_context():
            yield db.engine
            db.engine.dispose()


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, schema.metadata()))


def test_an_empty_database_is_brought_to_exactly_what_the_models_say(engine: Engine) -> None:
    schema.upgrade(engine)
    assert schema.current(engine) == schema.head()
    assert _differences(engine) == []


def test_every_migration_can_be_taken_back_and_applied_again(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(engine)
    assert _differences(engine) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.upgrade(engine)
    assert schema.current(engine) == schema.head()
