"""The log: who did what to what, when and why. Read from events, which nothing changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Select, exists, literal, select, union_all
from sqlalchemy.orm import aliased

from cop.core.db import db
from cop.core.i18n import _, _l, current_lang
from cop.core.page import Cursor, Page
from cop.entries import policy as entries, queries
from cop.entries.events import EntryOpened
from cop.entries.kinds import KINDS
from cop.entries.models import Comment, Entry, NameMask, Text, Visibility
from cop.entries.reasons import said
from cop.events.models import Event
from cop.moderation.policy import is_masked, require_moderator
from cop.people import queries as people
from cop.people.models import User
from cop.people.viewer import Viewer

PAGE_SIZE = 30

#: What is logged, by what it is about: event → what was done, in words.
ENTRIES: Mapping[str, Any] = {
    "EntryApproved": _l("let through"),
    "EntryHidden": _l("hidden"),
    "EntryUnhidden": _l("shown again"),
    "PracticeGraded": _l("practice page graded"),
    "EntryFeatured": _l("put on the front page"),
    "EntryUnfeatured": _l("taken from the front page"),
    "EntryLocked": _l("locked"),
    "EntryUnlocked": _l("unlocked"),
    "DiscussionMoved": _l("moved to another space"),
    "DiscussionMerged": _l("joined with another discussion"),
    "RepliesSplit": _l("replies moved to another discussion"),
    "RearrangementUndone": _l("joining or split undone"),
    "DiscussionPinned": _l("pinned"),
    "DiscussionUnpinned": _l("pin taken off"),
    "RevisionSuppressed": _l("words of an earlier revision deleted"),
    "ImageRemoved": _l("image removed"),
    "FileRemoved": _l("file removed"),
    "ItemKept": _l("looked at and kept"),
}
COMMENTS: Mapping[str, Any] = {
    "CommentApproved": _l("comment let through"),
    "CommentRefused": _l("comment not let through"),
    "CommentRemoved": _l("comment removed"),
    "CommentShown": _l("comment shown again"),
}
PEOPLE: Mapping[str, Any] = {
    "AuthorWarned": _l("warned"),
    "MemberLimited": _l("limited: everything waits for approval"),
    "LimitLifted": _l("limit lifted"),
    "AccountSuspended": _l("suspended"),
    "SuspensionLifted": _l("suspension lifted"),
    "MemberTrusted": _l("is no newcomer any more"),
}
RIGHTS: Mapping[str, Any] = {
    "GrantGiven": _l("role given"),
    "GrantTaken": _l("role taken"),
    "InvitationMade": _l("invitation made"),
    "InvitationRevoked": _l("invitation ended"),
}
#: The parts the log can be narrowed to.
PARTS: Mapping[str, Mapping[str, Any]] = {
    "entries": ENTRIES,
    "comments": COMMENTS,
    "people": PEOPLE,
    "rights": RIGHTS,
}
_ALL = {**ENTRIES, **COMMENTS, **PEOPLE, **RIGHTS}


@dataclass(frozen=True)
class Target:
    """What was acted on, as far as this reader may know it; `href` where there is a page."""

    text: str
    lang: str = ""
    href: str = ""


@dataclass(frozen=True)
class Act:
    """A line of the log."""

    id: int
    at: datetime | date
    who: str
    what: str
    targets: Sequence[Target]
    reason: str
    until: datetime | None
    grant: str = ""


def page(
    viewer: Viewer, *, part: str = "", who: str = "", entry_id: int = 0, older: str | None = None
) -> Page[Act]:
    """Return the log, newest first: a part of it, what one person did, or what happened to one entry."""
    require_moderator(viewer)
    verbs = PARTS.get(part, _ALL)
    before = Cursor.decode(older)
    actor = people.by_handle(who) if who else None
    if who and actor is None:
        return Page([])
    statement = _narrowed(list(verbs), before, actor, entry_id)
    rows = list(db.session.scalars(statement.order_by(Event.id.desc()).limit(PAGE_SIZE + 1)))
    found: Page[Event] = Page.of(
        rows, size=PAGE_SIZE, place=lambda row: Cursor(row.at, row.id), before=before
    )
    return Page(_acts(viewer, found.items), older=found.older)


def _narrowed(
    verbs: list[str], before: Cursor | None, actor: User | None, entry_id: int
) -> Select[Event]:
    statement = select(Event)
    if before is not None:
        statement = statement.where(Event.id < literal(before.id, BigInteger))
    if entry_id:
        known = entry_id if 0 < entry_id <= queries.MAX_ID else 0
        of_entry = statement.where(Event.entry_id == known, Event.verb.in_(verbs))
        return of_entry.outerjoin(Entry, Entry.id == Event.entry_id).where(_told_outside())
    if actor is not None:
        # Who wrote something unnamed did what authors do; that is no act of this person's.
        ids = _latest(verbs, before, actor)
        return statement.where(Event.id.in_(select(ids.c.id)))
    ids = _latest(verbs, before, None)
    return statement.where(Event.id.in_(select(ids.c.id)))


def _latest(verbs: list[str], before: Cursor | None, actor: User | None) -> Any:
    """Return the newest ids of each verb: as many as a page needs, straight from the index, however long the log."""
    parts = []
    for verb in verbs:
        one = (
            select(Event.id)
            .outerjoin(Entry, Entry.id == Event.entry_id)
            .where(Event.verb == verb, _told_outside())
        )
        if before is not None:
            one = one.where(Event.id < literal(before.id, BigInteger))
        if actor is not None:
            one = one.where(Event.actor_id == actor.id, ~_by_its_unnamed_author())
        newest = one.order_by(Event.id.desc()).limit(PAGE_SIZE + 1).subquery()
        parts.append(select(newest.c.id))
    return union_all(*parts).subquery()


def _told_outside() -> Any:
    """What happened in a circle is not logged for the site, opened later or not."""
    opening = aliased(Event)
    opened_before = exists().where(
        opening.entry_id == Event.entry_id,
        opening.verb == EntryOpened.__name__,
        opening.id < Event.id,
    )
    opened = (Entry.visibility != Visibility.CIRCLE) & opened_before
    return Entry.circle_id.is_(None) | opened


def _by_its_unnamed_author() -> Any:
    unnamed = Entry.name_mask == NameMask.UNNAMED
    return Entry.id.is_not(None) & unnamed & (Entry.author_id == Event.actor_id)


def _acts(viewer: Viewer, rows: Sequence[Event]) -> list[Act]:
    found = _Found(viewer, rows)
    return [
        Act(
            id=row.id,
            at=found.time(row),
            who=found.actor(row),
            what=str(_ALL[row.verb]),
            targets=found.targets(row),
            reason=said(row.data.get("ready", ""), row.data.get("reason", "")),
            until=_moment(row.data.get("until", "")),
            grant=row.data.get("grant", ""),
        )
        for row in rows
    ]


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class _Found:
    """What a page of events is about, read in a fixed number of queries."""

    def __init__(self, viewer: Viewer, rows: Sequence[Event]) -> None:
        """Look everything up; entries through what the viewer may read."""
        self.viewer = viewer
        ids = {row.entry_id for row in rows if row.entry_id}
        self.entries = {
            entry.id: entry for entry in db.session.scalars(select(Entry).where(Entry.id.in_(ids)))
        }
        self.open = {entry.id for entry in self.entries.values() if entries.may_read(viewer, entry)}
        self.texts = self._texts()
        comment_ids = {row.data["comment_id"] for row in rows if row.data.get("comment_id")}
        said = select(Comment.id, Comment.author_id, Comment.mask).where(
            Comment.id.in_(comment_ids)
        )
        self.comments = {row.id: (row.author_id, row.mask) for row in db.session.execute(said)}
        user_ids = {row.data["user_id"] for row in rows if row.data.get("user_id")}
        user_ids |= {row.actor_id for row in rows if row.actor_id}
        self.users = {
            user.id: user for user in db.session.scalars(select(User).where(User.id.in_(user_ids)))
        }

    def _texts(self) -> dict[int, dict[str, Text]]:
        told: dict[int, dict[str, Text]] = {}
        wanted = select(Text).where(Text.entry_id.in_(self.open)).order_by(Text.id)
        for text in db.session.scalars(wanted):
            told.setdefault(text.entry_id, {})[text.lang] = text
        return told

    def actor(self, row: Event) -> str:
        """Return who did it; who wrote an unnamed entry is its author here too."""
        if row.actor_id is None:
            return _("The site")
        if self._is_masked(row, row.actor_id):
            return _("The author")
        return self._name(row.actor_id)

    def time(self, row: Event) -> datetime | date:
        """Return when it was done; of what an unnamed author did the day alone."""
        entry = self.entries.get(row.entry_id or 0)
        if entry is None or row.actor_id is None or not self._is_masked(row, row.actor_id):
            return row.at
        return entries.told_time(entry, row.at)

    def targets(self, row: Event) -> list[Target]:
        """Return what it was done to: a person, an entry, or both."""
        found = []
        person = row.data.get("user_id")
        if person:
            masked = self._is_masked(row, person)
            found.append(Target(_("The author") if masked else self._name(person)))
        if row.entry_id:
            found.append(self._entry(row))
        return found

    def _entry(self, row: Event) -> Target:
        number = row.entry_id or 0
        if number not in self.open:
            return Target(_("Entry %(id)s", id=number))
        told = self.texts[number]
        entry = self.entries[number]
        text = told.get(current_lang().value) or told.get(entry.lang) or next(iter(told.values()))
        comment = row.data.get("comment_id")
        href = f"/{KINDS[entry.kind].path}/{number}-{text.slug}"
        if comment in self.comments:
            href = f"/comments/{comment}"
        return Target(text.title, text.lang, href)

    def _is_masked(self, row: Event, user_id: int) -> bool:
        if self.comments.get(row.data.get("comment_id", 0)) == (user_id, NameMask.UNNAMED):
            return True
        entry = self.entries.get(row.entry_id or 0)
        return entry is not None and is_masked(entry, user_id) and entry.author_id == user_id

    def _name(self, user_id: int) -> str:
        user = self.users.get(user_id)
        name = entries.name_of(user)
        return f"{name} (@{user.handle})" if user is not None and user.email else name
