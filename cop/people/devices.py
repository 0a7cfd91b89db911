"""Sessions as rows: one for each device somebody is signed in on. They slide, expire and can be ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from cop.core import clock
from cop.core.db import db, rows
from cop.core.errors import NotFound
from cop.core.text import clean
from cop.core.types import Lang
from cop.events.models import Event
from cop.events.record import record
from cop.people import belonging, events, tokens
from cop.people.models import AccountStatus, GrantRow, User, UserSession
from cop.people.viewer import Grant, Viewer

#: How long a session lives after it was last used.
LIFETIME = timedelta(days=30)
#: Use within this time of the last use is not written down, so that reading pages writes nothing.
TOUCH_AFTER = timedelta(hours=6)
_KEPT = timedelta(days=30)
#: Events that tell who was here when, and nothing about the site; kept no longer than the sessions themselves.
_FORGOTTEN = tuple(
    event.__name__ for event in (events.SignedIn, events.SignedOut, events.SessionsEnded)
)
_AGENT_LIMIT = 200


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, and on which session, as one query found it."""

    session_id: int
    viewer: Viewer
    theme: str
    seen_at: datetime

    def is_stale(self, now: datetime) -> bool:
        """Tell whether this use is worth writing down."""
        return now - self.seen_at >= TOUCH_AFTER


def begin(*, user: User, user_agent: str) -> tuple[UserSession, str]:
    """Sign somebody in on a device and return the row and the token for the cookie."""
    now = clock.now()
    token = tokens.fresh()
    row = UserSession(
        token_hash=tokens.digest(token),
        user_id=user.id,
        created_at=now,
        seen_at=now,
        expires_at=now + LIFETIME,
        user_agent=clean(user_agent, multiline=False)[:_AGENT_LIMIT],
    )
    db.session.add(row)
    db.session.flush()
    record(events.SignedIn(user_id=user.id, session_id=row.id), actor_id=user.id)
    return row, token


# Built once: every page of somebody signed in asks it, and building it costs more than asking.
_FIND = (
    select(
        UserSession.id,
        UserSession.seen_at,
        User.id,
        User.handle,
        User.name,
        User.lang,
        User.timezone,
        User.theme,
        belonging.circles_of_user(),
        GrantRow.grant,
    )
    .join(User, User.id == UserSession.user_id)
    .outerjoin(GrantRow, GrantRow.user_id == User.id)
    .where(
        UserSession.token_hash == bindparam("digest"),
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > bindparam("now"),
        User.status == AccountStatus.ACTIVE.value,
    )
)


def find(token: str) -> SignedIn | None:
    """Return who holds the token, in one query; None where the session ended or the account may not sign in."""
    asked = {"digest": tokens.digest(token), "now": clock.now()}
    found = rows(_FIND, asked)
    if not found:
        return None
    session_id, seen_at, user_id, handle, name, lang, timezone, theme, joined, _grant = found[0]
    circles, hosted = belonging.told(joined)
    viewer = Viewer(
        id=user_id,
        handle=handle,
        name=name,
        grants=frozenset({Grant.MEMBER} | {Grant(row[-1]) for row in found if row[-1]}),
        lang=Lang.of_tag(lang) or Lang.ZH,
        timezone=timezone,
        circles=circles,
        hosted=hosted,
    )
    return SignedIn(session_id, viewer, theme, seen_at)


def owner_of(token: str) -> int | None:
    """Return whose session the token was, whether or not it still works."""
    return db.session.scalar(
        select(UserSession.user_id).where(UserSession.token_hash == tokens.digest(token))
    )


def touch(session_id: int) -> None:
    """Let the session live on from now."""
    now = clock.now()
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.revoked_at.is_(None))
        .values(seen_at=now, expires_at=now + LIFETIME)
    )


def sign_out(*, by: Viewer, session_id: int) -> None:
    """End the session somebody signs out of."""
    if _end(by.id, UserSession.id == session_id):
        record(events.SignedOut(user_id=by.id or 0, session_id=session_id), actor_id=by.id)


def end(*, by: Viewer, session_id: int) -> None:
    """End one of the viewer's own sessions, or raise NotFound."""
    if not _end(by.id, UserSession.id == session_id):
        raise NotFound
    record(events.SessionsEnded(user_id=by.id or 0, number=1), actor_id=by.id)


def end_others(*, by: Viewer, keep: int | None) -> int:
    """End all the viewer's sessions but one and return how many that were."""
    number = _end(by.id, UserSession.id != (keep or 0))
    if number:
        record(events.SessionsEnded(user_id=by.id or 0, number=number), actor_id=by.id)
    return number


def end_all_of(user: User) -> int:
    """End all sessions of an account, as part of something that is recorded itself."""
    return _end(user.id)


def forget_old(now: datetime) -> None:
    """Delete sessions that ended long ago, and the record of who signed in and out then."""
    before = now - _KEPT
    db.session.execute(delete(Event).where(Event.verb.in_(_FORGOTTEN), Event.at < before))
    db.session.execute(
        delete(UserSession).where(
            (UserSession.expires_at < before) | (UserSession.revoked_at < before)
        )
    )


def _end(user_id: int | None, *which: object) -> int:
    result = db.session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > clock.now(),
            *which,  # type: ignore[arg-type]
        )
        .values(revoked_at=clock.now())
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
