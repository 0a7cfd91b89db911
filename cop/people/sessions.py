"""Who is signed in, as far as this request is concerned. The only module that knows Flask-Login.

The signed cookie holds the token of a row of `user_sessions`, never an account's id: ending the row ends the
session everywhere. A request without a session cookie asks the database nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import (
    current_app,
    g,
    has_request_context,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from cop.core import clock
from cop.core.i18n import _
from cop.people import devices
from cop.people.devices import SignedIn
from cop.people.viewer import VISITOR, Viewer
from cop.web.errors import wants_json
from cop.web.negotiate import forget_lang

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from cop.core.types import Lang
    from cop.people.models import User

log = structlog.get_logger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

#: Where Flask-Login keeps `get_id()` in the session, which is the token here.
_TOKEN = "_user_id"  # noqa: S105
#: Where Flask-WTF keeps the token of this browser's forms.
_FORM_TOKEN = "csrf_token"  # noqa: S105
#: Fields that never go through a page again.
_NEVER_REPEATED = frozenset({"csrf_token", "password", "current", "repeated"})
_LONGEST_NEXT = 500


class Account(UserMixin):  # type: ignore[misc]
    """Flask-Login's idea of a signed-in person: the session's token, and who holds it."""

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        """Keep the token for the cookie and what one query found."""
        self.token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self.token


def init_app(app: Flask) -> None:
    """Let the application know who is signed in."""
    manager = LoginManager()
    # Phones change their address all day; the token alone says who somebody is.
    manager.session_protection = None
    manager.user_loader(_load)
    # Not `manager.init_app`: its remember-me cookie is not used, and its care for it would read the session of
    # every visitor, whose pages would then vary by cookie.
    app.login_manager = manager  # type: ignore[attr-defined]
    app.permanent_session_lifetime = devices.LIFETIME
    app.context_processor(lambda: {"viewer": current_viewer()})


def current_viewer() -> Viewer:
    """Return who is looking, from one query a request; a visitor costs none."""
    found = current_session()
    return found.viewer if found else VISITOR


def current_session() -> SignedIn | None:
    """Return the session this request belongs to, or None for a visitor."""
    if not has_request_context():
        return None
    _forget_other_requests()
    if "_login_user" not in g and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return None
    person = current_user._get_current_object()  # noqa: SLF001 (the person behind the proxy)
    return person.signed_in if isinstance(person, Account) else None


def sign_in(user: User) -> None:
    """Begin a session on this device; whatever the browser brought before is left behind.

    Only somebody whose own session ended here keeps the token of her forms, so that what she was
    writing when it ended can still be sent.
    """
    earlier, form_token = str(session.get(_TOKEN, "")), session.get(_FORM_TOKEN)
    own = bool(earlier) and devices.owner_of(earlier) == user.id
    session.clear()
    if own and form_token:
        session[_FORM_TOKEN] = form_token
    row, token = devices.begin(user=user, user_agent=request.user_agent.string)
    found = devices.find(token)
    assert found is not None, "a session that was just begun is found"  # noqa: S101
    session.permanent = True
    _forget_other_requests()
    login_user(Account(token, found))
    forget_lang()
    log.info("people.signed_in", user=user.id, session=row.id)


def sign_out() -> None:
    """End the session of this device."""
    found = current_session()
    if found is not None:
        devices.sign_out(by=found.viewer, session_id=found.session_id)
    logout_user()
    session.clear()
    forget_lang()


def forget_account() -> None:
    """Leave the browser without an account after the account or all its sessions ended elsewhere."""
    logout_user()
    session.clear()
    forget_lang()


def login_required(view: F) -> F:
    """Let only signed-in people pass; others sign in first and come back, and lose nothing they typed."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if current_viewer().is_member:
            return view(*args, **kwargs)
        return ask_to_sign_in()

    return checked  # type: ignore[return-value]


def only_for(require: Callable[[Viewer], object]) -> Callable[[F], F]:
    """Let pass for whom `require` raises nothing; visitors sign in first.

    With a `require` that raises NotFound, the page does not exist for other members.
    """

    def guarding(view: F) -> F:
        @wraps(view)
        @login_required
        def checked(*args: Any, **kwargs: Any) -> Any:
            require(current_viewer())
            return view(*args, **kwargs)

        return checked  # type: ignore[return-value]

    return guarding


def ask_to_sign_in() -> ResponseReturnValue:
    """Return what a visitor gets where an account is needed."""
    if wants_json():
        return jsonify(message=_("You are signed out. Please sign in, then try again.")), 401
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("people.login", next=_here()), 303)
    typed = [(k, v) for k, v in request.form.items(multi=True) if k not in _NEVER_REPEATED]
    return render_template("people/signed_out.html", typed=typed, action=_here()), 401


def safe_next(target: str | None) -> str | None:
    """Return a path of this site to go on to, or None where the target lies elsewhere or is made up."""
    if not target or len(target) > _LONGEST_NEXT or not target.startswith("/"):
        return None
    # Browsers read `//host`, `/\host` and hidden characters as other hosts.
    if (
        target[1:2] in ("/", "\\")
        or "\\" in target
        or any(ord(c) <= 0x20 or ord(c) == 0x7F for c in target)
    ):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target


def stale_session() -> int | None:
    """Return the id of this request's session if its use is worth writing down; asks the database nothing."""
    person = g.get("_login_user") if has_request_context() else None
    if isinstance(person, Account) and person.signed_in.is_stale(clock.now()):
        return person.signed_in.session_id
    return None


def account_lang() -> Lang | None:
    """Return the language of the account, for `cop.web`."""
    found = current_session()
    return found.viewer.lang if found else None


def account_timezone() -> str | None:
    """Return the time zone of the account, for `cop.web`."""
    found = current_session()
    return found.viewer.timezone if found else None


def account_theme() -> str:
    """Return the colours of the account, for `cop.web`."""
    found = current_session()
    return found.theme if found else ""


def _load(token: str) -> Account | None:
    found = devices.find(token)
    return Account(token, found) if found else None


def _forget_other_requests() -> None:
    # `g` belongs to the application context, which may outlive a request in commands and tests.
    if g.get("people_request") is not request.environ:
        g.pop("_login_user", None)
        g.people_request = request.environ


def _here() -> str:
    return request.full_path.rstrip("?") if request.query_string else request.path
