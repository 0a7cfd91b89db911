"""What every page goes through: language, headers, compression, kept pages, forms, limits, errors.

`install` puts it together in the one right order. It imports no room: what it must know about the reader
and the site comes through `Hooks`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cop.web import (
    cache,
    compress,
    csrf,
    errors,
    filters,
    fragments,
    headers,
    limits,
    negotiate,
    static,
    uploads,
)
from cop.web.hooks import Hooks, install_hooks

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Hooks", "install"]


def install(
    app: Flask,
    hooks: Hooks,
    *,
    static_folder: Path,
    data: Path,
    database_url: str,
    page_cache_bytes: int,
    upload_mb: int = 64,
) -> None:
    """Install the web layer. Call it after the database and the languages, before any blueprint.

    What runs before a view runs in this order: the request's id, the kept page (nothing else is done when
    there is one), the CSRF check. What runs after it runs in the reverse order: the page is kept, then
    compressed, then the chosen language remembered, then the headers added, which know all that.
    """
    install_hooks(app, hooks)
    headers.init_app(app)
    negotiate.init_app(app)
    compress.init_app(app)
    cache.init_app(app, room=page_cache_bytes)
    uploads.init_app(app, megabytes=upload_mb)
    csrf.init_app(app)
    limits.init_app(app, database_url=database_url, data=data, secret=str(app.secret_key))
    filters.init_app(app)
    fragments.init_app(app)
    static.init_app(app, static_folder)
    errors.init_app(app)
