"""Her account as the site keeps it: what she said of herself, devices, circles, watches and what she was told."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from cop.core.db import db
from cop.core.i18n import _l, pick
from cop.notifications import lines as told_in, queries as notifications
from cop.notifications.forms import FREQUENCIES, LEVELS
from cop.notifications.models import Level, Notice, Watch
from cop.notifications.targets import TARGETS, Shown, words_of
from cop.people.mails import url
from cop.people.models import (
    Circle,
    GrantRow,
    JoinRequest,
    Membership,
    OwnPlace,
    User,
    UserSession,
)
from cop.people.queries import organisation_name
from cop.people.user_agents import described
from cop.takeout.owner import Owner, number_of
from cop.takeout.sheets import Link, Row, Sheet
from cop.terms.models import Term
from cop.workshops.session_models import CalendarFeed

_WHEN = _l("When")


def _one(_owner: Owner) -> int:
    return 1


def _account(owner: Owner, after: int, _most: int) -> Sequence[tuple[int, Row]]:
    if after:
        return []
    user: User = owner.user
    place = db.session.scalar(
        select(Term.name)
        .join(OwnPlace, OwnPlace.place_id == Term.id)
        .where(OwnPlace.user_id == user.id)
    )
    chosen = notifications.chosen(owner.viewer)
    row = {
        "account_name": user.handle,
        "name": user.name,
        "email": user.email,
        "organisation": organisation_name(user),
        "about": user.about,
        "ask_about": user.ask_about,
        "languages": user.languages,
        "found_by_members": user.listed,
        "read_by_visitors": user.opened,
        "language": user.language.tag,
        "timezone": user.timezone,
        "colours": user.theme,
        "place": pick(place)[0] if place else "",
        "roles": sorted(
            db.session.scalars(select(GrantRow.grant).where(GrantRow.user_id == user.id))
        ),
        "made": user.created_at,
        "confirmed": user.confirmed_at,
        "appears_at_once_since": user.trusted_at,
        "waits_until": user.limited_until,
        "last_here": user.seen_at,
        "mails": str(FREQUENCIES[chosen.mail]),
        "told_of_own": chosen.own,
        "told_of_questions": chosen.asked,
        "calendar_address_made": db.session.scalar(
            select(CalendarFeed.made_at).where(CalendarFeed.user_id == user.id)
        ),
    }
    return [(1, row)]


ACCOUNT = Sheet(
    "account",
    _l("Account, profile and settings"),
    {
        "account_name": _l("Account name"),
        "name": _l("Name shown to others"),
        "email": _l("E-mail address"),
        "organisation": _l("Organisation"),
        "about": _l("About you"),
        "ask_about": _l("Ask me about"),
        "languages": _l("Languages you work in"),
        "found_by_members": _l("Members may find me by what I know"),
        "read_by_visitors": _l("Visitors may read my profile, too"),
        "language": _l("Language of the site"),
        "timezone": _l("Time zone"),
        "colours": _l("Colours"),
        "place": _l("Place"),
        "roles": _l("Roles"),
        "made": _l("Account made"),
        "confirmed": _l("Address confirmed"),
        "appears_at_once_since": _l("What you post appears at once since"),
        "waits_until": _l("What you post waits for a moderator until"),
        "last_here": _l("Last here"),
        "mails": _l("Mails"),
        "told_of_own": _l("Told of what you wrote"),
        "told_of_questions": _l("Told of questions on what your notes are about"),
        "calendar_address_made": _l("Calendar address made"),
    },
    _account,
    _one,
)


def _own_sessions(owner: Owner) -> Select[UserSession]:
    return select(UserSession).where(UserSession.user_id == owner.id)


def _sessions(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = _own_sessions(owner).where(UserSession.id > after).order_by(UserSession.id).limit(most)
    return [
        (
            row.id,
            {
                "began": row.created_at,
                "last_used": row.seen_at,
                "ends": row.expires_at,
                "ended": row.revoked_at,
                "device": ", ".join(filter(None, described(row.user_agent))),
                "browser_says": row.user_agent,
            },
        )
        for row in db.session.scalars(found)
    ]


SESSIONS = Sheet(
    "devices",
    _l("Devices that are signed in, or were"),
    {
        "began": _l("Signed in"),
        "last_used": _l("Last used"),
        "ends": _l("Ends by itself"),
        "ended": _l("Ended"),
        "device": _l("Device"),
        "browser_says": _l("What the browser says of itself"),
    },
    _sessions,
    lambda owner: number_of(_own_sessions(owner)),
)


def _memberships(owner: Owner) -> Select[Membership, Circle]:
    return (
        select(Membership, Circle)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(Membership.user_id == owner.id, Circle.closed_at.is_(None))
    )


def _circles(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = _memberships(owner).where(Circle.id > after).order_by(Circle.id).limit(most)
    return [
        (
            circle.id,
            {
                "circle": Link(circle.name, url(f"/circles/{circle.id}")),
                "role": row.role,
                "since": row.since,
            },
        )
        for row, circle in db.session.execute(found)
    ]


CIRCLES = Sheet(
    "circles",
    _l("Circles you are in"),
    {"circle": _l("Circle"), "role": _l("Role"), "since": _l("Since")},
    _circles,
    lambda owner: number_of(_memberships(owner).with_only_columns(Membership.circle_id)),
)


def _own_requests(owner: Owner) -> Select[JoinRequest]:
    return select(JoinRequest).where(JoinRequest.user_id == owner.id)


def _requests(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = _own_requests(owner).where(JoinRequest.id > after).order_by(JoinRequest.id).limit(most)
    return [
        (row.id, {"asked": row.created_at, "words": row.words, "declined": row.declined_at})
        for row in db.session.scalars(found)
    ]


REQUESTS = Sheet(
    "requests-to-circles",
    _l("Where you asked to be let in"),
    {"asked": _l("Asked"), "words": _l("Your words"), "declined": _l("Declined")},
    _requests,
    lambda owner: number_of(_own_requests(owner)),
)


def _own_watches(owner: Owner) -> Select[Watch]:
    return select(Watch).where(Watch.user_id == owner.id)


def _watches(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.scalars(
        _own_watches(owner).where(Watch.id > after).order_by(Watch.id).limit(most)
    ).all()
    shown: dict[int, Shown] = {}
    for kind, target in TARGETS.items():
        of_kind = [row for row in found if row.kind == kind]
        shown |= target.shown(owner.viewer, of_kind) if of_kind else {}
    return [
        (
            row.id,
            {
                "kind": str(TARGETS[row.kind].label) if row.kind in TARGETS else row.kind,
                "watched": Link(shown[row.id].name, url(shown[row.id].href))
                if row.id in shown
                else words_of(row),
                "level": str(LEVELS[Level(row.level)]),
                "since": row.changed_at,
            },
        )
        for row in found
    ]


WATCHES = Sheet(
    "watching",
    _l("What you watch"),
    {
        "kind": _l("Kind"),
        "watched": _l("What"),
        "level": _l("How much you are told"),
        "since": _l("Since"),
    },
    _watches,
    lambda owner: number_of(_own_watches(owner)),
)


def _own_notices(owner: Owner) -> Select[Notice]:
    return select(Notice).where(Notice.user_id == owner.id)


def _notices(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    """Return when she was told of what, title and address; the words of others that a line quotes are left out."""
    found = db.session.scalars(
        _own_notices(owner).where(Notice.id > after).order_by(Notice.id).limit(most)
    ).all()
    # A line is there for its reader exactly as long as she may read what it tells of.
    open_now = notifications.SHOWN.where(Notice.id.in_([row.id for row in found]))
    still = set(
        db.session.scalars(
            open_now.with_only_columns(Notice.id), notifications.reader_of(owner.viewer)
        )
    )
    told = {
        line.id: line
        for line in told_in.lines(owner.viewer, [row for row in found if row.id in still])
    }
    return [
        (
            row.id,
            {
                "at": row.at,
                "read": row.read_at,
                "of": Link(told[row.id].title, url(told[row.id].href)) if row.id in told else None,
            },
        )
        for row in found
    ]


NOTICES = Sheet(
    "notices",
    _l("Notices"),
    {"at": _WHEN, "read": _l("Read"), "of": _l("Of what")},
    _notices,
    lambda owner: number_of(_own_notices(owner)),
)
