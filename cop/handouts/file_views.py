"""Booklets as files: asked for, waited for, taken along."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _
from cop.entries import queries
from cop.handouts import printing
from cop.handouts.drawing import is_installed
from cop.handouts.eyes import Reach, eyes_of
from cop.handouts.models import Printed
from cop.handouts.printing import Asked
from cop.handouts.views import ARGS, Opened, elsewhere, opened
from cop.handouts.wording import PROBLEMS
from cop.people.sessions import current_viewer
from cop.storage.store import FileGone
from cop.web.addresses import kept_args
from cop.web.headers import NEVER_KEPT
from cop.web.limits import client_address, limit
from cop.workshops.operations import KIND

bp = Blueprint("papers", __name__, url_prefix="/workshops")

#: Booklets that one person, or one address without an account, has made: each costs many seconds of the processor.
RATE = "20/hour"
_SHOW = "papers.show"


@bp.get("/<int:entry_id>-<slug>/booklet/pdf")
def show(entry_id: int, slug: str) -> ResponseReturnValue:
    """Where a booklet is asked for as a PDF, waited for, and taken."""
    asked = opened(entry_id)
    moved = elsewhere(_SHOW, asked.entry, slug)
    if moved is not None:
        return moved
    return _page(asked, printing.found(_asked(asked).words), slug)


@bp.post("/<int:entry_id>-<slug>/booklet/pdf")
def ask(entry_id: int, slug: str) -> ResponseReturnValue:
    """Have the PDF made; asked for twice it is made once."""
    asked = opened(entry_id)
    if not is_installed():
        return _page(asked, None, slug), 503
    wanted = _asked(asked)
    row = printing.found(wanted.words)
    if not printing.is_ready(row) and not printing.is_made(row, clock.now()):
        limit("booklet", RATE, key=str(asked.reader.id or client_address()))
        printing.ask(wanted)
        db.session.commit()
    return redirect(url_for(_SHOW, entry_id=entry_id, slug=slug, **kept_args(*ARGS)), 303)


@bp.get("/<int:entry_id>-<slug>/booklet.pdf")
def file(entry_id: int, slug: str) -> ResponseReturnValue:
    """The PDF, to who may read the workshop at this moment, if it holds what the booklet holds now; else its page."""
    asked = opened(entry_id)
    row = printing.found(_asked(asked).words)
    page = url_for(_SHOW, entry_id=entry_id, slug=slug, **kept_args(*ARGS))
    if row is None or not printing.is_ready(row):
        return redirect(page, 302)
    try:
        held = printing.store().open(row.sha256)
    except FileGone:
        return redirect(page, 302)
    response = send_file(
        held,
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{entry_id}-{slug}-{row.text}.pdf",
    )
    response.headers["Cache-Control"] = NEVER_KEPT
    return response


@bp.get("/booklets/<int:printed_id>")
def state(printed_id: int) -> ResponseReturnValue:
    """How far a booklet is, for the page that waits for it; it tells nothing else."""
    row = db.session.get(Printed, min(printed_id, queries.MAX_ID))
    if row is None:
        raise NotFound
    reader = current_viewer()
    entry = queries.get(reader, row.entry_id, KIND)
    eyes_of(reader, entry, Reach(row.reach))
    response = jsonify(making=printing.is_made(row, clock.now()))
    response.headers["Cache-Control"] = NEVER_KEPT
    return response


def _asked(asked: Opened) -> Asked:
    return Asked(asked.entry, asked.booklet, asked.reach.value)


def _page(asked: Opened, row: Printed | None, slug: str) -> str:
    values: dict[str, Any] = {"entry_id": asked.entry.id, "slug": slug, **kept_args(*ARGS)}
    making = printing.is_made(row, clock.now())
    return render_template(
        "handouts/pdf.html",
        title=queries.text_for(asked.entry, asked.langs[0]).title,
        workshop=url_for("workshops.show", entry_id=asked.entry.id, slug=slug),
        booklet=url_for("handouts.booklet", **values),
        address=url_for(_SHOW, **values),
        file=url_for("papers.file", **values) if printing.is_ready(row) else "",
        row=row,
        is_making=making,
        is_lost=row is not None and not row.problem and not making,
        installed=is_installed(),
        problem=PROBLEMS.get(row.problem, PROBLEMS["broken"]) if row and row.problem else "",
        not_installed=PROBLEMS["weasyprint"],
        for_members=asked.reach == Reach.MEMBERS,
        megabytes=_("%(size)s MB", size=f"{row.bytes / 1_000_000:.1f}") if row else "",
    )
