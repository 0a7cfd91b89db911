"""One-time links: random tokens of which the database keeps only a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Gone, NotFound
from cop.core.i18n import _l
from cop.core.types import Json
from cop.people.models import Token, TokenPurpose

#: How long each kind of link works.
LIFETIMES = {
    TokenPurpose.CONFIRM: timedelta(days=3),
    TokenPurpose.RESEND: timedelta(days=1),
    TokenPurpose.RESET: timedelta(hours=2),
    TokenPurpose.EMAIL: timedelta(days=1),
    TokenPurpose.FIRST_ADMIN: timedelta(days=7),
}
#: How long a used or expired row is kept, so that its link is answered with the reason.
_KEPT = timedelta(days=30)
#: Tokens are 43 characters; a longer text is made up.
_LONGEST = 64


def fresh() -> str:
    """Return a new random token."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what the database keeps of a token; a plain hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def make(
    purpose: TokenPurpose,
    *,
    token: str = "",
    user_id: int | None = None,
    address: str | None = None,
    data: Json | None = None,
) -> Token:
    """Add the row of a link; without `token` it works once `renewed` has given it one, in its job."""
    now = clock.now()
    row = Token(
        purpose=purpose.value,
        token_hash=digest(token or fresh()),
        user_id=user_id,
        address=address,
        data=data or {},
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    db.session.add(row)
    db.session.flush()
    return row


def find(purpose: TokenPurpose, token: str) -> Token:
    """Return the row of a link that still works.

    Raises NotFound for a made-up one, Gone for one that was used or has expired.
    """
    row = None
    if len(token) <= _LONGEST:
        row = db.session.scalars(
            select(Token)
            .where(Token.token_hash == digest(token), Token.purpose == purpose.value)
            .with_for_update()
        ).one_or_none()
    if row is None:
        raise NotFound
    if row.used_at is not None:
        raise Gone(_l("This link was used already."))
    if row.expires_at <= clock.now():
        raise Gone(_l("This link has expired."))
    return row


def renewed(row: Token) -> str:
    """Give the row a new token and a full lifetime, and return the token; an earlier link of it stops working."""
    token = fresh()
    row.token_hash = digest(token)
    row.expires_at = clock.now() + LIFETIMES[TokenPurpose(row.purpose)]
    return token


def use_up_all_of(user_id: int) -> None:
    """Make links mailed earlier useless, since they went to an address or for a password of the past."""
    db.session.execute(
        update(Token)
        .where(Token.user_id == user_id, Token.used_at.is_(None))
        .values(used_at=clock.now(), data={})
    )


def forget_old(now: datetime) -> None:
    """Delete rows nobody can use any more, and with them the addresses they hold."""
    before = now - _KEPT
    db.session.execute(delete(Token).where(or_(Token.used_at < before, Token.expires_at < before)))
