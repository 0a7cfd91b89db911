"""Splitting a discussion: some replies, with their answers, become one of their own or stand in another. No commit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, update

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _, _l, speaking
from cop.core.types import Lang
from cop.discussions import events
from cop.discussions.draft import BODY, DiscussionDraft
from cop.discussions.models import MovedReply, Rearrangement, Shift
from cop.discussions.operations import KIND, Found, check_text, facts_now, publish_first
from cop.discussions.rearranging import begin, both, check_readers, moved_by
from cop.entries import attaching, cases, enclosing, moving, policy, queries, reasons
from cop.entries.cases import Decided
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Comment, CommentStatus, Entry, NameMask, Visibility
from cop.entries.policy import Act
from cop.entries.reasons import Reason
from cop.events.record import record
from cop.markup.mentions import AUTHOR, Mention, rewritten, written
from cop.people.viewer import Viewer

#: Replies one can choose by hand.
MOST_CHOSEN = 200


@dataclass(frozen=True)
class Own:
    """The new discussion that replies become: the first of them begins it, under the name it stands under."""

    title: str
    space: str
    form: str


@dataclass(frozen=True)
class Choice:
    """Replies by id; with `rest`, everything too that was said after the first of them."""

    ids: Collection[int]
    rest: bool = False


def split(
    *,
    by: Viewer,
    entry_id: int,
    choice: Choice,
    to: Own | int,
    reason: str,
    ready: str = "",
) -> Rearrangement:
    """Move replies with their answers to a new discussion, or to the one of this id, for a reason everybody reads.

    Raises Invalid for what cannot be moved, or cannot be moved there.
    """
    if isinstance(to, int):
        source, target = both(by, entry_id, to)
        policy.require(by, Act.ARRANGE, target)
        check_readers(source, target)
    else:
        source = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.ARRANGE, source)
    why = reasons.checked(reason, ready)
    rows = _rows(source, choice)
    moved = _branches(rows, choice)
    if not moved:
        raise Invalid("replies", _l("Choose at least one reply; somebody may have moved them."))
    opening = None
    if isinstance(to, Own):
        opening = _opening(rows, moved)
        target = _begun(by, source, opening, to)
        moved = _without_opening(rows, moved, opening.id)
    row = begin(by, Shift.SPLIT, source, target, why)
    row.made = opening is not None
    _move(row, rows, moved, source, target)
    if opening is not None:
        opening.status = CommentStatus.OPENING.value
        moving.name_as_entry(target)
    for one in (source, target):
        moving.recount(one)
    _tell(by, row, source, target, why)
    return row


def _rows(source: Entry, choice: Choice) -> Sequence[Any]:
    """Return all replies of the threads that the chosen ones stand in, by time."""
    ids = sorted(set(choice.ids))[:MOST_CHOSEN]
    here = (Comment.entry_id == source.id, Comment.status != CommentStatus.OPENING)
    threads = db.session.scalars(
        select(Comment.thread_id).where(*here, Comment.id.in_(ids)).distinct()
    ).all()
    wanted: ColumnElement[bool] = Comment.thread_id.in_(threads)
    if choice.rest and threads:
        wanted = or_(wanted, Comment.thread_id >= min(threads))
    return db.session.execute(
        select(Comment.id, Comment.thread_id, Comment.answers_id, Comment.status, Comment.author_id)
        .where(*here, wanted)
        .order_by(Comment.id)
    ).all()


def _branches(rows: Sequence[Any], choice: Choice) -> dict[int, int]:
    """Return what moves: reply → the thread it will stand in. What answers a moved reply moves with it."""
    chosen = set(choice.ids) & {row.id for row in rows}
    first = min(chosen, default=0)
    moved: dict[int, int] = {}
    for row in rows:
        if moved.get(row.thread_id) == row.thread_id:
            moved[row.id] = row.thread_id
        elif row.id in chosen or (choice.rest and row.id == row.thread_id and row.id > first):
            moved[row.id] = row.id
        elif row.answers_id in moved and row.id != row.thread_id:
            moved[row.id] = moved[row.answers_id]
    return moved


def _opening(rows: Sequence[Any], moved: Mapping[int, int]) -> Comment:
    """Return the reply that a new discussion begins with: the first of those that others read."""
    readable = (row.id for row in rows if row.status == CommentStatus.PUBLISHED)
    first = next((one for one in readable if moved.get(one) == one), None)
    if first is None:
        raise Invalid(
            "replies",
            _l("Choose a reply that others can read: the first one begins the new discussion."),
        )
    return db.session.get_one(Comment, first)


def begins_with(opening: Comment) -> str:
    """Return the words a reply begins a discussion with: the author it mentions is another one's than that."""
    with speaking(Lang(opening.lang)):
        # No name: she may take hers away from where she is the author.
        other = "@" + _("the author of another discussion")

    def say(mentioned: Mention, name: str) -> str:
        return other if mentioned.kind == AUTHOR else written(mentioned, name)

    return rewritten(opening.body, say)


