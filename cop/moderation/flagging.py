"""Flags: a member asks the moderators to look at something, and may take that back. Actor first, no commit."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.text import clean
from cop.entries import cases, comment_policy, policy, queries
from cop.entries.cases import Why
from cop.entries.comment_policy import CommentAct
from cop.entries.commenting import get_comment
from cop.entries.models import Case, Comment, Entry, Flag, Visibility
from cop.entries.policy import Act
from cop.events.record import record
from cop.moderation import events
from cop.people.viewer import Viewer

WORDS_LIMIT = 1000
OTHER = "other"

#: Why something can be flagged.
REASONS: Mapping[str, Any] = {
    "identifies": _l("A person could be recognised"),
    "unsafe": _l("It could put people in danger"),
    "rude": _l("It attacks people"),
    "advertising": _l("It is advertising"),
    "copied": _l("It is somebody else’s text"),
    "off-topic": _l("It does not belong here"),
    OTHER: _l("Something else"),
}


def item(
    viewer: Viewer, entry_id: int, comment_id: int | None, *, to_change: bool = False
) -> tuple[Entry, Comment | None]:
    """Return what can be flagged: an entry, or a comment (then `entry_id` is not looked at); else raise."""
    if comment_id is None:
        entry = queries.get(viewer, entry_id, to_change=to_change)
        policy.require(viewer, Act.FLAG, entry)
        return entry, None
    entry, comment = get_comment(viewer, comment_id, to_change=to_change)
    if not comment_policy.may(viewer, CommentAct.READ, comment, entry):
        raise NotFound
    if not comment_policy.may(viewer, CommentAct.FLAG, comment, entry):
        raise Forbidden(_l("This cannot be reported: you wrote it, or it is not shown to others."))
    return entry, comment


def own_flag(viewer: Viewer, entry: Entry, comment: Comment | None) -> Flag | None:
    """Return the viewer's own flag of an item that no moderator has looked at yet."""
    found = [cases.find(entry, comment)]
    if entry.circle_id is not None:
        found.append(cases.find(entry, comment, passed_on=True))
    return db.session.scalar(
        select(Flag)
        .where(
            Flag.case_id.in_([case.id for case in found if case is not None]),
            Flag.user_id == viewer.id,
            Flag.decision_id.is_(None),
        )
        .order_by(Flag.id.desc())
        .limit(1)
    )


def flag(
    *,
    by: Viewer,
    reason: str,
    words: str,
    entry_id: int = 0,
    comment_id: int | None = None,
    pass_on: bool = False,
) -> Flag:
    """Ask the moderators to look at an entry or comment. Once each; asked again, it says what is said last.

    In a circle its hosts are asked; with `pass_on` the moderators of the site instead, who read this one item then.
    """
    entry, comment = item(by, entry_id, comment_id, to_change=True)
    if reason not in REASONS:
        raise Invalid("reason", _l("Please choose what is wrong."))
    words = clean(words, multiline=True)
    if reason == OTHER and not words:
        raise Invalid("words", _l("Please say in a sentence what is wrong."))
    if len(words) > WORDS_LIMIT:
        raise Invalid("words", _l("Use at most %(number)s characters.", number=WORDS_LIMIT))
    passed_on = pass_on and entry.visibility == Visibility.CIRCLE
    case = cases.open_case(entry, comment, Why.FLAGGED, passed_on=passed_on)
    made = db.session.scalar(select(Flag).where(Flag.case_id == case.id, Flag.user_id == by.id))
    if made is None:
        made = Flag(case_id=case.id, user_id=by.id, created_at=clock.now())
        db.session.add(made)
    elif made.decision_id is not None:
        made.created_at, made.decision_id = clock.now(), None
    made.reason, made.words = reason, words
    db.session.flush()
    told = events.ItemFlagged(
        entry_id=entry.id, comment_id=comment.id if comment else None, reason=reason
    )
    record(told, actor_id=None)
    return made


def take_back(*, by: Viewer, flag_id: int) -> Case:
    """Take one's own flag back before it was looked at; the last one takes its case out of the queue."""
    found = db.session.get(Flag, flag_id) if 0 < flag_id <= queries.MAX_ID else None
    if found is None or by.id is None or found.user_id != by.id or found.decision_id is not None:
        raise NotFound
    case = db.session.get_one(Case, found.case_id)
    # Whoever decides about it at this moment holds the entry.
    db.session.scalar(select(Entry.id).where(Entry.id == case.entry_id).with_for_update())
    db.session.refresh(found)
    if found.decision_id is not None:
        raise NotFound
    db.session.delete(found)
    db.session.flush()
    waiting = exists().where(Flag.case_id == case.id, Flag.decision_id.is_(None))
    if (
        case.decided_at is None
        and case.why == Why.FLAGGED
        and not db.session.scalar(select(waiting))
    ):
        cases.close(case)
    told = events.FlagTakenBack(entry_id=case.entry_id, comment_id=case.comment_id)
    record(told, actor_id=None)
    return case
