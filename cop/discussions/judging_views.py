"""What askers and moderators decide: the accepted answer, a pin, another space."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.i18n import _, current_lang
from cop.discussions import judging, queries as discussions
from cop.discussions.forms import MoveForm
from cop.discussions.operations import KIND
from cop.entries import policy, queries
from cop.entries.comment_views import place_of
from cop.entries.commenting import get_comment
from cop.entries.pages import reading
from cop.entries.policy import Act
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, login_required
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired

bp = Blueprint("judging", __name__)


@bp.post("/comments/<int:comment_id>/acceptance")
@login_required
def accept(comment_id: int) -> ResponseReturnValue:
    """Say that a reply answers the question; `wanted=no` takes that back."""
    viewer = current_viewer()
    entry, _comment = get_comment(viewer, comment_id)
    queries.get(viewer, entry.id, KIND)
    with flashing_errors():
        if request.form.get("wanted") == "no":
            judging.unaccept(by=viewer, comment_id=comment_id)
            said = _("It is not marked as the answer any more.")
        else:
            judging.accept(by=viewer, comment_id=comment_id)
            said = _("It is marked as the answer.")
        db.session.commit()
        flash(said)
    return redirect(place_of(*get_comment(viewer, comment_id)), 303)


@bp.post("/discussions/<int:entry_id>/pin")
@login_required
def pin(entry_id: int) -> ResponseReturnValue:
    """Put a discussion above the others of its space; `wanted=no` puts it back (moderators)."""
    viewer = current_viewer()
    wanted = request.form.get("wanted") != "no"
    judging.pin(by=viewer, entry_id=entry_id, wanted=wanted)
    db.session.commit()
    flash(
        _("It stands above the others of its space now.")
        if wanted
        else _("It stands among the others of its space again.")
    )
    return redirect(url_of(queries.get(viewer, entry_id)), 303)


@bp.route("/discussions/<int:entry_id>/move", methods=["GET", "POST"])
@login_required
@form_says_expired
def move(entry_id: int) -> ResponseReturnValue:
    """Move a discussion to another space, for a reason (moderators)."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    policy.require(viewer, Act.ARRANGE, entry)
    form = MoveForm()
    if form.validate_on_submit():
        with form.showing_errors():
            judging.move(
                by=viewer,
                entry_id=entry_id,
                space=form.space.data or "",
                reason=form.reason.data or "",
            )
            db.session.commit()
            flash(_("It is moved."))
            return redirect(url_of(queries.get(viewer, entry_id)), 303)
    entry = queries.get(viewer, entry_id, KIND)
    text = queries.text_for(entry, current_lang())
    body = render_template(
        "discussions/move.html",
        page=reading(viewer, entry, text, queries.current(text)),
        form=form,
        facts=discussions.shown(viewer, entry),
        spaces=discussions.all_spaces(),
        href=url_of(entry, text),
        action=url_for("judging.move", entry_id=entry_id),
    )
    return body, 422 if request.method == "POST" else 200
