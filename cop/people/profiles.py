"""Profile pages: who may see one, and what stands on it besides the person's own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cop.core.db import db
from cop.core.errors import NotFound
from cop.people import queries
from cop.people.models import AccountStatus, Organisation, User
from cop.people.viewer import Viewer

#: What somebody contributed under her own name and this viewer may read, as cards of `macros/entry.html`, newest
#: first. It never holds, counts or hints at what was posted unnamed.
Contributions = Callable[[Viewer, int], Sequence[Any]]


def _none(_viewer: Viewer, _user_id: int) -> Sequence[Any]:
    return ()


def _nobody(_viewer: Viewer, _user_id: int) -> bool:
    return False


#: What somebody's named contributions that this viewer may read tell she knows about (`cop.notes.knowing.Known`).
Knowing = Callable[[Viewer, int], Sequence[Any]]
#: Whether somebody put her own name under a comment that this viewer may read.
Speaking = Callable[[Viewer, int], bool]

_contributions: list[Contributions] = [_none]
_speaking: list[Speaking] = [_nobody]
_knowing: list[Knowing] = [_none]


def list_contributions_with(
    source: Contributions, speaking: Speaking = _nobody, knowing: Knowing = _none
) -> None:
    """Set where contributions come from; called once when the application is made, since entries lie above people."""
    _contributions[:] = [source]
    _speaking[:] = [speaking]
    _knowing[:] = [knowing]


@dataclass(frozen=True)
class Profile:
    """What one reader sees of a person."""

    user: User
    #: None also for visitors to whom she did not open her profile.
    organisation: Organisation | None
    contributions: Sequence[Any]
    #: Strategies she signed notes about, and how they went.
    knows: Sequence[Any]
    #: Whether this reader sees what she says about herself, beyond her name.
    is_open: bool


def of(viewer: Viewer, handle: str) -> Profile:
    """Return the profile, or raise NotFound.

    Members see every person; visitors only those who put their own name under something public, so that
    having an account here stays unknown.
    """
    user = queries.by_handle(handle)
    if user is None or user.system or user.status != AccountStatus.ACTIVE:
        raise NotFound
    contributions = _contributions[0](viewer, user.id)
    if not (viewer.is_member or contributions or _speaking[0](viewer, user.id)):
        raise NotFound
    is_open = viewer.is_member or user.opened
    home = user.organisation_id if is_open else None
    return Profile(
        user,
        organisation=db.session.get(Organisation, home) if home else None,
        contributions=contributions,
        knows=_knowing[0](viewer, user.id),
        is_open=is_open,
    )
