"""Workshops are read, found, linked back and counted by whoever may read them, and by nobody else."""

from __future__ import annotations

import re

from cop.core.db import db
from cop.entries import operations
from tests.counting import assert_constant_queries
from tests.web.workshops.conftest import typed


def test_a_page_tells_the_agenda_with_its_times(english, hold):
    entry = hold(begins="9:00")
    page = english.get(f"/workshops/{entry.id}", follow_redirects=True).text
    assert (
        page.index("09:00") < page.index("Arrival") < page.index("09:20") < page.index("The case")
    )
    assert "1 hour" in page
    assert "Swap roles." in page


def test_without_a_beginning_times_count_from_the_first_row(english, hold):
    page = english.get(f"/workshops/{hold().id}", follow_redirects=True).text
    assert "0:20" in page
    assert "since the beginning" in page


def test_another_day_begins_at_the_same_hour(desk, english, hold):
    entry = hold(begins="9:00")
    fields = {"agenda": ["a", "b"], "agenda_title": ["One", "Two"], "agenda_minutes": ["30", "45"]}
    page = desk.get(f"/workshops/{entry.id}/edit").text
    data = {
        **typed(page),
        **fields,
        "agenda_activity": ["", ""],
        "agenda_day": "b",
        "act": "publish",
    }
    shown = desk.post(f"/workshops/{entry.id}/edit", data=data, follow_redirects=True).text
    assert "Day 2" in shown
    assert shown.count('<time class="b" datetime="09:00">') == 2


def test_material_says_why_it_is_there_and_shows_the_workshop_back(english, hold, make):
    note = make.note(title="An invented failure")
    entry = hold(note)
    page = english.get(f"/workshops/{entry.id}", follow_redirects=True).text
    assert "An invented failure" in page
    assert "Because it failed." in page
    assert "Read in pairs." in page
    back = english.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "Used in workshops" in back
    assert "An invented workshop" in back


def test_material_that_a_reader_may_not_open_does_not_exist_for_her(english, hold, make, trainer):
    note = make.note(by=make.viewer(trainer), title="For members alone", visibility="members")
    page = english.get(f"/workshops/{hold(note).id}", follow_redirects=True).text
    assert "For members alone" not in page
    assert "Because it failed." not in page
    assert "Read in pairs." not in page


def test_a_workshop_for_members_is_nowhere_for_visitors(english, hold, make):
    note = make.note()
    entry = hold(note, visibility="members", title="Only for us")
    assert english.get(f"/workshops/{entry.id}").status_code == 404
    for address in ("/workshops/", f"/notes/{note.id}", "/search?q=Only+for+us"):
        page = english.get(address, follow_redirects=True).text
        assert "/workshops/" + str(entry.id) not in page
        assert ">Only for us<" not in page


def test_the_list_is_narrowed_by_the_practice_taught_and_by_language(english, hold):
    entry = hold()
    assert "An invented workshop" in english.get("/workshops/").text
    assert "An invented workshop" in english.get("/workshops/?text=en").text
    assert "An invented workshop" not in english.get("/workshops/?text=zh").text
    assert "No workshop matches" in english.get("/workshops/?strategy=nothing").text
    assert str(entry.id) in english.get("/workshops/").text


def test_the_list_asks_as_much_for_many_as_for_one(english, hold):
    hold()
    assert_constant_queries(
        english, "/workshops/", grow=lambda number: [hold() for _ in range(number)]
    )


def test_what_rows_tell_is_found_by_the_search(english, hold, index):
    hold()
    index()
    page = english.get("/search?q=Swap+roles&kind=workshop").text
    assert "An invented workshop" in page


def test_words_beside_material_that_is_not_open_any_more_are_not_found_either(
    english, hold, make, trainer, index
):
    note = make.note(by=make.viewer(trainer))
    hold(note)
    operations.withdraw(by=make.viewer(trainer), entry_id=note.id)
    db.session.commit()
    index()
    page = english.get("/search?q=pairs&kind=workshop").text
    assert "An invented workshop" not in page
    assert "Read in" not in page


def test_what_is_handed_out_stands_at_the_head_of_the_page(english, hold):
    page = english.get(f"/workshops/{hold().id}", follow_redirects=True).text
    head = page[page.index("<main") : page.index('id="agenda"')]
    assert re.search(r'href="/workshops/[^"]+/sheet">.*Handouts</a>', head)
