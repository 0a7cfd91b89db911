"""What the tests of dates share: a date of a workshop, and what its form holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cop.core import clock
from cop.core.db import db
from cop.people.viewer import SYSTEM
from cop.workshops.session_models import SignUp, SignUpState, WorkshopSession
from cop.workshops.sessions import SessionDraft, add_session

if TYPE_CHECKING:
    from cop.entries.models import Entry


def in_days(number: int, hour: int = 9) -> datetime:
    """Return an hour of a coming day, as clocks say it."""
    day = clock.now().astimezone(UTC).date() + timedelta(days=number)
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001  by clocks of some place


def clocks_change() -> tuple[date, date]:
    """Return when clocks in Europe are put forward and back next year: on the last Sundays of March and October."""
    year = clock.now().year + 1
    march, october = date(year, 3, 31), date(year, 10, 31)
    return march - timedelta(march.isoweekday() % 7), october - timedelta(october.isoweekday() % 7)


def give(entry: Entry, *, days: int = 10, **more: Any) -> WorkshopSession:
    """Add a date to a workshop, some days from now."""
    values: dict[str, Any] = {
        "starts": in_days(days, 9),
        "ends": in_days(days, 17),
        "timezone": "Asia/Shanghai",
        "venue": "An invented centre",
    }
    made = add_session(by=SYSTEM, entry_id=entry.id, draft=SessionDraft(**(values | more)))
    db.session.commit()
    return made


def filled(**more: str) -> dict[str, str]:
    """Return what somebody types into the form of a date."""
    day = in_days(12).date().isoformat()
    fields = {
        "day": day,
        "starts": "9:00",
        "ends": "17:00",
        "timezone": "Asia/Shanghai",
        "venue": "An invented centre",
        "spoken": "en",
        "takes_sign_ups": "y",
    }
    return fields | more


def line(session: WorkshopSession) -> list[tuple[str, str]]:
    """Return who stands in the line of a date, by name or number, with her state."""
    db.session.expire_all()
    rows = db.session.query(SignUp).filter_by(session_id=session.id)
    ordered = rows.order_by(SignUp.queued_at, SignUp.id)
    return [(row.name or str(row.user_id), SignUpState(row.state).value) for row in ordered]
