"""What can be done to guides: publish one, tell it in another language, publish a new state. No commit."""

from collections.abc import Iterator
from dataclasses import replace

from cop.core.errors import Forbidden, Invalid
from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries import curated, operations as entries, queries
from cop.entries.carrying import carry, source_ids, term_ids
from cop.entries.curated import Curated
from cop.entries.draft import Origin, TextDraft
from cop.entries.models import Entry, Revision, Text
from cop.entries.revising import Revised
from cop.entries.significance import UNSAID, Change
from cop.guides.draft import BODY, KIND, SECTIONS, SUMMARY, GuideDraft, GuideFacts
from cop.notes.living import living_keys
from cop.people.viewer import Grant, Viewer

#: More terms than this describe nothing.
TERM_LIMIT = 12


def start_guide(
    *,
    by: Viewer,
    draft: GuideDraft,
    origin: Origin | None = None,
    author_id: int | None = None,
) -> Entry:
    """Publish a guide and return its entry; what was made by this key is returned again.

    Only curators do so, with what a member proposed: then `author_id` says who wrote it. Raises
    Invalid(field, sentence) for what cannot be taken.
    """
    origin = origin or Origin()
    if not (by.system or by.has(Grant.CURATOR)):
        raise Forbidden(_l("Only curators publish guides; propose yours."))
    if origin.key is not None and (made := queries.by_key(origin.key)) is not None:
        return made
    for text in draft.texts:
        CURATED.check_text(text)
    found = _Found(living(draft.facts), by)

    def publish_first() -> Entry:
        entry = entries.create(
            by=by,
            kind=KIND,
            author_id=by.id if author_id is None else author_id,
            texts=draft.texts,
            facts=found.facts.to_json(),
            signature=draft.signature,
            origin=origin,
        )
        found.write(entry)
        return entry

    return entries.once(origin.key, publish_first)


def facts_now(entry: Entry) -> GuideFacts:
    """Return the facts of a guide as they are told today."""
    return living(GuideFacts.from_json(queries.latest_facts(entry).facts))


def living(facts: GuideFacts) -> GuideFacts:
    """Return the facts with each merged term named as what it was merged into."""
    return replace(facts, terms=living_keys(facts.terms))


def add_text(*, by: Viewer, entry: Entry, text: TextDraft) -> Text:
    """Tell a guide in one more language, with the facts it has at that moment."""
    CURATED.check_text(text)
    entry = queries.get(by, entry.id, KIND, to_change=True)
    return entries.add_text(by=by, entry=entry, draft=text, facts=facts_now(entry).to_json())


def publish(
    *,
    by: Viewer,
    entry: Entry,
    text: Text,
    draft: TextDraft,
    facts: Json,
    change: Change = UNSAID,
    restored_number: int | None = None,
) -> Revision:
    """Publish a new state of a guide that has been merged with what others did meanwhile."""
    CURATED.check_text(draft)
    found = _Found(GuideFacts.from_json(facts), by)
    revision = entries.publish_revision(
        by=by,
        entry=entry,
        text=text,
        draft=draft,
        facts=facts,
        change=change,
        restored_number=restored_number,
    )
    found.write(entry)
    return revision


def lacking(text: TextDraft) -> Iterator[Invalid]:
    """Yield everything a guide must tell and this one does not, so that a form can say it all at once."""
    if not text.title:
        yield Invalid("title", _l("Give the guide a title that says what it helps with."))
    if not text.sections.get(SUMMARY):
        yield Invalid(SUMMARY, _l("Say in a sentence or two whom this guide helps, and with what."))
    if not text.sections.get(BODY):
        yield Invalid(BODY, _l("Write the guide itself; headings make its parts."))


class _Found:
    """The rows that a guide's facts name by key; raises Invalid for a key that names nothing."""

    def __init__(self, facts: GuideFacts, by: Viewer) -> None:
        if len(facts.terms) > TERM_LIMIT and not by.system:
            raise Invalid("terms", _l("Choose at most %(limit)s terms.", limit=TERM_LIMIT))
        self.facts = facts
        self.terms = term_ids(facts.terms)
        self.sources = source_ids([cited.key for cited in facts.sources])

    def write(self, entry: Entry) -> None:
        """Make the tables say what the facts say."""
        sources = list(zip(self.sources, self.facts.sources, strict=True))
        carry(entry, terms=self.terms, sources=sources)


def _told_today(facts: Json) -> Json:
    return living(GuideFacts.from_json(facts)).to_json()


CURATED = Curated(
    kind=KIND,
    sections=SECTIONS,
    lacking=lacking,
    told_today=_told_today,
    publish=publish,
    add_text=add_text,
    edited=("terms", "sources"),
)


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier text the published one again, as a new revision that says so."""
    return curated.restore(CURATED, by=by, entry_id=entry_id, revision_id=revision_id)


def rewrite(*, by: Viewer, entry_id: int, draft: TextDraft, change: Change) -> Revised:
    """Publish other words of a guide after a proposal; its facts stay as they are."""
    return curated.rewrite(CURATED, by=by, entry_id=entry_id, draft=draft, change=change)
