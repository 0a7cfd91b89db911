"""Signing in and out, profile pages, and how requests learn who is looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from cop.core.db import db, writing
from cop.core.i18n import _, pick
from cop.core.text import slugify
from cop.people import (
    account_operations,
    account_views,
    devices,
    handles,
    join_views,
    operations,
    profiles,
    sessions,
    tries,
)
from cop.people.blueprint import bp
from cop.people.forms import LoginForm
from cop.people.sessions import current_viewer
from cop.web.csrf import form_says_expired

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

    from cop.core.types import Lang

log = structlog.get_logger(__name__)

__all__ = ["account_views", "bp", "init_app", "join_views", "remember_lang"]


def init_app(app: Flask) -> None:
    """Register the pages about people and let requests know who is looking."""
    sessions.init_app(app)
    app.register_blueprint(bp)


@bp.route("/login", methods=["GET", "POST"])
@form_says_expired
def login() -> ResponseReturnValue:
    """Sign in with account name or e-mail address."""
    form = LoginForm()
    onward = sessions.safe_next(form.next.data or request.args.get("next"))
    if current_viewer().is_member and request.method == "GET":
        return redirect(onward or url_for("discover.home"), 303)
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        identifier, password = form.identifier.data or "", form.password.data or ""
        with tries.showing_limits(form) as reached, form.showing_errors():
            tries.count_login(identifier)
            user = operations.check_password(identifier=identifier, password=password)
            sessions.sign_in(user)
            db.session.commit()
            tries.forgive_login(identifier)
            return redirect(onward or url_for("discover.home"), 303)
        headers = tries.headers(reached)
    form.next.data = onward or ""
    page = render_template("people/login.html", form=form, registration=join_views.registration())
    return page, join_views.status_of(form, headers), headers


@bp.route("/logout", methods=["GET", "POST"])
def logout() -> ResponseReturnValue:
    """Sign out; by a link it asks first, since pages of other sites can link here."""
    if request.method == "GET":
        return render_template("people/logout.html")
    sessions.sign_out()
    db.session.commit()
    flash(_("You are signed out."))
    return redirect(url_for("discover.home"), 303)


@bp.get("/people/<handle>")
def profile(handle: str) -> ResponseReturnValue:
    """Show what a person says about herself and what she contributed under her name."""
    found = profiles.of(current_viewer(), handle)
    if found.user.handle != handle:
        return redirect(url_for("people.profile", handle=handles.normal(handle)), 301)
    home = found.organisation
    name, lang = pick(home.name) if home else ("", None)
    return render_template(
        "people/profile.html",
        profile=found,
        person=found.user,
        about=[part.splitlines() for part in found.user.about.split("\n\n")]
        if found.is_open and found.user.about
        else [],
        organisation_name=name,
        organisation_lang=lang,
        organisation_slug=slugify(name),
    )


@bp.after_app_request
def touch_session(response: Response) -> Response:
    """Let the session live on, at most a few times a day, after the answer was made."""
    session_id = sessions.stale_session()
    # Nothing may be committed in a request whose form has expired; the next one is counted.
    if session_id is None or g.get("csrf_failed"):
        return response
    if response.is_streamed or response.status_code >= 500:
        return response
    try:
        db.session.rollback()
        with writing():
            devices.touch(session_id)
            db.session.commit()
    except SQLAlchemyError:
        # The next request tries again; reading goes on.
        log.warning("people.session_not_touched", exc_info=True)
        db.session.rollback()
    return response


def remember_lang(lang: Lang) -> None:
    """Save the language that somebody switched to on the account (hook of `cop.web`)."""
    viewer = current_viewer()
    if not viewer.is_member or viewer.lang is lang or g.get("csrf_failed"):
        return
    db.session.rollback()
    with writing():
        account_operations.remember_lang(by=viewer, lang=lang)
        db.session.commit()
