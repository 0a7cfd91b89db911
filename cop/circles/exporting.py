"""Everything of a circle in one file, for its hosts: asked for, made by the worker in parts, kept for a while.

It holds what those in the circle read, under the names they read it: entries in all their languages, comments, their
images, and who is in it. Nothing that was held, hidden or taken away.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from cop.circles import events, exported_images, policy
from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import speaking
from cop.core.types import Json
from cop.entries import mentions, policy as entries
from cop.entries.kinds import KINDS
from cop.entries.models import Comment, CommentStatus, Entry, Revision, Status, Text, Visibility
from cop.events.record import record
from cop.jobs.queue import enqueue
from cop.people.models import Circle, CircleExport, CircleRole, Membership, User
from cop.people.queries import viewer_of
from cop.people.viewer import Viewer

#: The job that makes the file.
EXPORT_JOB = "circles.export"
#: For how long a file is kept.
KEPT = timedelta(days=7)
#: Entries of one part.
_PART = 100


def ask(*, by: Viewer, circle_id: int, closed: bool = False) -> CircleExport:
    """Have the file made; where one is being made already, that one is returned."""
    found = policy.closed if closed else policy.hosted
    circle = found(by, circle_id, to_change=True)
    making = db.session.scalar(
        select(CircleExport).where(
            CircleExport.circle_id == circle.id,
            CircleExport.ready_at.is_(None),
            CircleExport.created_at > clock.now() - KEPT,
        )
    )
    if making is not None:
        return making
    row = CircleExport(circle_id=circle.id, made_by_id=by.id, created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    record(events.CircleExportAsked(circle_id=circle.id, export_id=row.id), actor_id=by.id)
    return row


def latest(circle: Circle) -> CircleExport | None:
    """Return the newest file of a circle, made or being made; the caller has checked that a host asks."""
    return db.session.scalar(
        select(CircleExport)
        .where(CircleExport.circle_id == circle.id)
        .order_by(CircleExport.id.desc())
        .limit(1)
    )


def content(viewer: Viewer, circle_id: int, export_id: int) -> bytes:
    """Return the file for a host of its circle, closed or not; raise NotFound for everybody else."""
    try:
        circle = policy.hosted(viewer, circle_id)
    except NotFound:
        circle = policy.closed(viewer, circle_id)
    row = db.session.scalar(
        select(CircleExport)
        .where(CircleExport.id == min(export_id, 2**31 - 1), CircleExport.circle_id == circle.id)
        .options(undefer(CircleExport.content))
    )
    if row is None or row.ready_at is None or row.content is None:
        raise NotFound
    return row.content


def forget_old(now: datetime) -> None:
    """Delete files that were kept long enough."""
    db.session.execute(delete(CircleExport).where(CircleExport.created_at < now - KEPT))


def make(payloads: Sequence[Json]) -> None:
    """Job: put the next part into these files, and go on with a job of its own until they are whole.

    So it is seen how far a file is, and after a kill it goes on from there.
    """
    for payload in payloads:
        row = db.session.scalar(
            select(CircleExport)
            .where(CircleExport.id == payload["export_id"])
            .options(undefer(CircleExport.content))
            .execution_options(populate_existing=True)
        )
        if row is None or row.ready_at is not None:
            continue
        circle = db.session.get_one(Circle, row.circle_id)
        user = db.session.get(User, row.made_by_id) if row.made_by_id else None
        if user is None or not _is_host(circle, user):
            db.session.delete(row)
            continue
        with speaking(user.language):
            _go_on(row, circle, _reader(circle, user))
        if row.ready_at is None:
            enqueue(db.session, EXPORT_JOB, {"export_id": row.id})


def _go_on(row: CircleExport, circle: Circle, reader: Viewer) -> None:
    """Put one more part into a file."""
    file = io.BytesIO(row.content or b"")
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        if row.content is None:
            _add(packed, "circle.json", _of_circle(circle))
            _add(packed, "members.json", _members(circle))
        part = _part(circle, row.last_id)
        for entry in part:
            told = _of_entry(reader, entry, packed)
            _add(packed, f"{KINDS[entry.kind].path}/{entry.key}.json", told)
    row.content = file.getvalue()
    row.total = (
        db.session.scalar(select(func.count()).select_from(Entry).where(*_here(circle))) or 0
    )
    row.done += len(part)
    if len(part) < _PART:
        row.ready_at = clock.now()
    else:
        row.last_id = part[-1].id


def _is_host(circle: Circle, user: User) -> bool:
    role = db.session.scalar(
        select(Membership.role).where(
            Membership.circle_id == circle.id, Membership.user_id == user.id
        )
    )
    return role == CircleRole.HOST and user.active


def _reader(circle: Circle, user: User) -> Viewer:
    """Return who reads the file: a closed circle is no part of who somebody is any more, its file is."""
    viewer = viewer_of(user)
    return replace(
        viewer,
        circles=viewer.circles | {circle.id},
        hosted=viewer.hosted | {circle.id},
    )


def _add(packed: zipfile.ZipFile, name: str, told: Any) -> None:
    packed.writestr(name, json.dumps(told, ensure_ascii=False, indent=2) + "\n")


def _of_circle(circle: Circle) -> Json:
    return {
        "name": circle.name,
        "lang": circle.language.tag,
        "purpose": circle.purpose,
        "made": circle.created_at.isoformat(),
        "exported": clock.now().isoformat(),
    }


def _members(circle: Circle) -> list[Json]:
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.circle_id == circle.id)
        .options(joinedload(Membership.user))
        .order_by(Membership.since, Membership.user_id)
    )
    return [
        {
            "name": entries.name_of(row.user),
            "account": row.user.handle if row.user.active else None,
            "role": row.role,
            "since": row.since.isoformat(),
        }
        for row in rows
    ]


def _here(circle: Circle) -> tuple[ColumnElement[bool], ...]:
    return (
        Entry.circle_id == circle.id,
        Entry.visibility == Visibility.CIRCLE.value,
        Entry.status == Status.PUBLISHED.value,
    )


def _part(circle: Circle, after: int) -> Sequence[Entry]:
    """Return the next entries published in the circle, by number."""
    return db.session.scalars(
        select(Entry)
        .where(*_here(circle), Entry.id > after)
        .order_by(Entry.id)
        .limit(_PART)
        .options(joinedload(Entry.author), selectinload(Entry.texts))
    ).all()


def _facts_told(viewer: Viewer, entry: Entry, facts: Json) -> Json:
    told = KINDS[entry.kind].facts_told
    return facts if told is None else told(viewer, facts)


def _of_entry(viewer: Viewer, entry: Entry, packed: zipfile.ZipFile) -> Json:
    rows = db.session.execute(
        select(Text.lang, Revision)
        .join(Revision, (Revision.text_id == Text.id) & (Revision.number == Text.number))
        .where(Text.entry_id == entry.id)
        .order_by(Text.id)
    ).all()
    said = db.session.scalars(
        select(Comment)
        .where(Comment.entry_id == entry.id, Comment.status == CommentStatus.PUBLISHED.value)
        .options(joinedload(Comment.author))
        .order_by(Comment.id)
    ).all()
    sources = [text for _lang, row in rows for text in row.sections.values()]
    names = mentions.names(viewer, entry, [*sources, *(one.body for one in said)])
    names = names.under(viewer, entry)
    images = exported_images.of_entry(entry, [one.id for one in said])
    return {
        "kind": entry.kind,
        "author": entries.byline(viewer, entry).name,
        "published": entries.told_time(entry, entry.published_at).isoformat(),
        "texts": {
            lang: {
                "title": row.title,
                "sections": {key: names.words(text) for key, text in row.sections.items()},
            }
            for lang, row in rows
        },
        "facts": _facts_told(viewer, entry, rows[-1][1].facts) if rows else {},
        "images": exported_images.packed_into(packed, images.get(0, ())),
        "comments": [
            {
                "number": one.id,
                "answers": one.answers_id,
                "author": entries.byline(viewer, one, entry).name,
                "lang": one.lang,
                "posted": entries.told_time(entry, one.created_at).isoformat(),
                "body": names.beside(one).words(one.body),
                "images": exported_images.packed_into(packed, images.get(one.id, ())),
            }
            for one in said
        ],
    }
