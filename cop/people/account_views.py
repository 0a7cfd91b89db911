"""One's own account: profile, preferences, password, address, devices, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for

from cop.core.db import db
from cop.core.errors import Conflict, Gone
from cop.core.i18n import _, _n, speaking
from cop.people import account_operations, devices, queries, sessions, tokens, tries, user_agents
from cop.people.account_operations import own
from cop.people.blueprint import bp
from cop.people.forms import (
    AddressForm,
    CloseForm,
    ConfirmForm,
    PasswordForm,
    PreferencesForm,
    ProfileForm,
)
from cop.people.join_views import link_gone, status_of
from cop.people.models import TokenPurpose
from cop.people.sessions import current_session, current_viewer, login_required
from cop.web.csrf import form_says_expired

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/account/", methods=["GET", "POST"])
@form_says_expired
@login_required
def account() -> ResponseReturnValue:
    """Show and change what others read about the person."""
    user = own(current_viewer())
    form = ProfileForm.of(user, queries.organisation_name(user))
    if form.validate_on_submit():
        with form.showing_errors():
            account_operations.change_profile(by=current_viewer(), profile=form.profile())
            db.session.commit()
            flash(_("Your profile is saved."))
            return redirect(url_for("people.account"), 303)
    return render_template("people/account.html", form=form, person=user), status_of(form, {})


@bp.route("/account/preferences", methods=["GET", "POST"])
@form_says_expired
@login_required
def preferences() -> ResponseReturnValue:
    """Choose language, time zone and colours."""
    user = own(current_viewer())
    form = PreferencesForm.of(user)
    if form.validate_on_submit():
        with form.showing_errors():
            changed = account_operations.change_preferences(
                by=current_viewer(), preferences=form.preferences()
            )
            db.session.commit()
            with speaking(changed.language):
                flash(_("Your preferences are saved."))
            answer = redirect(url_for("people.preferences"), 303)
            # The cookie of a language chosen earlier would speak up again after signing out.
            answer.delete_cookie("lang")
            return answer
    return render_template("people/preferences.html", form=form), status_of(form, {})


@bp.route("/account/password", methods=["GET", "POST"])
@form_says_expired
@login_required
def password() -> ResponseReturnValue:
    """Change the password; every other session ends."""
    form = PasswordForm()
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        viewer, here = current_viewer(), current_session()
        with tries.showing_limits(form) as reached, form.showing_errors():
            tries.count_own_password(viewer.id)
            account_operations.change_password(
                by=viewer,
                current=form.current.data or "",
                password=form.password.data or "",
                session_id=here.session_id if here else None,
            )
            db.session.commit()
            flash(_("Your password is changed. All other sessions were ended."))
            return redirect(url_for("people.account"), 303)
        headers = tries.headers(reached)
    return render_template("people/password.html", form=form), status_of(form, headers), headers


@bp.route("/account/address", methods=["GET", "POST"])
@form_says_expired
@login_required
def address() -> ResponseReturnValue:
    """Ask for another e-mail address; it is confirmed by a link mailed to it."""
    form = AddressForm()
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        with tries.showing_limits(form) as reached, form.showing_errors():
            tries.count_own_password(current_viewer().id)
            account_operations.ask_address_change(
                by=current_viewer(), current=form.current.data or "", email=form.email.data or ""
            )
            tries.count_mail(form.email.data or "")
            db.session.commit()
            flash(
                _(
                    "A mail with a link is on its way to the new address. Until you use it, nothing changes."
                )
            )
            return redirect(url_for("people.address"), 303)
        headers = tries.headers(reached)
    page = render_template("people/address.html", form=form, person=own(current_viewer()))
    return page, status_of(form, headers), headers


@bp.route("/account/address/<token>", methods=["GET", "POST"])
@form_says_expired
def confirm_address(token: str) -> ResponseReturnValue:
    """Put the new address in place; by a button, so that programs that look into mails do not use the link up."""
    try:
        row = tokens.find(TokenPurpose.EMAIL, token)
        form = ConfirmForm()
        if form.validate_on_submit():
            account_operations.confirm_address(by=current_viewer(), token=token)
            db.session.commit()
            flash(_("Your new e-mail address is in place."))
            return redirect(
                url_for("people.account" if current_viewer().is_member else "people.login"), 303
            )
    except (Gone, Conflict) as error:
        db.session.rollback()
        return link_gone(error.message)
    return render_template(
        "people/confirm_address.html", form=form, address=row.address
    ), status_of(form, {})


@bp.get("/account/devices")
@login_required
def devices_list() -> ResponseReturnValue:
    """List the devices that are signed in."""
    here = current_session()
    rows = [
        (row, user_agents.described(row.user_agent))
        for row in db.session.scalars(queries.live_sessions(current_viewer()))
    ]
    return render_template(
        "people/devices.html", rows=rows, this_session=here.session_id if here else None
    )


@bp.post("/account/devices/<int:session_id>/end")
@login_required
def end_device(session_id: int) -> ResponseReturnValue:
    """End one session; one's own is signed out."""
    here = current_session()
    if here is not None and here.session_id == session_id:
        sessions.sign_out()
        db.session.commit()
        return redirect(url_for("discover.home"), 303)
    devices.end(by=current_viewer(), session_id=session_id)
    db.session.commit()
    flash(_("That session is ended."))
    return redirect(url_for("people.devices_list"), 303)


@bp.post("/account/devices/end-others")
@login_required
def end_other_devices() -> ResponseReturnValue:
    """End every session but this one."""
    here = current_session()
    number = devices.end_others(by=current_viewer(), keep=here.session_id if here else None)
    db.session.commit()
    flash(_n("%(num)d other session was ended.", "%(num)d other sessions were ended.", number))
    return redirect(url_for("people.devices_list"), 303)


@bp.route("/account/close", methods=["GET", "POST"])
@form_says_expired
@login_required
def close() -> ResponseReturnValue:
    """Close the account for good, after saying what goes and what remains."""
    form = CloseForm()
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        with tries.showing_limits(form) as reached, form.showing_errors():
            tries.count_own_password(current_viewer().id)
            account_operations.close_account(by=current_viewer(), current=form.current.data or "")
            db.session.commit()
            sessions.forget_account()
            flash(_("Your account is closed. Thank you for what you shared."))
            return redirect(url_for("discover.home"), 303)
        headers = tries.headers(reached)
    return render_template("people/close.html", form=form), status_of(form, headers), headers
