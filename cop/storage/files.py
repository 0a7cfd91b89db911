"""The store of the running application."""

from flask import Flask, current_app

from cop.settings import Settings
from cop.storage.store import LocalStore, Store

_EXTENSION = "cop.storage"


def init_app(app: Flask, settings: Settings) -> None:
    """Keep files in the data folder; nothing is made before the first file comes."""
    app.extensions[_EXTENSION] = LocalStore(settings.files)


def files() -> Store:
    """Return the application's store."""
    found: Store = current_app.extensions[_EXTENSION]
    return found
