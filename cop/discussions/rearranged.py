"""What joined and split discussions show: the lines that say so, and the openings of what was joined. Reading only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from cop.core.db import db
from cop.core.i18n import current_lang
from cop.core.types import Lang
from cop.discussions.draft import BODY
from cop.discussions.models import Rearrangement, Shift
from cop.discussions.undoing import is_undoable
from cop.entries import opening, policy, queries
from cop.entries.comparing import shown as words_shown
from cop.entries.enclosures import NOTHING, Shown, of_entries
from cop.entries.models import Entry, Revision, Status, Text
from cop.entries.policy import Act, Byline
from cop.entries.reasons import said
from cop.people.viewer import Viewer

#: Lines a discussion shows at most, the latest.
MOST_LINES = 10
#: Openings that are shown with all their words; of more, the titles.
MOST_OPENINGS = 10


@dataclass(frozen=True)
class Happened:
    """One line: that this was joined with another discussion, or that replies came or went."""

    id: int
    #: "joined", "came" or "went".
    what: str
    number: int
    reason: str
    at: datetime
    #: The other discussion, where this reader may open it.
    title: str = ""
    lang: str = ""
    href: str = ""
    may_undo: bool = False


@dataclass(frozen=True)
class Opening:
    """What a discussion that was joined with this one began with."""

    id: int
    title: str
    lang: Lang
    html: str
    attached: Shown
    byline: Byline
    at: datetime | date
    acts: frozenset[str]


_LINES = (
    select(Rearrangement)
    .where(
        or_(
            Rearrangement.source_id == bindparam("entry_id", type_=Integer),
            Rearrangement.target_id == bindparam("entry_id", type_=Integer),
        ),
        Rearrangement.undone_at.is_(None),
    )
    .order_by(Rearrangement.id.desc())
    .limit(MOST_LINES)
)


def happened(viewer: Viewer, entry: Entry) -> list[Happened]:
    """Return what happened to a discussion, the latest first; most had nothing happen to them, for one query."""
    rows = db.session.scalars(_LINES, {"entry_id": entry.id}).all()
    if not rows:
        return []
    others = _others({row.source_id for row in rows} | {row.target_id for row in rows})
    may = policy.may(viewer, Act.ARRANGE, entry)
    lines = [_line(viewer, row, entry, others, may=may) for row in rows]
    opened = None if entry.circle_id in viewer.circles else opening.opened_at(entry)
    return lines if opened is None else _told_outside(lines, opened)


def _told_outside(lines: Sequence[Happened], opened: datetime) -> list[Happened]:
    """Return what others than the circle learn: of before it was opened, what they may read too and no reason."""
    return [
        line if line.at > opened else replace(line, reason="", may_undo=False)
        for line in lines
        if line.at > opened or (line.what == "joined" and line.title)
    ]


def _others(ids: set[int]) -> Mapping[int, Entry]:
    statement = select(Entry).where(Entry.id.in_(ids)).options(selectinload(Entry.texts))
    return {entry.id: entry for entry in db.session.scalars(statement)}


def _line(
    viewer: Viewer, row: Rearrangement, entry: Entry, others: Mapping[int, Entry], *, may: bool
) -> Happened:
    came = row.target_id == entry.id
    joined = row.kind == Shift.MERGE
    other = others[row.source_id if came else row.target_id]
    line = Happened(
        id=row.id,
        what="joined" if joined else "came" if came else "went",
        number=row.number,
        reason=said(row.ready, row.words),
        at=row.at,
        may_undo=may and is_undoable(row),
    )
    shown = policy.reads_joined(viewer, other) if joined else policy.may_read(viewer, other)
    if not shown or other.status == Status.DELETED:
        return line
    text = queries.text_for(other, current_lang())
    href = "" if joined else f"/discussions/{other.id}-{text.slug}"
    return Happened(**{**line.__dict__, "title": text.title, "lang": text.lang, "href": href})


def openings(viewer: Viewer, entry: Entry, lines: Sequence[Happened]) -> list[Opening]:
    """Return the openings of what was joined with a discussion, the oldest first."""
    if not any(line.what == "joined" for line in lines):
        return []
    joined = db.session.scalars(
        select(Entry)
        .where(Entry.merged_into_id == entry.id, Entry.status == Status.MERGED)
        .options(joinedload(Entry.author), selectinload(Entry.texts))
        .order_by(Entry.published_at, Entry.id)
        .limit(MOST_OPENINGS)
    ).all()
    shown = [(one, queries.text_for(one, current_lang())) for one in joined]
    shown = [(one, text) for one, text in shown if policy.reads_joined(viewer, one)]
    words = _revisions([text for _one, text in shown])
    attached = of_entries([one.id for one, _text in shown])
    return [
        _opening(viewer, one, text, words[text.id], attached.get(one.id, NOTHING), entry)
        for one, text in shown
    ]


def _revisions(texts: Sequence[Text]) -> Mapping[int, Revision]:
    rows = db.session.scalars(
        select(Revision)
        .join(Text, (Text.id == Revision.text_id) & (Text.number == Revision.number))
        .where(Text.id.in_([text.id for text in texts]))
    )
    return {row.text_id: row for row in rows}


def _opening(
    viewer: Viewer,
    one: Entry,
    text: Text,
    words: Revision,
    attached: Shown,
    entry: Entry,
) -> Opening:
    return Opening(
        id=one.id,
        title=text.title,
        lang=Lang(text.lang),
        html=words_shown(viewer, one, words).get(BODY, ""),
        attached=attached,
        byline=policy.byline(viewer, one),
        at=policy.told_time(entry, one.published_at)
        if entry.by_day
        else policy.told_time(one, one.published_at),
        acts=frozenset(
            act.value
            for act in (Act.REVISE, Act.WITHDRAW, Act.HIDE)
            if policy.may(viewer, act, one)
        ),
    )
