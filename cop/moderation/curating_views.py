"""The curators' part of the queue: what waits about pages, and who is at work on it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import Conflict
from cop.moderation import curating
from cop.people.sessions import current_viewer, only_for
from cop.proposals.policy import require_curator

bp = Blueprint("page_queue", __name__, url_prefix="/moderation")

curators_only = only_for(require_curator)


@bp.get("/pages")
@curators_only
def index() -> ResponseReturnValue:
    """Show what waits for curators, oldest first."""
    viewer, sort = current_viewer(), request.args.get("sort", "")
    return render_template(
        "moderation/curating.html",
        page=curating.page(viewer, sort=sort, after=request.args.get("after")),
        sources=list(zip(curating.SOURCES, curating.counted(viewer), strict=True)),
        sort=sort,
    )


@bp.post("/pages/claims")
@curators_only
def claim() -> ResponseReturnValue:
    """Say that one is at work on an item, and open it; or let it go again."""
    subject = request.form.get("subject", "")
    try:
        if request.form.get("act") == "release":
            curating.release(by=current_viewer(), subject=subject)
        else:
            curating.claim(by=current_viewer(), subject=subject)
        db.session.commit()
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "warning")
    return redirect(url_for("page_queue.index", sort=request.form.get("sort") or None), 303)
