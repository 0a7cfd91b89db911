"""The queue: what waits for this moderator, oldest first, each item once, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, ScalarSelect, Select, func, literal, select, tuple_
from sqlalchemy.orm import joinedload

from cop import markup
from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import current_lang
from cop.core.page import Cursor, Page
from cop.core.text import excerpt
from cop.core.types import UTCDateTime
from cop.entries import mentions, policy as entries, queries
from cop.entries.cases import Why
from cop.entries.kinds import KINDS
from cop.entries.mentions import Names
from cop.entries.models import Case, Comment, Entry, Flag, Text
from cop.entries.policy import Byline
from cop.entries.thread import html_of
from cop.moderation.flagging import REASONS
from cop.moderation.policy import acting, decidable, is_masked, may_decide, require_decider
from cop.people.models import User
from cop.people.viewer import Viewer

PAGE_SIZE = 20
#: A claim that was not followed by a decision lapses.
CLAIM = timedelta(hours=1)
_EXCERPT = 280


@dataclass(frozen=True)
class Line:
    """A case as the queue shows it."""

    case: Case
    entry: Entry
    comment: Comment | None
    title: str
    lang: str
    kind_label: str
    byline: Byline
    words: str
    words_lang: str
    opened_at: datetime | date
    #: How many flags wait, and for what reasons, the most frequent first.
    flags: int
    reasons: Sequence[str]
    #: Who is at work on it now; "" where nobody is.
    claimed_by: str = ""
    is_mine: bool = False
    #: Whether its own page is open to who looks; of what was passed on only the item itself is.
    is_open: bool = True
    #: Whether nobody may learn who wrote it.
    is_masked: bool = False

    @property
    def is_held(self) -> bool:
        """Whether it waits to be shown for the first time."""
        return self.case.why == Why.HELD


def waiting(viewer: Viewer) -> Select[Case]:
    """Return the statement of open cases this viewer may decide."""
    require_decider(viewer)
    return (
        select(Case)
        .join(Entry, Entry.id == Case.entry_id)
        .outerjoin(Comment, Comment.id == Case.comment_id)
        .where(decidable(viewer))
    )


def number(viewer: Viewer) -> ScalarSelect[int]:
    """Return what counts the cases that wait for this viewer, as a part of a statement."""
    return select(func.count()).select_from(waiting(viewer).subquery()).scalar_subquery()


def count(viewer: Viewer) -> int:
    """Return how many cases wait for this viewer; none for who decides about nothing."""
    return (db.session.scalar(select(number(viewer))) or 0) if may_decide(viewer) else 0


def page(viewer: Viewer, *, view: str = "", after: str | None = None) -> Page[Line]:
    """Return cases that wait, oldest first; `view` is held, flagged or mine (claimed by the viewer)."""
    statement = waiting(viewer)
    if view in set(Why):
        statement = statement.where(Case.why == view)
    elif view == "mine":
        alive = Case.claimed_at > clock.now() - CLAIM
        statement = statement.where(Case.claimed_by_id == viewer.id, alive)
    cursor = Cursor.decode(after)
    if cursor is not None:
        place = tuple_(literal(cursor.at, UTCDateTime), literal(cursor.id, BigInteger))
        statement = statement.where(tuple_(Case.opened_at, Case.id) > place)
    ordered = statement.order_by(Case.opened_at, Case.id).limit(PAGE_SIZE + 1)
    rows = list(db.session.scalars(ordered))
    more = len(rows) > PAGE_SIZE
    kept = rows[:PAGE_SIZE]
    older = Cursor(kept[-1].opened_at, kept[-1].id).encode() if more else None
    return Page(lines(viewer, kept), older=older)


def get(viewer: Viewer, case_id: int, *, to_change: bool = False) -> Case:
    """Return a case this viewer could decide if it is open, or could have decided; else raise NotFound.

    With `to_change`, whoever else decides waits until this transaction ends.
    """
    require_decider(viewer)
    case = db.session.get(Case, case_id) if 0 < case_id <= queries.MAX_ID else None
    entry = db.session.get(Entry, case.entry_id) if case is not None else None
    if case is None or entry is None:
        raise NotFound
    found = queries.get(acting(viewer, case, entry), entry.id, to_change=to_change)
    if not (case.passed_on or entries.looks_after(viewer, found)):
        raise NotFound
    db.session.refresh(case)
    if case.decided_at is None:
        open_for_viewer = waiting(viewer).where(Case.id == case_id).with_only_columns(Case.id)
        if db.session.scalar(open_for_viewer) is None:
            raise NotFound
    elif case.author_id == viewer.id:
        raise NotFound
    return case


def claimant(case: Case) -> int | None:
    """Return who is at work on a case; a claim lapses after an hour."""
    if case.claimed_at is None or case.claimed_at <= clock.now() - CLAIM:
        return None
    return case.claimed_by_id


def lines(viewer: Viewer, cases: Sequence[Case]) -> list[Line]:
    """Return cases as they are shown, in their order."""
    if not cases:
        return []
    entries_by_id = _entries({case.entry_id for case in cases})
    comments = _comments({case.comment_id for case in cases if case.comment_id})
    texts = _texts(set(entries_by_id))
    flags = _flags([case.id for case in cases])
    names = names_of({claimed for case in cases if (claimed := claimant(case))})
    told = mentions.names(viewer, None, [html_of(comment) for comment in comments.values()])
    return [
        _line(viewer, case, entries_by_id[case.entry_id], comments, texts, flags, names, told)
        for case in cases
    ]


def _line(
    viewer: Viewer,
    case: Case,
    entry: Entry,
    comments: Mapping[int, Comment],
    texts: Mapping[int, Mapping[str, Text]],
    flags: Mapping[int, Sequence[tuple[str, int]]],
    names: Mapping[int, str],
    mentioned: Names,
) -> Line:
    comment = comments.get(case.comment_id) if case.comment_id else None
    told = texts[entry.id]
    text = told.get(current_lang().value) or told.get(entry.lang) or next(iter(told.values()))
    words = text.summary
    if comment is not None:
        words = markup.words_of(
            mentioned.under(viewer, entry).beside(comment).html(html_of(comment))
        )
    claimed = claimant(case)
    masked = is_masked(entry, case.author_id, comment)
    return Line(
        case=case,
        entry=entry,
        comment=comment,
        title=text.title,
        lang=text.lang,
        kind_label=KINDS[entry.kind].label,
        byline=entries.byline(viewer, comment, entry) if comment else entries.byline(viewer, entry),
        words=excerpt(words, _EXCERPT),
        words_lang=comment.lang if comment else text.lang,
        opened_at=entries.told_time(entry, case.opened_at) if masked else case.opened_at,
        flags=sum(number for _reason, number in flags.get(case.id, ())),
        reasons=[str(REASONS[why]) for why, _n in flags.get(case.id, ()) if why in REASONS],
        claimed_by=names.get(claimed, "") if claimed else "",
        is_mine=claimed is not None and claimed == viewer.id,
        is_open=entries.may_read(viewer, entry),
        is_masked=masked,
    )


def _entries(ids: set[int]) -> dict[int, Entry]:
    wanted = select(Entry).where(Entry.id.in_(ids)).options(joinedload(Entry.author))
    return {entry.id: entry for entry in db.session.scalars(wanted)}


def _comments(ids: set[int]) -> dict[int, Comment]:
    if not ids:
        return {}
    wanted = select(Comment).where(Comment.id.in_(ids)).options(joinedload(Comment.author))
    return {comment.id: comment for comment in db.session.scalars(wanted)}


def _texts(ids: set[int]) -> dict[int, dict[str, Text]]:
    told: dict[int, dict[str, Text]] = {}
    for text in db.session.scalars(select(Text).where(Text.entry_id.in_(ids)).order_by(Text.id)):
        told.setdefault(text.entry_id, {})[text.lang] = text
    return told


def _flags(case_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    number = func.count().label("number")
    rows = db.session.execute(
        select(Flag.case_id, Flag.reason, number)
        .where(Flag.case_id.in_(case_ids), Flag.decision_id.is_(None))
        .group_by(Flag.case_id, Flag.reason)
        .order_by(number.desc(), Flag.reason)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for case_id, reason, many in rows:
        found.setdefault(case_id, []).append((reason, many))
    return found


def names_of(user_ids: set[int]) -> dict[int, str]:
    """Return the names of those who look after the site, by which colleagues know them."""
    if not user_ids:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


def flags_of(case: Case) -> Sequence[Flag]:
    """Return the flags of a case that wait, oldest first; who flagged, nobody is told."""
    wanted = select(Flag).where(Flag.case_id == case.id, Flag.decision_id.is_(None))
    return db.session.scalars(wanted.order_by(Flag.id).limit(100)).all()
