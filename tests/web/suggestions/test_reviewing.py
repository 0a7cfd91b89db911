"""Curators look through the lists: names alike, terms carried by nearly the same notes, terms nothing carries."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.moderation import curating
from tests.counting import counted


@pytest.fixture
def notes(make, terms):
    """Return the function that makes a note with these strategies."""

    def noted(*keys, **more):
        made = make.note(strategies=list(keys), **more)
        db.session.commit()
        return made

    return noted


def part(desk, name):
    """Return one part of the page, from its heading to the next."""
    page = desk.get("/terms/review").text
    return re.split(r'<h2[^>]*id="', page.split(f'id="{name}"')[1])[0]


def test_names_alike_stand_side_by_side_and_lead_to_merging(desk, make, terms):
    make.term("open-spaces", name="Open spaces", zh="开放空地")
    make.term("kongjian", name="Kongjian", zh="开方空间")
    make.term("forums", name="Forums", zh="论坛")
    db.session.commit()
    found = part(desk, "clashes")
    assert "One letter apart" in found
    assert "The same sound" in found
    assert "Forums" not in found
    assert "/terms/strategy/open-spaces/merge?into=open-space" in found
    form = desk.get("/terms/strategy/open-spaces/merge?into=open-space").text
    assert 'value="open-space" selected' in form


def test_the_same_name_in_another_list_is_no_clash(desk, make, terms):
    make.term("sector-of-that-name", scheme="sector", name="Open space", zh="开放空间")
    db.session.commit()
    assert "The same name" not in part(desk, "clashes")


def test_what_was_merged_clashes_no_more(desk, make, terms):
    make.term("twin", name="Open space", zh="开放空间")
    db.session.commit()
    assert "The same name" in part(desk, "clashes")
    sent = {"into": "open-space", "reason": "The same"}
    assert desk.post("/terms/strategy/twin/merge", data=sent).status_code == 303
    assert "The same name" not in part(desk, "clashes")


def test_two_things_are_kept_apart_with_a_reason_that_both_histories_tell(desk, make, terms):
    make.term("open-spaces", name="Open spaces", zh="空地")
    db.session.commit()
    where = "/terms/strategy/open-space/apart/open-spaces"
    assert desk.post(where, data={"reason": ""}).status_code == 422
    assert desk.post(where, data={"reason": "One is a park."}).status_code == 303
    assert "One letter apart" not in part(desk, "clashes")
    for key in ("open-space", "open-spaces"):
        said = desk.get(f"/terms/strategy/{key}/history").text
        assert "Kept apart from" in said
        assert "One is a park." in said


def test_terms_that_nearly_the_same_notes_carry_are_listed(desk, make, notes):
    for key in ("alpha", "beta", "gamma"):
        make.term(f"invented-{key}", name=key.capitalize())
    for _number in range(3):
        notes("invented-alpha", "invented-beta")
    notes("invented-gamma")
    found = part(desk, "overlaps")
    assert "3 of 3" in found
    assert "Alpha" in found
    assert "Gamma" not in found
    notes("invented-alpha")
    assert "3 of 4" not in part(desk, "overlaps")


def test_what_nothing_carries_is_listed_and_what_holds_narrower_ones_together_is_not(
    desk, make, notes
):
    make.term("umbrella", name="Umbrella")
    make.term("under-it", name="Under it", broader="umbrella")
    make.term("forgotten", name="Forgotten")
    notes("under-it")
    found = part(desk, "unused")
    assert "Forgotten" in found
    assert "/terms/strategy/forgotten/edit" in found
    assert "Umbrella" not in found
    assert "Under it" not in found


def test_what_a_closed_circle_carries_is_not_told(desk, make, notes):
    make.term("secret", name="Secret habit")
    host = make.user()
    circle = make.circle(by=host)
    notes("secret", by=make.viewer(host), circle=circle)
    assert "Secret habit" in part(desk, "unused")


def test_only_curators_look_through_the_lists(asking):
    assert asking.get("/terms/review").status_code == 403
    assert asking.get("/terms/strategy/open-space/apart/elderly").status_code == 403
    assert "/terms/review" not in asking.get("/terms/").text


def test_it_asks_as_often_for_many_terms_as_for_few(desk, make, notes):
    notes("open-space")
    desk.get("/terms/review")
    with counted() as few:
        desk.get("/terms/review")
    for number in range(8):
        make.term(f"habit-{number}", name=f"Invented habit {number}")
        notes(f"habit-{number}", "open-space")
    desk.get("/terms/review")
    with counted() as many:
        desk.get("/terms/review")
    assert len(many) == len(few)


def test_names_alike_wait_in_the_queue_and_are_decided_on_a_page_of_their_own(desk, make, terms):
    make.term("open-spaces", name="Open spaces", zh="开放空地")
    db.session.commit()
    queue = desk.get("/moderation/pages?sort=alike").text
    assert "Names alike: 1" in queue
    [href] = re.findall(r'href="(/terms/strategy/[a-z-]+/apart/[a-z-]+)" lang', queue)
    page = desk.get(href).text
    assert "/terms/strategy/open-spaces/merge?into=open-space" in page
    assert "/terms/strategy/open-space/merge?into=open-spaces" in page
    assert desk.post(href, data={"reason": "One is a place"}).status_code == 303
    assert "Names alike: 0" in desk.get("/moderation/pages?sort=alike").text


def test_a_term_with_several_of_nearly_its_name_waits_once_and_the_list_is_paged(
    desk, make, terms, monkeypatch
):
    monkeypatch.setattr(curating, "PAGE_SIZE", 1)
    for number, name in enumerate(("Open spaced", "Open spacer")):
        make.term(f"spaces-{number}", name=name, zh=f"虚构{number}")
    db.session.commit()
    first = desk.get("/moderation/pages").text
    assert first.count("/apart/") == 2  # once as its title, once as its button
    second = desk.get(re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")).text
    assert second.count("/apart/") == 2
    assert 'rel="next"' not in second