def _begun(by: Viewer, source: Entry, opening: Comment, own: Own) -> Entry:
    """Publish the new discussion: the words of its first reply, by who wrote it, under the name it stands under."""
    text = TextDraft(Lang(opening.lang), own.title.strip(), {BODY: begins_with(opening)})
    check_text(text)
    facts = replace(
        facts_now(source),
        space=own.space,
        form=own.form,
        notes=(),
        sources=(),
        images=attaching.images_of(opening),
        files=enclosing.files_of(opening),
    )
    moving.give_images(opening)
    masked = policy.is_masked(opening, source)
    made = publish_first(
        # What it begins with somebody else wrote and showed.
        by=replace(by, system=True),
        draft=DiscussionDraft(
            (text,),
            facts,
            Signature(
                Visibility(source.visibility),
                NameMask.UNNAMED if masked else NameMask.SHOWN,
                source.circle_id,
            ),
        ),
        found=Found(by, facts),
        origin=Origin(published_at=opening.created_at),
        author_id=opening.author_id,
    )
    return queries.get(by, made.id, KIND, to_change=True)


def _without_opening(rows: Sequence[Any], moved: Mapping[int, int], opening: int) -> dict[int, int]:
    """Return the threads anew where the first reply is one no more: what answered it begins threads of its own."""
    threads: dict[int, int] = {}
    for row in rows:
        if row.id not in moved:
            continue
        if moved[row.id] != opening or row.id == opening:
            threads[row.id] = moved[row.id]
        elif row.answers_id in threads and row.answers_id != opening:
            threads[row.id] = threads[row.answers_id]
        else:
            threads[row.id] = row.id
    return threads


def _move(
    row: Rearrangement,
    rows: Sequence[Any],
    moved: Mapping[int, int],
    source: Entry,
    target: Entry,
) -> None:
    stood = {one.id: one.thread_id for one in rows}
    db.session.execute(
        insert(MovedReply),
        [{"rearrangement_id": row.id, "comment_id": one, "thread_id": stood[one]} for one in moved],
    )
    moving.move(source=source, target=target, chosen=moved_by(row))
    other = [
        {"id": one, "thread_id": thread} for one, thread in moved.items() if stood[one] != thread
    ]
    if other:
        db.session.execute(update(Comment), other)
    shown = CommentStatus.PUBLISHED
    row.number = sum(1 for one in rows if one.id in moved and one.status == shown)


def _tell(by: Viewer, row: Rearrangement, source: Entry, target: Entry, why: Reason) -> None:
    """Write down the decision for everybody whose replies were moved, and what happened for both discussions."""
    authors = select(Comment.author_id).where(Comment.id.in_(moved_by(row))).distinct()
    for user_id in db.session.scalars(authors):
        if user_id is not None:
            cases.tell(by=by, act=Decided.SPLIT, reason=why, user_id=user_id, entry=target)
    split_off = events.RepliesSplit(
        entry_id=source.id,
        to_id=target.id,
        rearrangement_id=row.id,
        reason=why.words,
        ready=why.ready,
    )
    record(split_off, actor_id=by.id)
    received = events.RepliesReceived(
        entry_id=target.id, rearrangement_id=row.id, reason=why.words, ready=why.ready
    )
    record(received, actor_id=by.id)
