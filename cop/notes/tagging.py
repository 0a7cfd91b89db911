"""Letting a note carry one more term, as an edit of its own that says why. Actor first, no commit."""

from dataclasses import replace

from cop.core.types import Lang
from cop.entries import policy, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.entries.significance import Change
from cop.notes import operations
from cop.notes.draft import TERM_FIELDS, NoteFacts
from cop.notes.living import facts_of
from cop.notes.operations import KIND
from cop.people.viewer import Viewer
from cop.terms.vocabulary import TermView, vocabulary

#: List → the field of a note that holds terms of it.
FIELDS = {"strategy": "strategies", **{scheme: name for name, scheme in TERM_FIELDS.items()}}


def tag_note(*, by: Viewer, entry_id: int, term: str, note: str) -> bool:
    """Let a note carry the term of this key; return whether it did not before.

    Raises Invalid where the note carries as many as it can.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.REVISE, entry)
    now = facts_of(queries.latest_facts(entry))
    facts = carrying(now, vocabulary().by_key[term])
    if facts == now:
        return False
    text = queries.text_for(entry, Lang(entry.lang))
    current = queries.current(text)
    draft = TextDraft(Lang(text.lang), current.title, current.sections)
    operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, change=Change(note))
    return True


def carrying(facts: NoteFacts, term: TermView) -> NoteFacts:
    """Return the facts of a note with a term more; a list that notes carry nothing of changes nothing."""
    if term.scheme == "strategy":
        return replace(facts, strategies=tuple(dict.fromkeys((*facts.strategies, term.key))))
    name = FIELDS.get(term.scheme)
    if name is None:
        return facts
    keys = tuple(dict.fromkeys((*facts.terms.get(name, ()), term.key)))
    return replace(facts, terms={**facts.terms, name: keys})


def is_carried(entry: Entry, term: TermView) -> bool:
    """Tell whether a note carries a term, or has no place for it."""
    facts = facts_of(queries.latest_facts(entry))
    return carrying(facts, term) == facts
