"""Who decided about something of a circle: one of its hosts, or a moderator it was passed on to."""

from collections.abc import Mapping

from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Entry, Visibility
from cop.people.models import CircleRole, GrantRow, Membership
from cop.people.viewer import Grant


def by_hosts(acts: Mapping[int, tuple[int | None, Entry]]) -> frozenset[int]:
    """Return those of the acts (by some number: who did it, to what) in which a host decided about her circle's.

    Of what was passed on to them, moderators do, who may be hosts themselves.
    """
    inside = {
        number: (actor_id or 0, entry.circle_id)
        for number, (actor_id, entry) in acts.items()
        if entry.visibility == Visibility.CIRCLE
    }
    if not inside:
        return frozenset()
    actors = {actor_id for actor_id, _circle_id in inside.values()}
    moderators = set(
        db.session.scalars(
            select(GrantRow.user_id).where(
                GrantRow.user_id.in_(actors), GrantRow.grant.in_([Grant.MODERATOR, Grant.ADMIN])
            )
        )
    )
    hosts = {
        tuple(row)
        for row in db.session.execute(
            select(Membership.user_id, Membership.circle_id).where(
                Membership.user_id.in_(actors), Membership.role == CircleRole.HOST.value
            )
        )
    }
    return frozenset(
        number for number, act in inside.items() if act[0] not in moderators or act in hosts
    )
