"""A copy of a workshop has the images and files of the earlier one as its own, as far as the copier may have them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import attaching, image_removing, operations, queries, tidying
from cop.entries.draft import TextDraft
from cop.entries.enclosure_models import Enclosed
from cop.entries.image_models import Attachment, Rendition
from cop.entries.models import Entry
from cop.people.models import User
from cop.people.viewer import SYSTEM
from cop.storage.files import files
from cop.workshops.operations import facts_now, publish
from tests.enclosures import add_files
from tests.web.workshops.conftest import typed
from tests.web.workshops.test_preparing import now


@pytest.fixture
def earlier(hold, make, trainer):
    """Return a workshop with an image, a document and a sound, described in two languages."""
    entry = hold()
    add_files(queries.get(SYSTEM, entry.id))
    image = make.image(by=trainer, alt="A circle of chairs")
    image = replace(image, alt={**image.alt, "zh-Hans": "一圈椅子"})
    told = queries.text_for(entry, Lang.EN)
    current = queries.current(told)
    publish(
        by=make.viewer(trainer),
        entry=queries.get(SYSTEM, entry.id),
        text=told,
        draft=TextDraft(Lang.EN, current.title, current.sections),
        facts=replace(facts_now(entry), images=(image,)),
    )
    db.session.commit()
    return queries.get(SYSTEM, entry.id)


@pytest.fixture
def colleague(app, make):
    """Return the browser of another trainer."""
    other = make.signed_in(app.test_client(), make.user(grants=["trainer"], name="Invented Other"))
    other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return other


def begun(browser, entry, **more):
    """Return the fields of the form that copies a workshop, as its page fills it in."""
    page = browser.get(f"/workshops/new?copy={entry.id}").text
    licences = re.findall(r'<option value="([\w-]+)" selected', page)
    return {
        **typed(page),
        "enclosure_licence": [one for one in licences if one.startswith("cc")],
        "lang": "en",
        "visibility": "public",
        "name_mask": "shown",
        "act": "publish",
        **more,
    }


def copy(browser, entry, **more):
    answer = browser.post("/workshops/", data=begun(browser, entry, **more))
    assert answer.status_code == 303, answer.text
    made = db.session.scalars(select(Entry).order_by(Entry.id.desc())).first()
    assert made.id != entry.id
    return answer, made


def held(entry):
    """Return what a workshop's images and files are, whatever their ids."""
    facts = now(entry.id)
    images = [one.alt for one in facts.images]
    return images, [(one.about, one.licence, one.source) for one in facts.files]


def bytes_of(entry):
    rows = select(Rendition.sha256).join(Attachment).where(Attachment.entry_id == entry.id)
    return sorted(db.session.scalars(rows))


def test_a_copy_takes_images_and_files_along_with_all_that_is_said_of_them(colleague, earlier):
    page = colleague.get(f"/workshops/new?copy={earlier.id}").text
    assert "3 images and files of the earlier workshop come along." in page
    assert "一页的填写表" in page
    answer, made = copy(colleague, earlier)
    assert held(made) == held(earlier)
    assert bytes_of(made) == bytes_of(earlier)
    shown = colleague.get(answer.headers["Location"]).text
    for part in ("会前三问.docx", "A table to fill in", "Invented School, 2025", "talk.wav"):
        assert part in shown, part
    assert 'alt="A circle of chairs"' in shown
    words = db.session.scalars(select(Enclosed.words).order_by(Enclosed.attachment_id)).all()
    assert words[:2] == words[2:]


def test_the_copy_is_the_copiers_own_and_the_earlier_one_stays_as_it_is(colleague, earlier):
    before = now(earlier.id)
    _answer, made = copy(colleague, earlier)
    theirs = db.session.scalars(select(Attachment).where(Attachment.entry_id == made.id)).all()
    assert {one.uploader_id for one in theirs} == {made.author_id}
    ids = {one.id for one in before.images} | {one.id for one in before.files}
    assert ids.isdisjoint(one.id for one in theirs)
    assert now(earlier.id) == before
    # What its uploader calls a picture is for her alone.
    assert "invented-" not in {one.name[:9] for one in theirs}


