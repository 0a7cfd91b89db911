"""What joining and splitting share: which discussions can take replies, and what is written down. No commit."""

from dataclasses import replace

from sqlalchemy import Select, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Gone, Invalid, Moved, NotFound
from cop.core.i18n import _l
from cop.core.types import Lang
from cop.discussions.draft import DiscussionFacts
from cop.discussions.models import MovedReply, Rearrangement, Shift
from cop.discussions.operations import KIND, publish
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry, Status, Visibility
from cop.entries.reasons import Reason
from cop.people.viewer import Viewer

_JOINED = _l("That discussion was joined with another one itself. Choose that one.")


def both(by: Viewer, entry_id: int, other_id: int) -> tuple[Entry, Entry]:
    """Return two discussions to change, held in the order of their ids: two who act at once never wait for each other.

    Raises Invalid where the other one is the same, is not there for the viewer, or takes nothing.
    """
    if entry_id == other_id:
        raise Invalid("into", _l("This is the same discussion. Choose another one."))
    if other_id < entry_id:
        other = _taking(by, other_id)
        return queries.get(by, entry_id, KIND, to_change=True), other
    entry = queries.get(by, entry_id, KIND, to_change=True)
    return entry, _taking(by, other_id)


def _taking(by: Viewer, entry_id: int) -> Entry:
    """Return a discussion that can take replies of another one, or raise Invalid."""
    try:
        entry = queries.get(by, entry_id, KIND, to_change=True)
    except Moved:
        raise Invalid("into", _JOINED) from None
    except (NotFound, Gone):
        raise Invalid(
            "into", _l("There is no such discussion. Give its number or its address.")
        ) from None
    if entry.merged_into_id is not None:
        raise Invalid("into", _JOINED)
    if entry.status != Status.PUBLISHED:
        raise Invalid(
            "into", _l("That discussion is not published. Choose one that others can read.")
        )
    if entry.locked_at is not None:
        raise Invalid(
            "into", _l("That discussion is locked. Unlock it first, or choose another one.")
        )
    return entry


def check_readers(source: Entry, target: Entry) -> None:
    """Raise Invalid where what some could read only there would be read by more people here."""
    narrower = (source.visibility, target.visibility) == (Visibility.PUBLIC, Visibility.MEMBERS)
    listed = {source.audience, target.audience} <= {"public", "members"}
    # What was said in a circle before this was opened stays with that circle.
    from_circle = source.circle_id not in (None, target.circle_id)
    if (source.audience == target.audience or (narrower and listed)) and not from_circle:
        return
    raise Invalid(
        "into",
        _l(
            "More people read that discussion than this one, and what is written here was not meant for them. "
            "Choose another one, or ask its author to change who can read it."
        ),
    )


def begin(by: Viewer, kind: Shift, source: Entry, target: Entry, why: Reason) -> Rearrangement:
    """Write down that replies go from one discussion to another."""
    row = Rearrangement(
        kind=kind.value,
        source_id=source.id,
        target_id=target.id,
        at=clock.now(),
        by_id=by.id,
        ready=why.ready,
        words=why.words,
        before={},
    )
    db.session.add(row)
    db.session.flush()
    return row


def moved_by(row: Rearrangement) -> Select[int]:
    """Return the statement of the replies that a rearrangement moved, by id."""
    return select(MovedReply.comment_id).where(MovedReply.rearrangement_id == row.id)


def state_facts(by: Viewer, entry: Entry, facts: DiscussionFacts) -> None:
    """Publish a revision of a discussion with other terms and notes and the same words, whoever wrote it."""
    text = queries.text_for(entry, Lang(entry.lang))
    now = queries.current(text)
    publish(
        by=replace(by, system=True),
        entry=entry,
        text=text,
        draft=TextDraft(Lang(text.lang), now.title, now.sections),
        facts=facts,
    )
