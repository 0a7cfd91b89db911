"""Keeping what somebody is writing. Actor first, no commit."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries import policy, queries
from cop.entries.image_models import Attachment
from cop.entries.models import COMMENT_DRAFT, Draft, Entry
from cop.people.viewer import Viewer
from cop.terms import suggesting

#: The job that deletes the drafts of closed accounts.
DRAFTS_JOB = "drafts.forget"
#: Drafts of entries one person can keep, and as many of comments; beyond it the form says which to delete.
LIMIT = 50


#: The field under which a draft remembers the page that saved it last.
PAGE = "draft_page"


@dataclass(frozen=True)
class Page:
    """An opened editor: a name of its own, and the state of the draft that it knows."""

    name: str = ""
    seen: str = ""

    def is_behind(self, draft: Draft) -> bool:
        """Whether another page saved the draft since; a page is never behind what it saved itself."""
        return bool(self.seen) and self.seen != stamp(draft) and not was_saved_by(draft, self)


def stamp(draft: Draft) -> str:
    """Return what names the state of a draft."""
    return f"{draft.updated_at:%Y%m%d%H%M%S%f}"


def save_draft(
    *,
    by: Viewer,
    kind: str,
    lang: str,
    data: Json,
    draft_id: int | None,
    entry_id: int | None = None,
    page: Page = Page(),
) -> Draft:
    """Keep the form's fields as typed, in the draft named or in a new one.

    A new one is made also where the named one is gone, or was saved by another page since this one
    saw it: then both are kept.
    """
    policy.require_member(by)
    draft = db.session.get(Draft, draft_id, with_for_update=True) if draft_id else None
    if draft is None or draft.author_id != by.id or page.is_behind(draft):
        if len(queries.drafts(by, of_comments=kind == COMMENT_DRAFT)) >= LIMIT:
            raise Invalid(
                "draft", _l("You have %(limit)s drafts; please delete one first.", limit=LIMIT)
            )
        draft = Draft(author_id=by.id, kind=kind, lang=lang, entry_id=entry_id)
        db.session.add(draft)
    draft.lang, draft.updated_at = lang, clock.now()
    draft.data = {**data, PAGE: [page.name]}
    db.session.flush()
    return draft


def was_saved_by(draft: Draft, page: Page) -> bool:
    """Tell whether this page was the last that saved a draft."""
    return bool(page.name) and (draft.data.get(PAGE) or [""])[0] == page.name


def put_into(*, by: Viewer, draft_id: int, field: str, value: str) -> Draft:
    """Add a value to one of the lists that a draft of one's own holds; a value that is there stays one."""
    draft = queries.draft(by, draft_id)
    values = [*draft.data.get(field, ()), value]
    draft.data = {**draft.data, field: list(dict.fromkeys(values)), PAGE: [""]}
    draft.updated_at = clock.now()
    db.session.flush()
    return draft


def discard_draft(
    *, by: Viewer, draft_id: int, page: Page = Page(), became: Entry | None = None
) -> None:
    """Delete one of one's own drafts; one that is gone already is no error.

    What another page wrote into it since stays. `became` is what was published of it, which the terms that
    were missed while it was written are asked for from then on.
    """
    if became is not None and draft_id and by.id is not None:
        suggesting.came_of(author_id=by.id, draft_id=draft_id, entry_id=became.id)
    draft = db.session.get(Draft, draft_id) if 0 < draft_id <= queries.MAX_ID else None
    if draft is not None and draft.author_id == by.id and not page.is_behind(draft):
        db.session.delete(draft)


def forget_drafts(payloads: Sequence[Json]) -> None:
    """Job: delete what people who closed their accounts had not published, and what they called their files."""
    gone = [payload["user_id"] for payload in payloads]
    db.session.execute(delete(Draft).where(Draft.author_id.in_(gone)))
    db.session.execute(update(Attachment).where(Attachment.uploader_id.in_(gone)).values(name=""))
