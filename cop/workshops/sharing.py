"""Drafts that participants let the trainers of a workshop read: shared, talked about, ended. Actor first, no commit.

Trainers read and remark, and ask to publish; who writes it publishes, nobody else can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from cop import markup
from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Invalid, NotFound
from cop.core.i18n import _, _l
from cop.core.text import clean
from cop.core.types import Lang
from cop.entries import mentions, policy, queries as entries
from cop.entries.kinds import KINDS
from cop.entries.models import Draft, Entry
from cop.entries.queries import MAX_ID
from cop.events.record import record
from cop.markup.mentions import CIRCLE, PERSON
from cop.people import belonging, finding
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.workshops import participants, running_events as events, sessions, trainers
from cop.workshops.operations import KIND
from cop.workshops.participant_models import DraftRemark, DraftShare

REMARK_LIMIT = 4000
#: More remarks than anybody makes on one draft.
_MOST_REMARKS = 200
_NOTE = "note"


@dataclass(frozen=True)
class Shared:
    """A draft in a list: of one's own, or one that was shared."""

    draft_id: int
    title: str
    lang: Lang
    at: datetime
    #: The writer's name, for trainers.
    name: str = ""
    is_shared: bool = False
    asked: bool = False


@dataclass(frozen=True)
class Section:
    """A section of a shared draft with what was said about it."""

    key: str
    title: str
    html: str
    remarks: Sequence["Remark"]


@dataclass(frozen=True)
class Remark:
    """What somebody said about it."""

    name: str
    at: datetime
    #: As this reader sees it: whoever is mentioned by name.
    html: str
    own: bool


@dataclass(frozen=True)
class Reading:
    """A shared draft, as its writer and the trainers read it."""

    entry: Entry
    draft: Draft
    share: DraftShare
    title: str
    lang: Lang
    name: str
    is_own: bool
    sections: Sequence[Section]
    #: About the whole.
    remarks: Sequence[Remark]


def share(*, by: Viewer, entry_id: int, draft_id: int) -> None:
    """Let the trainers of a workshop one takes part in read a draft of one's own. Once is enough."""
    entry = participants.require_part(by, entry_id)
    draft = entries.draft(by, draft_id)
    if not db.session.scalar(_shareable(by).where(Draft.id == draft.id)):
        raise Invalid("", _l("Drafts of case notes can be shared."))
    # A button pressed twice shares once.
    db.session.scalar(select(Draft.id).where(Draft.id == draft.id).with_for_update())
    there = db.session.get(DraftShare, draft.id, populate_existing=True)
    if there is not None and there.entry_id == entry.id:
        return
    if there is not None:
        raise Invalid("", _l("This draft is shared with the trainers of another workshop."))
    db.session.add(DraftShare(draft_id=draft.id, entry_id=entry.id, shared_at=clock.now()))
    db.session.flush()
    for user_id in trainers.trainer_ids(entry):
        record(
            events.DraftShared(entry_id=entry.id, draft_id=draft.id, user_id=user_id),
            actor_id=by.id,
        )


def end(*, by: Viewer, entry_id: int, draft_id: int) -> None:
    """Let the trainers read a draft no longer. Once is enough."""
    draft = entries.draft(by, draft_id)
    there = db.session.get(DraftShare, draft.id)
    if there is not None and there.entry_id == entry_id:
        db.session.delete(there)
        db.session.flush()


