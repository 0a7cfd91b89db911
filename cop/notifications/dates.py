"""What became of a date of a workshop, in words for somebody who signed up for it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from cop.core.db import db
from cop.core.i18n import _
from cop.events.models import Event
from cop.workshops import session_wording as wording
from cop.workshops.events import TOLD
from cop.workshops.models import WorkshopSession

_VERBS = frozenset(one.__name__ for one in TOLD)


def dates_of_events(events: Iterable[Event]) -> dict[int, WorkshopSession]:
    """Return the dates that these events are about, in one query, or in none where there are none."""
    ids = {event.data["session_id"] for event in events if event.verb in _VERBS}
    if not ids:
        return {}
    rows = db.session.scalars(select(WorkshopSession).where(WorkshopSession.id.in_(ids)))
    return {row.id: row for row in rows}


def became(event: Event, dates: Mapping[int, WorkshopSession]) -> str:
    """Return what became of a date, as it stands now: who reads it late must not go to the old place."""
    row = dates.get(event.data["session_id"])
    if row is None:
        return ""
    when, where = wording.when(row), wording.where(row)
    if row.called_off_at is not None:
        return _(
            "Called off: %(when)s. The reason given: %(reason)s",
            when=when,
            reason=row.called_off_because,
        )
    sentences = {
        "SeatGiven": _("You have a seat now: %(when)s, %(where)s.", when=when, where=where),
        "SeatTaken": _("You are no longer signed up for this date: %(when)s.", when=when),
        "SessionMoved": _(
            "Time or place have changed. It is now: %(when)s, %(where)s.", when=when, where=where
        ),
        "SessionHeldAfterAll": _(
            "It takes place after all: %(when)s, %(where)s.", when=when, where=where
        ),
        "SessionCalledOff": _(
            "It was called off, and takes place after all: %(when)s, %(where)s.",
            when=when,
            where=where,
        ),
    }
    return sentences.get(event.verb, "")
