"""A tiny site that has the web layer and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cop import web
from cop.core import i18n
from cop.core.db import db, engine_options, prepare_engine
from cop.settings import Settings
from cop.web import Hooks, limits
from cop.web.models import AnsweredForm, RateCounter
from tests.databases import fresh_database, server_url

Maker = Callable[..., Flask]


@pytest.fixture(scope="session")
def server_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One database for all tests of this folder, where the run has a database server."""
    with fresh_database(tmp_path_factory.mktemp("web")) as url:
        yield url


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path / 'site.db'}"
    if server_url():
        url = request.getfixturevalue("server_database")
    return Settings(data=tmp_path / "data", database_url=url, secret_key="of-tests")


@pytest.fixture
def make_site(settings: Settings, tmp_path: Path) -> Iterator[Maker]:
    """Return a function that makes the site with these hooks; views are added by the test."""
    settings.data.mkdir()
    made: list[Flask] = []
    static = tmp_path / "static"
    (static / "css").mkdir(parents=True)
    (static / "css" / "app.css").write_text("body{}" * 500)
    (static / "small.txt").write_text("small")
    templates = tmp_path / "templates"
    (templates / "errors").mkdir(parents=True)
    (templates / "errors" / "error.html").write_text(
        "<h1>{{ code }} {{ title }}</h1><p>{{ message }}</p><code>{{ request_id }}</code>"
        "{% for text, url in ways %}<a href='{{ url }}'>{{ text }}</a>{% endfor %}"
        "<p lang='{{ also.lang }}'>{{ also.message }}</p>"
    )

    def make(hooks: Hooks | None = None, *, room: int = 1_000_000, **config: Any) -> Flask:
        app = Flask("site", static_folder=str(static), template_folder=str(templates))
        app.config.update(
            SECRET_KEY=settings.secret_key,
            SQLALCHEMY_DATABASE_URI=settings.database_url,
            SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
            **config,
        )
        db.init_app(app)
        with app.app_context():
            prepare_engine(db.engine)
            for model in (AnsweredForm, RateCounter):
                model.__table__.create(db.engine, checkfirst=True)  # type: ignore[attr-defined]
        i18n.init_app(app, settings)
        web.install(
            app,
            hooks or Hooks(),
            static_folder=static,
            data=settings.data,
            database_url=settings.database_url,
            page_cache_bytes=room,
        )
        made.append(app)
        return app

    yield make
    for app in made:
        limits.limits(app).storage.close()
        with app.app_context():
            db.session.remove()
            for model in (AnsweredForm, RateCounter):
                model.__table__.drop(db.engine)  # type: ignore[attr-defined]
            db.engine.dispose()


@pytest.fixture
def site(make_site: Maker) -> Flask:
    return make_site()
