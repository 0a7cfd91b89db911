"""What can be done to practice pages: start one, tell it in another language, publish a new state. No commit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cop.core.db import db
from cop.core.errors import Forbidden, Invalid
from cop.core.i18n import _l
from cop.entries import operations as entries, queries
from cop.entries.carrying import carry, source_ids
from cop.entries.curated import check_lengths
from cop.entries.draft import Origin, TextDraft
from cop.entries.models import Entry, Revision, Text
from cop.entries.reasons import REASON_LIMIT
from cop.entries.significance import UNSAID, Change
from cop.notes.living import living_key, living_keys
from cop.people.viewer import Grant, Viewer
from cop.practices.draft import PLACES, SECTIONS, SUMMARY, PracticeDraft, PracticeFacts
from cop.practices.following import followed
from cop.practices.models import Grade, Practice
from cop.terms.vocabulary import TermView, vocabulary

KIND = "practice"
#: More related strategies than this say nothing.
RELATED_LIMIT = 12
#: More notes beside the steps of a page nobody reads.
ATTACHED_LIMIT = 60


def start_page(
    *,
    by: Viewer,
    draft: PracticeDraft,
    origin: Origin | None = None,
    author_id: int | None = None,
) -> Entry:
    """Publish the page of a strategy that has none and return its entry; what was made by this key is returned again.

    Only curators do so by themselves. Raises Invalid(field, sentence) for what cannot be taken.
    `author_id` differs from the actor only where the system account imports somebody's page.
    """
    origin = origin or Origin()
    if not (by.system or by.has(Grant.CURATOR)):
        raise Forbidden(_l("Only curators publish practice pages."))
    if origin.key is not None and (made := queries.by_key(origin.key)) is not None:
        return made
    for text in draft.texts:
        check_text(text)
    draft = replace(draft, facts=living(draft.facts))
    found = Found(draft.facts)
    require_no_page(found.term)
    try:
        with db.session.begin_nested():
            return _publish_first(
                by=by, draft=draft, found=found, origin=origin, author_id=author_id
            )
    except IntegrityError as error:
        # The same form, or the same strategy, at the same moment: the other was a little faster.
        made = queries.by_key(origin.key) if origin.key is not None else None
        if made is None:
            raise Invalid("strategy", _HAS_PAGE) from error
        return made


_HAS_PAGE = _l("This strategy has its page already; edit that one.")


def require_no_page(term: TermView) -> None:
    """Raise Invalid where the strategy, or one merged with it, has a page."""
    if page_of(term) is not None:
        raise Invalid("strategy", _HAS_PAGE)


def page_of(term: TermView) -> Practice | None:
    """Return the facts of a strategy's page, whoever may read it; of merged terms the living one's, else another's."""
    words = vocabulary()
    same = [one.id for one in words.by_id.values() if words.resolved(one).id == term.id]
    found = db.session.execute(
        select(Practice, Entry.merged_into_id)
        .join(Entry, Entry.id == Practice.entry_id)
        .where(Practice.term_id.in_(same))
    )
    best = min(
        found,
        key=lambda one: (one[1] is not None, one[0].term_id != term.id, one[0].entry_id),
        default=None,
    )
    return best[0] if best is not None else None


def _publish_first(
    *, by: Viewer, draft: PracticeDraft, found: "Found", origin: Origin, author_id: int | None
) -> Entry:
    entry = entries.create(
        by=by,
        kind=KIND,
        author_id=by.id if author_id is None else author_id,
        texts=draft.texts,
        facts=draft.facts.to_json(),
        signature=draft.signature,
        origin=origin,
    )
    db.session.add(Practice(entry_id=entry.id, term_id=found.term.id))
    db.session.flush()
    write_facts(entry, draft.facts, found)
    return entry


def facts_now(entry: Entry) -> PracticeFacts:
    """Return the facts of a page as they are told today."""
    return living(PracticeFacts.from_json(queries.latest_facts(entry).facts))


def living(facts: PracticeFacts) -> PracticeFacts:
    """Return the facts with each merged strategy named as what it was merged into."""
    return replace(facts, strategy=living_key(facts.strategy), related=living_keys(facts.related))


