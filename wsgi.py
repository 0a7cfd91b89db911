"""The WSGI entry point: `gunicorn wsgi:app`."""

from cop.core.loading import loading

with loading():
    from cop.app import create_app
    from cop.discover import kept_names

    app = create_app()
kept_names.read_apart(app)
