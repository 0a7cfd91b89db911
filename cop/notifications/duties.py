"""What waits for those who look after the site or a circle: it is behind their bell, and mailed to them.

Somebody waits for them: whose first words nobody reads yet, or who reported something. So they are mailed at once,
whatever rhythm they chose, unless they want no mails; in one hour once at most, however much comes. A mail says only
how much waits: what that is they read in their queue, and only what waits for them when it is sent.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import _, _n, speaking
from cop.core.types import Json
from cop.entries.models import Case, Entry, Visibility
from cop.events.models import Event
from cop.jobs.queue import enqueue
from cop.mail.message import Message, domain_of
from cop.mail.models import OutgoingMail
from cop.mail.outbox import Unwritten, queue_unwritten
from cop.notifications import queries
from cop.notifications.circle_news import News
from cop.notifications.letters import letter, settings, url
from cop.notifications.models import Frequency
from cop.people.models import AccountStatus, CircleRole, GrantRow, Membership, User
from cop.people.queries import viewer_of
from cop.people.viewer import Grant, Viewer

#: The job that queues the mails of these events.
DUTIES_JOB = "notices.duties"
#: What the keys of these mails begin with: `duty:<person>:<hour>`.
DUTY = "duty"
_DECIDING = (Grant.MODERATOR.value, Grant.ADMIN.value)
#: A case that was open long before an event is not news because of it.
_OPENED_BY_IT = timedelta(minutes=1)
_QUEUE = "/moderation/"


def _nothing(_viewer: Viewer) -> int:
    return 0


@dataclass
class Counting:
    """How what waits is counted: `cop.subscriptions` says it, since the queue stands beside this package."""

    #: For anybody, asked anew.
    of: Callable[[Viewer], int] = field(default=_nothing)
    #: For who looks at a page, asked once a request.
    of_page: Callable[[], int] = field(default=lambda: 0)


COUNTING = Counting()


def tell(payloads: Sequence[Json]) -> None:
    """Job: mail who may decide about what these events asked for; later, where she got one just now."""
    ids = sorted({payload["event_id"] for payload in payloads})
    now = clock.now()
    for event in db.session.scalars(select(Event).where(Event.id.in_(ids)).order_by(Event.id)):
        keys = {f"{DUTY}:{user.id}:{_hour(now)}": user for user in _deciders(event)}
        told = _told(keys)
        mails = [
            Unwritten(key, _message_id(key), user.language)
            for key, user in keys.items()
            if key not in told
        ]
        if mails:
            queue_unwritten(db.session, mails, enqueue=enqueue)
        # What a mail of this hour counted already need not be told in the next one.
        if any(at < event.at for at in told.values()):
            again = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            enqueue(db.session, DUTIES_JOB, {"event_id": event.id}, run_at=again)


def _told(keys: Collection[str]) -> dict[str, datetime]:
    """Return which of these mails there are, and since when."""
    made = select(OutgoingMail.key, OutgoingMail.created_at).where(OutgoingMail.key.in_(keys))
    return {key: at for key, at in db.session.execute(made) if key}


def _hour(now: datetime) -> str:
    return f"{now:%Y%m%d%H}"


def _message_id(key: str) -> str:
    return f"<{key.replace(':', '-')}@{domain_of(settings().mail_from)}>"


def _deciders(event: Event) -> Sequence[User]:
    """Return who may decide about the cases that an event opened: moderators, or the hosts of its circle."""
    entry = db.session.get(Entry, event.entry_id) if event.entry_id else None
    if entry is None:
        return ()
    comment_id = event.data.get("comment_id")
    cases = db.session.scalars(
        select(Case).where(
            Case.entry_id == entry.id,
            Case.comment_id.is_not_distinct_from(comment_id),
            Case.decided_at.is_(None),
            Case.opened_at > event.at - _OPENED_BY_IT,
        )
    ).all()
    found: dict[int, User] = {}
    for case in cases:
        whose = _of_the_site()
        if entry.visibility == Visibility.CIRCLE and not case.passed_on:
            whose = _hosts(entry.circle_id or 0)
        active = select(User).where(User.id.in_(whose), User.status == AccountStatus.ACTIVE)
        found |= {user.id: user for user in db.session.scalars(active) if user.email}
    return [user for user_id, user in sorted(found.items()) if user_id != event.actor_id]


def _of_the_site() -> Select[int]:
    return select(GrantRow.user_id).where(GrantRow.grant.in_(_DECIDING))


def _hosts(circle_id: int) -> Select[int]:
    return select(Membership.user_id).where(
        Membership.circle_id == circle_id, Membership.role == CircleRole.HOST.value
    )


def written(key: str) -> Message | None:
    """Write the mail of a key `duty:<person>:<hour>`, or return None where nothing waits for her any more."""
    user = db.session.get(User, int(key.split(":")[1]), populate_existing=True)
    if user is None or not user.active or not user.email:
        return None
    viewer = viewer_of(user)
    if queries.chosen(viewer).mail is Frequency.NEVER:
        return None
    number = COUNTING.of(viewer)
    if not number:
        return None
    with speaking(user.language):
        sentence = in_words(number)
        words = {"told": News(sentence, why(viewer), _QUEUE), "link": url(_QUEUE)}
        return letter(user, "circle", subject=sentence, words=words, headers={})


def in_words(number: int) -> str:
    """Return how much waits."""
    return _n(
        "%(num)d thing waits for your decision.", "%(num)d things wait for your decision.", number
    )


def why(viewer: Viewer) -> str:
    """Return why it waits for somebody."""
    if viewer.has(Grant.MODERATOR, Grant.ADMIN):
        return _("You look after this site.")
    return _("You are a host of a circle.")
