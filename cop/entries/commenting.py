"""What can be done to comments: post, edit, delete, remove, show again; and close an entry to them. No commit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from cop import markup
from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Invalid, Moved, NotFound
from cop.core.i18n import _l
from cop.core.types import Json, Lang
from cop.entries import (
    attaching,
    cases,
    comment_policy,
    enclosing,
    events,
    mentions,
    policy,
    queries,
    reasons,
    voices,
)
from cop.entries.cases import Decided, Why
from cop.entries.comment_policy import CommentAct
from cop.entries.draft import Enclosure, Image, enclosures_to_json, images_to_json
from cop.entries.models import (
    Case,
    Comment,
    CommentRevision,
    CommentStatus,
    Entry,
    NameMask,
    Visibility,
)
from cop.entries.opening import empty_comment
from cop.entries.operations import fresh_key, touch
from cop.entries.policy import Act
from cop.entries.titles import keep_links_of
from cop.events.record import record
from cop.people import standing
from cop.people.viewer import Viewer

#: Longest comment, in characters: some ten printed pages.
COMMENT_LIMIT = 20_000

LOCKED = _l(
    "A moderator has locked this, so that nothing can be added. Your text is still here: copy it "
    "if you want to keep it."
)
_LOCKED_BY_HOST = _l(
    "A host of the circle has locked this, so that nothing can be added. Your text is still here: copy it "
    "if you want to keep it."
)
_LIVE = (CommentStatus.PUBLISHED, CommentStatus.HELD)
_CLOSED = _l(
    "This is not published at the moment, so that nothing can be added. Your text is still here: copy it "
    "if you want to keep it."
)


@dataclass(frozen=True)
class CommentDraft:
    """A comment as its author hands it in; `answers` is the id of the comment it answers."""

    lang: Lang
    body: str
    answers: int | None = None
    images: tuple[Image, ...] = ()
    files: tuple[Enclosure, ...] = ()

    @property
    def shows(self) -> Json:
        """Its images and files as the history of a comment keeps them."""
        return images_to_json(self.images) | enclosures_to_json(self.files)


@dataclass(frozen=True)
class CommentOrigin:
    """Where a comment comes from, if not from its author's own hand on the site."""

    key: str
    author_id: int | None
    posted_at: datetime | None = None
    #: Whether it is only the trace of one that was taken away.
    taken_away: bool = False


def get_comment(
    viewer: Viewer, comment_id: int, *, to_change: bool = False
) -> tuple[Entry, Comment]:
    """Return a comment with its author, and its entry, if the viewer may read that; else raise NotFound or Gone."""
    if not 0 < comment_id <= queries.MAX_ID:
        raise NotFound
    statement = (
        select(Comment)
        .where(Comment.id == comment_id)
        .options(joinedload(Comment.author))
        .execution_options(populate_existing=True)
    )
    comment = db.session.scalar(statement)
    on = db.session.get(Entry, comment.entry_id) if comment is not None else None
    if comment is None or on is None or not policy.comment_exists(viewer, comment, on):
        raise NotFound
    entry = queries.get(viewer, comment.entry_id, to_change=to_change)
    if to_change:
        # Whoever else was changing the comment held its entry; now what it says is what it will say.
        comment = db.session.scalar(statement)
        if comment is None or not policy.comment_exists(viewer, comment, entry):
            raise NotFound
    return entry, comment


def post_comment(
    *, by: Viewer, entry_id: int, draft: CommentDraft, origin: CommentOrigin | None = None
) -> Comment:
    """Publish a comment on an entry, below the one it answers where it answers one.

    Raises Invalid(field, sentence) for what cannot be taken, closed and locked entries included, so that
    the form can be shown again with everything typed.
    """
    policy.require_member(by)
    entry = queries.get(by, entry_id, to_change=True)
    require_open(by, entry)
    gone = origin is not None and origin.taken_away
    if not gone:
        _check(draft)
    answered = _answered(by, entry, draft)
    body = mentions.taken(by, entry, {"body": draft.body})["body"]
    posted_at = (origin.posted_at if origin else None) or clock.now()
    public = entry.visibility == Visibility.PUBLIC
    held = origin is None and standing.must_wait(by, public=public)
    status = CommentStatus.HELD if held else CommentStatus.PUBLISHED
    if gone:
        status = CommentStatus.DELETED
    comment = Comment(
        key=origin.key if origin else "c" + fresh_key()[1:],
        entry_id=entry.id,
        answers_id=answered.id if answered else None,
        author_id=origin.author_id if origin else by.id,
        status=status.value,
        created_at=posted_at,
        lang=draft.lang.value,
        body=body,
        html=markup.render(body).html,
        html_version=markup.VERSION,
    )
    if origin is None and (spoken := voices.voice_of(by.id, entry)) is not None:
        comment.origin_id, comment.mask = spoken, NameMask.UNNAMED.value
    db.session.add(comment)
    db.session.flush()
    comment.thread_id = answered.thread_id if answered else comment.id
    keep_links_of(comment)
    _attach(by, entry, comment, draft)
    if held:
        # Nothing others see changes: no count, no version, no order of lists.
        cases.open_case(entry, comment, Why.HELD)
        record(events.CommentHeld(entry_id=entry.id, comment_id=comment.id), actor_id=by.id)
        return comment
    count(entry, 0 if gone else 1)
    record(events.CommentPosted(entry_id=entry.id, comment_id=comment.id), actor_id=by.id)
    return comment


