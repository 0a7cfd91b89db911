"""Rows of lists say in how many notes something was tried too: those their reader may open."""

from __future__ import annotations

from cop.core.db import db
from cop.entries import operations
from tests.counting import assert_constant_queries


def test_a_row_counts_what_its_reader_may_open_and_nothing_else(app, make, reader):
    note = make.note(title="Invented original")
    author = make.member()
    for visibility in ("public", "members"):
        make.note(title="Invented try", by=author, after=note, visibility=visibility)
    db.session.commit()
    assert "tried too in 1 note<" in reader.get("/notes/").text
    members = make.signed_in(app.test_client(), make.user())
    assert "tried too in 2 notes<" in members.get("/notes/").text
    public = make.note(by=author, after=note, title="Invented third")
    db.session.commit()
    assert "tried too in 2 notes<" in reader.get("/notes/").text
    operations.withdraw(by=author, entry_id=public.id)
    db.session.commit()
    assert "tried too in 1 note<" in reader.get("/notes/").text


def test_what_nobody_tried_says_nothing_of_it(make, reader):
    make.note()
    db.session.commit()
    assert "tried too" not in reader.get("/notes/").text


def test_results_of_a_search_say_it_too(make, reader, index):
    note = make.note(title="Invented needle")
    make.note(title="Something else", after=note)
    db.session.commit()
    index()
    assert "tried too in 1 note<" in reader.get("/search?q=needle").text


def test_lists_ask_as_much_however_often_things_were_tried(make, reader):
    first = make.note()

    def grow(count: int) -> None:
        for _one in range(count):
            make.note(after=first)
        db.session.commit()

    assert_constant_queries(reader, "/notes/", grow=grow, budget="notes")
