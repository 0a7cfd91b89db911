"""Questions that somebody may know an answer to: unanswered ones that carry a term of a note of hers."""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from cop.discussions.models import Discussion
from cop.entries.models import Entry, Status, Tagging
from cop.people.viewer import Viewer

#: The kind of entry that shows what its author knows about.
KNOWLEDGE = "note"


def known_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on `Discussion` of questions by others on what the viewer's published notes are about."""
    asked, known, mine, question = (
        aliased(Tagging),
        aliased(Tagging),
        aliased(Entry),
        aliased(Entry),
    )
    terms = (
        select(known.term_id)
        .join(mine, mine.id == known.entry_id)
        .where(
            mine.author_id == (viewer.id or 0),
            mine.kind == KNOWLEDGE,
            mine.status == Status.PUBLISHED,
        )
    )
    shared = exists().where(asked.entry_id == Discussion.entry_id, asked.term_id.in_(terms))
    own = exists().where(question.id == Discussion.entry_id, question.author_id == (viewer.id or 0))
    return Discussion.unanswered.is_(True) & shared & ~own