def place_of_talk(viewer: Viewer, entry_id: int, answered: int) -> int:
    """Return the entry that takes what was meant for this one: where it, or the comment to answer, stands now."""
    if 0 < answered <= queries.MAX_ID:
        found = db.session.execute(
            select(Comment.entry_id, Comment.origin_id).where(Comment.id == answered)
        ).first()
        if found is not None and found.origin_id is not None:
            return int(queries.get(viewer, found.entry_id).id)
    try:
        found_entry = queries.get(viewer, entry_id)
    except Moved as moved:
        return moved.entry_id
    if found_entry.merged_into_id is not None:
        return queries.get(viewer, found_entry.merged_into_id).id
    return found_entry.id


def require_open(by: Viewer, entry: Entry) -> None:
    """Raise Invalid, with the reason, where nothing can be added to an entry."""
    if policy.may(by, Act.COMMENT, entry):
        return
    if entry.locked_at is None:
        raise Invalid("", _CLOSED)
    raise Invalid("", _LOCKED_BY_HOST if entry.visibility == Visibility.CIRCLE else LOCKED)


def _check(draft: CommentDraft) -> None:
    attaching.check(draft.images, limit=attaching.COMMENT_LIMIT)
    enclosing.check(draft.files, limit=enclosing.COMMENT_LIMIT)
    if not draft.body.strip():
        raise Invalid("body", _l("Please write something first."))
    if len(draft.body) > COMMENT_LIMIT:
        raise Invalid(
            "body",
            _l("This is too long; at most %(limit)s characters fit.", limit=f"{COMMENT_LIMIT:,}"),
        )


def _answered(by: Viewer, entry: Entry, draft: CommentDraft) -> Comment | None:
    if draft.answers is None:
        return None
    found = db.session.get(Comment, draft.answers) if draft.answers <= queries.MAX_ID else None
    if found is None or found.entry_id != entry.id:
        raise NotFound
    if found.status != CommentStatus.PUBLISHED and not by.system:
        raise Invalid(
            "answers",
            _l(
                "What you answer was taken away meanwhile. Send your text again, and it stands on its own."
            ),
        )
    return found


def edit_comment(*, by: Viewer, comment_id: int, base: int, draft: CommentDraft) -> Comment:
    """Let a comment say something else; what it said is kept in its history.

    Raises Conflict where it was edited since `base`, the number the form started from.
    """
    entry, comment = get_comment(by, comment_id, to_change=True)
    if comment.author_id == by.id and comment.status in _LIVE:
        require_open(by, entry)
    comment_policy.require(by, CommentAct.EDIT, comment, entry)
    _check(draft)
    body = mentions.taken(by, entry, {"body": draft.body}, {"body": comment.body})["body"]
    shown = enclosing.shown_by(comment)
    if (comment.lang, comment.body, shown) == (draft.lang.value, body, draft.shows):
        return comment
    if comment.status == CommentStatus.PUBLISHED:
        standing.require_at_once(by, public=entry.visibility == Visibility.PUBLIC)
    if comment.number != base:
        raise Conflict(
            _l(
                "You changed this elsewhere meanwhile. Below is what you typed here; "
                "if you publish it, it replaces what stands there now."
            )
        )
    reword(comment, draft.lang, body, shown)
    _attach(by, entry, comment, draft)
    if comment.status == CommentStatus.HELD:
        return comment
    touch(entry)
    record(
        events.CommentEdited(entry_id=entry.id, comment_id=comment.id, number=comment.number),
        actor_id=by.id,
    )
    return comment


def _attach(by: Viewer, entry: Entry, comment: Comment, draft: CommentDraft) -> None:
    attaching.place(by=by, entry=entry, images=draft.images, comment=comment)
    enclosing.place(by=by, entry=entry, files=draft.files, comment=comment)


def reword(comment: Comment, lang: Lang, body: str, shown: Json) -> None:
    """Let a comment say something else, and keep what it said and which images and files it showed."""
    db.session.add(
        CommentRevision(
            comment_id=comment.id,
            number=comment.number,
            lang=comment.lang,
            body=comment.body,
            images=shown,
            written_at=comment.edited_at or comment.created_at,
        )
    )
    comment.number += 1
    comment.lang, comment.body = lang.value, body
    comment.html, comment.html_version = markup.render(body).html, markup.VERSION
    comment.edited_at = clock.now()
    keep_links_of(comment)


