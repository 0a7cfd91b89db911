"""Mails about circles: somebody asks its hosts to be let in, is let in or not, or is a host now.

A job after the change queues them without words; each is written at the moment it is sent, and only where it is
still so: to a host while the request waits, to who is in the circle as long as she is. Somebody waits for the
answer to a request, so it goes to the hosts at once, unless they want no mails; the rest is told as each wants to
be told, at once or with her digest, and stands behind her bell (`circle_news`).
"""

from collections.abc import Sequence

from sqlalchemy import select

from cop.core.db import db
from cop.core.i18n import _, speaking
from cop.core.types import Json
from cop.events.models import Event
from cop.jobs.queue import enqueue
from cop.mail.message import Message, domain_of
from cop.mail.outbox import Unwritten, queue_unwritten
from cop.notifications import circle_news, queries
from cop.notifications.circle_news import News
from cop.notifications.letters import letter, settings, url
from cop.notifications.models import Frequency, NoticeSettings
from cop.people.models import (
    AccountStatus,
    Circle,
    CircleRole,
    JoinRequest,
    Membership,
    User,
)
from cop.people.queries import viewer_of
from cop.people.viewer import Viewer
from cop.web.negotiate import on_clock_of

#: The job that queues the mails of these events.
CIRCLES_JOB = "notices.circles"
#: What the keys of these mails begin with: `circle:<person>:<event>`.
CIRCLE = "circle"
ASKED = "CircleAsked"


def tell(payloads: Sequence[Json]) -> None:
    """Job: queue the mails of these events, the earliest first, and what waits for digests."""
    ids = sorted({payload["event_id"] for payload in payloads})
    for event in db.session.scalars(select(Event).where(Event.id.in_(ids)).order_by(Event.id)):
        told = _to(event)
        people = [user for user in told if user.email]
        later = set()
        if event.verb != ASKED:
            circle_news.keep(event, [user.id for user in told])
            later = _with_digest([user.id for user in people])
        message_id = f"<circle-{event.id}@{domain_of(settings().mail_from)}>"
        mails = [
            Unwritten(f"{CIRCLE}:{user.id}:{event.id}", message_id, user.language)
            for user in people
            if user.id not in later
        ]
        if mails:
            queue_unwritten(db.session, mails, enqueue=enqueue)


def _with_digest(user_ids: Sequence[int]) -> set[int]:
    """Return those of these people who get digests."""
    chosen = select(NoticeSettings.user_id).where(
        NoticeSettings.user_id.in_(user_ids),
        NoticeSettings.mail.in_([Frequency.DAILY.value, Frequency.WEEKLY.value]),
    )
    return set(db.session.scalars(chosen))


def _to(event: Event) -> Sequence[User]:
    """Return whom an event is told to: never who did it herself."""
    people = select(User).where(User.status == AccountStatus.ACTIVE, User.id != event.actor_id)
    if event.verb == ASKED:
        hosts = select(Membership.user_id).where(
            Membership.circle_id == event.data["circle_id"],
            Membership.role == CircleRole.HOST.value,
        )
        return db.session.scalars(people.where(User.id.in_(hosts)).order_by(User.id)).all()
    return db.session.scalars(people.where(User.id == event.data["user_id"])).all()


def written(key: str) -> Message | None:
    """Write the mail of a key `circle:<person>:<event>`, or return None where it is not so any more."""
    _kind, user_id, event_id = key.split(":")
    user = db.session.get(User, int(user_id), populate_existing=True)
    event = db.session.get(Event, int(event_id))
    if user is None or not user.active or not user.email or event is None:
        return None
    viewer = viewer_of(user)
    if queries.chosen(viewer).mail is Frequency.NEVER:
        return None
    with speaking(user.language), on_clock_of(user.timezone):
        told = _news(viewer, event)
        if told is None:
            return None
        words = {"told": told, "link": url(told.path)}
        return letter(user, "circle", subject=told.sentence, words=words, headers={})


def _news(viewer: Viewer, event: Event) -> News | None:
    """Return what an event tells somebody, or None where it is not so any more."""
    if event.verb != ASKED:
        return circle_news.of_event(viewer, event.id)
    circle = db.session.get(Circle, event.data["circle_id"], populate_existing=True)
    if circle is None or circle.id not in viewer.hosted:
        return None
    found = _asker(event, circle)
    if found is None:
        return None
    asker, words = found
    sentence = _(
        "%(name)s asks to be let into the circle “%(circle)s”.",
        name=asker.name,
        circle=circle.name,
    )
    path = f"/circles/{circle.id}/requests/"
    return News(sentence, _("You are a host of this circle."), path, words=words)


def _asker(event: Event, circle: Circle) -> tuple[User, str] | None:
    """Return who asks and what she wrote for the hosts, as long as her request waits."""
    row = db.session.execute(
        select(User, JoinRequest.words)
        .join(JoinRequest, JoinRequest.user_id == User.id)
        .where(
            JoinRequest.circle_id == circle.id,
            JoinRequest.user_id == event.data["user_id"],
            JoinRequest.declined_at.is_(None),
            User.status == AccountStatus.ACTIVE,
        )
    ).first()
    return (row[0], row[1]) if row is not None else None
