"""Joining, confirming an address, and setting a new password when the old one is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, render_template, request, session, url_for

from cop.core.db import db
from cop.core.errors import Conflict, Forbidden, Gone
from cop.core.i18n import _, _l
from cop.people import operations, queries, sessions, tokens, tries
from cop.people.blueprint import bp
from cop.people.forms import (
    ElsewhereForm,
    ForgotForm,
    HandleForm,
    JoiningForm,
    RegisterForm,
    ResendForm,
    ResetForm,
)
from cop.people.models import TokenPurpose
from cop.people.sessions import current_viewer
from cop.web.csrf import form_says_expired

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from cop.settings import Settings
    from cop.web.forms import BaseForm

#: What the browser that registered remembers until the address is confirmed: the row, the address, and the
#: page that sent the person here.
_PENDING = "joining"


def registration() -> str:
    """Return who may join: open, invite or closed."""
    settings: Settings = current_app.extensions["settings"]
    return settings.registration


def status_of(form: BaseForm, headers: dict[str, str]) -> int:
    """Return the status of a page that shows a form: asked for, corrected, or tried too often."""
    if headers:
        return 429
    return 422 if form.errors else 200


@bp.route("/register", methods=["GET", "POST"])
@form_says_expired
def register() -> ResponseReturnValue:
    """Join the site; the account is made when the address is confirmed."""
    form = RegisterForm()
    invitation = form.invite.data or request.args.get("invite", "")
    form.invite.data = invitation
    towards = sessions.safe_next(form.next.data or request.args.get("next")) or ""
    form.next.data = towards
    try:
        operations.require_open(registration(), invitation)
    except Forbidden as error:
        return render_template("people/register.html", form=None, reason=error.message), 403
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        with tries.showing_limits(form) as reached, form.showing_errors():
            tries.count_registration()
            # Before the form's claim, which hashing would undo.
            joining = form.joining().prepared()
            onward = url_for("people.sent")
            if form.earlier_answer() is not None:
                return redirect(onward, 303)
            with tries.counting_taken_names():
                row = operations.register(
                    by=current_viewer(),
                    joining=joining,
                    registration=registration(),
                    invitation=invitation,
                )
            tries.count_mail_to(joining.email)
            form.settle(onward)
            session[_PENDING] = {"row": row.id, "email": row.address, "next": towards}
            db.session.commit()
            return redirect(onward, 303)
        headers = tries.headers(reached)
    return render_template("people/register.html", form=form), status_of(form, headers), headers


@bp.get("/register/sent")
def sent() -> ResponseReturnValue:
    """Say that a mail is on its way, and offer another."""
    pending = session.get(_PENDING) or {}
    form = ResendForm(data={"email": pending.get("email", "")})
    return render_template(
        "people/sent.html",
        form=form,
        address=pending.get("email", ""),
        towards=pending.get("next", ""),
    )


@bp.post("/register/resend")
@form_says_expired
def resend() -> ResponseReturnValue:
    """Send the confirmation mail again, if there is anything to confirm; the answer is the same in any case."""
    form = ResendForm()
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        with tries.showing_limits(form) as reached, form.showing_errors():
            tries.count_mail(form.email.data or "")
            operations.resend(by=current_viewer(), email=form.email.data or "")
            db.session.commit()
            flash(_("If this address waits for confirmation, another mail is on its way."))
            return redirect(url_for("people.sent"), 303)
        headers = tries.headers(reached)
    return (
        render_template("people/sent.html", form=form, address=""),
        status_of(form, headers),
        headers,
    )


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@form_says_expired
def confirm(token: str) -> ResponseReturnValue:
    """Make the account; by a button, so that programs that look into mails do not use the link up.

    Elsewhere than on the browser that registered, the password is chosen now: whoever follows the link may
    only own the address, while somebody else typed the password. On that browser one goes on to what one
    wanted to do when an account was asked for.
    """
    try:
        row = tokens.find(TokenPurpose.CONFIRM, token)
    except Gone as error:
        return link_gone(error.message, again=url_for("people.sent"))
    wanted = row.data["handle"]
    pending = session.get(_PENDING) or {}
    here = pending.get("row") == row.id
    form = (HandleForm if here else ElsewhereForm)(data={"handle": wanted})
    if form.validate_on_submit():
        try:
            with form.showing_errors():
                user = operations.confirm(
                    by=current_viewer(),
                    token=token,
                    handle=form.handle.data or "",
                    password=None if here else form.password.data,
                )
                sessions.sign_in(user)
                db.session.commit()
                flash(_("Welcome! Your address is confirmed and your account is ready."))
                towards = sessions.safe_next(pending.get("next")) if here else None
                return redirect(towards or url_for("discover.home"), 303)
        except (Conflict, Forbidden) as error:
            db.session.rollback()
            return link_gone(error.message)
    page = render_template(
        "people/confirm.html",
        form=form,
        token=token,
        asks_handle=bool(form.handle.errors) or form.handle.data != wanted,
    )
    return page, status_of(form, {})


@bp.route("/forgot", methods=["GET", "POST"])
@form_says_expired
def forgot() -> ResponseReturnValue:
    """Have a link for a new password mailed, if there is such an account; the answer is the same in any case."""
    form = ForgotForm()
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        identifier = form.identifier.data or ""
        with tries.showing_limits(form) as reached, form.showing_errors():
            tries.count_mail(identifier)
            operations.forgot(by=current_viewer(), identifier=identifier)
            db.session.commit()
            return redirect(url_for("people.forgot", sent="1"), 303)
        headers = tries.headers(reached)
    page = render_template("people/forgot.html", form=form, sent=bool(request.args.get("sent")))
    return page, status_of(form, headers), headers


@bp.route("/reset/<token>", methods=["GET", "POST"])
@form_says_expired
def reset(token: str) -> ResponseReturnValue:
    """Set a new password through a mailed link; every session ends and this device is signed in."""
    try:
        row = tokens.find(TokenPurpose.RESET, token)
    except Gone as error:
        return link_gone(error.message, again=url_for("people.forgot"))
    form = ResetForm()
    if form.validate_on_submit():
        with form.showing_errors():
            user = operations.reset(
                by=current_viewer(), token=token, password=form.password.data or ""
            )
            sessions.sign_in(user)
            db.session.commit()
            flash(_("Your new password is set. All other sessions were ended."))
            return redirect(url_for("discover.home"), 303)
    handle = queries.by_id(row.user_id or 0).handle
    return render_template("people/reset.html", form=form, handle=handle), status_of(form, {})


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@form_says_expired
def welcome(token: str) -> ResponseReturnValue:
    """Make the first administrator's account, through the link that `cop up` printed."""
    try:
        operations.require_first_admin_link(token)
    except Gone as error:
        return link_gone(error.message)
    form = JoiningForm()
    if form.validate_on_submit():
        with form.showing_errors():
            user = operations.welcome_first_admin(
                by=current_viewer(), token=token, joining=form.joining().prepared(official=True)
            )
            sessions.sign_in(user)
            db.session.commit()
            flash(_("Welcome! You are the administrator of this site."))
            return redirect(url_for("admin.index"), 303)
    return render_template("people/welcome.html", form=form), status_of(form, {})


def link_gone(message: Any, again: str = "") -> ResponseReturnValue:
    """Say why a link does not work (any more), and what to do."""
    text = message or _l("This link does not work any more.")
    return render_template("people/link_gone.html", message=text, again=again), 410
