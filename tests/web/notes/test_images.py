"""Images of notes: chosen in the editor, kept with the draft, shown with the text, told by the history."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from cop.core import clock
from cop.core.db import db
from cop.entries import operations, queries
from cop.entries.image_models import Attachment, Rendition
from cop.entries.models import Draft, Entry
from cop.entries.tidying import look, tidy
from cop.people.viewer import SYSTEM
from cop.storage.files import files
from tests import hostile
from tests.indexing import _no_waiting_for_the_worker, index

__all__ = ["_no_waiting_for_the_worker", "index"]


def publish(desk: Any, typed: dict[str, Any], **fields: Any) -> Any:
    return desk.post("/notes/", data={**typed, **fields}, content_type="multipart/form-data")


def sent(*given: bytes) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(one), f"photo-{at}.jpg") for at, one in enumerate(given)]


def ids(page: str) -> list[str]:
    return re.findall(r'name="images" value="(\d+)"', page)


def shown(page: str) -> list[str]:
    return re.findall(r'<img src="(/files/[^"]+)"', page)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Attachment)) or 0


def note_with_images(desk: Any, typed: dict[str, Any], *alts: str, **fields: Any) -> Entry:
    pictures = [hostile.photograph(300 + at, 200) for at in range(len(alts))]
    found = ids(publish(desk, typed, act="images", files=sent(*pictures)).text)
    answer = publish(desk, typed, images=found, image_alts=list(alts), **fields)
    assert answer.status_code == 303, answer.text
    number = int(re.findall(r"/notes/(\d+)", answer.headers["Location"])[0])
    return queries.get(SYSTEM, number)


def edit(desk: Any, typed: dict[str, Any], entry: Entry, **fields: Any) -> Any:
    page = desk.get(f"/notes/{entry.id}/edit").text
    told = {
        name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)[0]
        for name in ("base", "facts_base")
    }
    return desk.post(f"/notes/{entry.id}/edit", data={**typed, **told, **fields})


def page_of(reader: Any, entry: Entry) -> str:
    return reader.get(f"/entries/{entry.id}", follow_redirects=True).text


def test_a_note_shows_its_images_in_order(desk, typed, client):
    entry = note_with_images(desk, typed, "First", "Second")
    page = page_of(client.application.test_client(), entry)
    assert re.findall(r'alt="(\w+)"', page) == ["First", "Second"]
    assert len(shown(page)) == 2
    assert all(client.get(address).status_code == 200 for address in shown(page))


def test_what_is_lacking_is_said_with_the_image_still_there(desk, typed):
    answer = publish(desk, typed, title="", files=sent(hostile.photograph()))
    assert answer.status_code == 422
    assert "Give the note a title" in answer.text
    assert "what each image shows" in answer.text
    assert len(ids(answer.text)) == 1
    assert 'enctype="multipart/form-data"' in answer.text


def test_a_draft_keeps_its_images_for_as_long_as_it_is_kept(desk, typed):
    answer = publish(desk, typed, act="draft", files=sent(hostile.photograph()))
    assert answer.status_code == 303
    draft = db.session.scalars(select(Draft)).one()
    assert draft.data["images"] == [str(db.session.scalars(select(Attachment.id)).one())]
    db.session.scalars(select(Attachment)).one().created_at = clock.now() - timedelta(days=30)
    tidy([])
    db.session.commit()
    page = desk.get(f"/notes/new?draft={draft.id}").text
    assert ids(page) == draft.data["images"]
    found = publish(
        desk, typed, images=draft.data["images"], image_alts="A square", draft=str(draft.id)
    )
    assert found.status_code == 303


@pytest.mark.parametrize("number", ["²", "9" * 5000, "x"])
def test_what_is_no_image_is_not_kept_in_a_draft_and_stops_no_tidying(desk, typed, number):
    answer = publish(desk, typed, act="draft", images=[number, "7"], image_alts=["x", "Seven"])
    assert answer.status_code == 303
    draft = db.session.scalars(select(Draft)).one()
    assert (draft.data["images"], draft.data["image_alts"]) == (["7"], ["Seven"])
    # As drafts were kept before.
    draft.data = {**draft.data, "images": [number]}
    db.session.flush()
    tidy([])
    db.session.commit()
    assert publish(desk, typed, images="7", image_plain=number).status_code == 422


def test_what_was_sent_and_never_published_is_swept_after_a_day(desk, typed, run_jobs):
    publish(desk, typed, act="images", files=sent(hostile.photograph()))
    tidy([])
    assert count() == 1
    db.session.scalars(select(Attachment)).one().created_at = clock.now() - timedelta(hours=25)
    tidy([])
    assert count() == 0
    db.session.commit()


def test_files_vanish_when_nothing_refers_to_them(desk, typed, time_machine, run_jobs):
    entry = note_with_images(desk, typed, "A square")
    before = set(db.session.scalars(select(Rendition.sha256)))
    edit(desk, typed, entry)
    first = queries.revision_of(queries.get(SYSTEM, entry.id).texts[0], 1)
    operations.suppress(
        by=SYSTEM, entry_id=entry.id, revision_id=first.id, reason="It showed a face."
    )
    assert count() == 0
    time_machine.move_to(clock.now() + timedelta(minutes=5))
    run_jobs()
    assert not before & {one.sha256 for one in files().all()}


def test_the_history_tells_of_images_and_shows_those_a_revision_had(desk, typed, client):
    entry = note_with_images(desk, typed, "A square")
    image = db.session.scalars(select(Attachment)).one()
    answer = edit(desk, typed, entry)
    assert answer.status_code == 303
    assert shown(page_of(client, entry)) == []
    diff = client.get(f"/entries/{entry.id}/diff?text=en").text
    assert "Images" in diff
    assert "A square" in diff
    first = client.get(f"/entries/{entry.id}/revisions/1?text=en").text
    assert shown(first)
    assert client.get(shown(first)[0]).status_code == 200
    desk.post(f"/entries/{entry.id}/revisions/1/restoration?text=en")
    assert shown(page_of(client, entry)) == shown(first)
    assert image.position == 1


def test_what_an_image_shows_can_be_corrected_alone(desk, typed, client):
    entry = note_with_images(desk, typed, "A sqare")
    image = str(db.session.scalars(select(Attachment.id)).one())
    edit(desk, typed, entry, images=image, image_alts="A square")
    assert 'alt="A square"' in page_of(client, entry)


def test_two_people_change_different_images_and_both_stay(desk, typed):
    entry = note_with_images(desk, typed, "First", "Second")
    one, two = (str(number) for number in db.session.scalars(select(Attachment.id)))
    page = desk.get(f"/notes/{entry.id}/edit").text
    base = {
        name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)[0]
        for name in ("base", "facts_base")
    }
    mine = {"images": [one, two], "image_alts": ["First, mended", "Second"]}
    theirs = {"images": [one, two], "image_alts": ["First", "Second, mended"]}
    for fields in (mine, theirs):
        answer = desk.post(f"/notes/{entry.id}/edit", data={**typed, **base, **fields})
        assert answer.status_code == 303
    alts = [alt["en"] for alt in db.session.scalars(select(Attachment.alt).order_by(Attachment.id))]
    assert alts == ["First, mended", "Second, mended"]


def test_the_images_of_an_unnamed_note_name_nobody(desk, typed, client, author):
    entry = note_with_images(desk, typed, "A square", name_mask="unnamed")
    page = page_of(client.application.test_client(), entry)
    answer = client.application.test_client().get(shown(page)[0])
    for text in (page, str(answer.headers)):
        assert author.handle not in text
        assert "photo-0" not in text


def test_a_withdrawn_note_takes_its_images_away(desk, typed, client):
    entry = note_with_images(desk, typed, "A square")
    visitor = client.application.test_client()
    address = shown(page_of(visitor, entry))[0]
    desk.post(f"/entries/{entry.id}/withdrawal")
    assert visitor.get(address).status_code == 410
    assert desk.get(address).headers["Cache-Control"].startswith("private")


def test_a_note_for_members_shows_its_images_to_members(desk, typed, client):
    entry = note_with_images(desk, typed, "A square", visibility="members")
    address = shown(page_of(desk, entry))[0]
    assert client.application.test_client().get(address).status_code == 404
    assert desk.get(address).headers["Cache-Control"].startswith("private")


def test_the_store_and_what_refers_to_it_agree(desk, typed):
    note_with_images(desk, typed, "A square")
    found = look(before=clock.now() + timedelta(minutes=1))
    named = {one.sha256 for one in files().all()}
    assert found.lost == []
    assert found.count == len(named)


def test_what_images_show_is_searched(desk, typed, client, index):
    entry = note_with_images(desk, typed, "A bamboo scaffold")
    index()
    found = client.application.test_client().get("/search?q=bamboo+scaffold").text
    assert f"/notes/{entry.id}-" in found
