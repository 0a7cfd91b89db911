"""Links of mails that act without signing in: who may follow one is said by its signature."""

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from cop.core.errors import NotFound
from cop.settings import Settings

_SALT = "cop.notifications.links"
_LONGEST = 200


@dataclass(frozen=True)
class Link:
    """What a link does: end all mails to somebody, or (with an entry) hear nothing of one thread."""

    user_id: int
    entry_id: int | None = None


def _signer() -> URLSafeSerializer:
    settings: Settings = current_app.extensions["settings"]
    return URLSafeSerializer(settings.secret_key, salt=_SALT)


def token_of(link: Link) -> str:
    """Return the signed form of a link. It does not expire: a mail is found and read years later."""
    return str(_signer().dumps([link.user_id, link.entry_id]))


def link_of(token: str) -> Link:
    """Return what a token was signed for, or raise NotFound."""
    if len(token) > _LONGEST:
        raise NotFound
    try:
        user_id, entry_id = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    return Link(user_id, entry_id)
