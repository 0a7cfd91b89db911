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
from cop.web.models import AnsweredForm

Maker = Callable[..., Flask]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path / "data",
        database_url=f"sqlite:///{tmp_path / 'site.db'}",
        secret_key="of-tests",
    )


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
            AnsweredForm.__table__.create(db.engine, checkfirst=True)  # type: ignore[attr-defined]
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
            db.engine.dispose()


@pytest.fixture
def site(make_site: Maker) -> Flask:
    return make_site()
