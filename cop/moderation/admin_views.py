"""The pages under `/admin/`: people, roles, invitations, queues and hidden entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _
from cop.entries import queries as entries
from cop.jobs import queue
from cop.moderation import admin_queries
from cop.moderation.admin_forms import DUTIES, ROLES, GrantForm, InvitationForm, ReasonForm
from cop.people import invitations, operations, queries, suspensions
from cop.people.invitations import require_admin
from cop.people.join_views import status_of
from cop.people.sessions import current_viewer, login_required, only_for
from cop.people.viewer import Grant
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from cop.settings import Settings


bp = Blueprint("admin", __name__, url_prefix="/admin")

#: Where the browser keeps an invitation's token between making it and seeing it once.
_FRESH = "fresh_invitation"


admin_required = only_for(require_admin)


@bp.get("/")
@admin_required
def index() -> ResponseReturnValue:
    """Show the facts of the site."""
    facts = admin_queries.facts(current_viewer(), _settings())
    return render_template("admin/index.html", facts=facts)


@bp.get("/people")
@admin_required
def people() -> ResponseReturnValue:
    """List and find people."""
    q = request.args.get("q", "")
    page = admin_queries.people(current_viewer(), q=q, older=request.args.get("older"))
    return render_template("admin/people.html", page=page, q=q, roles=ROLES)


@bp.route("/people/<int:user_id>", methods=["GET", "POST"])
@form_says_expired
@admin_required
def person(user_id: int) -> ResponseReturnValue:
    """Show one account, and give it a role."""
    user = _user(user_id)
    form = GrantForm()
    if form.validate_on_submit():
        with form.showing_errors():
            operations.grant(by=current_viewer(), user_id=user.id, grant=Grant(form.grant.data))
            db.session.commit()
            return redirect(url_for("admin.person", user_id=user.id), 303)
    return _person_page(user_id, form, ReasonForm())


@bp.post("/people/<int:user_id>/grants/<grant>/end")
@admin_required
def end_grant(user_id: int, grant: str) -> ResponseReturnValue:
    """Take a role."""
    if grant not in {role.value for role in ROLES}:
        raise NotFound
    with flashing_errors():
        operations.ungrant(by=current_viewer(), user_id=user_id, grant=Grant(grant))
        db.session.commit()
    if current_viewer().id == user_id and grant == Grant.ADMIN:
        return redirect(url_for("discover.home"), 303)
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.post("/people/<int:user_id>/suspension")
@form_says_expired
@admin_required
def suspend(user_id: int) -> ResponseReturnValue:
    """Suspend an account, with a reason; sent twice, it stays suspended."""
    return _change_suspension(user_id, suspensions.suspend)


@bp.post("/people/<int:user_id>/suspension/end")
@form_says_expired
@admin_required
def lift_suspension(user_id: int) -> ResponseReturnValue:
    """Let a suspended person sign in again, with a reason."""
    return _change_suspension(user_id, suspensions.lift)


def _change_suspension(user_id: int, change: Callable[..., bool]) -> ResponseReturnValue:
    user = _user(user_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            change(by=current_viewer(), user_id=user.id, reason=form.reason.data or "")
            db.session.commit()
            return redirect(url_for("admin.person", user_id=user.id), 303)
    return _person_page(user_id, GrantForm(formdata=None), form)


@bp.route("/invitations", endpoint="invitations", methods=["GET", "POST"])
@form_says_expired
@admin_required
def invitation_list() -> ResponseReturnValue:
    """List invitations and make one; its link is shown once."""
    form = InvitationForm()
    if form.validate_on_submit():
        with form.showing_errors():
            here = url_for("admin.invitations")
            if form.earlier_answer() is not None:
                return redirect(here, 303)
            _made, token = invitations.invite(
                by=current_viewer(),
                note=form.note.data or "",
                max_uses=form.max_uses.data or 0,
                days=form.days.data or 0,
            )
            form.settle(here)
            db.session.commit()
            session[_FRESH] = token
            return redirect(here, 303)
    page = admin_queries.all_invitations(current_viewer(), older=request.args.get("older"))
    fresh = session.pop(_FRESH, None) if request.method == "GET" else None
    link = _settings().base_url.rstrip("/") + url_for("people.register", invite=fresh)
    shown = render_template(
        "admin/invitations.html", form=form, page=page, link=link if fresh else ""
    )
    return shown, status_of(form, {})


@bp.post("/invitations/<int:invitation_id>/revoke")
@admin_required
def revoke_invitation(invitation_id: int) -> ResponseReturnValue:
    """End an invitation."""
    invitations.revoke(by=current_viewer(), invitation_id=invitation_id)
    db.session.commit()
    flash(_("The invitation is ended. Accounts made with it stay."))
    return redirect(url_for("admin.invitations"), 303)


@bp.get("/queues")
@admin_required
def queues() -> ResponseReturnValue:
    """Show what waits: jobs and mails, and what needs a person."""
    viewer = current_viewer()
    return render_template(
        "admin/queues.html",
        facts=admin_queries.facts(viewer, _settings()),
        parked=admin_queries.parked_jobs(viewer),
        page=admin_queries.mails(viewer, older=request.args.get("older")),
    )


@bp.post("/jobs/<int:job_id>/retry")
@admin_required
def retry_job(job_id: int) -> ResponseReturnValue:
    """Give a parked job a new start."""
    if job_id > queries.MAX_ID or not queue.retry(db.session, job_id):
        raise NotFound
    db.session.commit()
    flash(_("The job starts anew."))
    return redirect(url_for("admin.queues"), 303)


@bp.get("/hidden")
@login_required
def hidden() -> ResponseReturnValue:
    """List hidden entries with their reasons, for moderators and administrators."""
    viewer = current_viewer()
    if not viewer.has(Grant.MODERATOR, Grant.ADMIN):
        raise NotFound
    page = entries.hidden(viewer, older=request.args.get("older"))
    return render_template("admin/hidden.html", page=page)


def _user(user_id: int) -> Any:
    user = queries.by_id(user_id)
    if user.system:
        raise NotFound
    return user


def _person_page(user_id: int, form: GrantForm, reason_form: ReasonForm) -> ResponseReturnValue:
    person = admin_queries.person(current_viewer(), _user(user_id))
    page = render_template(
        "admin/person.html",
        person=person,
        form=form,
        reason_form=reason_form,
        roles=ROLES,
        duties=DUTIES,
    )
    return page, max(status_of(form, {}), status_of(reason_form, {}))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
