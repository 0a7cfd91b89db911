"""The system account Editors / 编辑, to which starter content and imports without an author are credited."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.people.models import AccountStatus, User
from cop.people.viewer import Viewer

_HANDLE = "editors"
_NAMES = {Lang.ZH.value: "编辑", Lang.EN.value: "Editors"}


def system_account() -> Viewer:
    """Return the viewer of the system account, which is made when it is first needed.

    It has no address and no password, so nobody signs in to it.
    """
    user = _found() or _made()
    return Viewer(id=user.id, handle=user.handle, name=user.name, system=True)


def _found() -> User | None:
    return db.session.scalar(select(User).where(User.system.is_(True)).order_by(User.id).limit(1))


def _made() -> User:
    now = clock.now()
    user = User(
        handle=_HANDLE,
        name=_NAMES[Lang.EN],
        names=dict(_NAMES),
        status=AccountStatus.ACTIVE.value,
        system=True,
        lang=Lang.ZH.value,
        created_at=now,
        confirmed_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        # Another process made it a moment ago.
        other = _found()
        if other is None:
            raise
        return other
    return user
