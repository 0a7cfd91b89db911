"""How a practice page lives in the wiki: what an edit changes of its facts, and what it leaves to other acts."""

from typing import Any

from cop.core.types import Json
from cop.entries import curated
from cop.entries.curated import Curated
from cop.entries.draft import TextDraft
from cop.entries.models import Revision
from cop.entries.revising import Revised
from cop.entries.significance import Change
from cop.people.viewer import Viewer
from cop.practices import operations
from cop.practices.draft import SECTIONS, PracticeFacts
from cop.practices.operations import KIND


def _told_today(facts: Json) -> Json:
    return operations.living(PracticeFacts.from_json(facts)).to_json()


def _publish(*, facts: Json, **rest: Any) -> Revision:
    return operations.publish(facts=PracticeFacts.from_json(facts), **rest)


#: Strategy, grade and review are changed by other acts.
CURATED = Curated(
    kind=KIND,
    sections=SECTIONS,
    lacking=operations.lacking,
    told_today=_told_today,
    publish=_publish,
    add_text=operations.add_text,
    edited=("notes", "attached", "related", "sources"),
)


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier text the published one again; grade and review stay: they judge the page of today."""
    return curated.restore(CURATED, by=by, entry_id=entry_id, revision_id=revision_id)


def rewrite(*, by: Viewer, entry_id: int, draft: TextDraft, change: Change) -> Revised:
    """Publish other words of a page after a proposal; its facts stay as they are."""
    return curated.rewrite(CURATED, by=by, entry_id=entry_id, draft=draft, change=change)
