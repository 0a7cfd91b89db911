"""What moderators decided about somebody, as she reads it; what she reported; and whom a limit holds now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, literal, or_, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _l, current_lang
from cop.core.page import Cursor, Page
from cop.entries import cases, deciders, policy as entries, reasons
from cop.entries.cases import Decided
from cop.entries.models import Case, Comment, Decision, Entry, Flag, Text
from cop.entries.reasons import said
from cop.moderation.flagging import REASONS
from cop.moderation.policy import require_moderator
from cop.people import queries as people, standing, suspensions
from cop.people.models import AccountStatus, User
from cop.people.viewer import Viewer

PAGE_SIZE = 20
_FLAGS = 20

#: What was decided, as whom it concerns reads it.
TOLD: Mapping[Decided, Any] = {
    Decided.APPROVE: _l("A moderator let this through; it can be read now."),
    Decided.REFUSE: _l("A moderator did not let this through."),
    Decided.HIDE: _l("A moderator has hidden this."),
    Decided.UNHIDE: _l("A moderator shows this again."),
    Decided.REMOVE: _l("A moderator removed this comment."),
    Decided.REMOVE_IMAGE: _l("A moderator removed an image from this."),
    Decided.REMOVE_FILE: _l("A moderator removed a file from this."),
    Decided.SHOW: _l("A moderator shows this comment again."),
    Decided.LOCK: _l("A moderator locked this."),
    Decided.UNLOCK: _l("A moderator unlocked this."),
    Decided.MERGE: _l("A moderator has joined this with another discussion."),
    Decided.SPLIT: _l("A moderator has moved replies of yours here."),
    Decided.REJOIN: _l("A moderator has made a joining or a split undone."),
    Decided.WARN: _l("A moderator warns you."),
    Decided.LIMIT: _l("What you post waits for a moderator."),
    Decided.SUSPEND: _l("Your account was suspended."),
    Decided.LIFT: _l("A limit or suspension was lifted."),
    Decided.EXCLUDE: _l("A host took you out of a circle."),
    Decided.TRUST: _l("You are no newcomer any more: what you post appears at once."),
}
#: The same, where a host of a circle decided about something of it.
TOLD_BY_HOST: Mapping[Decided, Any] = {
    Decided.APPROVE: _l("A host of the circle let this through; it can be read now."),
    Decided.REFUSE: _l("A host of the circle did not let this through."),
    Decided.HIDE: _l("A host of the circle has hidden this."),
    Decided.UNHIDE: _l("A host of the circle shows this again."),
    Decided.REMOVE: _l("A host of the circle removed this comment."),
    Decided.REMOVE_IMAGE: _l("A host of the circle removed an image from this."),
    Decided.REMOVE_FILE: _l("A host of the circle removed a file from this."),
    Decided.SHOW: _l("A host of the circle shows this comment again."),
    Decided.LOCK: _l("A host of the circle locked this."),
    Decided.UNLOCK: _l("A host of the circle unlocked this."),
    Decided.MERGE: _l("A host of the circle has joined this with another discussion."),
    Decided.SPLIT: _l("A host of the circle has moved replies of yours here."),
    Decided.REJOIN: _l("A host of the circle has made a joining or a split undone."),
    Decided.WARN: _l("A host of the circle warns you."),
}
#: What came of a flag, as who flagged reads it.
ANSWERED: Mapping[Decided, Any] = {
    Decided.KEEP: _l("It was looked at, and it stays."),
    Decided.HIDE: _l("It is hidden now."),
    Decided.REMOVE: _l("It is removed now."),
}
_LOOKED_AT = _l("It was looked at.")
_WAITS = _l("Nobody has looked at it yet.")


@dataclass(frozen=True)
class Item:
    """An entry, or a comment on it, as far as this reader may open it."""

    title: str = ""
    lang: str = ""
    entry_id: int = 0
    comment_id: int | None = None


@dataclass(frozen=True)
class Told:
    """A decision as whom it concerns reads it."""

    at: datetime
    text: str
    reason: str
    until: datetime | None
    item: Item | None


@dataclass(frozen=True)
class Reported:
    """One's own flag, and what came of it."""

    at: datetime
    why: str
    answer: str
    reason: str
    item: Item | None


