"""Pages of those in a circle about each other: who is in it; for hosts roles, requests and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

from cop.circles import entering, operations, policy, queries
from cop.circles.forms import InviteForm, ReasonForm
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _
from cop.entries import policy as names
from cop.people.models import CircleRole, User
from cop.people.sessions import current_viewer, login_required
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from cop.settings import Settings

bp = Blueprint("hosting", __name__, url_prefix="/circles")

#: Where the browser keeps a link's token between making it and seeing it once.
_FRESH = "fresh_circle_invitation"


@bp.get("/<int:circle_id>/members/")
@login_required
def members(circle_id: int) -> ResponseReturnValue:
    """Who is in a circle, for those in it."""
    viewer = current_viewer()
    page = queries.members(
        viewer, circle_id, older=request.args.get("older"), newer=request.args.get("newer")
    )
    found = policy.place(viewer, circle_id)
    return render_template(
        "circles/members.html",
        circle=found.circle,
        is_host=found.is_host,
        page=page,
        size=queries.size(found.circle),
        slug=queries.slug_of(found.circle),
    )


@bp.post("/<int:circle_id>/members/<int:user_id>/role")
@login_required
def role(circle_id: int, user_id: int) -> ResponseReturnValue:
    """Make somebody a host (`role=host`), or a host a member."""
    wanted = request.form.get("role", "")
    if wanted not in set(CircleRole):
        raise NotFound
    with flashing_errors():
        operations.set_role(
            by=current_viewer(), circle_id=circle_id, user_id=user_id, role=CircleRole(wanted)
        )
        db.session.commit()
    return redirect(url_for("hosting.members", circle_id=circle_id), 303)


@bp.post("/<int:circle_id>/hosts/own")
@login_required
def take_over(circle_id: int) -> ResponseReturnValue:
    """Become a host where no host can sign in any more."""
    operations.take_over(by=current_viewer(), circle_id=circle_id)
    db.session.commit()
    flash(_("You are a host of this circle now."))
    return redirect(url_for("hosting.members", circle_id=circle_id), 303)


@bp.route("/<int:circle_id>/members/<int:user_id>/removal", methods=["GET", "POST"])
@login_required
@form_says_expired
def remove(circle_id: int, user_id: int) -> ResponseReturnValue:
    """Take somebody out of a circle, for a reason (hosts)."""
    viewer = current_viewer()
    circle = policy.hosted(viewer, circle_id)
    row = operations.member(circle.id, user_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            operations.remove(
                by=viewer, circle_id=circle_id, user_id=user_id, reason=form.reason.data or ""
            )
            db.session.commit()
            flash(_("It is done. The person reads your reason; what was written stays."))
            return redirect(url_for("hosting.members", circle_id=circle_id), 303)
    circle = policy.hosted(viewer, circle_id)
    body = render_template(
        "circles/remove.html",
        form=form,
        circle=circle,
        name=names.name_of(db.session.get(User, row.user_id)),
    )
    return body, 422 if request.method == "POST" else 200


@bp.get("/<int:circle_id>/requests/")
@login_required
def requests(circle_id: int) -> ResponseReturnValue:
    """Who asks to be let in (hosts)."""
    circle = policy.hosted(current_viewer(), circle_id)
    return render_template(
        "circles/requests.html",
        circle=circle,
        asking=queries.asking(circle),
        turned_away=queries.turned_away(circle),
        is_host=True,
    )


@bp.post("/<int:circle_id>/requests/<int:request_id>")
@login_required
def answer(circle_id: int, request_id: int) -> ResponseReturnValue:
    """Let somebody in who asked (`answer=yes`), or not (hosts)."""
    wanted = request.form.get("answer", "")
    if wanted not in ("yes", "no"):
        raise NotFound
    try:
        entering.answer(
            by=current_viewer(),
            circle_id=circle_id,
            request_id=request_id,
            let_in=wanted == "yes",
        )
        db.session.commit()
        flash(
            _("The person is in the circle now.") if wanted == "yes" else _("The person is told.")
        )
    except NotFound:
        db.session.rollback()
        policy.hosted(current_viewer(), circle_id)
        flash(_("That request is answered already, or was taken back."))
    return redirect(url_for("hosting.requests", circle_id=circle_id), 303)


@bp.post("/<int:circle_id>/requests/<int:request_id>/again")
@login_required
def reconsider(circle_id: int, request_id: int) -> ResponseReturnValue:
    """Think better of somebody the hosts did not let in, or took out (hosts)."""
    viewer = current_viewer()
    try:
        asks = entering.reconsider(by=viewer, circle_id=circle_id, request_id=request_id)
        db.session.commit()
        flash(_("The request waits again.") if asks else _("The person can come or ask again."))
    except NotFound:
        db.session.rollback()
        policy.hosted(viewer, circle_id)
        flash(_("That request is answered already, or was taken back."))
    return redirect(url_for("hosting.requests", circle_id=circle_id), 303)


@bp.route("/<int:circle_id>/invitations/", methods=["GET", "POST"])
@login_required
@form_says_expired
def invitations(circle_id: int) -> ResponseReturnValue:
    """The links into a circle, and a new one, shown once (hosts)."""
    viewer = current_viewer()
    circle = policy.hosted(viewer, circle_id)
    form = InviteForm()
    here = url_for("hosting.invitations", circle_id=circle_id)
    if form.validate_on_submit():
        with form.showing_errors():
            if form.earlier_answer() is not None:
                return redirect(here, 303)
            _made, token = entering.invite(
                by=viewer,
                circle_id=circle_id,
                note=form.note.data or "",
                uses=form.uses.data or 0,
                days=form.days.data or 0,
            )
            form.settle(here)
            db.session.commit()
            session[_FRESH] = [circle_id, token]
            return redirect(here, 303)
    if request.method == "POST":
        # What was loaded before an error is read anew, since the transaction was rolled back.
        circle = policy.hosted(viewer, circle_id)
    body = render_template(
        "circles/invitations.html",
        form=form,
        circle=circle,
        rows=queries.invitations(circle),
        link=_fresh_link(circle_id),
        is_host=True,
    )
    return body, 422 if request.method == "POST" else 200


def _fresh_link(circle_id: int) -> str:
    """Return the link just made for this circle, the first time its page is shown."""
    fresh = session.get(_FRESH) if request.method == "GET" else None
    if not fresh or fresh[0] != circle_id:
        return ""
    session.pop(_FRESH)
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url.rstrip("/") + url_for("circles.invitation", token=fresh[1])


@bp.post("/<int:circle_id>/invitations/<int:invitation_id>/revoke")
@login_required
def revoke(circle_id: int, invitation_id: int) -> ResponseReturnValue:
    """End a link into a circle (hosts)."""
    entering.revoke(by=current_viewer(), circle_id=circle_id, invitation_id=invitation_id)
    db.session.commit()
    flash(_("The invitation is ended. Who came in by it stays."))
    return redirect(url_for("hosting.invitations", circle_id=circle_id), 303)
