"""The curators' part of the queue: what waits about pages, and who is at work on it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.entries import linked, queries
from cop.entries.cards import cards
from cop.entries.titles import name_of
from cop.moderation import curating
from cop.people.sessions import current_viewer, only_for, safe_next
from cop.proposals.policy import require_curator
from cop.terms.refs import ref_of
from cop.web.buttons import flashing_errors

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


@bp.get("/links")
@curators_only
def links() -> ResponseReturnValue:
    """Show the names that texts link by and that lead nowhere, or what links by one of them."""
    viewer, name = current_viewer(), request.args.get("name", "")
    if name:
        page = queries.page(
            linked.linking(viewer, {name_of(name)}),
            older=request.args.get("older"),
            newer=request.args.get("newer"),
        )
        rows = cards(viewer, list(page.items))
        return render_template("moderation/links.html", name=name, page=page, cards=rows)
    after = request.args.get("after", "")
    return render_template(
        "moderation/links.html",
        page=linked.broken(viewer, after=after),
        wanted=[] if after else [(ref_of(one.term), one.number) for one in linked.wanted(viewer)],
    )


@bp.post("/pages/claims")
@curators_only
def claim() -> ResponseReturnValue:
    """Say that one is at work on an item, or let it go again; return to where that was said."""
    subject = request.form.get("subject", "")
    with flashing_errors():
        if request.form.get("act") == "release":
            curating.release(by=current_viewer(), subject=subject)
        else:
            curating.claim(by=current_viewer(), subject=subject)
        db.session.commit()
    queue = url_for("page_queue.index", sort=request.form.get("sort") or None)
    return redirect(safe_next(request.form.get("next")) or queue, 303)
