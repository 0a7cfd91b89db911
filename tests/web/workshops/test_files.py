"""Documents and sounds on workshops: sent, kept, shown, downloaded by who may read it, and refused with a sentence."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from cop.core import bounded, clock
from cop.core.db import db
from cop.entries import attaching, operations, queries, tidying
from cop.entries.enclosure_models import Enclosed
from cop.entries.image_models import Attachment, Rendition
from cop.people.viewer import SYSTEM
from cop.storage.files import files
from tests import hostile, papers
from tests.web.workshops.conftest import typed
from tests.web.workshops.test_preparing import filled, workshops

ABOUT = "A table to fill in"


def sent(data: bytes, name: str = "board.docx") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def post(desk: Any, fields: dict[str, Any], path: str = "/workshops/") -> Any:
    return desk.post(path, data=fields, content_type="multipart/form-data")


def added(page: str) -> int:
    return int(re.findall(r'name="enclosures" value="(\d+)"', page)[-1])


def upload(desk: Any, data: bytes, name: str = "board.docx", **more: Any) -> Any:
    return desk.post("/uploads/", data={"enclose": sent(data, name), "lang": "en", **more})


def told(*numbers: int, **more: Any) -> dict[str, Any]:
    """Return the fields of a form that holds these files."""
    return {
        "enclosures": [str(one) for one in numbers],
        "enclosure_about": [ABOUT] * len(numbers),
        "enclosure_licence": ["cc-by-sa"] * len(numbers),
        "enclosure_source": ["Invented source"] * len(numbers),
        **more,
    }


def published(desk: Any, data: bytes | None = None, name: str = "board.docx", **more: Any) -> str:
    """Publish a workshop with one file, as a browser without script does, and return its address."""
    fields = filled(desk.get("/workshops/new").text, **more)
    answer = post(desk, {**fields, "enclose": sent(data or papers.docx(), name)})
    assert answer.status_code == 422
    answer = post(desk, {**fields, **told(added(answer.text))})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def href(page: str) -> str:
    return re.findall(r"/files/\d+/[\w.-]+", page)[0]


def test_a_trainer_adds_a_file_without_script_and_nothing_typed_is_lost(desk):
    fields = filled(desk.get("/workshops/new").text)
    answer = post(desk, {**fields, "enclose": sent(papers.docx())})
    assert answer.status_code == 422
    assert "Say in a few words what each file is" in answer.text
    assert "on what terms others may use it" in answer.text
    assert "Meeting an invented office" in answer.text
    assert db.session.scalars(select(Attachment)).one().entry_id is None
    answer = post(desk, {**fields, **told(added(answer.text))})
    page = desk.get(answer.headers["Location"]).text
    assert all(words in page for words in ("board.docx", ABOUT, "Invented source", "CC BY-SA"))
    assert re.search(r"\d+ KB", page)
    assert workshops() == 1


def test_the_form_sends_files_along_without_script_too(desk, hold):
    # A form that does not say so sends the names of files alone, and nothing tells who chose them.
    for path in ("/workshops/new", f"/workshops/{hold().id}/edit"):
        page = desk.get(path).text
        at = page.index('type="file"')
        form = page[page.rindex("<form", 0, at) : at]
        assert 'enctype="multipart/form-data"' in form[: form.index(">")]


def test_a_file_comes_as_an_attachment_under_strict_headers(desk, app):
    place = published(desk, name="名字 one.docx", visibility="public")
    answer = app.test_client().get(href(desk.get(place).text))
    assert answer.status_code == 200
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment")
    assert "filename*=UTF-8''%E5%90%8D%E5%AD%97%20one.docx" in said
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.mimetype.endswith("wordprocessingml.document")


def test_sound_is_heard_in_place_and_from_any_place_in_it(desk):
    place = published(desk, papers.wav(), "interview.wav")
    page = desk.get(place).text
    assert re.search(r'<audio[^>]* src="/files/', page)
    answer = desk.get(href(page), headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.data == papers.wav()[10:20]
    assert answer.headers["Content-Range"] == f"bytes 10-19/{len(papers.wav())}"


def test_until_it_is_published_a_file_is_its_uploaders_alone(desk, app, make):
    upload(desk, papers.pdf())
    kept = db.session.scalars(select(Rendition)).one()
    address = f"/files/{kept.attachment_id}/{kept.sha256[:12]}.pdf"
    assert desk.get(address).status_code == 200
    moderator = make.signed_in(app.test_client(), make.user(grants=["moderator"]))
    assert moderator.get(address).status_code == 404
    assert app.test_client().get(address).status_code == 404


def test_who_may_not_read_the_workshop_any_more_has_none_of_its_files(desk, app, make, trainer):
    place = published(desk, visibility="public")
    address, visitor = href(desk.get(place).text), app.test_client()
    number = int(re.findall(r"/workshops/(\d+)", place)[0])
    assert visitor.get(address).status_code == 200
    operations.hide(by=SYSTEM, entry_id=number, reason="Invented")
    db.session.commit()
    assert visitor.get(address).status_code in (404, 410)
    operations.unhide(by=SYSTEM, entry_id=number, reason="Invented")
    operations.withdraw(by=make.viewer(trainer), entry_id=number)
    db.session.commit()
    assert visitor.get(address).status_code in (404, 410)


def test_somebody_elses_file_and_an_image_are_not_taken_for_ones_own_file(desk, app, make):
    other = make.signed_in(app.test_client(), make.user(grants=["trainer"]))
    stolen = added(upload(other, papers.pdf()).text)
    desk.post("/uploads/", data={"files": sent(hostile.photograph(), "a.jpg")})
    image = db.session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
    for number in (stolen, image.id):
        answer = post(desk, {**filled(desk.get("/workshops/new").text), **told(number)})
        assert answer.status_code == 422
        assert "is gone" in answer.text
    assert workshops() == 0


def test_what_is_no_good_file_is_refused_with_what_to_do(desk):
    macros = papers.with_named(papers.docx(), {"word/vbaProject.bin": b"x"})
    answer = upload(desk, macros, "a.docx")
    assert answer.status_code == 422
    assert "Save it without them" in answer.get_json()["message"]
    assert db.session.scalars(select(Attachment)).all() == []


def test_who_made_a_file_is_taken_out_of_it_where_that_is_ticked(desk):
    for ticked in (True, False):
        upload(desk, papers.pdf(), **({"enclosure_clean": "y"} if ticked else {}))
        last = db.session.scalars(
            select(Rendition).order_by(Rendition.attachment_id.desc())
        ).first()
        with files().open(last.sha256) as opened:
            assert (papers.NAME.encode() in opened.read()) is not ticked


def test_a_file_is_taken_away_and_its_earlier_state_brings_it_back(desk):
    place = published(desk, note="")
    number = int(re.findall(r"/workshops/(\d+)", place)[0])
    fields = typed(desk.get(f"/workshops/{number}/edit").text)
    fields |= {"act": "publish", "enclosure_licence": ["cc-by-sa"], "visibility": "members"}
    fields |= {"lang": "en", "name_mask": "shown"}
    answer = post(
        desk, {**fields, "enclosure_gone": fields["enclosures"]}, f"/workshops/{number}/edit"
    )
    assert answer.status_code == 303, answer.text
    assert "board.docx" not in desk.get(place).text
    assert "board.docx" in desk.get(f"/entries/{number}/revisions/1?text=en").text
    desk.post(f"/entries/{number}/revisions/1/restoration?text=en")
    assert "board.docx" in desk.get(place).text


def test_a_draft_holds_its_files_and_what_is_left_over_is_swept(desk, app):
    kept, forgotten = (added(upload(desk, papers.pdf(str(at))).text) for at in range(2))
    fields = filled(desk.get("/workshops/new").text, act="draft")
    assert post(desk, {**fields, **told(kept)}).status_code == 303
    for one in db.session.scalars(select(Attachment)):
        one.created_at = clock.now() - attaching.PENDING_KEPT - timedelta(hours=1)
    db.session.commit()
    tidying.tidy([])
    db.session.commit()
    assert db.session.scalars(select(Attachment.id)).all() == [kept]
    assert db.session.scalars(select(Enclosed.attachment_id)).all() == [kept]
    assert forgotten != kept


def test_a_lost_file_is_said_and_found_by_the_look_at_the_store(desk):
    place = published(desk)
    kept = db.session.scalars(select(Rendition)).one()
    address = href(desk.get(place).text)
    files().delete(kept.sha256)
    assert "is lost" in desk.get(place).text
    assert desk.get(address).status_code == 404
    assert tidying.look(before=clock.now()).lost == [kept.sha256]


def test_a_moderator_removes_a_file_for_good(desk, app, make):
    place = published(desk, visibility="public")
    moderator = make.signed_in(app.test_client(), make.user(grants=["moderator"]))
    number = db.session.scalars(select(Attachment.id)).one()
    moderator.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert f"/images/{number}/removal" in moderator.get(place).text
    assert "board.docx" in moderator.get(f"/images/{number}/removal").text
    moderator.post(f"/images/{number}/removal", data={"reason": "Invented reason"})
    page = desk.get(place).text
    assert "A moderator removed this file" in page
    assert "board.docx" not in page
    assert "file removed" in moderator.get("/moderation/log").text
    assert "image removed" not in moderator.get("/moderation/log").text
    assert "A moderator removed a file from this." in desk.get("/account/moderation").text


def test_two_people_who_add_files_at_once_add_two(desk, make, trainer, hold):
    entry = hold()
    page = desk.get(f"/workshops/{entry.id}/edit").text
    fields = typed(page) | {"act": "publish", "lang": "en", "visibility": "public"}
    fields["name_mask"] = "shown"
    first, second = (added(upload(desk, papers.pdf(str(at))).text) for at in range(2))
    for number in (first, second):
        answer = post(desk, {**fields, **told(number)}, f"/workshops/{entry.id}/edit")
        assert answer.status_code == 303, answer.text
    facts = queries.latest_facts(queries.get(SYSTEM, entry.id)).facts
    assert set(facts["files"]) == {str(first), str(second)}


def test_a_file_whose_examination_dies_is_refused_and_the_form_stays(desk, monkeypatch, tmp_path):
    dying = tmp_path / "dying.py"
    dying.write_text("import os; os.abort()")
    monkeypatch.setattr(bounded, "_PROGRAM", dying)
    fields = filled(desk.get("/workshops/new").text)
    answer = post(desk, {**fields, "enclose": sent(papers.docx())})
    assert answer.status_code == 422
    assert "takes too long" in answer.text
    assert "Meeting an invented office" in answer.text


def test_images_stand_on_workshops_too(desk, app):
    fields = filled(desk.get("/workshops/new").text, visibility="public")
    answer = post(desk, {**fields, "files": sent(hostile.photograph(), "a.jpg")})
    number = re.findall(r'name="images" value="(\d+)"', answer.text)[-1]
    answer = post(desk, {**fields, "images": number, "image_alts": "A circle of chairs"})
    assert answer.status_code == 303
    page = app.test_client().get(answer.headers["Location"], follow_redirects=True).text
    assert 'alt="A circle of chairs"' in page


def test_in_a_circle_the_page_that_asks_before_removing_says_that_a_host_does_it(app, make):
    host = make.user()
    circle = make.circle(by=host)
    writer = make.viewer(host)
    image = make.image(by=writer, alt="Invented wall")
    note = make.note(by=host, circle=circle, visibility="circle")
    make.comment(note, by=writer, images=[image])
    db.session.commit()
    browser = make.signed_in(app.test_client(), host)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    asked = f"/images/{image.id}/removal"
    browser.post(asked, data={"reason": "Invented reason"})
    page = browser.get(asked).text
    assert "A host of the circle removed this image." in page
    assert "moderator removed" not in page
