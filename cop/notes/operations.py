"""What can be done to case notes: post, revise, restore an earlier state. Actor first, no commit."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.entries import operations as entries, policy, queries
from cop.entries.describing import NOTHING_SAID, told_in
from cop.entries.draft import Attachments, Origin, TextDraft
from cop.entries.models import Entry, EntrySource, Revision, Tagging, Text
from cop.entries.operations import SECTION_LIMIT, TITLE_LIMIT
from cop.entries.policy import Act
from cop.entries.significance import UNSAID, Change
from cop.notes.adapting import check_original, write_link
from cop.notes.draft import REASON, REQUIRED_SECTIONS, SECTIONS, TERM_FIELDS, NoteDraft, NoteFacts
from cop.notes.living import facts_of, living
from cop.notes.models import CaseNote, Durability, Evidence, Outcome, StrategyUse
from cop.people.models import Organisation
from cop.people.organisations import find_or_make
from cop.people.viewer import Viewer
from cop.terms.models import Scheme, Source, Term

KIND = "note"
#: Longest one-line reason, in characters.
REASON_LIMIT = 300
#: Longest description of an organisation that is not named.
DESCRIPTION_LIMIT = 160
#: More strategies than this in one note describe nothing.
STRATEGY_LIMIT = 12
_PERIOD = re.compile(r"(?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?)?")


def post_note(
    *,
    by: Viewer,
    draft: NoteDraft,
    origin: Origin | None = None,
    author_id: int | None = None,
    organisation_name: str = "",
) -> Entry:
    """Publish a case note and return its entry; the same form sent twice returns the note it made the first time.

    Raises Invalid(field, sentence) for what cannot be taken. `author_id` differs from the actor only
    where the system account imports somebody's note. `organisation_name` names the organisation as
    typed; one the directory does not have is added to it.
    """
    origin = origin or Origin()
    policy.require_member(by)
    if origin.key is not None and (made := queries.by_key(origin.key)) is not None:
        return made
    for text in draft.texts:
        check_text(text)
    facts = living(draft.facts)
    check_facts(facts)
    check_original(by, facts, entry=None)
    draft = replace(draft, facts=naming(facts, organisation_name))
    return entries.once(
        origin.key,
        lambda: _publish_first(by=by, draft=draft, origin=origin, author_id=author_id),
    )


def _publish_first(*, by: Viewer, draft: NoteDraft, origin: Origin, author_id: int | None) -> Entry:
    found = Found(draft.facts)
    entry = entries.create(
        by=by,
        kind=KIND,
        author_id=by.id if author_id is None else author_id,
        texts=draft.texts,
        facts=draft.facts.to_json(),
        signature=draft.signature,
        origin=origin,
    )
    db.session.add(
        CaseNote(entry_id=entry.id, outcome=draft.facts.outcome, evidence=draft.facts.evidence)
    )
    db.session.flush()
    write_facts(entry, draft.facts, found)
    return entry


def naming(facts: NoteFacts, organisation_name: str) -> NoteFacts:
    """Return the facts with the organisation of this name; without a name they stay as they are."""
    made = find_or_make(organisation_name)
    return facts if made is None else replace(facts, organisation=made.key, described_as={})


def add_text(
    *,
    by: Viewer,
    entry: Entry,
    text: TextDraft,
    facts: NoteFacts | None = None,
    said: Attachments = NOTHING_SAID,
) -> Text:
    """Tell a note in one more language; with the facts it has at that moment, unless others are given.

    `said` describes its images and files in that language.
    """
    check_text(text)
    entry = queries.get(by, entry.id, KIND, to_change=True)
    if facts is None:
        facts = facts_of(queries.latest_facts(entry))
    images, files = told_in(text.lang, (facts.images, facts.files), said)
    facts = replace(facts, images=images, files=files)
    return entries.add_text(by=by, entry=entry, draft=text, facts=living(facts).to_json())


def publish(
    *,
    by: Viewer,
    entry: Entry,
    text: Text,
    draft: TextDraft,
    facts: NoteFacts,
    change: Change = UNSAID,
    restored_number: int | None = None,
    act: Act = Act.REVISE,
) -> Revision:
    """Publish a new state of a note that has been merged with what others did meanwhile."""
    check_text(draft)
    found = check_facts(facts)
    revision = entries.publish_revision(
        by=by,
        entry=entry,
        text=text,
        draft=draft,
        facts=facts.to_json(),
        change=change,
        restored_number=restored_number,
        act=act,
    )
    write_facts(entry, facts, found)
    _forget_organisations(entry, but=facts.organisation)
    return revision


def _forget_organisations(entry: Entry, *, but: str) -> None:
    """Take out of every revision of a note the organisations it names no more.

    Their hashes stay those of what was published then.
    """
    texts = select(Text.id).where(Text.entry_id == entry.id)
    for revision in db.session.scalars(select(Revision).where(Revision.text_id.in_(texts))):
        if revision.facts.get("organisation", but) != but:
            revision.facts = {
                name: value for name, value in revision.facts.items() if name != "organisation"
            }


def check_text(text: TextDraft) -> None:
    """Raise Invalid for a text that lacks what a note must tell, or is longer than a note can be."""
    for error in lacking(text, None):
        raise error
    if len(text.title) > TITLE_LIMIT:
        raise Invalid(
            "title",
            _l("This title is too long; %(limit)s characters are enough.", limit=TITLE_LIMIT),
        )
    if len(text.sections.get(REASON, "")) > REASON_LIMIT:
        raise Invalid(
            REASON, _l("One line is enough here: at most %(limit)s characters.", limit=REASON_LIMIT)
        )
    for key in SECTIONS:
        if len(text.sections.get(key, "")) > SECTION_LIMIT:
            raise Invalid(
                key,
                _l(
                    "This section is too long; at most %(limit)s characters fit.",
                    limit=f"{SECTION_LIMIT:,}",
                ),
            )


def lacking(text: TextDraft, facts: NoteFacts | None) -> Iterator[Invalid]:
    """Yield everything a note must tell and this one does not, so that a form can say it all at once.

    Without `facts` (a telling in another language) only the words count.
    """
    if not text.title:
        yield Invalid("title", _NO_TITLE)
    if facts is not None and facts.outcome not in set(Outcome):
        yield Invalid("outcome", _NO_OUTCOME)
    if not text.sections.get(REASON):
        yield Invalid(REASON, _NO_REASON)
    if facts is not None and not facts.strategies:
        yield Invalid("strategies", _NO_STRATEGY)
    for key in REQUIRED_SECTIONS:
        if not text.sections.get(key):
            yield Invalid(key, _MISSING[key])


_NO_TITLE = _l("Give the note a title: what happened, and where.")
_NO_OUTCOME = _l("Choose how it went.")
_NO_REASON = _l("Say in one line why you judge the outcome so.")
_NO_STRATEGY = _l("Choose at least one strategy.")
_MISSING: Mapping[str, Any] = {
    "what_happened": _l("Tell what happened; a few sentences are enough."),
    "what_we_learned": _l("Tell what you learned; one sentence is enough."),
}


def check_facts(facts: NoteFacts) -> "Found":
    """Raise Invalid for facts that do not hold together; return the rows they name."""
    if facts.outcome not in set(Outcome):
        raise Invalid("outcome", _NO_OUTCOME)
    if facts.evidence not in set(Evidence):
        raise Invalid("evidence", _l("Choose where the facts come from."))
    if not facts.strategies:
        raise Invalid("strategies", _NO_STRATEGY)
    if len(facts.strategies) > STRATEGY_LIMIT:
        raise Invalid(
            "strategies", _l("Choose at most %(limit)s strategies.", limit=STRATEGY_LIMIT)
        )
    if any(len(text) > DESCRIPTION_LIMIT for text in facts.described_as.values()):
        raise Invalid(
            "described_as",
            _l("Describe it in at most %(limit)s characters.", limit=DESCRIPTION_LIMIT),
        )
    _check_period(facts)
    for key, use in facts.uses.items():
        _check_use(key, use.outcome, use.durability, facts.strategies)
    return Found(facts)


def _check_use(key: str, outcome: str | None, durability: str, strategies: tuple[str, ...]) -> None:
    known_outcome = outcome is None or outcome in set(Outcome)
    if key not in strategies or not known_outcome or durability not in set(Durability):
        raise Invalid(
            "uses", _l("What is said of a strategy must name one of the note's strategies.")
        )


def _check_period(facts: NoteFacts) -> None:
    for field, value in (("started", facts.started), ("ended", facts.ended)):
        if value and not _is_moment(value):
            raise Invalid(
                field, _l("Write a year (2019), a month (2019-05) or a day (2019-05-31).")
            )
    if facts.started and facts.ended and facts.ended < facts.started[: len(facts.ended)]:
        raise Invalid("ended", _l("The end lies before the beginning."))


def _is_moment(value: str) -> bool:
    """Tell whether this is a year, a month or a day that exists."""
    if not _PERIOD.fullmatch(value):
        return False
    try:
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


class Found:
    """The rows that a note's facts name by key; raises Invalid for a key that names nothing."""

    def __init__(self, facts: NoteFacts) -> None:
        """Look everything up in three queries."""
        wanted: dict[str, tuple[str, Iterable[str]]] = {
            "strategies": ("strategy", facts.strategies)
        }
        wanted |= {
            name: (scheme, facts.terms.get(name, ())) for name, scheme in TERM_FIELDS.items()
        }
        wanted["place"] = ("place", [facts.place] if facts.place else [])
        self.terms = _terms({key for _scheme, keys in wanted.values() for key in keys})
        for name, (scheme, keys) in wanted.items():
            for key in keys:
                if key not in self.terms or self.terms[key][1] != scheme:
                    raise Invalid(
                        name,
                        _l(
                            "“%(key)s” is not in the term list (any more); choose another.", key=key
                        ),
                    )
        self.organisation = _organisation(facts.organisation)
        self.sources = _sources([cited.key for cited in facts.sources])

    def term_id(self, key: str) -> int:
        """Return the id of a term that was found."""
        return self.terms[key][0]


