"""Ways into a circle: asking its hosts, and links that they make. Actor first, no commit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from cop.circles import events, operations, policy
from cop.core import clock
from cop.core.db import db
from cop.core.errors import DeadLink, Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.text import clean
from cop.entries.queries import MAX_ID
from cop.events.record import record
from cop.people import tokens
from cop.people.models import Circle, CircleInvitation, Joining, JoinRequest
from cop.people.viewer import Viewer

MOST_USES = 100
MOST_DAYS = 90
NOTE_LIMIT = 200
WORDS_LIMIT = 1000

#: One sentence for all reasons, so that nothing is learned from a link that does not work.
UNUSABLE = _l(
    "This invitation does not work (any more): it was used up, has ended or was taken back. "
    "Please ask the person who sent it for a new one."
)


def ask(*, by: Viewer, circle_id: int, words: str) -> JoinRequest:
    """Ask the hosts to be let in; asked again, it says what is said last."""
    found = policy.place(by, circle_id, to_change=True)
    if found.is_in:
        raise Invalid("words", _l("You are in this circle already."))
    if found.circle.joining == Joining.INVITATION:
        raise Forbidden(_l("Only by invitation: a host can send you a link."))
    words = clean(words, multiline=True)
    if len(words) > WORDS_LIMIT:
        raise Invalid("words", _l("Use at most %(number)s characters.", number=WORDS_LIMIT))
    row = own_request(by, circle_id)
    if row is not None and row.declined_at is not None:
        raise Forbidden(operations.TURNED_AWAY)
    fresh = row is None
    if row is None:
        row = JoinRequest(circle_id=circle_id, user_id=by.id, created_at=clock.now())
        db.session.add(row)
    row.words = words
    db.session.flush()
    if fresh:
        record(events.CircleAsked(circle_id=circle_id, user_id=by.id or 0), actor_id=by.id)
    return row


def take_back(*, by: Viewer, circle_id: int) -> None:
    """Ask no longer. Once is enough."""
    policy.place(by, circle_id, to_change=True)
    row = own_request(by, circle_id)
    if row is not None and row.declined_at is None:
        db.session.delete(row)
        db.session.flush()


def own_request(viewer: Viewer, circle_id: int) -> JoinRequest | None:
    """Return what the viewer asked this circle, if she did."""
    return db.session.scalar(
        select(JoinRequest).where(
            JoinRequest.circle_id == circle_id, JoinRequest.user_id == viewer.id
        )
    )


def answer(*, by: Viewer, circle_id: int, request_id: int, let_in: bool) -> None:
    """Let somebody in who asked, or not; a request that is gone or answered is not found."""
    circle = policy.hosted(by, circle_id, to_change=True)
    row = db.session.get(JoinRequest, request_id) if 0 < request_id <= MAX_ID else None
    if row is None or row.circle_id != circle.id or row.declined_at is not None:
        raise NotFound
    if let_in:
        operations.admit(circle, row.user_id, by=by, how=Joining.REQUEST)
        return
    row.declined_at = clock.now()
    # What she wrote for the hosts is read and answered.
    row.words = ""
    record(events.CircleDeclined(circle_id=circle.id, user_id=row.user_id), actor_id=by.id)


def reconsider(*, by: Viewer, circle_id: int, request_id: int) -> bool:
    """Let somebody stand at the door again whom the hosts did not let in, or took out; return whether she asks now.

    Who asked waits again, so that a host answers anew; who was taken out can come or ask again.
    """
    circle = policy.hosted(by, circle_id, to_change=True)
    row = db.session.get(JoinRequest, request_id) if 0 < request_id <= MAX_ID else None
    if row is None or row.circle_id != circle.id or row.declined_at is None:
        raise NotFound
    asked = policy.has_asked(row)
    if asked:
        row.declined_at = None
    else:
        db.session.delete(row)
    db.session.flush()
    record(events.CircleReconsidered(circle_id=circle.id, user_id=row.user_id), actor_id=by.id)
    return asked


def invite(
    *, by: Viewer, circle_id: int, note: str, uses: int, days: int
) -> tuple[CircleInvitation, str]:
    """Make a link into a circle and return it with its token, which is shown once and kept nowhere."""
    circle = policy.hosted(by, circle_id, to_change=True)
    note = clean(note, multiline=False)
    if len(note) > NOTE_LIMIT:
        raise Invalid("note", _l("Use at most %(number)s characters.", number=NOTE_LIMIT))
    if not 1 <= uses <= MOST_USES:
        raise Invalid("uses", _l("Enter a number from 1 to %(most)s.", most=MOST_USES))
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("days", _l("Enter a number from 1 to %(most)s.", most=MOST_DAYS))
    token, now = tokens.fresh(), clock.now()
    made = CircleInvitation(
        circle_id=circle.id,
        token_hash=tokens.digest(token),
        made_by_id=by.id,
        note=note,
        uses_left=uses,
        created_at=now,
        ends_at=now + timedelta(days=days),
    )
    db.session.add(made)
    db.session.flush()
    told = events.CircleInvitationMade(circle_id=circle.id, invitation_id=made.id)
    record(told, actor_id=by.id)
    return made, token


def revoke(*, by: Viewer, circle_id: int, invitation_id: int) -> None:
    """End a link into a circle; who came in by it stays. Once is enough."""
    circle = policy.hosted(by, circle_id, to_change=True)
    row = db.session.get(CircleInvitation, invitation_id) if invitation_id <= MAX_ID else None
    if row is None or row.circle_id != circle.id:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        told = events.CircleInvitationRevoked(circle_id=circle.id, invitation_id=row.id)
        record(told, actor_id=by.id)


def is_usable(invitation: CircleInvitation, *, now: datetime) -> bool:
    """Tell whether a link still lets somebody in."""
    return invitation.revoked_at is None and invitation.ends_at > now and invitation.uses_left > 0


@dataclass(frozen=True)
class Invited:
    """What a link that works leads into."""

    circle: Circle
    is_in: bool


def invited(viewer: Viewer, token: str) -> Invited:
    """Return what a link leads into, hidden or not; raise Forbidden with one sentence where it does not work.

    Who is in the circle already is led there, whatever became of the link.
    """
    row = db.session.execute(
        select(CircleInvitation, Circle)
        .join(Circle, Circle.id == CircleInvitation.circle_id)
        .where(CircleInvitation.token_hash == tokens.digest(token), Circle.closed_at.is_(None))
    ).first()
    if row is None:
        raise DeadLink(UNUSABLE)
    is_in = row[1].id in viewer.circles
    if not is_in and not is_usable(row[0], now=clock.now()):
        raise DeadLink(UNUSABLE)
    return Invited(row[1], is_in)


def accept(*, by: Viewer, token: str) -> Circle:
    """Come into a circle by a link; it is used once, however often the button is pressed."""
    found = invited(by, token)
    circle = db.session.scalars(
        select(Circle).where(Circle.id == found.circle.id).with_for_update()
    ).one()
    if circle.closed_at is not None:
        raise DeadLink(UNUSABLE)
    # Asked anew: pressed twice, she came in while this waited.
    if policy.is_in(by, circle.id):
        return circle
    used = db.session.execute(
        update(CircleInvitation)
        .where(
            CircleInvitation.token_hash == tokens.digest(token),
            CircleInvitation.revoked_at.is_(None),
            CircleInvitation.ends_at > clock.now(),
            CircleInvitation.uses_left > 0,
        )
        .values(uses_left=CircleInvitation.uses_left - 1)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise DeadLink(UNUSABLE)
    operations.admit(circle, by.id or 0, by=by, how=Joining.INVITATION)
    return circle
