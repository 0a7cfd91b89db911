"""Spaces, discussions and comments as records, and records as what the operations take."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from cop.core.db import db
from cop.core.types import Lang
from cop.discussions.draft import BODY, DiscussionDraft, DiscussionFacts
from cop.discussions.models import Discussion, Space
from cop.discussions.operations import add_text, facts_now, put_space, start_discussion
from cop.discussions.revising import revise_discussion
from cop.entries import policy, queries as entries
from cop.entries.commenting import CommentDraft, CommentOrigin, post_comment
from cop.entries.draft import Cited, Origin, Signature, TextDraft
from cop.entries.models import (
    Comment,
    CommentStatus,
    Entry,
    NameMask,
    Revision,
    Status,
    Visibility,
)
from cop.exchange import mentioned
from cop.exchange.reading import digest
from cop.exchange.shapes import Record
from cop.exchange.states import (
    State,
    cited_as_record,
    in_order,
    long,
    published_of,
    short,
    stamp,
    weighed,
)
from cop.people.models import User
from cop.people.viewer import Viewer

#: The space of discussions that name none, where the site has no space yet.
_GENERAL = {
    "name": {"zh-Hans": "综合讨论", "en": "General"},
    "purpose": {
        "zh-Hans": "放在别处都不合适的问题和话题。",
        "en": "Questions and topics that fit nowhere else.",
    },
}


#: Keys of a discussion that hold keys of what it is about.
ABOUT = ("notes", "practices", "guides")


def spaces(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of spaces."""
    found = {}
    for row in db.session.scalars(select(Space).where(Space.key.in_(keys))):
        values = {
            "id": row.key,
            "name": short(row.name),
            "purpose": short(row.purpose),
            "lang": Lang(row.lang).tag if row.lang else None,
        }
        found[row.key] = State(in_order("space", values), row.import_sha256)
    return found


