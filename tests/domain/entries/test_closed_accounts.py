"""What stays of somebody who left."""

from __future__ import annotations

from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.drafts import save_draft
from cop.entries.image_models import Attachment
from cop.entries.models import Draft
from cop.events.record import record
from cop.people.events import AccountClosed


def test_drafts_of_a_closed_account_are_deleted_and_others_stay(make, run_jobs) -> None:
    leaving, staying = make.member(), make.member()
    for author in (leaving, staying):
        save_draft(by=author, kind="note", lang=Lang.EN.value, data={}, draft_id=None)
    record(AccountClosed(user_id=leaving.id), actor_id=leaving.id)
    run_jobs()
    assert db.session.scalars(select(Draft.author_id)).all() == [staying.id]


def test_what_it_called_its_files_is_forgotten_and_the_pictures_stay(make, run_jobs) -> None:
    leaving, staying = make.user(), make.user()
    note = make.note()
    for author in (leaving, staying):
        make.comment(note, by=author, images=[make.image(by=author)])
    record(AccountClosed(user_id=leaving.id), actor_id=leaving.id)
    run_jobs()
    db.session.expire_all()
    named = {row.uploader_id: bool(row.name) for row in db.session.scalars(select(Attachment))}
    assert named == {leaving.id: False, staying.id: True}
