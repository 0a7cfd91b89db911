"""Images on comments, notes and discussions: who sees them, what is asked for, what is never lost."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries import attaching, operations
from cop.entries.image_models import Attachment, Rendition
from cop.entries.models import Comment
from cop.storage.files import files
from tests import hostile

Files = list[tuple[io.BytesIO, str]]


def sent(*given: bytes, name: str = "IMG_2045.JPG") -> Files:
    return [(io.BytesIO(one), name) for one in given]


def commenting(desk: Any, note: Any, **fields: Any) -> Any:
    data = {"act": "post", "body": "We tried it.", "form_key": "", **fields}
    return desk.post(f"/entries/{note.id}/comments/", data=data, content_type="multipart/form-data")


def with_image(desk: Any, note: Any, alt: str = "A wall with paper notes", **fields: Any) -> int:
    """Comment with one image, as a browser without script does, and return the image's id."""
    number = added(commenting(desk, note, files=sent(hostile.photograph())).text)
    answer = commenting(desk, note, images=str(number), image_alts=alt, **fields)
    assert answer.status_code == 303, answer.text
    return number


def added(page: str) -> int:
    """Return the id of the last image in a form."""
    return int(re.findall(r'name="images" value="(\d+)"', page)[-1])


def addresses(page: str) -> list[str]:
    return re.findall(r"/files/\d+/[\w.-]+", page)


def page_of(reader: Any, note: Any) -> str:
    return reader.get(f"/entries/{note.id}", follow_redirects=True).text


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Attachment)) or 0


def test_a_chosen_image_is_kept_and_asked_what_it_shows(members_desk, note):
    answer = commenting(members_desk, note, files=sent(hostile.photograph()))
    assert answer.status_code == 422
    assert "Say in a few words what each image shows" in answer.text
    assert "We tried it." in answer.text
    image = db.session.scalars(select(Attachment)).one()
    assert image.entry_id is None
    assert added(answer.text) == image.id
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0


def test_a_comment_shows_its_image_to_everybody_who_reads_it(members_desk, visitor, note):
    with_image(members_desk, note)
    page = page_of(visitor, note)
    assert 'alt="A wall with paper notes"' in page
    assert 'loading="lazy"' in page
    assert re.search(r'width="640" height="480"', page)
    for address in addresses(page):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert answer.mimetype == "image/webp"
        assert hostile.MARKER not in answer.data


def test_a_file_comes_with_strict_headers(members_desk, visitor, note):
    with_image(members_desk, note)
    answer = visitor.get(addresses(page_of(visitor, note))[0])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "IMG_2045" not in str(answer.headers)
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    again = visitor.get(
        addresses(page_of(visitor, note))[0], headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_what_its_uploader_calls_a_file_nobody_else_reads(members_desk, visitor, note):
    commented = commenting(members_desk, note, files=sent(hostile.png(), name="my-own-name.png"))
    number = added(commented.text)
    assert "my-own-name" in commented.text
    commenting(members_desk, note, images=str(number), image_alts="A plan")
    assert "my-own-name" not in page_of(visitor, note)


def test_before_it_is_published_an_image_is_its_uploaders_alone(
    members_desk, desk, visitor, moderators_desk, note
):
    answer = commenting(members_desk, note, files=sent(hostile.photograph()))
    address = addresses(answer.text)[0]
    assert members_desk.get(address).headers["Cache-Control"] == "private, max-age=600"
    assert [who.get(address).status_code for who in (desk, visitor, moderators_desk)] == [404] * 3


def test_somebody_elses_unpublished_image_cannot_be_taken(members_desk, desk, note):
    number = added(commenting(members_desk, note, files=sent(hostile.photograph())).text)
    answer = commenting(desk, note, images=str(number), image_alts="Stolen")
    assert answer.status_code == 422
    assert "is gone" in answer.text
    assert f"/files/{number}/" not in answer.text
    assert db.session.get_one(Attachment, number).entry_id is None


def test_an_image_of_one_comment_cannot_be_taken_for_another(members_desk, note):
    number = with_image(members_desk, note)
    answer = commenting(members_desk, note, body="Another", images=str(number), image_alts="Again")
    assert answer.status_code == 422


def test_a_decoration_needs_no_words(members_desk, visitor, note):
    number = added(commenting(members_desk, note, files=sent(hostile.png())).text)
    answer = commenting(
        members_desk, note, images=str(number), image_alts="", image_plain=str(number)
    )
    assert answer.status_code == 303
    assert 'alt=""' in page_of(visitor, note)


def test_a_preview_and_the_button_that_adds_keep_the_image_and_publish_nothing(members_desk, note):
    for act in ("preview", "images"):
        answer = commenting(members_desk, note, act=act, files=sent(hostile.photograph()))
        assert answer.status_code == 200
        assert "We tried it." in answer.text
        assert added(answer.text)
    assert count() == 2
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0


def test_an_image_can_be_taken_away_again_before_publishing(members_desk, visitor, note):
    number = added(commenting(members_desk, note, files=sent(hostile.photograph())).text)
    answer = commenting(
        members_desk, note, images=str(number), image_alts="", image_gone=str(number)
    )
    assert answer.status_code == 303
    assert "/files/" not in page_of(visitor, note)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (hostile.SVG, "SVG drawing"),
        (hostile.HTML, "it is no image"),
        (b"%PDF-1.7", "is a document"),
        (b"", "is empty"),
        (hostile.photograph()[:2000], "damaged or not whole"),
        (hostile.png_bomb(60_000, 50), "too many pixels"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\x18ftypisom", "film or sound"),
    ],
)
def test_what_is_not_taken_is_said_and_nothing_typed_is_lost(members_desk, note, data, said):
    answer = commenting(members_desk, note, files=sent(data, hostile.png(), name="photo.jpg"))
    assert answer.status_code == 422
    assert said in answer.text
    assert "photo.jpg" in answer.text
    assert "We tried it." in answer.text
    # The good one beside it is kept.
    assert count() == 1


