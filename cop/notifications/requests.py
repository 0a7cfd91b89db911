"""Who asks to be let into a circle waits behind the bell of its hosts, until one of them answers.

Nothing is written for it: the requests themselves are asked, so that what one host answers is gone for all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cop.core.db import db
from cop.people.models import AccountStatus, Circle, JoinRequest, User
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Waiting:
    """Those who ask to be let into one circle."""

    circle_id: int
    circle: str
    lang: str
    number: int
    since: datetime


def waiting(viewer: Viewer) -> Sequence[Waiting]:
    """Return the circles that the viewer is a host of and somebody asks to come into, the longest waiting first.

    Nothing is asked where she is a host of none.
    """
    if not viewer.hosted:
        return []
    first = func.min(JoinRequest.created_at)
    rows = db.session.execute(
        select(
            Circle.id,
            Circle.name,
            Circle.lang,
            func.count(JoinRequest.id),
            first,
        )
        .join(JoinRequest, JoinRequest.circle_id == Circle.id)
        .join(User, User.id == JoinRequest.user_id)
        .where(
            Circle.id.in_(sorted(viewer.hosted)),
            Circle.closed_at.is_(None),
            JoinRequest.declined_at.is_(None),
            User.status == AccountStatus.ACTIVE.value,
        )
        .group_by(Circle.id, Circle.name, Circle.lang)
        .order_by(first, Circle.id)
    )
    return [Waiting(*row) for row in rows]