def decisions(viewer: Viewer, *, older: str | None = None) -> Page[Told]:
    """Return what was decided about the viewer and what she wrote, newest first."""
    statement = select(Decision).where(Decision.user_id == viewer.id)
    before = Cursor.decode(older)
    if before is not None:
        statement = statement.where(Decision.id < literal(before.id, BigInteger))
    rows = list(db.session.scalars(statement.order_by(Decision.id.desc()).limit(PAGE_SIZE + 1)))
    found: Page[Decision] = Page.of(
        rows, size=PAGE_SIZE, place=lambda row: Cursor(row.at, row.id), before=before
    )
    there = _open_entries(viewer, [row.entry_id for row in found.items])
    items = _items(viewer, [(row.entry_id, row.comment_id) for row in found.items], there)
    hosts = deciders.by_hosts(
        {row.id: (row.by_id, there[row.entry_id]) for row in found.items if row.entry_id in there}
    )
    told = [
        Told(
            at=row.at,
            text=_told(Decided(row.act), by_host=row.id in hosts),
            reason=said(row.ready, row.words),
            until=row.until,
            item=items.get((row.entry_id, row.comment_id)),
        )
        for row in found.items
    ]
    return Page(told, older=found.older)


def _told(act: Decided, *, by_host: bool) -> str:
    sentence = TOLD_BY_HOST.get(act) if by_host else None
    return str(sentence or TOLD.get(act, ""))


def reported(viewer: Viewer) -> list[Reported]:
    """Return what the viewer flagged lately, newest first."""
    rows = db.session.execute(
        select(Flag, Case, Decision)
        .join(Case, Case.id == Flag.case_id)
        .outerjoin(Decision, Decision.id == Flag.decision_id)
        .where(Flag.user_id == viewer.id)
        .order_by(Flag.created_at.desc(), Flag.id.desc())
        .limit(_FLAGS)
    ).all()
    there = _open_entries(viewer, [case.entry_id for _flag, case, _made in rows])
    items = _items(viewer, [(case.entry_id, case.comment_id) for _flag, case, _made in rows], there)
    return [
        _reported(flag, made, items.get((case.entry_id, case.comment_id)))
        for flag, case, made in rows
    ]


def _reported(flag: Flag, made: Decision | None, item: "Item | None") -> Reported:
    why = str(REASONS.get(flag.reason, ""))
    if made is None:
        return Reported(flag.created_at, why, str(_WAITS), "", item)
    answer = str(ANSWERED.get(Decided(made.act), _LOOKED_AT))
    # What is said to its author is between her and the moderators.
    reason = said(made.ready, made.words) if made.act == Decided.KEEP else ""
    return Reported(flag.created_at, why, answer, reason, item)


_Key = tuple[int | None, int | None]


def _open_entries(viewer: Viewer, ids: Sequence[int | None]) -> dict[int, Entry]:
    """Return those of these entries that the viewer may open."""
    wanted = select(Entry).where(Entry.id.in_(set(filter(None, ids))), entries.readable(viewer))
    return {entry.id: entry for entry in db.session.scalars(wanted)}


def _items(
    viewer: Viewer, keys: Sequence[_Key], open_entries: Mapping[int, Entry]
) -> dict[_Key, Item]:
    """Return what the viewer may open of these entries and comments."""
    said = select(Comment).where(
        Comment.id.in_({comment_id for _e, comment_id in keys if comment_id}),
        Comment.entry_id.in_(open_entries),
    )
    there = {
        comment.id
        for comment in db.session.scalars(said)
        if entries.comment_exists(viewer, comment, open_entries[comment.entry_id])
    }
    told: dict[int, dict[str, Text]] = {}
    for text in db.session.scalars(
        select(Text).where(Text.entry_id.in_(open_entries)).order_by(Text.id)
    ):
        told.setdefault(text.entry_id, {})[text.lang] = text
    found: dict[_Key, Item] = {}
    for entry_id, comment_id in keys:
        if (
            entry_id is None
            or entry_id not in open_entries
            or (comment_id and comment_id not in there)
        ):
            continue
        texts = told[entry_id]
        lang = open_entries[entry_id].lang
        text = texts.get(current_lang().value) or texts.get(lang) or next(iter(texts.values()))
        found[entry_id, comment_id] = Item(text.title, text.lang, entry_id, comment_id)
    return found


def limited(viewer: Viewer) -> Sequence[User]:
    """Return whom a limit or a suspension holds now, the one that ends last first."""
    require_moderator(viewer)
    now = clock.now()
    held = select(User).where(
        or_(User.limited_until > now, User.status == AccountStatus.SUSPENDED.value)
    )
    return db.session.scalars(held.order_by(User.id.desc()).limit(200)).all()


def lift(*, by: Viewer, user_id: int, reason: str) -> User:
    """End a limit and a suspension before their time, for a reason. Once is enough."""
    require_moderator(by)
    user = people.by_id(user_id)
    if user.system:
        raise NotFound
    why = reasons.checked(reason)
    lifted = standing.lift_limit(user, by=by, reason=why.words)
    if user.status == AccountStatus.SUSPENDED:
        lifted = suspensions.lift(by=by, user_id=user.id, reason=why.words) or lifted
    if lifted:
        cases.tell(by=by, act=Decided.LIFT, reason=why, user_id=user.id)
    return user
