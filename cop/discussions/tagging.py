"""Letting a discussion carry one more term, as an edit of its own that says why. Actor first, no commit."""

from dataclasses import replace

from cop.core.types import Lang
from cop.discussions import operations
from cop.discussions.operations import KIND
from cop.entries import policy, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.entries.significance import Change
from cop.people.viewer import Viewer
from cop.terms.vocabulary import TermView


def tag_discussion(*, by: Viewer, entry_id: int, term: str, note: str) -> bool:
    """Let a discussion carry the term of this key; return whether it did not before.

    Raises Invalid where it carries as many as it can.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.REVISE, entry)
    now = operations.facts_now(entry)
    if term in now.terms:
        return False
    text = queries.text_for(entry, Lang(entry.lang))
    current = queries.current(text)
    operations.publish(
        by=by,
        entry=entry,
        text=text,
        draft=TextDraft(Lang(text.lang), current.title, current.sections),
        facts=replace(now, terms=(*now.terms, term)),
        change=Change(note),
    )
    return True


def is_carried(entry: Entry, term: TermView) -> bool:
    """Tell whether a discussion carries a term."""
    return term.key in operations.facts_now(entry).terms