def _shared(
    viewer: Viewer, entry_id: int, draft_id: int, *, to_change: bool = False
) -> tuple[Entry, DraftShare]:
    """Return a workshop and a draft shared in it, for who wrote it and the trainers; else raise NotFound.

    Trainers read it while who wrote it takes part: who gave up her seat, or lost it, finds no page to end it on.
    """
    entry = entries.get(viewer, entry_id, KIND)
    if not 0 < draft_id <= MAX_ID:
        raise NotFound
    statement = (
        select(DraftShare)
        .where(DraftShare.entry_id == entry.id, DraftShare.draft_id == draft_id)
        .options(joinedload(DraftShare.draft, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    if to_change:
        statement = statement.with_for_update(of=DraftShare)
    row = db.session.scalar(statement)
    if row is None:
        raise NotFound
    if row.draft.author_id == viewer.id:
        return entry, row
    if not sessions.may_run(viewer, entry) or not _taking_part(entry, [row.draft.author_id]):
        raise NotFound
    return entry, row


def _taking_part(entry: Entry, user_ids: Sequence[int]) -> set[int]:
    """Return those of these people who take part in a workshop, in a fixed number of questions."""
    here = participants.with_seats(entry, user_ids)
    return here | {one for one in trainers.trainer_ids(entry) if one in user_ids}


def remark(
    *, by: Viewer, entry_id: int, draft_id: int, body: str, section: str = ""
) -> Sequence[str]:
    """Say something about a shared draft, or one of its sections.

    Who writes it hears of what others say, the trainers of what she says, and of those who read it who is
    mentioned. Return the names of others that are mentioned: they are told nothing.
    """
    entry, row = _shared(by, entry_id, draft_id, to_change=True)
    body = mentions.taken(by, None, {"body": clean(body, multiline=True)})["body"]
    if not body:
        raise Invalid("body", _l("Please write something."))
    if len(body) > REMARK_LIMIT:
        raise Invalid("body", _l("Use at most %(number)s characters.", number=REMARK_LIMIT))
    there = _remarks(row.draft_id)
    if len(there) >= _MOST_REMARKS:
        raise Invalid("body", _l("So much was said about this draft that nothing more fits."))
    called, strangers = _called(entry, row.draft, body)
    if there and (there[-1].author_id, there[-1].body) == (by.id, body):
        return strangers
    known = section in KINDS[row.draft.kind].sections
    db.session.add(
        DraftRemark(
            draft_id=row.draft_id,
            section=section if known else "",
            author_id=by.id,
            body=body,
            at=clock.now(),
        )
    )
    db.session.flush()
    own = row.draft.author_id == by.id
    told = trainers.trainer_ids(entry) if own else [row.draft.author_id]
    for user_id in dict.fromkeys([*told, *called]):
        event = events.DraftRemarked(
            entry_id=entry.id, draft_id=draft_id, user_id=user_id, mentions=user_id in called
        )
        record(event, actor_id=by.id)
    return strangers


def _called(entry: Entry, draft: Draft, body: str) -> tuple[set[int], list[str]]:
    """Return those of whom a remark mentions that read the draft, and the names of those that do not."""
    found = {one for one in markup.render(body).mentions if "@[" in body}
    people = {one.id for one in found if one.kind == PERSON}
    readers = {draft.author_id, *trainers.trainer_ids(entry)}
    circles = belonging.members_of({one.id for one in found if one.kind == CIRCLE})
    strangers = finding.among(None, sorted(people - readers))
    return readers & (people | circles), [one.name for one in strangers]


def ask_to_publish(*, by: Viewer, entry_id: int, draft_id: int) -> None:
    """Ask who wrote a draft to publish it; asked once, she is told once."""
    entry, row = _shared(by, entry_id, draft_id, to_change=True)
    if row.draft.author_id == by.id:
        raise Forbidden(_l("It is yours: publish it when you want to."))
    if row.asked_at is None:
        row.asked_at = clock.now()
        record(
            events.DraftWanted(entry_id=entry.id, draft_id=draft_id, user_id=row.draft.author_id),
            actor_id=by.id,
        )


def _shareable(viewer: Viewer) -> Select[Draft]:
    """Ask for one's drafts of new notes and of one's own; in others somebody else's closed words may stand."""
    own = select(Entry.id).where(Entry.author_id == viewer.id)
    return select(Draft).where(
        Draft.author_id == viewer.id,
        Draft.kind == _NOTE,
        or_(Draft.entry_id.is_(None), Draft.entry_id.in_(own)),
    )


def own_drafts(viewer: Viewer, entry: Entry) -> list[Shared]:
    """Return one's own drafts of case notes: which of them the trainers read, and which they could."""
    newest = _shareable(viewer).order_by(Draft.updated_at.desc(), Draft.id.desc())
    drafts = db.session.scalars(newest).all()
    held = select(DraftShare).where(DraftShare.draft_id.in_([one.id for one in drafts]))
    shares = {row.draft_id: row for row in db.session.scalars(held)} if drafts else {}
    found: list[Shared] = []
    for draft in drafts:
        there = shares.get(draft.id)
        if there is None or there.entry_id == entry.id:
            found.append(
                Shared(
                    draft.id,
                    _title(draft),
                    Lang(draft.lang),
                    draft.updated_at,
                    is_shared=there is not None,
                    asked=there is not None and there.asked_at is not None,
                )
            )
    return found


def shared_with(viewer: Viewer, entry: Entry) -> list[Shared]:
    """Return the drafts that participants let the trainers read, for these alone."""
    if not sessions.may_run(viewer, entry):
        return []
    rows = db.session.execute(
        select(Draft, DraftShare, User)
        .join(DraftShare, DraftShare.draft_id == Draft.id)
        .join(User, User.id == Draft.author_id)
        .where(DraftShare.entry_id == entry.id, Draft.author_id != viewer.id)
        .order_by(DraftShare.shared_at.desc(), Draft.id.desc())
        .limit(100)
    ).all()
    here = _taking_part(entry, [user.id for _draft, _there, user in rows])
    return [
        Shared(
            draft.id,
            _title(draft),
            Lang(draft.lang),
            draft.updated_at,
            policy.name_of(user),
            is_shared=True,
            asked=there.asked_at is not None,
        )
        for draft, there, user in rows
        if user.id in here
    ]


def reading(viewer: Viewer, entry_id: int, draft_id: int) -> Reading:
    """Return a shared draft for who wrote it and the trainers, in three questions."""
    entry, row = _shared(viewer, entry_id, draft_id)
    draft, kind = row.draft, KINDS[row.draft.kind]
    said = _remarks(draft.id)
    author = db.session.get(User, draft.author_id)

    texts = {key: _field(draft, key) for key in kind.sections}
    sources = {key: words for key, words in texts.items() if words}
    sources |= {f"remark {one.id}": one.body for one in said}
    rendered = {key: markup.render(words).html for key, words in sources.items()}
    html = mentions.shown_all(viewer, None, rendered)

    def about(section: str) -> list[Remark]:
        return [
            Remark(
                _named(viewer, entry, one),
                one.at,
                html[f"remark {one.id}"],
                one.author_id == viewer.id,
            )
            for one in said
            if one.section == section
        ]

    return Reading(
        entry=entry,
        draft=draft,
        share=row,
        title=_title(draft),
        lang=Lang(draft.lang),
        name=policy.name_of(author),
        is_own=draft.author_id == viewer.id,
        sections=[
            Section(key, str(kind.titles[key]), html.get(key, ""), about(key))
            for key, words in texts.items()
            if words or about(key)
        ],
        remarks=about(""),
    )


def _remarks(draft_id: int) -> Sequence[DraftRemark]:
    return db.session.scalars(
        select(DraftRemark)
        .where(DraftRemark.draft_id == draft_id)
        .order_by(DraftRemark.id)
        .options(joinedload(DraftRemark.author))
    ).all()


def _named(viewer: Viewer, entry: Entry, row: DraftRemark) -> str:
    """Return who said it; who leads an unnamed workshop stays unnamed to those who come."""
    if row.author_id is not None and row.author_id == entry.author_id:
        return policy.byline_of(viewer, entry, row.author).name
    return policy.name_of(row.author)


def _field(draft: Draft, name: str) -> str:
    data: Mapping[str, object] = draft.data
    values = data.get(name) or [""]
    return str(values[0]) if isinstance(values, list) and values else ""


def _title(draft: Draft) -> str:
    return _field(draft, "title").strip() or _("Without a title yet")
