"""Pages of hosts: everything of a circle in one file, closing it, and opening it again."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.circles import closing, exporting, policy, queries
from cop.circles.forms import ConfirmForm
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _
from cop.people.sessions import current_viewer, login_required
from cop.web.csrf import form_says_expired

bp = Blueprint("closing", __name__, url_prefix="/circles")


@bp.route("/<int:circle_id>/closing", methods=["GET", "POST"])
@login_required
@form_says_expired
def close(circle_id: int) -> ResponseReturnValue:
    """Take everything of a circle along, and close it (hosts)."""
    viewer = current_viewer()
    try:
        circle = policy.hosted(viewer, circle_id)
    except NotFound:
        # Pressed twice, or found again in the history: it is closed, and its host reads that.
        policy.closed(viewer, circle_id)
        return redirect(url_for("closing.show", circle_id=circle_id), 303)
    form = ConfirmForm()
    if form.validate_on_submit():
        closing.close(by=viewer, circle_id=circle_id)
        db.session.commit()
        flash(_("The circle is closed. Nobody reads anything of it any more but what they wrote."))
        return redirect(url_for("closing.show", circle_id=circle_id), 303)
    body = render_template(
        "circles/close.html",
        form=form,
        circle=circle,
        is_host=True,
        export=exporting.latest(circle),
        days_kept=exporting.KEPT.days,
        days=closing.KEPT.days,
    )
    return body, 422 if request.method == "POST" else 200


@bp.get("/<int:circle_id>/closed")
@login_required
def show(circle_id: int) -> ResponseReturnValue:
    """A closed circle, for who was its host: its file, and opening it again."""
    circle = policy.closed(current_viewer(), circle_id)
    return render_template(
        "circles/closed.html",
        circle=circle,
        export=exporting.latest(circle),
        days_kept=exporting.KEPT.days,
        ends_at=closing.ends_at(circle),
    )


@bp.post("/<int:circle_id>/reopening")
@login_required
def reopen(circle_id: int) -> ResponseReturnValue:
    """Open a closed circle again."""
    circle = closing.reopen(by=current_viewer(), circle_id=circle_id)
    db.session.commit()
    flash(_("The circle is open again, as it was."))
    return redirect(url_for("circles.show", circle_id=circle.id, slug=queries.slug_of(circle)), 303)


@bp.post("/<int:circle_id>/exports/")
@login_required
def export(circle_id: int) -> ResponseReturnValue:
    """Have everything of a circle put into one file (hosts)."""
    closed = request.form.get("closed") == "yes"
    exporting.ask(by=current_viewer(), circle_id=circle_id, closed=closed)
    db.session.commit()
    flash(_("The file is being made. Come back to this page in a moment."))
    here = "closing.show" if closed else "closing.close"
    return redirect(url_for(here, circle_id=circle_id), 303)


@bp.get("/<int:circle_id>/exports/<int:export_id>")
@login_required
def file(circle_id: int, export_id: int) -> ResponseReturnValue:
    """The file, for hosts of the circle alone."""
    content = exporting.content(current_viewer(), circle_id, export_id)
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="circle-{circle_id}.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
