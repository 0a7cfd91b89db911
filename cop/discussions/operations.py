"""What can be done to discussions: ask, tell in another language, publish a new state. Actor first, no commit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Invalid
from cop.core.i18n import _l
from cop.core.types import Texts
from cop.discussions import events
from cop.discussions.draft import BODY, DiscussionDraft, DiscussionFacts
from cop.discussions.following import bring_up_to_date
from cop.discussions.models import Discussion, Form, Space
from cop.entries import operations as entries, policy, queries
from cop.entries.carrying import carry, source_ids, term_ids
from cop.entries.describing import NOTHING_SAID, told_in
from cop.entries.draft import Attachments, Origin, TextDraft
from cop.entries.models import Entry, LinkKind, Revision, Text
from cop.entries.operations import SECTION_LIMIT, TITLE_LIMIT
from cop.entries.significance import UNSAID, Change
from cop.events.record import record
from cop.people.viewer import Grant, Viewer

KIND = "discussion"
#: More terms than this describe nothing.
TERM_LIMIT = 12


def put_space(
    *, by: Viewer, key: str, name: Texts, purpose: Texts, lang: str | None, digest: str | None
) -> Space:
    """Make a space or bring it to this state; only the site itself and its administrators may."""
    if not (by.system or by.has(Grant.ADMIN)):
        raise Forbidden(_l("Only administrators make spaces."))
    found = db.session.scalar(select(Space).where(Space.key == key))
    if found is None:
        last = db.session.scalar(select(Space.position).order_by(Space.position.desc()).limit(1))
        found = Space(key=key, created_at=clock.now(), position=0 if last is None else last + 1)
        db.session.add(found)
    found.name, found.purpose, found.lang, found.import_sha256 = name, purpose, lang, digest
    db.session.flush()
    record(events.SpaceChanged(space_id=found.id), actor_id=by.id)
    return found


def start_discussion(
    *,
    by: Viewer,
    draft: DiscussionDraft,
    origin: Origin | None = None,
    author_id: int | None = None,
) -> Entry:
    """Publish a discussion and return its entry; the same form sent twice returns what it made the first time.

    Raises Invalid(field, sentence) for what cannot be taken. `author_id` differs from the actor only
    where the system account imports somebody's discussion.
    """
    origin = origin or Origin()
    policy.require_member(by)
    if origin.key is not None and (made := queries.by_key(origin.key)) is not None:
        return made
    for text in draft.texts:
        check_text(text)
    found = Found(by, draft.facts)
    return entries.once(
        origin.key,
        lambda: publish_first(
            by=by,
            draft=draft,
            found=found,
            origin=origin,
            author_id=by.id if author_id is None else author_id,
        ),
    )


def publish_first(
    *, by: Viewer, draft: DiscussionDraft, found: "Found", origin: Origin, author_id: int | None
) -> Entry:
    """Publish a discussion that has been checked, by whoever wrote it; None where that is nobody any more."""
    entry = entries.create(
        by=by,
        kind=KIND,
        author_id=author_id,
        texts=draft.texts,
        facts=draft.facts.to_json(),
        signature=draft.signature,
        origin=origin,
    )
    db.session.add(
        Discussion(
            entry_id=entry.id,
            space_id=found.space.id,
            form=draft.facts.form,
            active_at=entry.active_at,
            audience=entry.audience,
        )
    )
    db.session.flush()
    write_facts(entry, draft.facts, found)
    return entry


def facts_now(entry: Entry) -> DiscussionFacts:
    """Return the facts of a discussion as they are; its space may have changed without a revision."""
    space = db.session.scalar(
        select(Space.key)
        .join(Discussion, Discussion.space_id == Space.id)
        .where(Discussion.entry_id == entry.id)
    )
    facts = DiscussionFacts.from_json(queries.latest_facts(entry).facts)
    return replace(facts, space=space or "")


def add_text(
    *, by: Viewer, entry: Entry, text: TextDraft, said: Attachments = NOTHING_SAID
) -> Text:
    """Tell a discussion in one more language, with the facts it has at that moment.

    `said` describes its images and files in that language.
    """
    check_text(text)
    entry = queries.get(by, entry.id, KIND, to_change=True)
    facts = facts_now(entry)
    images, files = told_in(text.lang, (facts.images, facts.files), said)
    facts = replace(facts, images=images, files=files)
    return entries.add_text(by=by, entry=entry, draft=text, facts=facts.to_json())


def publish(
    *,
    by: Viewer,
    entry: Entry,
    text: Text,
    draft: TextDraft,
    facts: DiscussionFacts,
    change: Change = UNSAID,
    restored_number: int | None = None,
) -> Revision:
    """Publish a new state of a discussion that has been merged with what others did meanwhile."""
    check_text(draft)
    found = Found(by, facts)
    revision = entries.publish_revision(
        by=by,
        entry=entry,
        text=text,
        draft=draft,
        facts=facts.to_json(),
        change=change,
        restored_number=restored_number,
    )
    write_facts(entry, facts, found)
    return revision


def lacking(text: TextDraft) -> Iterator[Invalid]:
    """Yield everything a discussion must tell and this one does not, so that a form can say it all at once."""
    if not text.title:
        yield Invalid("title", _l("Give it a title: the question itself, in one sentence."))
    if not text.sections.get(BODY):
        yield Invalid(BODY, _l("Tell what it is about; a few sentences are enough."))


def check_text(text: TextDraft) -> None:
    """Raise Invalid for a text that lacks what a discussion must tell, or is longer than one can be."""
    for error in lacking(text):
        raise error
    if len(text.title) > TITLE_LIMIT:
        raise Invalid(
            "title",
            _l("This title is too long; %(limit)s characters are enough.", limit=TITLE_LIMIT),
        )
    if len(text.sections[BODY]) > SECTION_LIMIT:
        raise Invalid(
            BODY,
            _l("This is too long; at most %(limit)s characters fit.", limit=f"{SECTION_LIMIT:,}"),
        )


class Found:
    """The rows that a discussion's facts name by key; raises Invalid for a key that names nothing."""

    def __init__(self, by: Viewer, facts: DiscussionFacts) -> None:
        """Look everything up. A note that is not there (yet) is passed over."""
        space = db.session.scalar(select(Space).where(Space.key == _plain(facts.space)))
        if space is None:
            raise Invalid("space", _l("Choose the space it belongs to."))
        self.space = space
        if facts.form not in set(Form):
            raise Invalid("form", _l("Choose whether you ask a question or begin a conversation."))
        if len(facts.terms) > TERM_LIMIT and not by.system:
            raise Invalid("terms", _l("Choose at most %(limit)s terms.", limit=TERM_LIMIT))
        self.terms = term_ids(facts.terms)
        self.notes = _notes(facts.notes)
        self.sources = source_ids([cited.key for cited in facts.sources])


def _plain(key: str) -> str:
    # A NUL is no part of any key, and one database refuses to be asked for one.
    return key.replace("\0", "")


def _notes(keys: Sequence[str]) -> list[int]:
    if not keys:
        return []
    statement = select(Entry.key, Entry.id).where(Entry.key.in_([_plain(key) for key in keys]))
    known = {row.key: row.id for row in db.session.execute(statement)}
    return [known[key] for key in keys if key in known]


def write_facts(entry: Entry, facts: DiscussionFacts, found: Found) -> None:
    """Make the tables say what the facts say; the entry's row in `discussions` exists."""
    discussion = db.session.get_one(Discussion, entry.id)
    discussion.space_id, discussion.form = found.space.id, facts.form
    carry(
        entry,
        terms=found.terms,
        sources=list(zip(found.sources, facts.sources, strict=True)),
        targets=found.notes,
        link=LinkKind.ABOUT,
    )
    bring_up_to_date(discussion, entry)
    db.session.flush()
