"""What can be done to collections: make one, put an entry in, publish a new state. Actor first, no commit."""

from collections.abc import Collection, Iterator

from sqlalchemy import delete, select

from cop.collections.draft import PURPOSE, CollectionDraft, CollectionFacts
from cop.core.db import db
from cop.core.errors import Forbidden, Invalid
from cop.core.i18n import _l
from cop.core.types import Lang
from cop.entries import operations as entries, policy, queries
from cop.entries.draft import Origin, TextDraft
from cop.entries.models import Entry, Link, LinkKind, Revision, Text
from cop.entries.operations import SECTION_LIMIT, TITLE_LIMIT
from cop.entries.policy import Act
from cop.entries.reasons import REASON_LIMIT
from cop.entries.significance import UNSAID, Change
from cop.people.viewer import Grant, Viewer

KIND = "collection"
#: More than this is no choice any more.
ENTRY_LIMIT = 200


def may_collect(viewer: Viewer) -> bool:
    """Tell whether somebody may make collections."""
    return viewer.system or viewer.has(Grant.CURATOR, Grant.TRAINER)


def require_collector(viewer: Viewer) -> None:
    """Raise Forbidden for who may not make collections."""
    if not may_collect(viewer):
        raise Forbidden(_l("Collections are made by curators and trainers."))


def make_collection(
    *,
    by: Viewer,
    draft: CollectionDraft,
    origin: Origin | None = None,
    author_id: int | None = None,
) -> Entry:
    """Publish a collection and return its entry; the same form sent twice returns what it made the first time.

    Raises Invalid(field, sentence) for what cannot be taken. `author_id` differs from the actor only
    where the system account imports somebody's collection.
    """
    origin = origin or Origin()
    require_collector(by)
    if origin.key is not None and (made := queries.by_key(origin.key)) is not None:
        return made
    for text in draft.texts:
        check_text(text)
    found = Found(by, draft.facts)
    return entries.once(
        origin.key,
        lambda: _publish_first(
            by=by,
            draft=draft,
            found=found,
            origin=origin,
            author_id=by.id if author_id is None else author_id,
        ),
    )


def _publish_first(
    *, by: Viewer, draft: CollectionDraft, found: "Found", origin: Origin, author_id: int | None
) -> Entry:
    entry = entries.create(
        by=by,
        kind=KIND,
        author_id=author_id,
        texts=draft.texts,
        facts=draft.facts.to_json(),
        signature=draft.signature,
        origin=origin,
    )
    _write(entry, found)
    return entry


def facts_now(entry: Entry) -> CollectionFacts:
    """Return what a collection holds now, whoever may read it."""
    return CollectionFacts.from_json(queries.latest_facts(entry).facts)


def add_text(*, by: Viewer, entry: Entry, text: TextDraft, facts: CollectionFacts) -> Text:
    """Tell a collection in one more language; the reasons in that language come with it."""
    check_text(text)
    entry = queries.get(by, entry.id, KIND, to_change=True)
    now = facts_now(entry)
    told = {
        key: {**now.reasons.get(key, {}), **words}
        for key, words in facts.reasons.items()
        if key in now.entries
    }
    facts = CollectionFacts(now.entries, {**now.reasons, **told})
    _check_reasons(facts)
    return entries.add_text(by=by, entry=entry, draft=text, facts=facts.to_json())


def collect(*, by: Viewer, collection_id: int, entry_id: int, reason: str, lang: Lang) -> Entry:
    """Put an entry at the end of a collection with its reason in this language; return the collection.

    The same twice is once. Raises Invalid where it is in it already for another reason.
    """
    collection = queries.get(by, collection_id, KIND, to_change=True)
    policy.require(by, Act.REVISE, collection)
    target = queries.get(by, entry_id)
    policy.require(by, Act.COLLECT, target)
    now, text = facts_now(collection), queries.text_for(collection, lang)
    if target.key in now.entries:
        if now.reasons.get(target.key, {}).get(lang.value) == reason:
            return collection
        raise Invalid("collection", _l("It is in this collection already."))
    facts = CollectionFacts(
        (*now.entries, target.key), {**now.reasons, target.key: {lang.value: reason}}
    )
    current = queries.current(text)
    words = TextDraft(Lang(text.lang), current.title, current.sections)
    publish(by=by, entry=collection, text=text, draft=words, facts=facts, known=now.entries)
    return collection


