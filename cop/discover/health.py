"""Pages for machines: is the process alive, can it do its work, and what crawlers leave alone."""

from __future__ import annotations

from datetime import timedelta

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from cop.core import clock
from cop.core.db import db
from cop.discover.indexing import engine
from cop.jobs.models import Job

log = structlog.get_logger(__name__)

bp = Blueprint("health", __name__)

#: A due job that nobody has done for this long means that no worker runs.
PATIENCE = timedelta(minutes=10)


@bp.get("/healthz")
def alive() -> Response:
    """Answer while the process answers, whatever else is wrong."""
    return _machine(jsonify(status="ok"))


#: Personal pages, and pages of which there are as many as questions; the notes themselves may all be read.
_NOT_FOR_CRAWLERS = (
    "/search",
    "/account",
    "/admin/",
    "/drafts/",
    "/entries/",
    "/comments/",
    "/discussions/new",
    "/discussions/similar",
    "/login",
    "/register",
)


@bp.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what to leave alone (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_CRAWLERS), ""]
    response = Response("\n".join(lines), mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Answer 200 when pages can be served: the database answers and the index can be asked.

    A queue nobody works on is named but does not count: taking the servers away would not help it.
    """
    database = _database()
    search = engine().healthy()
    queue = _queue() if database else "unknown"
    good = database and search
    told = jsonify(
        status="ok" if good else "unavailable",
        database="ok" if database else "unavailable",
        search="ok" if search else "unavailable",
        queue=queue,
    )
    return _machine(told), 200 if good else 503


def _database() -> bool:
    try:
        db.session.execute(select(1)).one()
    except SQLAlchemyError:
        log.exception("health.database")
        db.session.rollback()
        return False
    return True


def _queue() -> str:
    """Return ok, or late where due jobs are not being done; never how many there are."""
    try:
        oldest = db.session.scalar(select(func.min(Job.run_at)).where(Job.parked_at.is_(None)))
    except SQLAlchemyError:
        log.exception("health.queue")
        db.session.rollback()
        return "unavailable"
    return "late" if oldest is not None and oldest < clock.now() - PATIENCE else "ok"


def _machine(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
