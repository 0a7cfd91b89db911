"""The page where somebody asks for a file of all that is hers, waits for it, and takes it."""

from flask import Blueprint, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.people import tries
from cop.people.forms import OwnPasswordForm
from cop.people.join_views import status_of
from cop.people.sessions import current_session, current_viewer, login_required
from cop.takeout import operations, queries
from cop.takeout.attached import LIMIT
from cop.takeout.folder import folder
from cop.takeout.wording import megabytes
from cop.web.csrf import form_says_expired
from cop.web.headers import NEVER_KEPT

bp = Blueprint("takeout", __name__, url_prefix="/account/yours")

#: The two buttons.
MAKE, FETCH = "make", "fetch"


@bp.route("", methods=["GET", "POST"])
@form_says_expired
@login_required
def show() -> ResponseReturnValue:
    """How far one's file is, having it made, and opening it on this device; the last two with the password."""
    form = OwnPasswordForm()
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        with tries.showing_limits(form) as reached, form.showing_errors():
            tries.count_own_password(current_viewer().id)
            return _acted(form.current.data or "")
        headers = tries.headers(reached)
    return _page(form), status_of(form, headers), {**headers, "Cache-Control": NEVER_KEPT}


def _acted(current: str) -> ResponseReturnValue:
    """Do what the pressed button says."""
    here = current_session()
    if request.form.get("act") == FETCH and here is not None:
        try:
            row = operations.open_here(
                by=current_viewer(), current=current, session_id=here.session_id
            )
        except NotFound:
            # It had its time while the page was open: that is what the page says now.
            db.session.rollback()
            return redirect(url_for("takeout.show"), 303)
        db.session.commit()
        return redirect(url_for("takeout.file", takeout_id=row.id), 303)
    operations.ask(by=current_viewer(), current=current)
    db.session.commit()
    return redirect(url_for("takeout.show"), 303)


def _page(form: OwnPasswordForm) -> str:
    viewer, here, now = current_viewer(), current_session(), clock.now()
    latest, ready = queries.latest(viewer), queries.ready(viewer)
    making = latest is not None and queries.is_making(latest, now)
    failed = latest is not None and latest.ready_at is None and not making
    return render_template(
        "takeout/show.html",
        form=form,
        latest=latest,
        ready=ready,
        is_making=making,
        is_failed=failed,
        is_gone=latest is not None and latest.ready_at is not None and ready is None,
        is_open=ready is not None
        and here is not None
        and queries.is_open(ready, here.session_id, now),
        size=megabytes(ready.bytes) if ready else "",
        ends_at=queries.ends_at(ready) if ready else None,
        days=queries.KEPT.days,
        minutes=operations.OPEN_FOR.seconds // 60,
        limit=LIMIT // 1_000_000_000,
    )


@bp.get("/state")
@login_required
def state() -> ResponseReturnValue:
    """Whether one's file is still being made, for the page that waits for it."""
    row = queries.latest(current_viewer())
    response = jsonify(making=row is not None and queries.is_making(row, clock.now()))
    response.headers["Cache-Control"] = NEVER_KEPT
    return response


@bp.get("/<int:takeout_id>.zip")
@login_required
def file(takeout_id: int) -> ResponseReturnValue:
    """One's own file, on the session where the password was given a few minutes ago; everywhere else its page."""
    viewer, here = current_viewer(), current_session()
    try:
        row = queries.opened(viewer, here.session_id if here else None, takeout_id)
    except NotFound:
        own = queries.ready(viewer)
        if own is None or own.id != takeout_id:
            raise
        return redirect(url_for("takeout.show"), 303)
    response = send_file(
        folder().file(row.name),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{viewer.handle}-{row.asked_at:%Y-%m-%d}.zip",
        conditional=True,
        etag=f"{row.id}-{row.bytes}",
        max_age=0,
    )
    response.headers["Cache-Control"] = NEVER_KEPT
    return response