def delete_comment(*, by: Viewer, comment_id: int) -> Comment:
    """Take one's own comment back: all it ever said and showed goes; a trace stays. Once is enough."""
    entry, comment = get_comment(by, comment_id, to_change=True)
    if comment.status == CommentStatus.DELETED and comment.author_id == by.id:
        return comment
    comment_policy.require(by, CommentAct.DELETE, comment, entry)
    if comment.status == CommentStatus.HELD:
        # What was never shown leaves no trace.
        gone = events.CommentTakenBack(entry_id=entry.id, comment_id=comment.id)
        attaching.let_all_go(comment)
        db.session.execute(delete(Case).where(Case.comment_id == comment.id))
        db.session.delete(comment)
        record(gone, actor_id=by.id)
        return comment
    in_circle = comment.status == CommentStatus.CIRCLE
    empty_comment(comment, CommentStatus.CIRCLE_GONE if in_circle else CommentStatus.DELETED)
    if in_circle:
        taken = events.CommentTakenBack(entry_id=entry.id, comment_id=comment.id)
        record(taken, actor_id=by.id)
        return comment
    count(entry, -1)
    record(events.CommentDeleted(entry_id=entry.id, comment_id=comment.id), actor_id=by.id)
    return comment


def remove_comment(*, by: Viewer, comment_id: int, reason: str, ready: str = "") -> Comment:
    """Take somebody's comment away, for a reason that she and the moderators read. Once is enough."""
    entry, comment = get_comment(by, comment_id, to_change=True)
    if comment_policy.may(by, CommentAct.SHOW, comment, entry):
        return comment
    comment_policy.require(by, CommentAct.REMOVE, comment, entry)
    why = reasons.checked(reason, ready)
    comment.removed_reason, comment.removed_ready = why.words, why.ready
    comment.status = CommentStatus.REMOVED.value
    count(entry, -1)
    cases.settle(by=by, act=Decided.REMOVE, reason=why, entry=entry, comment=comment)
    event = events.CommentRemoved(
        entry_id=entry.id, comment_id=comment.id, reason=why.words, ready=why.ready
    )
    record(event, actor_id=by.id)
    return comment


def show_comment(*, by: Viewer, comment_id: int, reason: str, ready: str = "") -> Comment:
    """Show a removed comment again, or one that was not let through, for a reason. Once is enough."""
    entry, comment = get_comment(by, comment_id, to_change=True)
    if comment_policy.may(by, CommentAct.REMOVE, comment, entry):
        return comment
    comment_policy.require(by, CommentAct.SHOW, comment, entry)
    why = reasons.checked(reason, ready)
    show(entry, comment)
    cases.settle(by=by, act=Decided.SHOW, reason=why, entry=entry, comment=comment)
    event = events.CommentShown(
        entry_id=entry.id, comment_id=comment.id, reason=why.words, ready=why.ready
    )
    record(event, actor_id=by.id)
    return comment


def show(entry: Entry, comment: Comment) -> None:
    """Let those read a comment who read its entry; one that nobody could read before is posted now."""
    if comment.status in (CommentStatus.HELD, CommentStatus.REFUSED):
        posted = events.CommentPosted(entry_id=entry.id, comment_id=comment.id)
        record(posted, actor_id=comment.author_id)
    comment.status = CommentStatus.PUBLISHED.value
    comment.removed_reason = comment.removed_ready = ""
    count(entry, 1)


def count(entry: Entry, more: int) -> None:
    """Count comments that can be read now, and note that the page shows something new."""
    entry.replies += more
    touch(entry)


def lock(*, by: Viewer, entry_id: int, reason: str, ready: str = "") -> Entry:
    """Take no further comments on an entry, for a reason. Once is enough."""
    entry = queries.get(by, entry_id, to_change=True)
    if policy.is_done(by, Act.LOCK, entry):
        return entry
    policy.require(by, Act.LOCK, entry)
    why = reasons.checked(reason, ready)
    entry.locked_at = clock.now()
    touch(entry)
    cases.tell(by=by, act=Decided.LOCK, reason=why, user_id=entry.author_id, entry=entry)
    event = events.EntryLocked(entry_id=entry.id, reason=why.words, ready=why.ready)
    record(event, actor_id=by.id)
    return entry


def unlock(*, by: Viewer, entry_id: int, reason: str, ready: str = "") -> Entry:
    """Take comments on a locked entry again, for a reason. Once is enough."""
    entry = queries.get(by, entry_id, to_change=True)
    if policy.is_done(by, Act.UNLOCK, entry):
        return entry
    policy.require(by, Act.UNLOCK, entry)
    why = reasons.checked(reason, ready)
    entry.locked_at = None
    touch(entry)
    cases.tell(by=by, act=Decided.UNLOCK, reason=why, user_id=entry.author_id, entry=entry)
    event = events.EntryUnlocked(entry_id=entry.id, reason=why.words, ready=why.ready)
    record(event, actor_id=by.id)
    return entry


def render_stale_comments(limit: int = 500) -> int:
    """Render comments anew whose html an older renderer made; return how many were."""
    stale = db.session.scalars(
        select(Comment)
        .where(Comment.html_version < markup.VERSION)
        .order_by(Comment.id)
        .limit(limit)
    ).all()
    for comment in stale:
        comment.html, comment.html_version = markup.render(comment.body).html, markup.VERSION
        keep_links_of(comment)
    return len(stale)