def _terms(keys: set[str]) -> dict[str, tuple[int, str]]:
    # A NUL is no part of any key, and PostgreSQL refuses to be asked for one.
    keys = {key for key in keys if "\0" not in key}
    if not keys:
        return {}
    rows = db.session.execute(
        select(Term.key, Term.id, Scheme.key)
        .join(Scheme, Scheme.id == Term.scheme_id)
        .where(Term.key.in_(keys), Term.merged_into_id.is_(None))
    )
    return {key: (term_id, scheme) for key, term_id, scheme in rows}


def _organisation(key: str) -> int | None:
    if not key:
        return None
    found = db.session.scalar(select(Organisation.id).where(Organisation.key == key))
    if found is None:
        raise Invalid("organisation", _l("This organisation is not in the directory (any more)."))
    return found


def _sources(keys: list[str]) -> dict[str, int]:
    if not keys:
        return {}
    rows = db.session.execute(select(Source.key, Source.id).where(Source.key.in_(keys)))
    found = {row.key: row.id for row in rows}
    for key in keys:
        if key not in found:
            raise Invalid("sources", _l("There is no source “%(key)s”.", key=key))
    return found


def write_facts(entry: Entry, facts: NoteFacts, found: Found) -> None:
    """Make the tables say what the facts say; the entry's row in `case_notes` exists."""
    note = db.session.get_one(CaseNote, entry.id)
    note.outcome, note.evidence = facts.outcome, facts.evidence
    note.organisation_id = found.organisation
    note.described_as = None if found.organisation else dict(facts.described_as) or None
    note.project = facts.project or None
    note.place_id = found.term_id(facts.place) if facts.place else None
    note.started, note.ended = facts.started or None, facts.ended or None
    note.period_exact, note.period_text = facts.period_exact, dict(facts.period_text) or None
    db.session.execute(delete(StrategyUse).where(StrategyUse.entry_id == entry.id))
    db.session.execute(delete(Tagging).where(Tagging.entry_id == entry.id))
    db.session.execute(delete(EntrySource).where(EntrySource.entry_id == entry.id))
    keys = [*facts.strategies, *(key for name in TERM_FIELDS for key in facts.terms.get(name, ()))]
    for position, key in enumerate(dict.fromkeys(keys)):
        db.session.add(Tagging(entry_id=entry.id, term_id=found.term_id(key), position=position))
    db.session.flush()
    for position, key in enumerate(facts.strategies):
        use = facts.uses.get(key)
        db.session.add(
            StrategyUse(
                entry_id=entry.id,
                term_id=found.term_id(key),
                position=position,
                outcome=use.outcome if use else None,
                effects=use.effects if use else None,
                side_effects=use.side_effects if use else None,
                durability=use.durability if use else Durability.UNKNOWN.value,
            )
        )
    for position, cited in enumerate(facts.sources):
        db.session.add(
            EntrySource(
                entry_id=entry.id,
                source_id=found.sources[cited.key],
                at=cited.at,
                position=position,
            )
        )
    write_link(entry, facts)
