"""What people do about being told: watch and stop, choose how, and say that they have read. No commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _l
from cop.entries import policy
from cop.notifications import queries
from cop.notifications.models import (
    Because,
    CircleNews,
    Frequency,
    Level,
    Notice,
    NoticeSettings,
    Watch,
)
from cop.notifications.searches import LONGEST
from cop.notifications.targets import target_of
from cop.notifications.times import next_digest
from cop.people.viewer import Viewer

#: So many things one person can watch; far more than anybody can follow.
MOST_WATCHES = 2000
#: So many searches one person can save: each different one is asked when something is new.
MOST_SEARCHES = 50


@dataclass(frozen=True)
class Watched:
    """Something that can be watched: a term by its id, a search by what it asks for."""

    kind: str
    target_id: int = 0
    address: str = ""


def watch(*, by: Viewer, what: Watched, level: Level) -> Watch:
    """Watch something at a level, or change the level; it must be there for the viewer."""
    policy.require_member(by)
    target = target_of(what.kind)
    if (what.kind == Because.SEARCH) != bool(what.address) or len(what.address) > LONGEST:
        raise NotFound
    target.check(by, what.target_id)
    if level not in target.levels:
        raise Invalid("level", _l("Please choose one of the options offered."))
    row = queries.watch_of(by, what.kind, what.target_id, what.address)
    if row is None:
        most = MOST_SEARCHES if what.kind == Because.SEARCH else MOST_WATCHES
        if queries.number_of_watches(by, what.kind) >= most:
            raise Invalid(
                "level", _l("You watch very many things. Please take some from your list first.")
            )
        row = _first_watch(by, what, level)
    row.level, row.changed_at = level.value, clock.now()
    db.session.flush()
    return row


def _first_watch(by: Viewer, what: Watched, level: Level) -> Watch:
    row = Watch(user_id=by.id, kind=what.kind, target_id=what.target_id, address=what.address)
    row.level, row.changed_at = level.value, clock.now()
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same button, pressed twice at the same moment: the other was a little faster.
        made = queries.watch_of(by, what.kind, what.target_id, what.address)
        if made is None:
            raise
        return made
    return row


def change(*, by: Viewer, watch_id: int, level: Level) -> Watch:
    """Change the level of something in one's list, also of what cannot be seen at the moment."""
    row = queries.own_watch(by, watch_id)
    if level not in target_of(row.kind).levels:
        raise Invalid("level", _l("Please choose one of the options offered."))
    row.level, row.changed_at = level.value, clock.now()
    return row


def stop(*, by: Viewer, what: Watched) -> None:
    """Watch something no longer. Once is enough."""
    policy.require_member(by)
    row = queries.watch_of(by, what.kind, what.target_id, what.address)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def choose(*, by: Viewer, mail: Frequency, own: bool, asked: bool | None = None) -> NoticeSettings:
    """Choose how often mails come, whether one watches what one wrote and commented on, and is asked.

    `asked` says whether questions on what one's notes are about are told; None leaves that as it is.
    """
    policy.require_member(by)
    row = settings_to_change(by)
    row.own = own
    if asked is not None:
        row.asked = asked
    if row.mail != mail:
        now = clock.now()
        row.mail = mail.value
        # What came before is not told a second time.
        row.digested_at = now
        row.next_digest_at = next_digest(mail, now, by.timezone)
    return row


def settings_to_change(by: Viewer) -> NoticeSettings:
    """Return the row of the viewer's settings, made where there is none."""
    row = db.session.get(NoticeSettings, by.id, with_for_update=True)
    if row is None:
        row = NoticeSettings(user_id=by.id, mail=Frequency.NOW.value, own=True, asked=True)
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:
            row = db.session.get(NoticeSettings, by.id, with_for_update=True)
            if row is None:
                raise
    return row


def read(*, by: Viewer, notice_ids: Sequence[int]) -> None:
    """Say that these lines have been read; lines of others are left alone."""
    db.session.execute(
        update(Notice)
        .where(Notice.id.in_(list(notice_ids)), Notice.user_id == by.id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def read_all(*, by: Viewer, until: int) -> int:
    """Say that everything up to the event of this number has been read; what came since stays. Return how many."""
    last = max(0, min(until, queries.MAX_ID))
    statement = (
        update(Notice)
        .where(Notice.user_id == by.id, Notice.read_at.is_(None), Notice.event_id <= last)
        .values(read_at=clock.now())
    )
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def notice(viewer: Viewer, notice_id: int) -> Notice:
    """Return one of the viewer's own lines, or raise NotFound."""
    row = db.session.get(Notice, notice_id) if 0 < notice_id <= queries.MAX_ID else None
    if row is None or row.user_id != viewer.id:
        raise NotFound
    return row


def forget_person(user_id: int) -> None:
    """Forget all about how somebody who left was told."""
    for table in (Watch, Notice, CircleNews, NoticeSettings):
        db.session.execute(delete(table).where(table.user_id == user_id))


def forget_old(before: datetime, *, most: int = 20_000) -> int:
    """Forget lines older than this, read or not; return how many."""
    old = select(Notice.id).where(Notice.at < before).order_by(Notice.at).limit(most)
    number = db.session.scalar(select(func.count()).select_from(old.subquery())) or 0
    db.session.execute(delete(Notice).where(Notice.id.in_(old)))
    db.session.execute(delete(CircleNews).where(CircleNews.written_at < before))
    return number
