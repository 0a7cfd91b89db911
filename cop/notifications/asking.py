"""Questions reach those who may know: authors of case notes that carry the same terms, a few of them, not too often."""

from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, func, select

from cop.core.db import db
from cop.discussions.answering import KNOWLEDGE
from cop.discussions.models import Discussion, Form
from cop.entries.models import Entry, Status, Tagging
from cop.notifications.audience import Reason, without
from cop.notifications.models import Because, LineKind, Notice, NoticeSettings
from cop.people.models import AccountStatus, User

#: People one question is brought to at most, those whose notes share most of its terms first.
MOST_ASKED = 20
#: So often somebody is asked in so long a time.
OFTEN, WHILE = 3, timedelta(days=7)


def who_may_know(entry: Entry, terms: frozenset[int], at: datetime) -> dict[int, Reason]:
    """Return who is told of a question because of her own notes, and which term that is.

    Whoever is told learns only what is hers: that her notes carry a term.
    """
    form = db.session.scalar(select(Discussion.form).where(Discussion.entry_id == entry.id))
    if form != Form.QUESTION or not terms:
        return {}
    found = db.session.execute(
        select(Entry.author_id, func.min(Tagging.term_id))
        .select_from(Tagging)
        .join(Entry, Entry.id == Tagging.entry_id)
        .join(User, User.id == Entry.author_id)
        .outerjoin(NoticeSettings, NoticeSettings.user_id == User.id)
        .where(
            Tagging.term_id.in_(sorted(terms)),
            Entry.kind == KNOWLEDGE,
            Entry.status == Status.PUBLISHED,
            User.status == AccountStatus.ACTIVE,
            User.system.is_(False),
            func.coalesce(NoticeSettings.asked, True),
            _asked_lately(at) < OFTEN,
        )
        .group_by(Entry.author_id)
        .order_by(
            func.count(Tagging.term_id.distinct()).desc(),
            func.max(Entry.published_at).desc(),
        )
        .limit(MOST_ASKED + 1)
    )
    known = {
        user_id: Reason(LineKind.ENTRY, Because.KNOWS, term_id)
        for user_id, term_id in found
        if user_id is not None and user_id != entry.author_id
    }
    return without(dict(list(known.items())[:MOST_ASKED]), {entry.author_id}, entry)


def _asked_lately(at: datetime) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(
            Notice.user_id == User.id,
            Notice.because == Because.KNOWS.value,
            Notice.at > at - WHILE,
        )
        .correlate(User)
        .scalar_subquery()
    )
