"""What the links of mails do, for whoever holds the mail."""

from contextlib import suppress
from dataclasses import dataclass

from cop.core.db import db
from cop.core.errors import Gone, NotFound
from cop.notifications import operations, queries
from cop.notifications.links import Link, link_of
from cop.notifications.models import Frequency, Level
from cop.notifications.operations import Watched
from cop.people.models import User
from cop.people.queries import viewer_of
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Found:
    """Whose mails a link is about, and which thread, where it is about one."""

    link: Link
    user: User
    viewer: Viewer

    @property
    def is_thread(self) -> bool:
        """Whether one thread is meant, and not all mails."""
        return self.link.entry_id is not None


def found(token: str) -> Found:
    """Return what a link is about; raise NotFound for a made-up one and for somebody who left."""
    link = link_of(token)
    user = db.session.get(User, link.user_id)
    if user is None or not user.active:
        raise NotFound
    return Found(link, user, viewer_of(user))


def act(what: Found, *, undone: bool, was: str = "") -> str:
    """Do what the link says, or take it back; return how often mails came before. Once is enough.

    What is no longer open to her needs no muting.
    """
    if what.link.entry_id is None:
        before = Frequency(was) if was in set(Frequency) else Frequency.NEVER
        # Pressed a second time, the button knows no longer how often they came.
        return _mails(what, None if before is Frequency.NEVER else before, undone=undone)
    # She was told of it, so she watched it: what is taken back is that she is told again.
    level = Level.EVERYTHING if undone else Level.MUTE
    with suppress(NotFound, Gone):
        operations.watch(by=what.viewer, what=Watched("entry", what.link.entry_id), level=level)
    return ""


def _mails(what: Found, was: Frequency | None, *, undone: bool) -> str:
    now = queries.chosen(what.viewer)
    mail = (was or Frequency.NOW) if undone else Frequency.NEVER
    if (now.mail is Frequency.NEVER) == undone:
        operations.choose(by=what.viewer, mail=mail, own=now.own)
    return now.mail.value