def add_text(*, by: Viewer, entry: Entry, text: TextDraft) -> Text:
    """Tell a page in one more language, with the facts it has at that moment."""
    check_text(text)
    entry = queries.get(by, entry.id, KIND, to_change=True)
    return entries.add_text(by=by, entry=entry, draft=text, facts=facts_now(entry).to_json())


def publish(
    *,
    by: Viewer,
    entry: Entry,
    text: Text,
    draft: TextDraft,
    facts: PracticeFacts,
    change: Change = UNSAID,
    restored_number: int | None = None,
) -> Revision:
    """Publish a new state of a page that has been merged with what others did meanwhile.

    What is told of a step follows it; an earlier state that is restored brings its own.
    """
    check_text(draft)
    if restored_number is None:
        facts = followed(entry, text, queries.current(text), draft.sections, facts)
    found = Found(facts)
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
    """Yield everything a page must tell and this one does not, so that a form can say it all at once."""
    if not text.title:
        yield Invalid("title", _l("Give the page a title: the name of the strategy."))
    if not text.sections.get(SUMMARY):
        yield Invalid(SUMMARY, _l("Say in a sentence or two what this strategy is."))


def check_text(text: TextDraft) -> None:
    """Raise Invalid for a text that lacks what a page must tell, or is longer than one can be."""
    for error in lacking(text):
        raise error
    check_lengths(text, SECTIONS)


class Found:
    """The rows that a page's facts name by key; raises Invalid for a key that names nothing."""

    def __init__(self, facts: PracticeFacts) -> None:
        """Look everything up. A note that is not there (yet) is passed over."""
        self.term = _strategy("strategy", facts.strategy)
        if len(facts.related) > RELATED_LIMIT:
            raise Invalid("related", _l("Name at most %(limit)s strategies.", limit=RELATED_LIMIT))
        for key in facts.related:
            _strategy("related", key)
        check_grade(facts)
        check_places(facts)
        self.notes = _notes([*facts.notes, *(one.note for one in facts.attached)])
        self.sources = source_ids([cited.key for cited in facts.sources])


def check_places(facts: PracticeFacts) -> None:
    """Raise Invalid for a note cited at what is no place of a page, or at more places than one can read."""
    if len(facts.attached) > ATTACHED_LIMIT:
        raise Invalid("at", _l("At most %(limit)s notes stand beside steps.", limit=ATTACHED_LIMIT))
    for one in facts.attached:
        if one.at not in PLACES:
            raise Invalid("at", _l("Choose the step or the section it belongs to."))


def check_grade(facts: PracticeFacts) -> None:
    """Raise Invalid for a grade that is none, one without its reason, or a day that is none."""
    if facts.grade not in set(Grade):
        raise Invalid("grade", _l("Choose a grade."))
    if facts.grade != Grade.STUB and not any(facts.grade_reason.values()):
        raise Invalid("grade_reason", _l("Say why: what in the evidence speaks for this grade?"))
    if any(len(reason) > REASON_LIMIT for reason in facts.grade_reason.values()):
        raise Invalid(
            "grade_reason",
            _l("At most %(limit)s characters fit here.", limit=REASON_LIMIT),
        )
    for name, value in (("review_by", facts.review_by), ("reviewed_on", facts.reviewed_on)):
        if value and _day(value) is None:
            raise Invalid(name, _l("Write a day, for example 2027-05-31."))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _strategy(field: str, key: str) -> TermView:
    words = vocabulary()
    term = words.by_key.get(key)
    if term is None or term.scheme != "strategy":
        raise Invalid(
            field, _l("“%(key)s” is not in the term list (any more); choose another.", key=key)
        )
    return words.resolved(term)


def _notes(keys: Sequence[str]) -> list[int]:
    if not keys:
        return []
    statement = select(Entry.key, Entry.id).where(Entry.key.in_(keys), Entry.kind == "note")
    known = {row.key: row.id for row in db.session.execute(statement)}
    return [known[key] for key in keys if key in known]


def write_facts(entry: Entry, facts: PracticeFacts, found: Found) -> None:
    """Make the tables say what the facts say; the entry's row in `practices` exists."""
    practice = db.session.get_one(Practice, entry.id)
    practice.grade = facts.grade
    practice.review_by = _day(facts.review_by) if facts.review_by else None
    carry(
        entry,
        terms=[found.term.id],
        sources=list(zip(found.sources, facts.sources, strict=True)),
        targets=found.notes,
    )
