"""Invitations: links with an end and a number of uses that let people register although the site is not open."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.text import clean
from cop.events.record import record
from cop.people import events, tokens
from cop.people.models import Invitation
from cop.people.viewer import Grant, Viewer

MOST_USES = 500
MOST_DAYS = 365
NOTE_LIMIT = 200

UNUSABLE = _l(
    "This invitation does not work (any more). Please ask the person who sent it for a new one."
)


def require_admin(viewer: Viewer) -> None:
    """Raise NotFound for everybody but administrators and the site itself, so that nothing is revealed."""
    if not (viewer.system or viewer.has(Grant.ADMIN)):
        raise NotFound


def invite(*, by: Viewer, note: str, max_uses: int, days: int) -> tuple[Invitation, str]:
    """Make an invitation and return it with its token, which is shown once and kept nowhere."""
    require_admin(by)
    note = clean(note, multiline=False)
    if len(note) > NOTE_LIMIT:
        raise Invalid("note", _l("Use at most %(number)s characters.", number=NOTE_LIMIT))
    if not 1 <= max_uses <= MOST_USES:
        raise Invalid("max_uses", _l("Enter a number from 1 to %(most)s.", most=MOST_USES))
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("days", _l("Enter a number from 1 to %(most)s.", most=MOST_DAYS))
    token = tokens.fresh()
    now = clock.now()
    made = Invitation(
        token_hash=tokens.digest(token),
        made_by_id=by.id,
        note=note,
        max_uses=max_uses,
        uses=0,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(made)
    db.session.flush()
    record(events.InvitationMade(invitation_id=made.id), actor_id=by.id)
    return made, token


def revoke(*, by: Viewer, invitation_id: int) -> None:
    """End an invitation; accounts made with it stay."""
    require_admin(by)
    result = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    if not result.rowcount:  # type: ignore[attr-defined]
        raise NotFound
    record(events.InvitationRevoked(invitation_id=invitation_id), actor_id=by.id)


def is_usable(invitation: Invitation, *, now: datetime) -> bool:
    """Tell whether somebody may still register with the invitation."""
    return (
        invitation.revoked_at is None
        and invitation.expires_at > now
        and invitation.uses < invitation.max_uses
    )


def usable(token: str) -> Invitation | None:
    """Return the invitation of a link that still works."""
    found = db.session.scalars(
        select(Invitation).where(Invitation.token_hash == tokens.digest(token))
    ).one_or_none()
    return found if found is not None and is_usable(found, now=clock.now()) else None


def find(token: str) -> Invitation:
    """Return the invitation of a link that still works, else raise Forbidden with one sentence for all reasons."""
    found = usable(token)
    if found is None:
        raise Forbidden(UNUSABLE)
    return found


def use(invitation_id: int) -> bool:
    """Count one use; return whether there was one left. Two people cannot take the same one."""
    result = db.session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > clock.now(),
            Invitation.uses < Invitation.max_uses,
        )
        .values(uses=Invitation.uses + 1)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]
