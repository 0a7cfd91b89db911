"""What moderators decided about oneself, vouching for newcomers, and lifting limits and suspensions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _
from cop.entries.forms import ReasonForm
from cop.moderation import civil, vouching
from cop.moderation.policy import require_moderator
from cop.people import queries as people
from cop.people.models import User
from cop.people.sessions import current_viewer, login_required
from cop.web.csrf import form_says_expired

bp = Blueprint("civil", __name__)


@bp.app_context_processor
def _for_profiles() -> dict[str, Any]:
    return {"may_vouch": _may_vouch}


def _may_vouch(user: User) -> bool:
    try:
        return vouching.may_vouch(current_viewer(), user)
    except SQLAlchemyError:
        db.session.rollback()
        return False


@bp.get("/account/moderation")
@login_required
def account() -> ResponseReturnValue:
    """Show what moderators decided about who looks, and what she reported."""
    viewer = current_viewer()
    return render_template(
        "moderation/account.html",
        page=civil.decisions(viewer, older=request.args.get("older")),
        reported=civil.reported(viewer),
    )


@bp.post("/people/<handle>/vouching")
@login_required
def vouch(handle: str) -> ResponseReturnValue:
    """Answer for a newcomer."""
    user = vouching.vouch(by=current_viewer(), handle=handle)
    db.session.commit()
    flash(_("Thank you. What %(name)s posts appears at once from now on.", name=user.name))
    return redirect(url_for("people.profile", handle=user.handle), 303)


@bp.get("/moderation/people")
@login_required
def in_force() -> ResponseReturnValue:
    """Show whom a limit or suspension holds now."""
    return render_template("moderation/people.html", people=civil.limited(current_viewer()))


@bp.route("/moderation/people/<int:user_id>", methods=["GET", "POST"])
@form_says_expired
@login_required
def lift(user_id: int) -> ResponseReturnValue:
    """End somebody's limit and suspension, for a reason."""
    viewer = current_viewer()
    require_moderator(viewer)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            civil.lift(by=viewer, user_id=user_id, reason=form.reason.data or "")
            db.session.commit()
            flash(_("It is lifted."))
            return redirect(url_for("civil.in_force"), 303)
    user = people.by_id(user_id)
    if user.system:
        raise NotFound
    body = render_template("moderation/lift.html", person=user, form=form)
    return body, 422 if request.method == "POST" else 200
