"""The bell of every page: how many lines are unread, and that opening an entry reads its lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from flask import g, has_request_context, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cop.core.db import db
from cop.core.i18n import _, _n
from cop.entries.kinds import KINDS
from cop.entries.pages import shown_entry
from cop.events.models import Event
from cop.notifications import duties, queries, requests
from cop.notifications.models import Because, Level, LineKind, Notice
from cop.notifications.queries import MOST_COUNTED, Unread
from cop.people.sessions import current_viewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask, Response

log = structlog.get_logger(__name__)
#: Endpoint of the page that shows what was edited.
_HISTORY = "entries.history"
#: Endpoint of the page of a proposal.
_PROPOSAL = "proposals.show"
#: Endpoint of the page of a circle, for those in it and for others.
_CIRCLE = "circles.show"


@dataclass(frozen=True)
class Bell:
    """What the bell shows: a number of at most two figures, and all of it in words."""

    number: int

    @property
    def text(self) -> str:
        """The number as it stands in the badge; "" where there is nothing to say."""
        if not self.number:
            return ""
        return f"{MOST_COUNTED}+" if self.number > MOST_COUNTED else str(self.number)

    @property
    def label(self) -> str:
        """The whole in words."""
        if not self.number:
            return _("Notices")
        return _n("Notices, %(num)d unread", "Notices, %(num)d unread", self.number)


@dataclass(frozen=True)
class State:
    """Whether and how the viewer watches something; `own` says that she wrote it or commented on it."""

    level: str = ""
    own: bool = False

    @property
    def is_watched(self) -> bool:
        """Whether she is told of it."""
        return self.level not in ("", Level.MUTE) or (self.own and not self.level)


def init_app(app: Flask) -> None:
    """Give templates the bell and the state of a watch button."""
    app.jinja_env.globals.update(bell=bell, watch_state=watch_state)


def bell() -> Bell:
    """Return what the bell of this page shows; what the page itself opens counts as read."""
    unread = _unread()
    return Bell(len(unread) - len(_shown_here(unread)) + _asking() + duties.COUNTING.of_page())


def _asking() -> int:
    """Return how many wait for the viewer as a host, asked once a request."""
    kept = g.get("notices_asking")
    if kept is not None and kept[0] is request.environ:
        number: int = kept[1]
        return number
    try:
        number = sum(one.number for one in requests.waiting(current_viewer()))
    except SQLAlchemyError:
        log.warning("notices.bell_failed", exc_info=True)
        db.session.rollback()
        number = 0
    g.notices_asking = (request.environ, number)
    return number


def _unread() -> list[Unread]:
    """Return the unread lines, from one query a request; none where the database is away, as on its error page."""
    viewer = current_viewer()
    if not viewer.is_member:
        return []
    kept = g.get("notices_unread")
    if kept is not None and kept[0] is request.environ:
        found: list[Unread] = kept[1]
        return found
    try:
        found = queries.unread(viewer)
    except SQLAlchemyError:
        log.warning("notices.bell_failed", exc_info=True)
        db.session.rollback()
        found = []
    g.notices_unread = (request.environ, found)
    return found


def file_waits() -> bool:
    """Tell whether the file of all that is the viewer's waits to be fetched, from what the bell asks anyway."""
    return any(row.kind == queries.FILE for row in _unread())


def opened_entry() -> int | None:
    """Return the entry whose own page this request asks for, or shows."""
    if not _is_looking():
        return None
    if request.endpoint in {kind.page_endpoint for kind in KINDS.values()} - {""}:
        return shown_entry()
    if request.endpoint not in {kind.endpoint for kind in KINDS.values()}:
        return None
    return (request.view_args or {}).get("entry_id")


def _is_looking() -> bool:
    """Tell whether somebody looks at a page with her own eyes."""
    if not has_request_context() or request.method != "GET":
        return False
    return "prefetch" not in request.headers.get("Sec-Purpose", "")


def _of_proposal(unread: Sequence[Unread], proposal_id: int) -> list[Unread]:
    """Return the lines that tell what was decided or said about a proposal; one query where there may be some."""
    told = {row.id: row for row in unread if row.kind == LineKind.DECISION}
    if not told:
        return []
    found = db.session.scalars(
        select(Notice.id)
        .join(Event, Event.id == Notice.event_id)
        .where(
            Notice.id.in_(told),
            Notice.because == Because.PROPOSED.value,
            Event.data["proposal_id"].as_integer() == proposal_id,
        )
    )
    return [told[one] for one in found]


def _shown_here(unread: Sequence[Unread]) -> list[Unread]:
    """Return the lines that this page shows: those of its entry, circle or proposal, in a history what was edited."""
    if _is_looking() and request.endpoint == _CIRCLE:
        circle = (request.view_args or {}).get("circle_id")
        return [row for row in unread if row.circle_id and row.circle_id == circle]
    opened = opened_entry()
    if _is_looking() and request.endpoint == _HISTORY:
        edited = (request.view_args or {}).get("entry_id")
        return [row for row in unread if row.kind == LineKind.EDIT and row.entry_id == edited]
    if _is_looking() and request.endpoint == _PROPOSAL:
        return _of_proposal(unread, (request.view_args or {}).get("proposal_id", 0))
    return [row for row in unread if row.entry_id == opened] if opened is not None else []


def lines_read_by(response: Response) -> list[Unread]:
    """Return the unread lines that an answer shows what they tell of."""
    kept = g.get("notices_unread") if has_request_context() else None
    if kept is None or kept[0] is not request.environ or response.status_code != 200:
        return []
    return _shown_here(kept[1])


def watch_state(kind: str, target_id: int = 0, address: str = "") -> State:
    """Return whether and how the viewer watches something."""
    viewer = current_viewer()
    if not viewer.is_member:
        return State()
    level, own = queries.state_of(viewer, kind, target_id, address)
    return State(level, own=False) if level is not None else State(own=own)