def publish(
    *,
    by: Viewer,
    entry: Entry,
    text: Text,
    draft: TextDraft,
    facts: CollectionFacts,
    known: Collection[str],
    change: Change = UNSAID,
    restored_number: int | None = None,
) -> Revision:
    """Publish a new state of a collection that has been merged with what others did meanwhile.

    `known` are keys it held before: of those the actor need not be able to read each.
    """
    check_text(draft)
    found = Found(by, facts, known)
    revision = entries.publish_revision(
        by=by,
        entry=entry,
        text=text,
        draft=draft,
        facts=facts.to_json(),
        change=change,
        restored_number=restored_number,
    )
    _write(entry, found)
    return revision


def lacking(text: TextDraft) -> Iterator[Invalid]:
    """Yield everything a collection must tell and this one does not, so that a form can say it all at once."""
    if not text.title:
        yield Invalid("title", _l("Give it a title that says what it is for."))
    if not text.sections.get(PURPOSE):
        yield Invalid(
            PURPOSE, _l("Say in a sentence or two whom it is for and what it helps with.")
        )


def check_text(text: TextDraft) -> None:
    """Raise Invalid for a text that lacks what a collection must tell, or is longer than one can be."""
    for error in lacking(text):
        raise error
    if len(text.title) > TITLE_LIMIT:
        raise Invalid(
            "title",
            _l("This title is too long; %(limit)s characters are enough.", limit=TITLE_LIMIT),
        )
    if len(text.sections[PURPOSE]) > SECTION_LIMIT:
        raise Invalid(
            PURPOSE,
            _l("This is too long; at most %(limit)s characters fit.", limit=f"{SECTION_LIMIT:,}"),
        )


def _check_reasons(facts: CollectionFacts) -> None:
    for key in facts.entries:
        told = facts.reasons.get(key, {})
        if not any(told.values()):
            raise Invalid("items", _l("Say of each entry in a line why it is here."))
        if any(len(words) > REASON_LIMIT for words in told.values()):
            raise Invalid(
                "items",
                _l("A reason is one line: at most %(limit)s characters.", limit=REASON_LIMIT),
            )


class Found:
    """The entries that a collection names by key; raises Invalid for one that cannot be in it."""

    def __init__(self, by: Viewer, facts: CollectionFacts, known: Collection[str] = ()) -> None:
        """Look everything up. What was in it before stays, though it may not be there (any more)."""
        if len(facts.entries) > ENTRY_LIMIT:
            raise Invalid(
                "items",
                _l("A collection holds at most %(limit)s entries; make two.", limit=ENTRY_LIMIT),
            )
        _check_reasons(facts)
        # A NUL is no part of any key, and one database refuses to be asked for one.
        asked = [key for key in facts.entries if "\0" not in key]
        there = {
            one.key: one for one in db.session.scalars(select(Entry).where(Entry.key.in_(asked)))
        }
        for key in facts.entries:
            if key not in known and not (key in there and policy.may(by, Act.COLLECT, there[key])):
                raise Invalid(
                    "items", _l("One of these entries is not there (any more); take it out.")
                )
        if any(one.kind == KIND for one in there.values()):
            raise Invalid("items", _l("A collection holds no other collection; name its entries."))
        self.ids = [there[key].id for key in dict.fromkeys(facts.entries) if key in there]


def _write(entry: Entry, found: Found) -> None:
    """Make the table say what the facts say."""
    db.session.execute(delete(Link).where(Link.entry_id == entry.id))
    for position, target_id in enumerate(found.ids):
        db.session.add(
            Link(
                entry_id=entry.id,
                target_id=target_id,
                kind=LinkKind.COLLECTS.value,
                position=position,
            )
        )
    db.session.flush()
