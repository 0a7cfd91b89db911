"""The one wiring place: settings, extensions, kinds, blueprints, consequences and error pages."""

from flask import Flask, request
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from cop import subscriptions
from cop.core import i18n
from cop.core.db import begin_immediate, db, engine_options, prepare_engine
from cop.core.paths import MIGRATIONS, STATIC, TEMPLATES
from cop.settings import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application; without `settings` they are read from the environment."""
    settings = settings or Settings.from_env()
    app = Flask("cop", template_folder=str(TEMPLATES), static_folder=str(STATIC))
    configure(app, settings)
    set_up_database(app)
    i18n.init_app(app, settings)
    subscriptions.install(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Hand the settings to the extensions that read them from the application's configuration."""
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.max_request_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=settings.max_request_mb * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        JSON_AS_ASCII=False,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def set_up_database(app: Flask) -> None:
    """Connect the database; unsafe requests begin their transactions with the write lock."""
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)

    @app.before_request
    def choose_begin_mode() -> None:
        begin_immediate(wanted=request.method not in _SAFE)
