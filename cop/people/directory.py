"""Putting organisations into the public directory as a file says, by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden
from cop.core.i18n import _l
from cop.core.types import Texts
from cop.events.record import record
from cop.people.events import OrganisationsRenamed
from cop.people.models import Organisation
from cop.people.organisations import folded_names, sort_keys
from cop.people.viewer import Grant, Viewer


@dataclass(frozen=True)
class OrganisationDraft:
    """An organisation of the directory, by key; its place is a term's id."""

    key: str
    name: Texts
    place_id: int | None = None
    written_by: str = "member"


def put_organisations(
    *, by: Viewer, drafts: Sequence[OrganisationDraft], digests: Mapping[str, str] | None = None
) -> list[Organisation]:
    """Make each organisation what its draft says; `digests` are the imported states by key."""
    if not (by.system or by.has(Grant.CURATOR, Grant.ADMIN)):
        raise Forbidden(_l("Only curators may change the directory of organisations."))
    found = db.session.scalars(
        select(Organisation).where(Organisation.key.in_([draft.key for draft in drafts]))
    )
    there = {row.key: row for row in found}
    rows = []
    changed: set[str] = set()
    for draft in drafts:
        row = there.get(draft.key)
        if row is None:
            row = Organisation(key=draft.key, created_at=clock.now())
            db.session.add(row)
        if row.name != dict(draft.name):
            changed.add(draft.key)
        row.name, row.place_id = dict(draft.name), draft.place_id
        row.folded = folded_names(row.name)
        row.sort_zh, row.sort_en = sort_keys(row.name)
        row.written_by = draft.written_by
        row.import_sha256 = (digests or {}).get(draft.key, row.import_sha256)
        rows.append(row)
    renamed = [row.id for row in rows if row.key in there and row.key in changed]
    db.session.flush()
    if renamed:
        record(OrganisationsRenamed(organisation_ids=tuple(renamed)), actor_id=by.id)
    return rows
