"""What the web layer must be told about the reader and the site by rooms it may not import.

`create_app` passes one `Hooks` to `cop.web.install`. Every hook has a default that fits a site without
accounts, so that this package works (and is tested) alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

    from cop.core.types import Lang

_EXTENSION = "cop.web"


def _nothing() -> None:
    return None


def _no_text() -> str:
    return ""


def _forget(_lang: Lang) -> None:
    return None


@dataclass(frozen=True)
class Hooks:
    """Functions about the running request, given once when the application is made."""

    #: The language, time zone and theme of the account; None or "" for visitors. Called a few times a
    #: request, also for visitors, so they must not ask the database when there is no session cookie.
    account_lang: Callable[[], Lang | None] = _nothing
    account_timezone: Callable[[], str | None] = _nothing
    account_theme: Callable[[], str] = _no_text
    #: Saves on the account the language that `?lang` asked for, and commits.
    remember_lang: Callable[[Lang], None] = _forget
    #: A short string that changes with everything a visitor may see (say, the last event's id). Read
    #: once for each visitor's page, so it must cost microseconds (`cop.web.version.quick_value`).
    site_version: Callable[[], str] = _no_text
    #: Cookies besides the session's whose bearer may be signed in; their requests get no kept page.
    private_cookies: frozenset[str] = frozenset({"remember_token"})
    #: Whether cookies demand TLS and the site says so (HSTS).
    secure: bool = False
    #: Whether X-Request-ID of a proxy in front is believed.
    trusted_proxy: bool = False


_DEFAULTS = Hooks()


def hooks() -> Hooks:
    """Return the hooks of the running application."""
    found: Hooks = current_app.extensions.get(_EXTENSION, _DEFAULTS)
    return found


def install_hooks(app: Flask, given: Hooks) -> None:
    """Keep the hooks with the application."""
    app.extensions[_EXTENSION] = given