def test_names_of_files_are_words_and_never_paths(members_desk, note):
    name = "../../../etc/passwd\x00<b>.png"
    answer = commenting(members_desk, note, files=sent(hostile.png(), name=name))
    assert answer.status_code == 422
    assert "<b>.png" not in answer.text
    assert {one.sha256 for one in files().all()} >= set(
        db.session.scalars(select(Rendition.sha256))
    )


def test_an_edit_keeps_its_images_and_the_history_shows_those_it_had(members_desk, visitor, note):
    number = with_image(members_desk, note)
    made = db.session.scalars(select(Comment)).one()
    page = members_desk.get(f"/comments/{made.id}/edit").text
    assert added(page) == number
    assert 'value="A wall with paper notes"' in page
    fields = {"act": "post", "body": "Without it.", "base": "1", "image_gone": str(number)}
    answer = members_desk.post(
        f"/comments/{made.id}/edit",
        data={**fields, "images": str(number), "image_alts": "A wall"},
    )
    assert answer.status_code == 303
    assert "/files/" not in page_of(visitor, note)
    history = visitor.get(f"/comments/{made.id}/history").text
    assert 'alt="A wall with paper notes"' in history
    assert visitor.get(addresses(history)[0]).status_code == 200


def test_a_deleted_comment_takes_its_images_with_it(members_desk, visitor, note, run_jobs):
    with_image(members_desk, note)
    address = addresses(page_of(visitor, note))[0]
    made = db.session.scalars(select(Comment)).one()
    members_desk.post(f"/comments/{made.id}/deletion")
    assert visitor.get(address).status_code == 404
    assert count() == 0


def test_a_removed_comment_shows_its_images_to_nobody_else(
    members_desk, visitor, desk, moderators_desk, note
):
    with_image(members_desk, note)
    address = addresses(page_of(visitor, note))[0]
    made = db.session.scalars(select(Comment)).one()
    moderators_desk.post(f"/comments/{made.id}/removal", data={"reason": "Invented reason"})
    assert [who.get(address).status_code for who in (visitor, desk)] == [404, 404]
    assert moderators_desk.get(address).headers["Cache-Control"] == "private, max-age=600"
    assert members_desk.get(address).status_code == 200
    assert address not in page_of(visitor, note)


def test_a_hidden_entry_hides_its_images_as_it_is_hidden_itself(
    members_desk, visitor, moderators_desk, make, note
):
    with_image(members_desk, note)
    address = addresses(page_of(visitor, note))[0]
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="Invented reason")
    assert visitor.get(address).status_code == 410
    assert moderators_desk.get(address).status_code == 200


def test_images_of_what_waits_for_a_moderator_wait_too(app, make, visitor, moderators_desk, note):
    newcomer = make.signed_in(app.test_client(), make.user(newcomer=True))
    with_image(newcomer, note)
    page = page_of(newcomer, note)
    address = addresses(page)[0]
    assert "/files/" not in page_of(visitor, note)
    assert visitor.get(address).status_code == 404
    assert moderators_desk.get(address).headers["Cache-Control"] == "private, max-age=600"


@pytest.mark.parametrize("name", ["640-000000000000.webp", "1.jpg", "..%2fsecret", "640-"])
def test_a_made_up_name_finds_nothing(members_desk, visitor, note, name):
    number = with_image(members_desk, note)
    assert visitor.get(f"/files/{number}/{name}").status_code == 404


def test_numbers_nothing_can_have_are_not_found(visitor):
    assert visitor.get(f"/files/{10**12}/640-000000000000.webp").status_code == 404


