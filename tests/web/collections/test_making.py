"""Making a collection: who may, the form and its buttons, what it refuses, and putting an entry in from its page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries import queries
from cop.entries.models import Entry, Revision
from cop.people.viewer import SYSTEM


@pytest.fixture
def typed(notes: list[Any]) -> dict[str, Any]:
    """Return what somebody typed into the form."""
    return {
        "lang": "en",
        "title": "A first month",
        "purpose": "For **newcomers**.",
        "items": [notes[1].key, notes[0].key],
        "reasons": ["Read this first.", "Then this."],
        "ordered": "1",
        "visibility": "public",
        "name_mask": "shown",
        "form_key": "one-opened-form",
        "act": "publish",
    }


def made() -> list[Entry]:
    return list(db.session.scalars(select(Entry).where(Entry.kind == "collection")))


def order(page: str) -> list[str]:
    return re.findall(r"Invented (\w+) note</a></h2>", page)


def rows(page: str) -> list[str]:
    return re.findall(r'data-title="Invented (\w+) note"', page.split("data-offers", maxsplit=1)[0])


def test_a_trainer_makes_one_and_everybody_reads_it_in_its_order(desk, visitor, typed):
    answer = desk.post("/collections/", data=typed)
    assert answer.status_code == 303
    page = visitor.get(answer.headers["Location"]).text
    assert "<strong>newcomers</strong>" in page
    assert order(page) == ["second", "first"]
    assert page.index("Read this first.") < page.index("Then this.")
    assert "2 entries" in page
    assert "A first month" in visitor.get("/collections/").text


def test_only_curators_and_trainers_make_them(members_desk, curators_desk, visitor, typed):
    assert members_desk.post("/collections/", data=typed).status_code == 403
    assert members_desk.get("/collections/new").status_code == 403
    assert "/login" in visitor.get("/collections/new").headers["Location"]
    assert not made()
    assert curators_desk.post("/collections/", data=typed).status_code == 303
    assert "Make a collection" not in members_desk.get("/collections/").text
    assert "Make a collection" in curators_desk.get("/collections/").text


def test_a_form_sent_twice_makes_one(desk, typed):
    first, second = (desk.post("/collections/", data=typed) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(made()) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Give it a title"),
        ({"title": "x" * 161}, "This title is too long"),
        ({"purpose": ""}, "whom it is for"),
        ({"reasons": ["Read this first.", ""]}, "Say of each entry in a line why it is here."),
        ({"reasons": ["Read this first.", "x" * 301]}, "at most 300 characters"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(desk, typed, changed, sentence):
    answer = desk.post("/collections/", data={**typed, **changed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Read this first."' in answer.text
    assert rows(answer.text) == ["second", "first"]
    assert not made()


@pytest.mark.parametrize("kind", ["nothing", "not hers", "another collection"])
def test_what_she_may_not_read_or_is_a_collection_cannot_be_put_in(
    desk, make, typed, first_month, kind
):
    host = make.user()
    circle = make.circle(by=host, members=[])
    foreign = make.note(by=host, circle=circle, title="Kept in a circle")
    db.session.commit()
    key = {"nothing": "e-nothing", "not hers": foreign.key, "another collection": first_month.key}
    data = {**typed, "items": [key[kind]], "reasons": ["Why not."], "form_key": "x"}
    before = len(made())
    answer = desk.post("/collections/", data=data)
    assert answer.status_code == 422
    assert "Kept in a circle" not in answer.text
    assert len(made()) == before


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("up:{0}", ["first", "second"]),
        ("down:{1}", ["first", "second"]),
        ("up:{1}", ["second", "first"]),
        ("down:e-nothing", ["second", "first"]),
        ("add:{2}", ["second", "first", "third"]),
        ("add:{0}", ["second", "first"]),
    ],
)
def test_without_script_the_buttons_arrange_and_publish_nothing(desk, typed, notes, act, expected):
    data = {**typed, "act": act.format(*(note.key for note in notes)), "title": ""}
    answer = desk.post("/collections/", data=data)
    assert answer.status_code == 200
    assert rows(answer.text) == expected
    assert "Give it a title" not in answer.text
    assert not made()
    assert answer.text.index("Read this first.") > 0


def test_what_is_taken_out_can_be_put_back_until_it_is_published(desk, typed, notes):
    out = desk.post("/collections/", data={**typed, "act": f"out:{notes[0].key}"}).text
    assert "Taken out; it goes when you publish." in out
    kept = re.findall(r'name="left_out" value="([^"]+)"', out)
    assert kept == [notes[0].key]
    back = desk.post(
        "/collections/", data={**typed, "left_out": kept, "act": f"back:{notes[0].key}"}
    ).text
    assert 'name="left_out"' not in back
    assert 'value="Then this."' in back
    published = desk.post(
        "/collections/", data={**typed, "left_out": kept}, follow_redirects=True
    ).text
    assert order(published) == ["second"]
    assert "Then this." not in published


def test_entries_are_found_by_their_words_and_by_their_address(desk, typed, notes, index):
    index()
    page = desk.post("/collections/", data={**typed, "act": "look", "find": "third"}).text
    assert f'value="add:{notes[2].key}"' in page
    page = desk.get("/collections/find", query_string={"q": f"/notes/{notes[2].id}-x"}).text
    assert f'value="add:{notes[2].key}"' in page
    there = desk.post("/collections/", data={**typed, "act": "look", "find": "first"}).text
    assert f'value="add:{notes[0].key}"' not in there


def test_a_draft_keeps_entries_and_reasons_in_their_order(desk, typed):
    desk.post("/collections/", data={**typed, "act": "draft"})
    drafts = desk.get("/drafts/").text
    number = re.search(r"/drafts/(\d+)", drafts)
    assert number is not None
    page = desk.get(f"/drafts/{number[1]}", follow_redirects=True).text
    assert rows(page) == ["second", "first"]
    assert page.index('value="Read this first."') < page.index('value="Then this."')


def test_an_entry_is_put_in_from_its_page_as_the_last_with_a_reason(desk, make, first_month):
    note = make.note(title="Invented fourth note")
    db.session.commit()
    path = f"/collections/add/{note.id}"
    assert path in desk.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "Invented first month" in desk.get(path).text
    data = {"collection": str(first_month.id), "reason": "It came later.", "form_key": "y"}
    for _time in range(2):
        answer = desk.post(path, data=data)
        assert answer.status_code == 303
    page = desk.get(answer.headers["Location"]).text
    assert order(page) == ["first", "second", "third", "fourth"]
    assert page.count("It came later.") == 1
    revisions = (
        select(func.count())
        .select_from(Revision)
        .where(Revision.text_id == queries.get(SYSTEM, first_month.id).texts[0].id)
    )
    assert db.session.scalar(revisions) == 2
    assert "it is in there already" in desk.get(path).text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"collection": "", "reason": "Kept words."}, "Choose a collection."),
        ({"reason": ""}, "Say in a line why it is in there."),
        ({"reason": "x" * 301}, "at most 300 characters"),
    ],
)
def test_putting_in_says_what_lacks_and_keeps_what_was_typed(
    desk, make, first_month, data, sentence
):
    note = make.note()
    db.session.commit()
    given = {"collection": str(first_month.id), "reason": "Kept words.", **data}
    answer = desk.post(f"/collections/add/{note.id}", data=given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert given["reason"] in answer.text


def test_a_trainer_puts_nothing_into_anothers_collection(app, make, first_month, notes):
    other = make.signed_in(app.test_client(), make.user(grants=["trainer"]))
    path = f"/collections/add/{notes[0].id}"
    assert "Invented first month" not in other.get(path).text
    data = {"collection": str(first_month.id), "reason": "Why not."}
    assert other.post(path, data=data).status_code == 403
    assert other.get(f"/collections/{first_month.id}/edit").status_code == 403


def test_a_member_is_not_offered_to_put_anything_anywhere(members_desk, notes):
    page = members_desk.get(f"/notes/{notes[0].id}", follow_redirects=True).text
    assert "/collections/add/" not in page
    assert members_desk.get(f"/collections/add/{notes[0].id}").status_code == 403
