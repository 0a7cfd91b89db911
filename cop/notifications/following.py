"""Watches and lines follow discussions that were joined, and come back where that is undone. Part of telling."""

from sqlalchemy import delete, exists, insert, literal, select, update
from sqlalchemy.orm import aliased

from cop.core.db import db
from cop.discussions.models import Rearrangement, Shift
from cop.entries.models import Comment
from cop.notifications.models import Because, Level, LineKind, Notice, Watch

#: The kind of watches of what was joined with something else: kept for the day on which that can be undone.
_RESTING = "merged"
_MOVING = (LineKind.TALK, LineKind.ANSWER, LineKind.ACCEPTED)


def follow(row: Rearrangement) -> None:
    """Let who watched a discussion watch what it was joined with, and her unread lines tell of that. Once is enough.

    What she chose for the other one stays. Who wanted to hear nothing of the one and takes no part in the
    other hears nothing of that either.
    """
    if row.kind != Shift.MERGE or row.undone_at is not None:
        return
    there, takes_part = aliased(Watch), aliased(Comment)
    of_source = (Watch.kind == Because.ENTRY.value, Watch.target_id == row.source_id)
    chosen = exists().where(
        there.user_id == Watch.user_id,
        there.kind == Because.ENTRY.value,
        there.target_id == row.target_id,
    )
    part = exists().where(
        takes_part.entry_id == row.target_id,
        takes_part.author_id == Watch.user_id,
        takes_part.mask == "",
    )
    db.session.execute(
        insert(Watch).from_select(
            ["user_id", "kind", "target_id", "address", "level", "changed_at"],
            select(
                Watch.user_id,
                literal(Because.ENTRY.value),
                literal(row.target_id),
                literal(""),
                Watch.level,
                literal(row.at, Watch.changed_at.type),
            ).where(*of_source, ~chosen, (Watch.level != Level.MUTE) | ~part),
        )
    )
    db.session.execute(update(Watch).where(*of_source).values(kind=_RESTING))
    _move_lines(row.source_id, row.target_id)


def come_back(row: Rearrangement) -> None:
    """Let everybody watch what she watched before a joining. Once is enough."""
    if row.kind != Shift.MERGE:
        return
    db.session.execute(
        delete(Watch).where(
            Watch.kind == Because.ENTRY.value,
            Watch.target_id == row.target_id,
            Watch.changed_at == row.at,
        )
    )
    db.session.execute(
        update(Watch)
        .where(Watch.kind == _RESTING, Watch.target_id == row.source_id)
        .values(kind=Because.ENTRY.value)
    )


def _move_lines(source_id: int, target_id: int) -> None:
    """Let unread lines about replies tell of where those stand; two lines of one person become one."""
    lines = db.session.scalars(
        select(Notice).where(
            Notice.entry_id == source_id, Notice.kind.in_(_MOVING), Notice.read_at.is_(None)
        )
    ).all()
    wanted = [f"{line.kind}:{target_id}" for line in lines if line.kind != LineKind.ACCEPTED]
    there = {
        (line.user_id, line.key): line
        for line in db.session.scalars(
            select(Notice).where(Notice.entry_id == target_id, Notice.key.in_(set(wanted)))
        )
    }
    for line in lines:
        key = line.key if line.kind == LineKind.ACCEPTED else f"{line.kind}:{target_id}"
        other = there.get((line.user_id, key))
        if other is None:
            line.entry_id, line.key = target_id, key
            continue
        if other.read_at is not None:
            other.read_at, other.since_id, other.comment_id = None, line.since_id, line.comment_id
        else:
            other.since_id = min(other.since_id or 0, line.since_id or 0)
            other.comment_id = max(other.comment_id or 0, line.comment_id or 0)
        other.event_id, other.at = max(other.event_id, line.event_id), max(other.at, line.at)
        db.session.delete(line)
    db.session.flush()
