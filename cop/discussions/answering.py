"""Questions that somebody may know an answer to: unanswered ones that carry a term of a note of hers."""

from sqlalchemy import Integer, bindparam, exists, select
from sqlalchemy.orm import aliased

from cop.discussions.models import Discussion
from cop.entries.models import Entry, Status, Tagging

#: The kind of entry that shows what its author knows about.
KNOWLEDGE = "note"


_READER = bindparam("reader", type_=Integer)
_ASKED, _KNOWN, _MINE, _QUESTION = (
    aliased(Tagging),
    aliased(Tagging),
    aliased(Entry),
    aliased(Entry),
)
_TERMS = (
    select(_KNOWN.term_id)
    .join(_MINE, _MINE.id == _KNOWN.entry_id)
    .where(_MINE.author_id == _READER, _MINE.kind == KNOWLEDGE, _MINE.status == Status.PUBLISHED)
)
#: The criterion on `Discussion` of questions by others on what a reader's published notes are about; asked with
#: her id as `reader`. Built once: it took longer than all the rest of a front page.
KNOWN_TO_READER = (
    Discussion.unanswered.is_(True)
    & exists().where(_ASKED.entry_id == Discussion.entry_id, _ASKED.term_id.in_(_TERMS))
    & ~exists().where(_QUESTION.id == Discussion.entry_id, _QUESTION.author_id == _READER)
)