def test_a_copy_sent_twice_is_one(colleague, earlier):
    fields = begun(colleague, earlier)
    first = colleague.post("/workshops/", data=fields)
    again = colleague.post("/workshops/", data=fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert len(db.session.scalars(select(Attachment)).all()) == 6


def test_what_is_changed_in_the_copy_is_changed_there_alone(colleague, earlier):
    fields = begun(colleague, earlier)
    fields["enclosure_about"] = ["Filled in together", "A talk"]
    fields["enclosure_gone"] = fields["enclosures"][1:]
    colleague.post("/workshops/", data=fields)
    made = db.session.scalars(select(Entry).order_by(Entry.id.desc())).first()
    (one,) = now(made.id).files
    assert one.about == {"en": "Filled in together", "zh-Hans": "一页的填写表"}
    assert len(now(earlier.id).files) == 2


def test_when_the_earlier_one_lets_its_files_go_the_copy_stays_whole(colleague, earlier, run_jobs):
    _answer, made = copy(colleague, earlier)
    attaching.delete(
        db.session.scalars(select(Attachment).where(Attachment.entry_id == earlier.id))
    )
    db.session.commit()
    tidying.discard_files([{"sha256": bytes_of(made)}])
    run_jobs()
    assert all(files().has(one) for one in bytes_of(made))
    page = colleague.get(f"/workshops/{made.id}", follow_redirects=True).text
    for address in re.findall(r'href="(/files/[^"]+)"', page):
        assert colleague.get(address).status_code == 200


def test_what_is_lost_or_was_removed_is_not_taken_and_that_is_said(colleague, earlier, make):
    document, sound = (one.id for one in now(earlier.id).files)
    image_removing.remove_image(
        by=make.member("moderator"), attachment_id=document, reason="Invented"
    )
    kept = db.session.get_one(Rendition, (sound, 0))
    files().delete(kept.sha256)
    db.session.commit()
    page = colleague.get(f"/workshops/new?copy={earlier.id}").text
    assert "1 image or file of the earlier workshop comes along." in page
    assert "2 images and files do not come along" in page
    _answer, made = copy(colleague, earlier)
    assert held(made) == ([{"en": "A circle of chairs", "zh-Hans": "一圈椅子"}], [])


def test_who_may_not_read_the_earlier_one_takes_nothing_of_it(colleague, earlier, make, trainer):
    fields = begun(colleague, earlier)
    operations.withdraw(by=make.viewer(trainer), entry_id=earlier.id)
    db.session.commit()
    assert colleague.get(f"/workshops/new?copy={earlier.id}").status_code in (404, 410)
    answer = colleague.post("/workshops/", data=fields)
    assert answer.status_code == 422
    assert "is gone" in answer.text
    assert "2 files that were here are not there any more" in answer.text
    assert "/files/" not in answer.text
    assert len(db.session.scalars(select(Attachment)).all()) == 3


def test_nobody_takes_files_of_notes_and_replies_by_their_numbers(colleague, earlier, make, hold):
    talk = make.discussion()
    image = make.image(by=make.user(), alt="Of a reply")
    writer = db.session.get_one(Attachment, image.id).uploader_id
    make.comment(talk, by=_viewer(make, writer), images=[image])
    db.session.commit()
    fields = begun(colleague, earlier)
    fields |= {"images": [str(image.id)], "image_alts": ["Taken"]}
    answer = colleague.post("/workshops/", data=fields)
    assert answer.status_code == 422
    assert "is gone" in answer.text


def _viewer(make, user_id):
    return make.viewer(db.session.get_one(User, user_id))


def test_a_draft_of_a_copy_goes_on_with_its_files(colleague, earlier):
    fields = begun(colleague, earlier, act="draft")
    assert colleague.post("/workshops/", data=fields).status_code == 303
    link = re.search(r'href="(/drafts/\d+)"', colleague.get("/drafts/").text)[1]
    page = colleague.get(link, follow_redirects=True).text
    assert "会前三问.docx" in page
    assert typed(page)["enclosures"] == fields["enclosures"]


def test_who_removes_a_file_is_told_where_else_it_stands(colleague, earlier, app, make):
    _answer, made = copy(colleague, earlier, title=["A copy of it"])
    _answer, closed = copy(colleague, earlier, title=["A hidden copy"])
    operations.withdraw(
        by=make.viewer(db.session.get_one(User, closed.author_id)), entry_id=closed.id
    )
    db.session.commit()
    moderator = make.signed_in(app.test_client(), make.user(grants=["moderator"]))
    asked = moderator.get(f"/images/{now(earlier.id).files[0].id}/removal").text
    assert "A copy of it" in asked
    assert "A hidden copy" not in asked
    own = moderator.get(f"/images/{now(made.id).images[0].id}/removal").text
    assert "An invented workshop" in own
