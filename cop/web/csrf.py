"""Unsafe requests carry the token of their session; an expired form is a form error that loses nothing.

A request without a good token is refused with a 400 page, except at views marked `@form_says_expired`:
these show their `BaseForm` again, with everything typed and a fresh token. Until such a form has been
validated with a good token, nothing can be committed in the request, whatever the view does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, g, has_request_context, request
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from sqlalchemy import event
from wtforms import ValidationError

from cop.core.db import db

if TYPE_CHECKING:
    from flask import Flask

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "form_says_expired"


def form_says_expired(view: F) -> F:
    """Mark a view that validates a `BaseForm` before it acts and shows it again when it is not valid."""
    setattr(view, _MARK, True)
    return view


class Guard(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's protection, with our way out for forms whose session ended meanwhile."""

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 (the base's)
        """Refuse an unsafe request without a good token, or note for its form that it has none."""
        if request.method not in current_app.config["WTF_CSRF_METHODS"]:
            return
        if apply_exemptions and (not request.endpoint or self._is_exempt()):
            return
        try:
            self._check()
        except ValidationError as error:
            view = current_app.view_functions.get(request.endpoint or "")
            if not getattr(view, _MARK, False):
                raise CSRFError(str(error)) from error
            g.csrf_failed = True
        else:
            g.csrf_valid = True

    def _check(self) -> None:
        # Browsers say themselves when another site sends the request; then no token makes it good.
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise ValidationError("The request comes from another site.")
        validate_csrf(self._get_csrf_token())


csrf = Guard()


def init_app(app: Flask) -> None:
    """Protect every unsafe request of the application."""
    # A form stays good as long as its session: writing a note may take a day of interruptions.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    if not event.contains(db.session.session_factory, "before_commit", _refuse_commit):
        event.listen(db.session.session_factory, "before_commit", _refuse_commit)


def _refuse_commit(_session: Any) -> None:
    if has_request_context() and g.get("csrf_failed"):
        raise CSRFError("A view acted although its form had no good token.")
