"""Keeping what somebody is writing. Actor first, no commit."""

from collections.abc import Sequence

from sqlalchemy import delete

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries import policy, queries
from cop.entries.models import Draft
from cop.people.viewer import Viewer

#: The job that deletes the drafts of closed accounts.
DRAFTS_JOB = "drafts.forget"
#: Drafts one person can keep; beyond it the form says which to delete.
LIMIT = 50


def save_draft(
    *,
    by: Viewer,
    kind: str,
    lang: str,
    data: Json,
    draft_id: int | None,
    entry_id: int | None = None,
    base_id: int | None = None,
) -> Draft:
    """Keep the form's fields as typed, in the draft named or in a new one (also where the named one is gone)."""
    policy.require_member(by)
    draft = db.session.get(Draft, draft_id) if draft_id else None
    if draft is None or draft.author_id != by.id:
        if len(queries.drafts(by)) >= LIMIT:
            raise Invalid(
                "draft", _l("You have %(limit)s drafts; please delete one first.", limit=LIMIT)
            )
        draft = Draft(author_id=by.id, kind=kind, lang=lang, entry_id=entry_id, base_id=base_id)
        db.session.add(draft)
    draft.lang, draft.data, draft.updated_at = lang, data, clock.now()
    db.session.flush()
    return draft


def discard_draft(*, by: Viewer, draft_id: int) -> None:
    """Delete one of one's own drafts; one that is gone already is no error."""
    draft = db.session.get(Draft, draft_id) if 0 < draft_id <= queries.MAX_ID else None
    if draft is not None and draft.author_id == by.id:
        db.session.delete(draft)


def forget_drafts(payloads: Sequence[Json]) -> None:
    """Job: delete what people who closed their accounts had not published."""
    gone = [payload["user_id"] for payload in payloads]
    db.session.execute(delete(Draft).where(Draft.author_id.in_(gone)))