def test_a_lost_file_leaves_a_line_and_no_broken_picture(members_desk, visitor, note):
    with_image(members_desk, note)
    address = addresses(page_of(visitor, note))[0]
    for one in db.session.scalars(select(Rendition)):
        files().delete(one.sha256)
    assert visitor.get(address).status_code == 404
    page = page_of(members_desk, note)
    assert "The file of this image is lost." in page
    assert "A wall with paper notes" in page
    assert "/files/" not in page


def test_a_full_disk_is_said_and_the_words_are_kept(members_desk, note, monkeypatch):
    from cop.storage import store

    monkeypatch.setattr(store, "RESERVE", 1 << 60)
    picture = hostile.photograph(333, 222)
    answer = commenting(members_desk, note, files=sent(picture))
    assert answer.status_code == 422
    assert "no room for files" in answer.text
    assert "We tried it." in answer.text
    assert count() == 0


def test_one_person_sends_only_so_many_images_a_day(members_desk, note, monkeypatch):
    monkeypatch.setattr(attaching, "DAILY_LIMIT", 1)
    answer = commenting(members_desk, note, files=sent(hostile.png(), hostile.png()))
    assert "as many images and files today as one person can" in answer.text
    assert count() == 1


def test_a_comment_has_only_so_many_images(members_desk, note, monkeypatch):
    from cop.entries import forms

    monkeypatch.setattr(forms, "COMMENT_LIMIT", 1)
    answer = commenting(members_desk, note, files=sent(hostile.png(), hostile.png()))
    assert "At most 1 image fits here" in answer.text


def test_requests_of_other_pages_stay_small(members_desk):
    answer = members_desk.post("/entries/preview", data={"text": "x" * 3_000_000})
    assert answer.status_code == 413


def test_a_form_may_bring_more_than_words(members_desk, note):
    part = b'--end\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    large = hostile.photograph() + b"\0" * 5_000_000
    body = part % (b"act", b"", b"images") + part % (b"files", b'; filename="a.jpg"', large)
    answer = members_desk.post(
        f"/entries/{note.id}/comments/",
        input_stream=io.BytesIO(body + b"--end--\r\n"),
        content_type="multipart/form-data; boundary=end",
    )
    assert answer.status_code == 200
    assert added(answer.text)


def test_a_moderator_removes_one_image_for_a_reason_that_its_author_reads(
    members_desk, visitor, moderators_desk, note, run_jobs
):
    number = with_image(members_desk, note)
    address = addresses(page_of(visitor, note))[0]
    assert f"/images/{number}/removal" in page_of(moderators_desk, note)
    assert f"/images/{number}/removal" not in page_of(members_desk, note)
    asked = moderators_desk.post(f"/images/{number}/removal", data={"reason": ""})
    assert asked.status_code == 422
    answer = moderators_desk.post(f"/images/{number}/removal", data={"reason": "It shows a face."})
    assert answer.status_code == 303
    run_jobs()
    assert visitor.get(address).status_code == 410
    page = page_of(visitor, note)
    assert "A moderator removed this image." in page
    assert "A wall with paper notes" not in page
    assert "It shows a face." in members_desk.get("/notices/").text
    assert "image removed" in moderators_desk.get("/moderation/log").text
    again = moderators_desk.post(f"/images/{number}/removal", data={"reason": "Again."})
    assert again.status_code == 303
    # Its author can still edit what she said around it.
    made = db.session.scalars(select(Comment)).one()
    assert members_desk.get(f"/comments/{made.id}/edit").status_code == 200


def test_who_does_not_moderate_removes_nobodys_image(members_desk, desk, visitor, note):
    number = with_image(members_desk, note)
    assert desk.post(f"/images/{number}/removal", data={"reason": "x"}).status_code == 403
    assert desk.get(f"/images/{number}/removal").status_code == 403
    assert visitor.post(f"/images/{number}/removal", data={"reason": "x"}).status_code == 401
    assert db.session.get_one(Attachment, number).removed_at is None


def test_a_script_sends_one_file_and_gets_its_part_of_the_form(members_desk):
    sending = {"files": (io.BytesIO(hostile.photograph()), "a.jpg"), "lang": "zh"}
    answer = members_desk.post("/uploads/", data=sending)
    assert answer.status_code == 201
    assert added(answer.text)
    assert 'lang="zh-Hans"' in answer.text


def test_a_script_is_told_why_a_file_is_not_taken(members_desk, visitor):
    answer = members_desk.post("/uploads/", data={"files": (io.BytesIO(hostile.SVG), "a.svg")})
    assert answer.status_code == 422
    assert "SVG drawing" in answer.json["message"]
    assert members_desk.post("/uploads/").status_code == 422
    asked = visitor.post("/uploads/", headers={"Accept": "application/json"})
    assert asked.status_code == 401
