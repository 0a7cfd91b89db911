"""A copy of a workshop that is told in two languages keeps in the second one what was left as it was in the first."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries import operations
from cop.entries.draft import Cited
from cop.entries.models import Entry
from cop.terms.models import Source
from cop.workshops.draft import AgendaRow, Exercise
from tests.web.workshops.conftest import typed
from tests.web.workshops.test_preparing import now

ROWS = (
    AgendaRow("a", 20, {"en": "Arrival", "zh-Hans": "入场"}, {"zh-Hans": "说一次会议。"}),
    AgendaRow("b", 40, {"en": "The case", "zh-Hans": "案例"}),
)
SWAP = Exercise(
    "x", {"en": "Swap", "zh-Hans": "互换"}, {"en": "Swap roles.", "zh-Hans": "互换角色。"}
)


@pytest.fixture
def earlier(hold):
    """Return a workshop whose rows tell in two languages, with a source."""
    short = {"en": "Invented 2020"}
    db.session.add(Source(key="invented-2020", short=short, citation="Invented (2020)", about={}))
    db.session.flush()
    return hold(agenda=ROWS, exercises=(SWAP,), sources=(Cited("invented-2020", "p. 7"),))


def begun(desk, entry, **more):
    """Return the fields of the form that copies a workshop, ready to be published."""
    fields = typed(desk.get(f"/workshops/new?copy={entry.id}").text)
    chosen = {"lang": "en", "visibility": "public", "name_mask": "shown", "act": "publish"}
    return {**fields, **chosen, **more}


def made(desk, fields):
    answer = desk.post("/workshops/", data=fields)
    assert answer.status_code == 303, answer.text
    return now(db.session.scalar(select(Entry.id).order_by(Entry.id.desc()).limit(1)))


def test_rows_left_as_they_are_keep_both_languages_and_sources_come_along(desk, earlier):
    fields = begun(desk, earlier)
    copy = made(desk, fields)
    assert copy.agenda == ROWS
    assert copy.exercises == (SWAP,)
    assert copy.sources == now(earlier.id).sources


def test_a_row_told_anew_lets_the_other_language_go(desk, earlier):
    fields = begun(desk, earlier, agenda_title=["Welcome", "The case"])
    copy = made(desk, fields)
    assert copy.agenda[0].title == {"en": "Welcome"}
    assert copy.agenda[0].activity == {}
    assert copy.agenda[1] == ROWS[1]
    assert now(earlier.id).agenda == ROWS


def test_a_form_sent_twice_and_a_draft_taken_up_copy_the_same(desk, earlier):
    fields = begun(desk, earlier)
    copy = made(desk, fields)
    assert desk.post("/workshops/", data=fields).status_code == 303
    assert made(desk, begun(desk, earlier, act="publish")) == copy
    kept = begun(desk, earlier, act="draft")
    page = desk.post("/workshops/", data=kept, follow_redirects=True).text
    link = re.search(r'href="(/drafts/\d+)"', page)[1]
    again = typed(desk.get(link, follow_redirects=True).text)
    assert made(desk, {**begun(desk, earlier), **again}) == copy


def test_of_what_she_may_not_read_a_number_in_the_form_brings_nothing(desk, app, make, earlier):
    fields = begun(desk, earlier)
    other = make.signed_in(app.test_client(), make.user(grants=["trainer"]))
    author = db.session.get_one(Entry, earlier.id).author
    operations.withdraw(by=make.viewer(author), entry_id=earlier.id)
    db.session.commit()
    fields["form_key"] = "another-invented-key"
    for number in (str(earlier.id), "9" * 40, "x"):
        copy = made(other, {**fields, "copied": number, "form_key": f"invented-key-{number[:9]}"})
        assert copy.agenda[0].title == {"en": "Arrival"}
        assert copy.sources == ()
