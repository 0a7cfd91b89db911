"""Names of people without an account have their time: half a year after the date they are forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from cop.core import clock
from cop.core.db import db
from cop.core.types import Json
from cop.jobs.schedule import expect, next_night
from cop.workshops.running_models import Attendance
from cop.workshops.session_models import SignUp, SignUpState, WorkshopSession

#: The job that forgets names.
FORGET_JOB = "workshops.forget"
#: How long after a date its trainers see the names: the follow-up is due after three months.
KEPT = timedelta(days=183)


def forget(_payloads: Sequence[Json]) -> None:
    """Job: forget names of people without an account that have had their time."""
    now = clock.now()
    forget_names(now)
    expect(db.session, FORGET_JOB, at=next_night(now))


def forget_names(now: datetime) -> None:
    """Forget the names at dates that ended long enough ago, and of who gave up her place and did not come.

    The rows stay, so that numbers do, and so that somebody's own link still leads to the material.
    """
    old = select(WorkshopSession.id).where(WorkshopSession.ends_at < now - KEPT)
    came = select(Attendance.sign_up_id).where(Attendance.present)
    left = (SignUp.state == SignUpState.WITHDRAWN.value) & SignUp.id.not_in(came)
    db.session.execute(
        update(SignUp)
        .where(SignUp.user_id.is_(None), SignUp.name != "", or_(SignUp.session_id.in_(old), left))
        .values(name="")
        .execution_options(synchronize_session=False)
    )
