"""All that a paper holds, read with the eyes of those it is for: as many statements for forty entries as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from cop.core.db import db
from cop.core.types import Lang
from cop.discussions.models import Discussion
from cop.discussions.operations import KIND as DISCUSSION
from cop.entries import enclosures, mentions, policy
from cop.entries.bylines import Byline
from cop.entries.comparing import rendered
from cop.entries.draft import EDITORS
from cop.entries.enclosures import Shown
from cop.entries.mentions import Names
from cop.entries.models import (
    Comment,
    CommentStatus,
    Entry,
    EntrySource,
    Link,
    LinkKind,
    NameMask,
    Revision,
    Text,
)
from cop.entries.thread import html_of
from cop.people.viewer import Viewer
from cop.terms.models import Source

#: Replies to one discussion that a booklet holds; of more it says where they are.
REPLIES = 40


@dataclass(frozen=True)
class Gathered:
    """What a booklet is made of, of which nothing is in any language yet."""

    workshop: Entry
    #: The linked entries in their order, with author and texts.
    linked: Sequence[Entry]
    #: (entry, language) → the published revision.
    revisions: Mapping[tuple[int, str], Revision]
    #: Discussion → its first replies, the accepted one before all others.
    replies: Mapping[int, Sequence[Comment]]
    #: Discussion → the reply that answers it.
    accepted: Mapping[int, int]
    sources: Sequence[tuple[Source, str]]
    #: Images and files by entry, in the language of the moment.
    attached: Mapping[int, Shown]
    #: The same of replies.
    attached_to_replies: Mapping[int, Shown]
    contributors: Sequence[Byline]
    names: Names


def gathered(eyes: Viewer, workshop: Entry, keys: Sequence[str]) -> Gathered:
    """Return what a booklet on a workshop holds: of the entries of these keys, those that these eyes meet in lists."""
    linked = _linked(eyes, workshop, keys)
    ids = [one.id for one in linked]
    revisions = _revisions([workshop.id, *ids])
    discussions = [one.id for one in linked if one.kind == DISCUSSION]
    replies, accepted = _replies(discussions)
    texts = [html for one in revisions.values() for html in rendered(one).values()]
    commented = [comment for comments in replies.values() for comment in comments]
    said = [html_of(comment) for comment in commented]
    every = [workshop, *linked]
    return Gathered(
        workshop=workshop,
        linked=linked,
        revisions=revisions,
        replies=replies,
        accepted=accepted,
        sources=_sources([workshop.id, *ids]),
        attached=enclosures.of_entries([workshop.id, *ids]),
        attached_to_replies=enclosures.of_comments(comment.id for comment in commented),
        contributors=_contributors(eyes, every, replies),
        names=mentions.names(eyes, None, [*texts, *said]),
    )


def _linked(eyes: Viewer, workshop: Entry, keys: Sequence[str]) -> list[Entry]:
    statement = (
        select(Entry)
        .join(Link, Link.target_id == Entry.id)
        .where(
            Link.entry_id == workshop.id,
            Link.kind == LinkKind.MATERIAL.value,
            policy.listed(eyes),
        )
        .order_by(Link.position)
        .options(joinedload(Entry.author), selectinload(Entry.texts))
    )
    told = set(keys)
    return [one for one in db.session.scalars(statement) if one.key in told]


def _revisions(ids: Sequence[int]) -> dict[tuple[int, str], Revision]:
    statement = (
        select(Text.entry_id, Text.lang, Revision)
        .join(Revision, (Revision.text_id == Text.id) & (Revision.number == Text.number))
        .where(Text.entry_id.in_(ids))
        .order_by(Text.id)
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(statement)}


def _replies(ids: Sequence[int]) -> tuple[dict[int, list[Comment]], dict[int, int]]:
    if not ids:
        return {}, {}
    accepted = {
        row[0]: row[1]
        for row in db.session.execute(
            select(Discussion.entry_id, Discussion.accepted_id).where(Discussion.entry_id.in_(ids))
        )
        if row[1] is not None
    }
    order = (Comment.thread_id, Comment.id)
    placed = (
        select(
            Comment.id,
            func.row_number().over(partition_by=Comment.entry_id, order_by=order).label("place"),
        )
        .where(Comment.entry_id.in_(ids), Comment.status == CommentStatus.PUBLISHED.value)
        .subquery()
    )
    wanted = (placed.c.place <= REPLIES) | placed.c.id.in_(sorted(accepted.values()))
    statement = (
        select(Comment)
        .join(placed, placed.c.id == Comment.id)
        .where(wanted)
        .order_by(Comment.entry_id, *order)
        .options(joinedload(Comment.author))
    )
    found: dict[int, list[Comment]] = {}
    for comment in db.session.scalars(statement):
        found.setdefault(comment.entry_id, []).append(comment)
    answers = set(accepted.values())
    for comments in found.values():
        comments.sort(key=lambda one: one.id not in answers)
    return found, accepted


def _sources(ids: Sequence[int]) -> list[tuple[Source, str]]:
    """Return what all of it rests on with the places cited, in the order of the entries."""
    statement = (
        select(EntrySource)
        .join(Source, Source.id == EntrySource.source_id)
        .where(EntrySource.entry_id.in_(ids), Source.key != EDITORS)
        .options(joinedload(EntrySource.source))
        .order_by(EntrySource.position)
    )
    order = {one: at for at, one in enumerate(ids)}
    rows = sorted(db.session.scalars(statement), key=lambda row: order[row.entry_id])
    return [(row.source, row.at) for row in rows]


def _contributors(
    eyes: Viewer, every: Sequence[Entry], replies: Mapping[int, Sequence[Comment]]
) -> list[Byline]:
    """Return who wrote what is in it, under the names they wrote it under, each once."""
    by_id = {one.id: one for one in every}
    first = (
        select(func.min(Revision.id))
        .join(Text, Text.id == Revision.text_id)
        .where(Text.entry_id.in_(by_id), Revision.suppressed_at.is_(None))
        .group_by(Text.entry_id, Revision.editor_id)
    )
    statement = (
        select(Text.entry_id, Revision)
        .join(Revision, Revision.text_id == Text.id)
        .where(Revision.id.in_(first))
        .order_by(Revision.id)
        .options(joinedload(Revision.editor))
    )
    wrote = [policy.byline(eyes, one) for one in every]
    for entry_id, revision in db.session.execute(statement):
        entry = by_id[entry_id]
        # "The author" of one of many things is nobody whom a list could name.
        if entry.name_mask != NameMask.UNNAMED or revision.editor_id not in (
            entry.author_id,
            None,
        ):
            wrote.append(policy.byline(eyes, revision, entry))
    for entry_id, comments in replies.items():
        entry = by_id[entry_id]
        wrote += [
            policy.byline(eyes, one, entry) for one in comments if not policy.is_masked(one, entry)
        ]
    return list(dict.fromkeys(wrote))


def in_language(found: Gathered, entry: Entry, lang: Lang) -> tuple[Lang, Revision] | None:
    """Return the revision in this language, or in the one the entry is told in."""
    for candidate in (lang, lang.other):
        revision = found.revisions.get((entry.id, candidate.value))
        if revision is not None:
            return candidate, revision
    return None
