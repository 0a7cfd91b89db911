"""Reading the dates of workshops: of one workshop, with who comes and what this reader can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.entries.models import Entry
from cop.people.viewer import Viewer
from cop.workshops.agenda import days, length
from cop.workshops.draft import WorkshopFacts
from cop.workshops.session_models import SignUp, SignUpState, WorkshopSession
from cop.workshops.sessions import may_run
from cop.workshops.sign_ups import Counts, counts_of


class Standing(StrEnum):
    """Where a date stands, for whoever wants to come."""

    #: One can sign up.
    OPEN = "open"
    #: All seats are taken; one can wait for one.
    FULL = "full"
    #: Sign-up has closed.
    CLOSED = "closed"
    #: One does not sign up here.
    WITHOUT = "without"
    OVER = "over"
    CALLED_OFF = "called-off"
    REMOVED = "removed"


@dataclass(frozen=True)
class SessionShown:
    """One date as pages show it."""

    row: WorkshopSession
    counts: Counts
    standing: Standing
    #: Where the reader herself stands; None where she did not sign up.
    own: SignUpState | None = None

    @property
    def can_sign_up(self) -> bool:
        """Whether somebody who has not can sign up now, be it for the waiting list."""
        return self.standing in (Standing.OPEN, Standing.FULL)

    @property
    def takes_place(self) -> bool:
        """Whether it is still to come."""
        return self.standing not in (Standing.OVER, Standing.CALLED_OFF, Standing.REMOVED)


def standing_of(row: WorkshopSession, counts: Counts, now: datetime) -> Standing:
    """Return where a date stands at a moment."""
    checks = (
        (row.removed_at is not None, Standing.REMOVED),
        (row.called_off_at is not None, Standing.CALLED_OFF),
        (row.ends_at <= now, Standing.OVER),
        (not row.takes_sign_ups, Standing.WITHOUT),
        ((row.closes_at or row.starts_at) <= now or row.starts_at <= now, Standing.CLOSED),
        (
            row.seats is not None and (counts.going >= row.seats or counts.waiting > 0),
            Standing.FULL,
        ),
    )
    return next((standing for holds, standing in checks if holds), Standing.OPEN)


def shown(viewer: Viewer, rows: Sequence[WorkshopSession]) -> list[SessionShown]:
    """Return dates as pages show them, in a fixed number of queries."""
    if not rows:
        return []
    now, counts = clock.now(), counts_of([row.id for row in rows])
    own: dict[int, SignUpState] = {}
    if viewer.id is not None:
        statement = select(SignUp.session_id, SignUp.state).where(
            SignUp.session_id.in_([row.id for row in rows]),
            SignUp.user_id == viewer.id,
            SignUp.state != SignUpState.WITHDRAWN.value,
        )
        own = {one: SignUpState(state) for one, state in db.session.execute(statement)}
    return [
        SessionShown(row, counts[row.id], standing_of(row, counts[row.id], now), own.get(row.id))
        for row in rows
    ]


@dataclass(frozen=True)
class Dates:
    """All dates of a workshop."""

    #: The next one first; those called off among them, since people may have noted them.
    coming: Sequence[SessionShown]
    #: The last one first.
    past: Sequence[SessionShown]
    #: What was taken away, for who looks after the dates.
    removed: Sequence[SessionShown] = ()
    may_run: bool = False

    @property
    def next(self) -> SessionShown | None:
        """The next one that takes place."""
        return next((one for one in self.coming if one.takes_place), None)


def dates_of(viewer: Viewer, entry: Entry) -> Dates:
    """Return the dates of a workshop that this viewer has been given to read."""
    statement = (
        select(WorkshopSession)
        .where(WorkshopSession.entry_id == entry.id)
        .order_by(WorkshopSession.starts_at, WorkshopSession.id)
    )
    found, now = shown(viewer, list(db.session.scalars(statement))), clock.now()
    runs = may_run(viewer, entry)
    there = [one for one in found if one.standing != Standing.REMOVED]
    return Dates(
        coming=[one for one in there if one.row.ends_at > now],
        past=[one for one in reversed(there) if one.row.ends_at <= now],
        removed=[one for one in found if one.standing == Standing.REMOVED] if runs else (),
        may_run=runs,
    )


def to_come(entry: Entry, most: int) -> list[WorkshopSession]:
    """Return the next dates of a workshop that take place, for whoever may read it: neither called off nor removed."""
    statement = (
        select(WorkshopSession)
        .where(
            WorkshopSession.entry_id == entry.id,
            WorkshopSession.ends_at > clock.now(),
            WorkshopSession.called_off_at.is_(None),
            WorkshopSession.removed_at.is_(None),
        )
        .order_by(WorkshopSession.starts_at, WorkshopSession.id)
        .limit(most)
    )
    return list(db.session.scalars(statement))


def exceeds(row: WorkshopSession, facts: WorkshopFacts) -> bool:
    """Tell whether the agenda needs more time than a date gives it: more minutes, or more days."""
    minutes = (row.ends_at - row.starts_at).total_seconds() / 60
    given = (row.ends_local.date() - row.starts_local.date()).days + 1
    return length(facts) > minutes or len(days(facts.agenda)) > given
