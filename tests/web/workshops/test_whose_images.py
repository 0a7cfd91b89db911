"""Images say whose they are and on what terms, where somebody says so; of one's own photograph nothing is asked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.people.viewer import SYSTEM
from cop.workshops.operations import facts_now, publish
from tests.web.workshops.conftest import typed
from tests.web.workshops.test_preparing import filled, now

WHOSE = {"licence": "cc-by", "source": "Invented Photographer, 2024"}
BY = "CC BY 4.0: pass it on and change it, naming who made it"


def publishing(desk, image, **more):
    """Send the form of a new workshop with an image; return the answer."""
    fields = filled(desk.get("/workshops/new").text, visibility="public")
    said = {"image_licence": WHOSE["licence"], "image_source": WHOSE["source"]}
    pictured = {"images": str(image.id), "image_alts": "A circle of chairs"}
    return desk.post("/workshops/", data={**fields, **pictured, **said, **more})


def number_of(answer) -> int:
    assert answer.status_code == 303, answer.text
    return int(re.search(r"/workshops/(\d+)", answer.location)[1])


@pytest.fixture
def image(make, trainer):
    """Return an image that the trainer has sent."""
    made = make.image(by=trainer)
    db.session.commit()
    return made


def test_a_trainer_says_it_and_readers_and_her_editor_show_it(desk, app, image):
    number = number_of(publishing(desk, image))
    (kept,) = now(number).images
    assert (kept.licence, kept.source) == (WHOSE["licence"], WHOSE["source"])
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = visitor.get(f"/workshops/{number}", follow_redirects=True).text
    assert "From: Invented Photographer, 2024" in page
    assert BY in page
    booklet = visitor.get(f"/workshops/{number}/booklet", follow_redirects=True).text
    assert "Invented Photographer, 2024" in booklet
    assert BY in booklet
    editor = desk.get(f"/workshops/{number}/edit").text
    assert typed(editor)["image_source"] == [WHOSE["source"]]
    assert '<option value="cc-by" selected>' in editor


def test_what_is_said_of_an_image_stands_in_the_history_and_comes_back(desk, image):
    number = number_of(publishing(desk, image))
    editor = desk.get(f"/workshops/{number}/edit").text
    chosen = {"lang": "en", "visibility": "public", "name_mask": "shown", "act": "publish"}
    fields = {**typed(editor), **chosen, "image_source": [""], "image_licence": [""]}
    assert desk.post(f"/workshops/{number}/edit", data=fields).status_code == 303
    (kept,) = now(number).images
    assert (kept.licence, kept.source) == ("", "")
    assert "Invented Photographer" not in desk.get(f"/entries/{number}", follow_redirects=True).text
    assert "Invented Photographer" in desk.get(f"/entries/{number}/revisions/1").text
    compared = desk.get(f"/entries/{number}/diff?from=1&to=2").text
    assert "Invented Photographer" in compared
    assert desk.post(f"/entries/{number}/revisions/1/restoration").status_code == 303
    assert now(number).images[0].source == WHOSE["source"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"image_source": "x" * 301}, "Say where an image is from in at most 300 characters."),
        ({"image_licence": "mine"}, "Please choose one of the options offered."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(desk, image, wrong, said):
    answer = publishing(desk, image, **wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Invented Photographer" in answer.text or "x" * 301 in answer.text
    assert "A circle of chairs" in answer.text


def test_drafts_and_copies_take_it_along(desk, image):
    number = number_of(publishing(desk, image))
    fields = typed(desk.get(f"/workshops/new?copy={number}").text)
    chosen = {"lang": "en", "visibility": "public", "name_mask": "shown", "image_licence": "cc-by"}
    draft = {**fields, **chosen, "act": "draft"}
    page = desk.post("/workshops/", data=draft, follow_redirects=True).text
    link = re.search(r'href="(/drafts/\d+)"', page)[1]
    again = desk.get(link, follow_redirects=True).text
    assert typed(again)["image_source"] == [WHOSE["source"]]
    answer = desk.post("/workshops/", data={**typed(again), **chosen, "act": "publish"})
    (kept,) = now(number_of(answer)).images
    assert (kept.licence, kept.source) == (WHOSE["licence"], WHOSE["source"])


def test_an_image_on_a_comment_says_it_too(app, make, hold):
    writer = make.user()
    entry = hold()
    image = replace(make.image(by=writer), **WHOSE)
    comment = make.comment(entry, by=make.viewer(writer), images=[image])
    db.session.commit()
    desk = make.signed_in(app.test_client(), writer)
    desk.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = desk.get(f"/workshops/{entry.id}", follow_redirects=True).text
    assert "From: Invented Photographer, 2024" in page
    assert 'value="Invented Photographer, 2024"' in desk.get(f"/comments/{comment.id}/edit").text


def test_of_ones_own_picture_nothing_is_asked_and_nothing_said(desk, image, hold, make, trainer):
    entry = hold()
    told = queries.text_for(queries.get(SYSTEM, entry.id), Lang.EN)
    current = queries.current(told)
    publish(
        by=make.viewer(trainer),
        entry=queries.get(SYSTEM, entry.id),
        text=told,
        draft=TextDraft(Lang.EN, current.title, current.sections),
        facts=replace(facts_now(entry), images=(image,)),
    )
    db.session.commit()
    page = desk.get(f"/workshops/{entry.id}", follow_redirects=True).text
    gallery = page[page.index('id="pictures"') :]
    assert "From:" not in gallery[: gallery.index("</section>")]
    stored = queries.latest_facts(queries.get(SYSTEM, entry.id)).facts["images"]
    assert list(stored[str(image.id)]) == ["at", "alt"]
