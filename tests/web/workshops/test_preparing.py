"""Trainers prepare workshops, with script and without; nothing typed is lost, and what cannot be is said."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries import queries
from cop.entries.models import Entry
from cop.people.viewer import SYSTEM
from cop.workshops.operations import facts_now
from tests.web.workshops.conftest import typed


def filled(page: str, **more):
    """Return the fields of a new workshop with two rows and what is given."""
    fields = typed(page)
    ids = fields["agenda"]
    return {
        **fields,
        "title": "Meeting an invented office",
        "lang": "en",
        "visibility": "members",
        "name_mask": "shown",
        "agenda_minutes": ["30", "45", *[""] * (len(ids) - 2)],
        "agenda_title": ["Arrival", "The case", *[""] * (len(ids) - 2)],
        "act": "publish",
        **more,
    }


def workshops() -> int:
    return db.session.scalar(
        select(func.count()).select_from(Entry).where(Entry.kind == "workshop")
    )


def now(entry_id: int):
    return facts_now(queries.get(SYSTEM, entry_id))


def test_a_trainer_publishes_and_sending_it_twice_makes_one(desk):
    fields = filled(desk.get("/workshops/new").text)
    first = desk.post("/workshops/", data=fields)
    assert first.status_code == 303
    assert desk.post("/workshops/", data=fields).headers["Location"] == first.headers["Location"]
    assert workshops() == 1
    page = desk.get(first.headers["Location"]).text
    assert "Meeting an invented office" in page
    assert "1 hour 15 minutes" in page


def test_a_member_who_is_no_trainer_publishes_none(english, make):
    member = make.signed_in(english, make.user())
    assert member.get("/workshops/new").status_code == 403
    assert member.post("/workshops/", data={"title": "No", "act": "publish"}).status_code == 403
    assert workshops() == 0
    assert "Prepare a workshop" not in member.get("/workshops/").text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": ""}, "Give the workshop a title"),
        ({"minutes": "90"}, "adds up to 75 minutes, not to 90"),
        ({"agenda_minutes": ["1000", "500", ""]}, "Day 1 of the agenda is 25 hours long"),
        ({"agenda_minutes": ["half an hour", "45", ""]}, "minutes of each row as a whole number"),
        ({"agenda_title": ["", "The case", ""]}, "Each row of the agenda needs a title"),
        ({"begins": "in the morning"}, "Write a time of day"),
        ({"group_min": "12", "group_max": "3"}, "below the smallest"),
        ({"exercise_title": ["Swap"]}, "Each exercise needs a title and instructions"),
        ({"handout_title": "A list"}, "The handout has a title but no text"),
    ],
)
def test_what_cannot_be_is_said_and_everything_typed_stays(desk, more, said):
    data = filled(desk.get("/workshops/new").text, for_whom="Invented people", **more)
    answer = desk.post("/workshops/", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    kept = typed(answer.text)
    for name in ("for_whom", "agenda", "agenda_title", "agenda_minutes", *more):
        assert kept[name] == (data[name] if isinstance(data[name], list) else [data[name]])
    assert workshops() == 0


def test_two_long_days_are_no_day_of_more_than_24_hours(desk):
    fields = filled(desk.get("/workshops/new").text)
    fields |= {"agenda_minutes": ["1000", "500", ""], "agenda_day": fields["agenda"][1]}
    assert desk.post("/workshops/", data=fields).status_code == 303


def test_buttons_without_script_move_and_add_rows_and_publish_nothing(desk):
    fields = filled(desk.get("/workshops/new").text)
    first, second, third = fields["agenda"]
    moved = desk.post("/workshops/", data={**fields, "act": f"rows:agenda:up:{second}"})
    kept = typed(moved.text)
    assert kept["agenda"] == [second, first, third]
    assert kept["agenda_title"][:2] == ["The case", "Arrival"]
    assert kept["agenda_minutes"][:2] == ["45", "30"]
    added = typed(desk.post("/workshops/", data={**fields, "act": "rows:agenda:add"}).text)
    assert added["agenda"][:3] == fields["agenda"]
    assert len(added["agenda"]) == 4
    assert workshops() == 0


def test_a_row_that_is_ticked_goes_when_the_workshop_is_published(desk):
    fields = filled(desk.get("/workshops/new").text)
    fields["agenda_gone"] = fields["agenda"][0]
    page = desk.post("/workshops/", data=fields, follow_redirects=True).text
    assert "The case" in page
    assert "Arrival" not in page


def test_enter_in_a_line_publishes_and_in_the_search_for_material_finds(desk, make):
    note = make.note(title="An invented failure in Haishu")
    fields = filled(desk.get("/workshops/new").text, act="enter")
    found = desk.post("/workshops/", data={**fields, "find": "haishu"})
    assert found.status_code == 200
    assert "An invented failure in Haishu" in found.text
    assert workshops() == 0
    taken = desk.post(
        "/workshops/", data={**fields, "material_take": note.key, "act": "rows:materials:find"}
    )
    assert typed(taken.text)["materials"] == [note.key]
    assert desk.post("/workshops/", data={**fields, "material_take": note.key}).status_code == 303
    assert "Used in workshops" in desk.get(f"/notes/{note.id}", follow_redirects=True).text


def test_material_that_a_trainer_may_not_read_is_neither_found_nor_taken(desk, make):
    stranger = make.user()
    circle = make.circle(by=stranger)
    note = make.note(by=stranger, circle=circle, visibility="circle", title="Hidden from trainers")
    fields = filled(desk.get("/workshops/new").text)
    page = desk.post("/workshops/", data={**fields, "find": "Hidden from", "act": "enter"}).text
    assert "Hidden from trainers" not in page
    desk.post("/workshops/", data={**fields, "material_take": note.key})
    made = db.session.scalars(select(Entry).where(Entry.kind == "workshop")).one()
    assert now(made.id).materials == ()


def test_a_copy_begins_with_all_that_the_earlier_one_holds(desk, hold, make):
    note = make.note()
    entry = hold(note, begins="9:00")
    fields = typed(desk.get(f"/workshops/new?copy={entry.id}").text)
    fields |= {"lang": "en", "visibility": "public", "name_mask": "shown", "act": "publish"}
    assert desk.post("/workshops/", data=fields).status_code == 303
    both = db.session.scalars(select(Entry).where(Entry.kind == "workshop")).all()
    first, second = (now(one.id) for one in both)
    assert len(both) == 2
    assert first == second


def test_two_people_change_different_rows_and_both_changes_stay(desk, hold, make):
    entry = hold()
    mine = typed(desk.get(f"/workshops/{entry.id}/edit").text)
    theirs = {**mine, "agenda_minutes": ["25", "40"], "act": "publish"}
    mine |= {"agenda_title": ["Arrival", "The other case"], "act": "publish"}
    assert desk.post(f"/workshops/{entry.id}/edit", data=theirs).status_code == 303
    assert desk.post(f"/workshops/{entry.id}/edit", data=mine).status_code == 303
    rows = now(entry.id).agenda
    assert [(row.minutes, row.title["en"]) for row in rows] == [
        (25, "Arrival"),
        (40, "The other case"),
    ]


def test_two_people_who_change_the_same_row_are_shown_both(desk, hold):
    entry = hold()
    mine = typed(desk.get(f"/workshops/{entry.id}/edit").text)
    theirs = {**mine, "agenda_title": ["Coming in", "The case"], "act": "publish"}
    mine |= {"agenda_title": ["Sitting down", "The case"], "act": "publish"}
    assert desk.post(f"/workshops/{entry.id}/edit", data=theirs).status_code == 303
    answer = desk.post(f"/workshops/{entry.id}/edit", data=mine)
    assert answer.status_code == 409
    assert "Coming in" in answer.text
    again = typed(answer.text)
    assert again["agenda_title"] == ["Sitting down", "The case"]
    assert (
        desk.post(f"/workshops/{entry.id}/edit", data={**again, "act": "publish"}).status_code
        == 303
    )
    assert now(entry.id).agenda[0].title["en"] == "Sitting down"


def test_a_telling_in_the_other_language_keeps_the_first_and_the_minutes(desk, hold):
    entry = hold()
    page = desk.get(f"/workshops/{entry.id}/translate/zh").text
    assert "Arrival" in page
    fields = {**typed(page), "title": "见面", "agenda_title": ["入场", "案例"], "act": "publish"}
    assert desk.post(f"/workshops/{entry.id}/translate/zh", data=fields).status_code == 303
    row = now(entry.id).agenda[0]
    assert (row.minutes, row.title) == (20, {"en": "Arrival", "zh-Hans": "入场"})
    assert "入场" in desk.get(f"/workshops/{entry.id}?text=zh", follow_redirects=True).text


def test_titles_are_told_in_fields_as_wide_as_the_row(desk, hold):
    entry = hold()
    # The narrow first column of a row is for its minutes, which a telling does not show.
    assert 'class="row-head"' in desk.get(f"/workshops/{entry.id}/edit").text
    assert 'class="row-head"' not in desk.get(f"/workshops/{entry.id}/translate/zh").text


def test_a_draft_keeps_every_row(desk):
    fields = filled(desk.get("/workshops/new").text, act="draft")
    assert desk.post("/workshops/", data=fields).status_code == 303
    link = re.search(r'href="(/drafts/\d+)"', desk.get("/drafts/").text)[1]
    kept = typed(desk.get(link, follow_redirects=True).text)
    assert kept["agenda_title"][:2] == ["Arrival", "The case"]
    assert kept["agenda_minutes"][:2] == ["30", "45"]


def test_the_history_tells_which_rows_changed_and_restores_them(desk, hold):
    entry = hold()
    fields = typed(desk.get(f"/workshops/{entry.id}/edit").text)
    fields |= {"agenda_minutes": ["25", "40"], "act": "publish"}
    desk.post(f"/workshops/{entry.id}/edit", data=fields)
    page = desk.get(f"/entries/{entry.id}/diff?old=1&new=2", follow_redirects=True).text
    assert "20 minutes" in page
    assert "25 minutes" in page
    answer = desk.post(f"/entries/{entry.id}/revisions/1/restoration")
    assert answer.status_code == 303
    assert now(entry.id).agenda[0].minutes == 20
