"""What every test stands on: one schema a run, and for each test a transaction that never happened.

The engine is replaced by one connection with an open transaction, and sessions join it with savepoints:
operations, views and the client really commit, and nothing remains. `COP_TEST_DATABASE_URL` reruns
everything on PostgreSQL.
"""

from __future__ import annotations

import contextvars
import os
import signal
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import has_app_context
from flask.testing import FlaskClient

from cop.app import create_app
from cop.core.db import db
from cop.discover import kept_names
from cop.exchange.starter import load_starter
from cop.practices import kept as kept_ledgers
from cop.settings import Settings
from cop.web.cache import pages
from cop.web.limits import limits
from tests.databases import connected, fresh_database, migrate
from tests.make import Make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy import Connection, Engine

    from cop.people.models import User

pytest_plugins = ["tests.browsing"]

# A shell that runs the tests in the background makes them ignore Ctrl-C, and every program they start
# inherits that: a site under test would then never hear the signal that is to end it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: Tests in these folders never touch the database, so they need not wait for one.
_WITHOUT_DATABASE = frozenset({"unit", "architecture"})


class Client(FlaskClient):
    """A client whose requests know nothing of the test around them.

    Without it a request would share the test's application context, and with it `g` and the session.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Commit what the test has done so far, send the request, and look at the rows afresh."""
        kwargs.setdefault("buffered", True)
        if not has_app_context():  # a redirect is being followed: we are inside already
            return super().open(*args, **kwargs)
        db.session.commit()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        return response


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give this process of the run a database that the real migrations made, for others to be copied from."""
    with fresh_database(tmp_path_factory.mktemp("migrated")) as url:
        migrate(url)
        yield url


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, migrated: str) -> Iterator[str]:
    """Give this process of the run a database of its own, with tables and no rows."""
    with fresh_database(tmp_path_factory.mktemp("database"), like=migrated) as url:
        yield url


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Settings:
    """Return settings with a data folder of the run."""
    return test_settings(tmp_path_factory.mktemp("data"), database_url)


def test_settings(data: Path, database_url: str, **more: Any) -> Settings:
    """Return settings that read nothing from the machine."""
    values: dict[str, Any] = {
        "secret_key": "of-tests",
        "base_url": "http://localhost",
        "check_links": "loopback",
        **more,
    }
    return Settings(data=data, database_url=database_url, **values)


test_settings.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """Make the application once."""
    made = create_app(settings)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    made.test_client_class = Client
    with made.app_context():
        engine = db.engine
        db.session.configure(join_transaction_mode="create_savepoint")
    yield made
    limits(made).storage.close()
    with made.app_context():
        db.session.remove()
        engine.dispose()


@pytest.fixture(scope="session")
def starter_engine(
    app: Flask, tmp_path_factory: pytest.TempPathFactory, migrated: str
) -> Iterator[Engine]:
    """Give this process of the run a second database, into which the starter content is loaded once."""
    folder = tmp_path_factory.mktemp("starter")
    with fresh_database(folder, like=migrated) as url, connected(url) as engine:
        with app.app_context(), _in_place_of_the_usual(app, engine):
            assert load_starter().ok
            db.session.remove()
        yield engine


@contextmanager
def _in_place_of_the_usual(app: Flask, bind: Engine | Connection) -> Iterator[None]:
    """Let the application speak with this engine or connection within the block."""
    engines = db._app_engines[app]
    usual = engines[None]
    engines[None] = bind  # type: ignore[assignment]
    try:
        yield
    finally:
        engines[None] = usual


@pytest.fixture
def starter(starter_engine: Engine) -> None:
    """Let the database of the test hold the starter content; what the test does to it is undone like all else."""


@pytest.fixture
def db_session(app: Flask, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Hold a transaction around the test and undo it afterwards, whatever was committed inside."""
    # Both go by numbers of events, which the next test counts anew.
    pages(app).clear()
    kept_names.forget(app)
    kept_ledgers.init_app(app)
    with app.app_context():
        has_content = "starter" in request.fixturenames
        engine = request.getfixturevalue("starter_engine") if has_content else db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            with _in_place_of_the_usual(app, connection):
                yield db.session
                db.session.remove()
            outer.rollback()
        _forget_tries(app)


def _forget_tries(app: Flask) -> None:
    """Empty the counters of rate limits, which have connections of their own and so outlive the test."""
    storage = limits(app).storage
    if storage._hits:
        storage.reset()
        storage._hits = 0


@pytest.fixture(autouse=True)
def _database_of_each_test(request: pytest.FixtureRequest) -> None:
    """Hold the transaction for every test that may touch the database."""
    folder = request.path.relative_to(Path(__file__).parent).parts[0]
    if folder not in _WITHOUT_DATABASE:
        request.getfixturevalue("db_session")


@pytest.fixture
def client(app: Flask, db_session: Any) -> FlaskClient:
    """Return a browser without cookies."""
    return app.test_client()


@pytest.fixture
def make(db_session: Any) -> Make:
    """Return the maker of accounts, terms and notes, which calls the real operations."""
    return Make()


@pytest.fixture
def signed_in(make: Make) -> Callable[[FlaskClient, User], FlaskClient]:
    """Return the function that signs a client in as somebody and returns it."""
    return make.signed_in


@pytest.fixture
def run_jobs(app: Flask, db_session: Any) -> Callable[[], int]:
    """Return the function that does all due jobs now and tells how many there were."""

    def run() -> int:
        from cop.jobs.worker import run_all
        from cop.subscriptions import HANDLERS

        db.session.commit()
        done = contextvars.Context().run(run_all, app, HANDLERS)
        db.session.expire_all()
        return done

    return run


@pytest.fixture(autouse=True, scope="session")
def _no_foreign_host() -> Iterator[None]:
    """Let tests reach this machine alone."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            message = f"a test tried to reach {address[0]}"
            raise RuntimeError(message)
        real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    for name in [
        name for name in os.environ if name.startswith("COP_") and not name.startswith("COP_TEST_")
    ]:
        patch.delenv(name)
    yield
    patch.undo()