def discussions(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of discussions, whatever their status; who may see one is for the caller to ask."""
    rows = db.session.execute(
        select(Entry, User, Discussion, Space.key)
        .join(Discussion, Discussion.entry_id == Entry.id)
        .join(Space, Space.id == Discussion.space_id)
        .outerjoin(User, User.id == Entry.author_id)
        .where(Entry.key.in_(keys))
    ).all()
    told = published_of([entry.id for entry, *_rest in rows])
    bodies = (one.sections.get(BODY, "") for texts in told.values() for one in texts.values())
    known = mentioned.handles_in(bodies)
    kinds = _kinds({key for one in told.values() for key in _facts(one).notes})
    return {
        entry.key: State(
            _discussion(entry, author, found, space, told[entry.id], known, kinds),
            entry.import_sha256,
            entry.status == Status.PUBLISHED,
        )
        for entry, author, found, space in rows
    }


def _facts(told: Mapping[str, Revision]) -> DiscussionFacts:
    """Return the facts of a discussion: the newest of its published revisions holds them."""
    return DiscussionFacts.from_json(max(told.values(), key=lambda one: one.id).facts)


def _kinds(keys: set[str]) -> dict[str, str]:
    """Return which kind the entries are that discussions are about."""
    rows = db.session.execute(select(Entry.key, Entry.kind).where(Entry.key.in_(keys)))
    return {row.key: row.kind for row in rows}


def _discussion(
    entry: Entry,
    author: User | None,
    found: Discussion,
    space: str,
    told: Mapping[str, Revision],
    known: Mapping[int, str],
    kinds: Mapping[str, str],
) -> Record:
    facts = _facts(told)
    unnamed = entry.name_mask == NameMask.UNNAMED
    values = {
        "id": entry.key,
        "lang": Lang(entry.lang).tag,
        "author": policy.credited_to(entry, author),
        "asked_by": "editors" if entry.written_by == "editors" else None,
        "space": space,
        "form": found.form,
        "visibility": entry.visibility,
        "masks": {"name": "unnamed"} if unnamed else None,
        "dates": {"published": stamp(entry, entry.published_at)},
        "significance": weighed(told),
        "title": short({lang: one.title for lang, one in told.items()}),
        BODY: short(
            {lang: mentioned.told(one.sections.get(BODY, ""), known) for lang, one in told.items()}
        ),
        "tags": list(facts.terms),
        "practices": [key for key in facts.notes if kinds.get(key) == "practice"],
        "guides": [key for key in facts.notes if kinds.get(key) == "guide"],
        "notes": [key for key in facts.notes if kinds.get(key) not in ("practice", "guide")],
        "source": [cited_as_record(cited) for cited in facts.sources],
    }
    return in_order("discussion", values)


def comments(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of comments; what was taken away is a trace without words and names."""
    answered = aliased(Comment)
    rows = db.session.execute(
        select(
            Comment,
            Entry,
            User,
            case(
                (
                    and_(
                        answered.entry_id == Comment.entry_id,
                        answered.status != CommentStatus.OPENING,
                    ),
                    answered.key,
                )
            ).label("answered"),
        )
        .join(Entry, Entry.id == Comment.entry_id)
        .outerjoin(User, User.id == Comment.author_id)
        .outerjoin(answered, answered.id == Comment.answers_id)
        .where(Comment.key.in_(keys))
    ).all()
    known = mentioned.handles_in(row[0].body for row in rows)
    return {
        comment.key: State(
            _comment(comment, entry, author, key, known),
            None,
            comment.status == CommentStatus.PUBLISHED and entry.status == Status.PUBLISHED,
        )
        for comment, entry, author, key in rows
    }


def _comment(
    comment: Comment,
    entry: Entry,
    author: User | None,
    answers: str | None,
    known: Mapping[int, str],
) -> Record:
    values: Record = {
        "id": comment.key,
        "on": entry.key,
        "answers": answers,
        "dates": {"published": stamp(entry, comment.created_at)},
    }
    if comment.status == CommentStatus.PUBLISHED:
        former = author is None or (not author.system and author.email is None)
        elsewhere = comment.mask == NameMask.UNNAMED
        values |= {
            "author": policy.credited_comment(comment, entry, author),
            # Who wrote it without a name under another entry is nobody's author here.
            "former": True
            if elsewhere or (former and not policy.is_masked(comment, entry))
            else None,
            "lang": Lang(comment.lang).tag,
            "body": mentioned.told(comment.body, known),
        }
    else:
        values["taken_away"] = True
    return in_order("comment", values)


def told_further() -> ColumnElement[bool]:
    """Return the criterion of comments an export holds: those people read, and traces that have answers."""
    answer = aliased(Comment)
    answers = exists().where(
        answer.entry_id == Comment.entry_id,
        answer.status == CommentStatus.PUBLISHED,
        or_(answer.thread_id == Comment.id, answer.answers_id == Comment.id),
    )
    traces = and_(Comment.status != CommentStatus.OPENING, answers)
    return or_(Comment.status == CommentStatus.PUBLISHED, traces)


def first_space(by: Viewer) -> str:
    """Return the key of the site's first space; a site that has none gets one."""
    found = db.session.scalar(select(Space.key).order_by(Space.position, Space.id).limit(1))
    if found is None:
        found = put_space(by=by, key="general", lang=None, digest=None, **_GENERAL).key
    return found


def write_space(by: Viewer, record: Record) -> None:
    """Make a space, or bring it to the state of the file."""
    lang = Lang.of_tag(record.get("lang", ""))
    put_space(
        by=by,
        key=record["id"],
        name=long(record["name"]),
        purpose=long(record["purpose"]),
        lang=lang.value if lang else None,
        digest=digest(record),
    )


def _draft(record: Record) -> DiscussionDraft:
    first = record["lang"]
    tags = sorted(record["title"], key=lambda tag: tag != first)
    masked = record.get("masks", {}).get("name") == "unnamed"
    return DiscussionDraft(
        texts=tuple(_text(record, tag) for tag in tags),
        facts=DiscussionFacts(
            space=record["space"],
            form=record["form"],
            terms=tuple(record.get("tags", ())),
            notes=tuple(key for name in ABOUT for key in record.get(name, ())),
            sources=tuple(
                Cited(cited["ref"], cited.get("at", "")) for cited in record.get("source", ())
            ),
        ),
        signature=Signature(
            visibility=Visibility(record["visibility"]),
            name_mask=NameMask.UNNAMED if masked else NameMask.SHOWN,
        ),
    )


def _text(record: Record, tag: str) -> TextDraft:
    body = mentioned.by_id(record[BODY][tag])
    return TextDraft(Lang.of_tag(tag) or Lang.EN, record["title"][tag], {BODY: body})


def _moment(record: Record) -> datetime | None:
    published = record.get("dates", {}).get("published")
    return datetime.fromisoformat(published).astimezone(UTC) if published else None


def post_discussion(author: Viewer, record: Record) -> None:
    """Publish a discussion of a file."""
    start_discussion(
        by=author,
        draft=_draft(record),
        origin=Origin(
            key=record["id"],
            written_by=record.get("asked_by", "member"),
            import_sha256=digest(record),
            published_at=_moment(record),
        ),
    )


def revise(author: Viewer, record: Record) -> None:
    """Bring a discussion that nobody edited here to the state of the file; texts the file lacks stay."""
    entry = entries.by_key(record["id"])
    if entry is None:
        return
    draft = _draft(record)
    # What is imported says nothing of images and files: those added here stay.
    now = facts_now(entry)
    facts = replace(draft.facts, images=now.images, files=now.files)
    there = {text.lang: text for text in entry.texts}
    for text in draft.texts:
        if text.lang.value in there:
            base = entries.current(there[text.lang.value])
            revise_discussion(
                by=author,
                entry_id=entry.id,
                base_id=base.id,
                draft=text,
                facts=facts,
                signature=draft.signature,
            )
        else:
            add_text(by=author, entry=entry, text=text)
    db.session.flush()
    state = discussions([record["id"]])[record["id"]]
    entry.import_sha256 = digest(state.record)


def write_comment(author: Viewer, record: Record) -> None:
    """Publish a comment of a file, or the trace of one."""
    entry = entries.by_key(record["on"])
    answered = None
    if "answers" in record:
        answered = db.session.scalar(select(Comment.id).where(Comment.key == record["answers"]))
    if entry is None:
        return
    gone = "taken_away" in record
    nobody = gone or "former" in record
    post_comment(
        by=author,
        entry_id=entry.id,
        draft=CommentDraft(
            Lang.of_tag(record.get("lang", "")) or Lang(entry.lang),
            mentioned.by_id(record.get("body", "")),
            answered,
        ),
        origin=CommentOrigin(
            key=record["id"],
            author_id=None if nobody else author.id,
            posted_at=_moment(record),
            taken_away=gone,
        ),
    )
