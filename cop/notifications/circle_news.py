"""What becomes of somebody in circles: it stands behind her bell until she has seen it, and in her next digest.

Only what is so still: who left meanwhile, or is a host no more, is told nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, bindparam, exists, or_, select, update

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import _
from cop.core.types import UTCDateTime
from cop.events.models import Event
from cop.notifications.models import CircleNews
from cop.people.models import Circle, CircleRole, JoinRequest, Membership, Seen
from cop.people.viewer import Viewer

JOINED, ROLE, DECLINED = "CircleJoined", "CircleRoleChanged", "CircleDeclined"
#: So long, and so many at most, the page of notices shows them.
_SHOWN_FOR = timedelta(days=30)
_MOST = 20
_LARGEST = 2**31 - 1


@dataclass(frozen=True)
class News:
    """What became of somebody in a circle, in her language."""

    sentence: str
    why: str
    path: str
    #: The circle and the language of its name; of what waits behind the bell, since when, and whether it was seen.
    circle: str = ""
    lang: str = ""
    at: datetime | None = None
    is_unread: bool = True
    event_id: int = 0
    #: What who asks wrote for the hosts.
    words: str = ""


_IS_IN = (
    Membership.circle_id == CircleNews.circle_id,
    Membership.user_id == CircleNews.user_id,
)
#: The criterion that something is so still; expects news to be joined with their events and circles.
STILL_SO = and_(
    or_(
        and_(Event.verb == JOINED, exists().where(*_IS_IN)),
        and_(Event.verb == ROLE, exists().where(*_IS_IN, Membership.role == CircleRole.HOST.value)),
        and_(
            Event.verb == DECLINED,
            exists().where(
                JoinRequest.circle_id == CircleNews.circle_id,
                JoinRequest.user_id == CircleNews.user_id,
                JoinRequest.declined_at.is_not(None),
            ),
        ),
    ),
    Circle.closed_at.is_(None),
    # Of one that is hidden now those who are not in it learn nothing.
    or_(Event.verb != DECLINED, Circle.seen == Seen.MEMBERS.value),
)
_NEWS = (
    select(
        Event.id,
        Event.verb,
        Circle.id,
        Circle.name,
        Circle.lang,
        CircleNews.written_at,
        CircleNews.read_at,
    )
    .select_from(CircleNews)
    .join(Event, Event.id == CircleNews.event_id)
    .join(Circle, Circle.id == CircleNews.circle_id)
    .where(CircleNews.user_id == bindparam("reader"), STILL_SO)
)
_UNREAD = _NEWS.where(CircleNews.read_at.is_(None)).order_by(CircleNews.event_id)
_OF_EVENT = _UNREAD.where(CircleNews.event_id == bindparam("event"))
#: When somebody is told of something, as digests ask.
_WAITING = _UNREAD.where(
    CircleNews.written_at > bindparam("since", type_=UTCDateTime),
    CircleNews.written_at <= bindparam("until", type_=UTCDateTime),
)
_LATELY = (
    _NEWS.where(CircleNews.written_at > bindparam("since", type_=UTCDateTime))
    .order_by(CircleNews.event_id.desc())
    .limit(_MOST)
)


def lately(viewer: Viewer) -> list[News]:
    """Return what became of the viewer in circles, read or not, the newest first."""
    asked = {"reader": viewer.id or 0, "since": clock.now() - _SHOWN_FOR}
    return [_in_words(row) for row in db.session.execute(_LATELY, asked)]


def waiting(viewer: Viewer, since: datetime, until: datetime) -> list[News]:
    """Return what waited for the digest of somebody and is still so; her language must be spoken already."""
    asked = {"reader": viewer.id or 0, "since": since, "until": until}
    return [_in_words(row) for row in db.session.execute(_WAITING, asked)]


def of_event(viewer: Viewer, event_id: int) -> News | None:
    """Return what an event tells somebody, or None where it is not so any more, or seen already."""
    row = db.session.execute(_OF_EVENT, {"reader": viewer.id or 0, "event": event_id}).first()
    return _in_words(row) if row is not None else None


def _in_words(row: "Row[int, str, int, str, str, datetime, datetime | None]") -> News:
    event_id, verb, circle_id, name, lang, at, read_at = row
    sentences = {
        JOINED: _("You are in the circle “%(circle)s” now.", circle=name),
        ROLE: _("You are a host of the circle “%(circle)s” now.", circle=name),
        DECLINED: _(
            "The hosts of the circle “%(circle)s” did not let you in. They can invite you with a link.",
            circle=name,
        ),
    }
    why = _("You are in this circle.") if verb == ROLE else _("You asked to be let in.")
    path = f"/circles/{circle_id}"
    return News(sentences[verb], why, path, name, lang, at, read_at is None, event_id)


def keep(event: Event, user_ids: Sequence[int]) -> None:
    """Keep what these people are to be told; a job that is done again keeps it once."""
    there = select(CircleNews.user_id).where(CircleNews.event_id == event.id)
    for user_id in sorted(set(user_ids) - set(db.session.scalars(there))):
        db.session.add(
            CircleNews(
                event_id=event.id,
                user_id=user_id,
                circle_id=event.data["circle_id"],
                written_at=clock.now(),
            )
        )
    db.session.flush()


def read(*, by: Viewer, circle_id: int = 0, until: int = 0) -> int:
    """Say that what became of the viewer in a circle was seen, or all up to an event; return how much was not yet."""
    statement = update(CircleNews).where(
        CircleNews.user_id == by.id,
        CircleNews.read_at.is_(None),
        CircleNews.circle_id == circle_id
        if circle_id
        else CircleNews.event_id <= max(0, min(until, _LARGEST)),
    )
    done = db.session.execute(statement.values(read_at=clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined]
