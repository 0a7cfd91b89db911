"""Digests: once a day or a week one mail with what is new, in the morning of its reader (job `notices.digest`).

The job takes a batch of those whose digest is due, queues a mail for each who has news, sets when the next is
due, and queues itself again for the rest: all in one transaction a batch. Killed at any moment, it goes on where it
was, and the key of each mail keeps anybody from getting two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, literal, or_, select

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import _, _n, speaking
from cop.core.types import Json, UTCDateTime
from cop.jobs.queue import LEASE, enqueue
from cop.jobs.schedule import expect
from cop.mail.message import Message, domain_of
from cop.mail.outbox import Unwritten, queue_unwritten
from cop.notifications import lines, queries
from cop.notifications.circle_news import News, waiting
from cop.notifications.letters import letter, mute_link, settings, still_wanted
from cop.notifications.models import (
    Because,
    CircleNews,
    Frequency,
    LineKind,
    Notice,
    NoticeSettings,
)
from cop.notifications.operations import forget_old
from cop.notifications.times import next_digest
from cop.people.models import AccountStatus, User
from cop.people.queries import viewer_of
from cop.web.negotiate import on_clock_of

if TYPE_CHECKING:
    from sqlalchemy import Row

#: The job that queues digests, and what the keys of their mails begin with.
DIGEST_JOB = "notices.digest"
#: The job that follows people to another time zone.
CLOCKS_JOB = "notices.clocks"
DIGEST = "digest"
#: People looked at in one transaction.
BATCH = 200
#: Lines a digest holds; the rest is on the site.
MOST_LINES = 40
#: Nobody waits longer than this for a digest that is due.
_EVERY = timedelta(minutes=10)
#: Later lines belong to the next digest: a job may still be writing some of before, which nobody sees until it ends.
_SETTLED = LEASE + timedelta(minutes=1)
#: How far back a first digest tells.
_FIRST = timedelta(days=7)
#: How long lines are kept.
_KEPT = timedelta(days=180)


def queue_digests(_payloads: Sequence[Json]) -> None:
    """Job: queue the digests of a batch of people, and itself for the next batch or the next time."""
    now = clock.now()
    due = _due(now)
    mails = []
    for chosen, user, has_news in due:
        since = chosen.digested_at or now - _FIRST
        until = max(since, now - _SETTLED)
        chosen.digested_at = until
        chosen.next_digest_at = next_digest(Frequency(chosen.mail), now, user.timezone)
        if user.active and user.email and has_news:
            mails.append(_mail(user, since, until))
            chosen.digest_key = mails[-1].key
    db.session.flush()
    if mails:
        queue_unwritten(db.session, mails, enqueue=enqueue)
    if len(due) == BATCH:
        enqueue(db.session, DIGEST_JOB, {}, key=DIGEST_JOB)
    else:
        forget_old(now - _KEPT)
        expect(db.session, DIGEST_JOB, at=next_run(now))


def follow_clocks(payloads: Sequence[Json]) -> None:
    """Job: let the digests of people who changed their time zone come in the morning there."""
    now = clock.now()
    ids = {payload["user_id"] for payload in payloads}
    found = db.session.execute(
        select(NoticeSettings, User.timezone)
        .join(User, User.id == NoticeSettings.user_id)
        .where(NoticeSettings.user_id.in_(ids), NoticeSettings.next_digest_at > now)
        .with_for_update(of=NoticeSettings)
        .execution_options(populate_existing=True)
    )
    for chosen, timezone in found.all():
        chosen.next_digest_at = next_digest(Frequency(chosen.mail), now, timezone)


def next_run(now: datetime) -> datetime:
    """Return when it is looked again whose digest is due: digests come on the hour of each reader."""
    return now + _EVERY


def _due(now: datetime) -> Sequence[Row[NoticeSettings, User, bool]]:
    """Return whose digest is due, and whether there may be news; whether she may read it is asked with the mail."""
    since = func.coalesce(NoticeSettings.digested_at, literal(now - _FIRST, UTCDateTime()))
    news = exists().where(
        Notice.user_id == NoticeSettings.user_id,
        Notice.read_at.is_(None),
        Notice.written_at > since,
        Notice.written_at <= now - _SETTLED,
    )
    circles = exists().where(
        CircleNews.user_id == NoticeSettings.user_id,
        CircleNews.read_at.is_(None),
        CircleNews.written_at > since,
        CircleNews.written_at <= now - _SETTLED,
    )
    return db.session.execute(
        select(NoticeSettings, User, or_(news, circles))
        .join(User, User.id == NoticeSettings.user_id)
        .where(NoticeSettings.next_digest_at <= now)
        .order_by(NoticeSettings.next_digest_at, NoticeSettings.user_id)
        .limit(BATCH)
        .with_for_update(of=NoticeSettings, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def _mail(user: User, since: datetime, until: datetime) -> Unwritten:
    first, last = _micro(since), _micro(until)
    domain = domain_of(settings().mail_from)
    return Unwritten(
        f"{DIGEST}:{user.id}:{first}:{last}",
        f"<digest-{user.id}-{last}@{domain}>",
        user.language,
    )


def _micro(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _moment(micro: str) -> datetime:
    seconds, rest = divmod(int(micro), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


#: Lines that concern her more than what she watches: what is said to her, what became of what is hers.
_CONCERNS = or_(
    Notice.kind.in_([LineKind.DECISION, LineKind.ANSWER, LineKind.MENTION, LineKind.ACCEPTED]),
    Notice.because.in_([Because.KNOWS, Because.WROTE, Because.PREPARES, Because.TRIED]),
)
_NEWS = (
    queries.SHOWN.where(
        Notice.read_at.is_(None),
        Notice.written_at > bindparam("since", type_=UTCDateTime),
        Notice.written_at <= bindparam("until", type_=UTCDateTime),
    )
    .order_by(Notice.at.desc(), Notice.id.desc())
    .limit(MOST_LINES + 1)
)
# Asked one after the other: what is said to her is not pushed out by a busy week elsewhere.
_CONCERNING = _NEWS.where(_CONCERNS)
_OTHER_NEWS = _NEWS.where(~_CONCERNS)


def written(key: str) -> Message | None:
    """Write the digest of a key `digest:<person>:<since>:<until>`, or return None where nothing is left to tell."""
    _digest, user_id, since, until = key.split(":")
    user = db.session.get(User, int(user_id), populate_existing=True)
    if user is None or user.status != AccountStatus.ACTIVE or not user.email:
        return None
    viewer = viewer_of(user)
    chosen = queries.chosen(viewer).mail
    if chosen not in (Frequency.DAILY, Frequency.WEEKLY):
        return None
    window = {"since": _moment(since), "until": _moment(until)}
    asked = {**queries.reader_of(viewer), **window}
    first = list(db.session.scalars(_CONCERNING, asked))
    rows = [*first, *db.session.scalars(_OTHER_NEWS, asked)]
    with speaking(user.language), on_clock_of(user.timezone):
        more = len(rows) > MOST_LINES
        found = lines.lines(viewer, still_wanted(viewer, rows[:MOST_LINES]))
        circles = waiting(viewer, **window)
        if not (found or circles):
            return None
        concern = {row.id for row in first}
        news = _News(
            circles,
            [line for line in found if line.id in concern],
            [line for line in found if line.id not in concern],
            more,
        )
        return _letter(user, news, chosen)


@dataclass(frozen=True)
class _News:
    """What a digest tells: of circles, of what concerns its reader, of what she watches, and whether there is more."""

    circles: Sequence[News]
    concerning: Sequence[lines.Line]
    other: Sequence[lines.Line]
    more: bool

    @property
    def number(self) -> int:
        """How many things it tells."""
        return len(self.circles) + len(self.concerning) + len(self.other)


def _letter(user: User, news: _News, mail: Frequency) -> Message:
    site = settings().site_name
    if news.more:
        subject = _("Much is new on %(site)s", site=site)
    else:
        subject = _n(
            "%(num)d thing is new on %(site)s",
            "%(num)d things are new on %(site)s",
            news.number,
            site=site,
        )
    words = {
        "circles": news.circles,
        "concerning": [(line, mute_link(user, line)) for line in news.concerning],
        "other": [(line, mute_link(user, line)) for line in news.other],
        "more": news.more,
        "chosen": _("This mail comes once a week, as you chose.")
        if mail is Frequency.WEEKLY
        else _("This mail comes once a day, as you chose."),
    }
    return letter(user, "digest", subject=subject, words=words, headers={})
