"""Where she took part: dates she signed up for, workshops she prepares with others, what moderators decided."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from cop.core.db import db
from cop.core.i18n import _, _l
from cop.entries import reasons
from cop.entries.cases import Decided
from cop.entries.models import Case, Decision, Flag
from cop.moderation.civil import TOLD
from cop.moderation.flagging import REASONS
from cop.people.mails import url
from cop.takeout.owner import Owner, number_of
from cop.takeout.sheets import Link, Row, Sheet
from cop.workshops.running_models import Attendance
from cop.workshops.session_models import SignUp, SignUpState, WorkshopSession
from cop.workshops.team_models import CoTrainer

_GOING = {
    SignUpState.GOING: _l("Has a seat"),
    SignUpState.WAITING: _l("Waits for a seat"),
    SignUpState.WITHDRAWN: _l("Taken back"),
}


def _own_sign_ups(owner: Owner) -> Select[SignUp, WorkshopSession, bool]:
    return (
        select(SignUp, WorkshopSession, Attendance.present)
        .join(WorkshopSession, WorkshopSession.id == SignUp.session_id)
        .outerjoin(Attendance, Attendance.sign_up_id == SignUp.id)
        .where(SignUp.user_id == owner.id)
    )


def _sign_ups(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.execute(
        _own_sign_ups(owner).where(SignUp.id > after).order_by(SignUp.id).limit(most)
    ).all()
    links = owner.links(session.entry_id for _row, session, _came in found)
    return [
        (
            row.id,
            {
                "workshop": links.get(session.entry_id),
                "begins": session.starts_at,
                "state": str(_GOING[SignUpState(row.state)]),
                "since": row.queued_at,
                "changed": row.changed_at,
                "came": came,
            },
        )
        for row, session, came in found
    ]


SIGN_UPS = Sheet(
    "sign-ups",
    _l("Dates of workshops you signed up for"),
    {
        "workshop": _l("Workshop"),
        "begins": _l("Begins"),
        "state": _l("State"),
        "since": _l("Since"),
        "changed": _l("Changed"),
        "came": _l("Came"),
    },
    _sign_ups,
    lambda owner: number_of(_own_sign_ups(owner).with_only_columns(SignUp.id)),
)


def _own_team(owner: Owner) -> Select[CoTrainer]:
    return select(CoTrainer).where(CoTrainer.user_id == owner.id)


def _team(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.scalars(
        _own_team(owner).where(CoTrainer.entry_id > after).order_by(CoTrainer.entry_id).limit(most)
    ).all()
    links = owner.links(row.entry_id for row in found)
    return [
        (
            row.entry_id,
            {
                "workshop": links.get(row.entry_id),
                "asked": row.invited_at,
                "since": row.accepted_at,
                "declined": row.declined_at,
                "named": row.named,
            },
        )
        for row in found
    ]


TEAM = Sheet(
    "workshops-prepared",
    _l("Workshops you prepare with others, or were asked to"),
    {
        "workshop": _l("Workshop"),
        "asked": _l("Asked"),
        "since": _l("Since"),
        "declined": _l("Declined"),
        "named": _l("Named on its page"),
    },
    _team,
    lambda owner: number_of(_own_team(owner)),
)


def _own_decisions(owner: Owner) -> Select[Decision]:
    return select(Decision).where(Decision.user_id == owner.id)


def _decisions(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    """Return what was decided; what a moderator wrote of her own stands on the site, where the link leads."""
    found = db.session.scalars(
        _own_decisions(owner).where(Decision.id > after).order_by(Decision.id).limit(most)
    ).all()
    links = owner.links(row.entry_id for row in found if row.entry_id)
    return [
        (
            row.id,
            {
                "at": row.at,
                "decided": str(TOLD.get(Decided(row.act), row.act)),
                "about": links.get(row.entry_id or 0),
                "reason": reasons.said(row.ready, ""),
                "until": row.until,
                "link": url("/account/moderation"),
            },
        )
        for row in found
    ]


DECISIONS = Sheet(
    "decisions",
    _l("From the moderators"),
    {
        "at": _l("When"),
        "decided": _l("Decided"),
        "about": _l("About"),
        "reason": _l("Reason"),
        "until": _l("Until"),
        "link": _l("Where it stands"),
    },
    _decisions,
    lambda owner: number_of(_own_decisions(owner)),
)


def _own_flags(owner: Owner) -> Select[Flag, int, int | None]:
    return (
        select(Flag, Case.entry_id, Case.comment_id)
        .join(Case, Case.id == Flag.case_id)
        .where(Flag.user_id == owner.id)
    )


def _flags(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.execute(
        _own_flags(owner).where(Flag.id > after).order_by(Flag.id).limit(most)
    ).all()
    links = owner.links(entry_id for _row, entry_id, _comment in found)
    return [
        (
            row.id,
            {
                "at": row.created_at,
                "about": _about(links.get(entry_id), comment_id),
                "reason": str(REASONS.get(row.reason, row.reason)),
                "words": row.words,
            },
        )
        for row, entry_id, comment_id in found
    ]


def _about(link: Link | None, comment_id: int | None) -> Link | None:
    if link is None or comment_id is None:
        return link
    return Link(_("A comment on: %(title)s", title=link.title), url(f"/comments/{comment_id}"))


FLAGS = Sheet(
    "reports",
    _l("What you reported"),
    {
        "at": _l("When"),
        "about": _l("About"),
        "reason": _l("Reason"),
        "words": _l("Your words"),
    },
    _flags,
    lambda owner: number_of(_own_flags(owner).with_only_columns(Flag.id)),
)
