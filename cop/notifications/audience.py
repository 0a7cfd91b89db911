"""Who wants to hear of an entry or a comment, and why: from watches, and from what people wrote themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select, tuple_

from cop.core.db import db
from cop.core.types import Lang
from cop.discussions.models import Discussion
from cop.entries import policy
from cop.entries.kinds import KINDS
from cop.entries.models import (
    Comment,
    CommentStatus,
    Entry,
    Link,
    NameMask,
    Status,
    Tagging,
    Visibility,
)
from cop.entries.originals import RELATION_VALUES
from cop.notifications.models import (
    ADDRESSED,
    Because,
    Frequency,
    Level,
    LineKind,
    NoticeSettings,
    Watch,
)
from cop.notifications.queries import levels_on
from cop.people import belonging
from cop.people.models import AccountStatus, GrantRow, Membership, User
from cop.people.viewer import Grant, Viewer
from cop.terms.vocabulary import vocabulary
from cop.workshops.operations import KIND as WORKSHOP
from cop.workshops.trainers import trainer_ids

#: Somebody who is a member and nothing else: what she may read, every member may.
_ANY_MEMBER = Viewer(id=0, grants=frozenset({Grant.MEMBER}))


@dataclass(frozen=True)
class Reason:
    """Why somebody is told, and in which kind of line."""

    kind: LineKind
    because: Because
    because_id: int | None = None


def carried_terms(entries: Sequence[Entry]) -> dict[int, frozenset[int]]:
    """Return the terms each entry carries: as tags, as facts of its kind, and the places around its place."""
    ids = [entry.id for entry in entries]
    known = vocabulary()
    found: dict[int, set[int]] = {entry_id: set() for entry_id in ids}
    tagged = select(Tagging.entry_id, Tagging.term_id).where(Tagging.entry_id.in_(ids))
    for entry_id, term_id in db.session.execute(tagged):
        found[entry_id].add(term_id)
    published = [entry for entry in entries if entry.status == Status.PUBLISHED]
    for kind in {entry.kind for entry in published}:
        facts = KINDS[kind].index_facts([one.id for one in published if one.kind == kind])
        for entry_id, fact in facts.items():
            keys = {key for values in fact.facets.values() for key in values}
            found[entry_id] |= {known.by_key[key].id for key in keys if key in known.by_key}
    return {entry_id: _with_merged(terms) for entry_id, terms in found.items()}


def _with_merged(term_ids: set[int]) -> frozenset[int]:
    """Return these terms, what they were merged into, and what was merged into that: watches of any mean them."""
    known = vocabulary()
    living = {known.resolved(known.by_id[one]).id for one in term_ids if one in known.by_id}
    return frozenset(term.id for term in known.by_id.values() if known.resolved(term).id in living)


def of_entry(entry: Entry, terms: frozenset[int]) -> dict[int, Reason]:
    """Return who is told of a new entry.

    Who watches its author, by name, a term it carries or its space; and who wrote or watches what it was
    tried after.
    """
    levels = (Level.NEW, Level.EVERYTHING)
    found = _in_circle(entry, levels) | _watching(entry, terms, _named_author(entry), levels)
    reasons = {why: Reason(LineKind.ENTRY, *why) for why in set(found.values())}
    told = {user_id: reasons[why] for user_id, why in found.items()}
    return without(told | _of_original(entry), {entry.author_id}, entry)


def of_trying(entry: Entry) -> dict[int, Reason]:
    """Return who is told that an entry was tried after another: who wrote that or watches it."""
    return without(_of_original(entry), {entry.author_id}, entry)


def _of_original(entry: Entry) -> dict[int, Reason]:
    """Return who wrote or watches what an entry was tried after, may read it and wants to hear of it."""
    original = db.session.scalar(
        select(Entry)
        .join(Link, Link.target_id == Entry.id)
        .where(Link.entry_id == entry.id, Link.kind.in_(RELATION_VALUES))
    )
    if original is None:
        return {}
    watching = select(Watch.user_id).where(
        Watch.kind == Because.ENTRY.value,
        Watch.target_id == original.id,
        Watch.level == Level.EVERYTHING,
    )
    told = dict.fromkeys(db.session.scalars(watching), Because.TRIED_WATCHED)
    if Because.WROTE in _by_themselves(original).values() and original.author_id is not None:
        told[original.author_id] = Because.TRIED
    reasons = {
        user_id: Reason(LineKind.ENTRY, because, original.id) for user_id, because in told.items()
    }
    wanted = without(reasons, set(), original)
    return {user_id: wanted[user_id] for user_id in readers(original, list(wanted))}


def of_comment(entry: Entry, comment: Comment, terms: frozenset[int]) -> dict[int, Reason]:
    """Return who is told of a comment: whom it answers, who watches the entry, what it belongs to, or its writer."""
    writer = None if policy.is_masked(comment, entry) else comment.author_id
    told: dict[int, Reason] = {}
    levels = (Level.EVERYTHING,)
    found = _in_circle(entry, levels) | _watching(entry, terms, writer, levels)
    for user_id, (because, target_id) in found.items():
        told[user_id] = Reason(LineKind.TALK, because, target_id)
    told |= _of_this_entry(entry, LineKind.TALK)
    answered = db.session.get(Comment, comment.answers_id) if comment.answers_id else None
    if answered is not None and answered.author_id is not None:
        told[answered.author_id] = Reason(LineKind.ANSWER, Because.ANSWERED)
    return without(told, {comment.author_id}, entry)


def of_acceptance(entry: Entry, comment: Comment, actor_id: int | None) -> dict[int, Reason]:
    """Return who is told that a reply was accepted as the answer: who wrote it, and who hears of every reply."""
    told = _of_this_entry(entry, LineKind.ACCEPTED)
    if comment.author_id is not None:
        told[comment.author_id] = Reason(LineKind.ACCEPTED, Because.ACCEPTED)
    return without(told, {actor_id}, entry)


def of_edit(entry: Entry) -> dict[int, Reason]:
    """Return who is told that a page says something else: who began it and who watches it, not who commented on it."""
    own = (Because.WROTE, Because.ENTRY)
    told = _of_this_entry(entry, LineKind.EDIT)
    return {user_id: reason for user_id, reason in told.items() if reason.because in own}


def _of_this_entry(entry: Entry, kind: LineKind) -> dict[int, Reason]:
    """Return who hears of everything on an entry: who wrote it or on it, and who watches it."""
    told = {user_id: Reason(kind, because) for user_id, because in _by_themselves(entry).items()}
    on_it = select(Watch.user_id).where(
        Watch.kind == Because.ENTRY.value,
        Watch.target_id == entry.id,
        Watch.level == Level.EVERYTHING,
    )
    return told | dict.fromkeys(db.session.scalars(on_it), Reason(kind, Because.ENTRY))


def _named_author(entry: Entry) -> int | None:
    return None if entry.name_mask == NameMask.UNNAMED else entry.author_id


def _watching(
    entry: Entry, terms: frozenset[int], person: int | None, levels: Sequence[Level]
) -> dict[int, tuple[Because, int]]:
    """Return who watches a term, the space or the person at one of the levels: a person says most, a space least."""
    targets = [(Because.TERM.value, term_id) for term_id in sorted(terms)]
    space = db.session.scalar(select(Discussion.space_id).where(Discussion.entry_id == entry.id))
    if space is not None:
        targets.append((Because.SPACE.value, space))
    if person is not None:
        targets.append((Because.PERSON.value, person))
    if not targets:
        return {}
    rows = db.session.execute(
        select(Watch.user_id, Watch.kind, Watch.target_id)
        .where(
            tuple_(Watch.kind, Watch.target_id).in_(targets),
            Watch.level.in_([level.value for level in levels]),
        )
        .order_by(Watch.kind.desc(), Watch.id)
    )
    found: dict[int, tuple[Because, int]] = {}
    for user_id, kind, target_id in rows:
        if kind == Because.PERSON or user_id not in found:
            found[user_id] = (Because(kind), target_id)
    return found


def _in_circle(entry: Entry, levels: Sequence[Level]) -> dict[int, tuple[Because, int]]:
    """Return who is in the circle an entry is of, at one of the levels; who never said is told of new entries."""
    if entry.visibility != Visibility.CIRCLE or entry.circle_id is None:
        return {}
    rows = db.session.execute(
        select(Membership.user_id, Watch.level)
        .outerjoin(
            Watch,
            (Watch.user_id == Membership.user_id)
            & (Watch.kind == Because.CIRCLE.value)
            & (Watch.target_id == Membership.circle_id),
        )
        .where(Membership.circle_id == entry.circle_id)
    )
    because = (Because.CIRCLE, entry.circle_id)
    return {row.user_id: because for row in rows if (row.level or Level.NEW) in levels}


def _by_themselves(entry: Entry) -> dict[int, Because]:
    """Return who wrote the entry, prepares it or commented on it and did not turn off that this is watched."""
    said = select(Comment.author_id).where(
        Comment.entry_id == entry.id,
        Comment.author_id.is_not(None),
        Comment.status != CommentStatus.DELETED,
    )
    found = {one: Because.COMMENTED for one in db.session.scalars(said.distinct()) if one}
    if entry.kind == WORKSHOP:
        found |= dict.fromkeys(trainer_ids(entry), Because.PREPARES)
    if entry.author_id is not None:
        found[entry.author_id] = Because.WROTE
    off = set(
        db.session.scalars(
            select(NoticeSettings.user_id).where(
                NoticeSettings.user_id.in_(list(found)), NoticeSettings.own.is_(False)
            )
        )
    )
    return {user_id: because for user_id, because in found.items() if user_id not in off}


def without(told: Mapping[int, Reason], who: set[int | None], entry: Entry) -> dict[int, Reason]:
    """Return these people without some, and without those who want to hear nothing of this about the entry."""
    levels = levels_on(entry.id, list(told))

    def hears(user_id: int, reason: Reason) -> bool:
        level = levels.get(user_id)
        if level is Level.MENTIONS:
            return reason.because in ADDRESSED
        return level is not Level.MUTE

    return {
        user_id: reason
        for user_id, reason in told.items()
        if user_id not in who and hears(user_id, reason)
    }


class Reader(NamedTuple):
    """Somebody who may be told of an entry: how she is written to, and how often."""

    id: int
    email: str | None
    lang: str
    mail: str

    @property
    def language(self) -> Lang:
        """The language she is written to in."""
        return Lang.of_tag(self.lang) or Lang.ZH


def readers(entry: Entry, user_ids: Sequence[int]) -> dict[int, Reader]:
    """Return those of these people who can sign in and may read the entry."""
    rows = db.session.execute(
        select(
            User.id, User.email, User.lang, func.coalesce(NoticeSettings.mail, Frequency.NOW.value)
        )
        .outerjoin(NoticeSettings, NoticeSettings.user_id == User.id)
        .where(
            User.id.in_(list(user_ids)),
            User.status == AccountStatus.ACTIVE,
            User.system.is_(False),
        )
    )
    people = {row[0]: Reader(*row) for row in rows}
    if policy.may_read(_ANY_MEMBER, entry):
        return people
    held: dict[int, set[Grant]] = {}
    grants = select(GrantRow.user_id, GrantRow.grant).where(GrantRow.user_id.in_(list(people)))
    for user_id, grant in db.session.execute(grants):
        held.setdefault(user_id, set()).add(Grant(grant))
    joined, hosting = belonging.among(entry.circle_id, list(people))
    return {
        user_id: reader
        for user_id, reader in people.items()
        if policy.may_read(
            Viewer(
                id=user_id,
                grants=frozenset({Grant.MEMBER}) | frozenset(held.get(user_id, set())),
                circles=joined.get(user_id, frozenset()),
                hosted=hosting.get(user_id, frozenset()),
            ),
            entry,
        )
    }
