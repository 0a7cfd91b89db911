"""Reading a collection: with no trace of what is not open, in lists, in search and on pages of entries."""

from __future__ import annotations

import io
import json
import re
import zipfile

from cop.circles import exporting
from cop.collections.draft import CollectionDraft, CollectionFacts
from cop.collections.operations import make_collection
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import operations, queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM
from tests.collecting import collection
from tests.counting import assert_constant_queries, statements_of


def read(browser, entry):
    return browser.get(f"/collections/{entry.id}", follow_redirects=True).text


def test_what_a_reader_may_not_open_leaves_no_gap_no_number_and_no_reason(
    desk, visitor, make, trainer, notes
):
    inner = make.note(title="Invented inner note", visibility="members")
    entry = collection(
        make, notes[0], inner, notes[1], by=trainer, reasons=["One.", "Secret why.", "Two."]
    )
    db.session.commit()
    page = read(visitor, entry)
    assert "Invented inner note" not in page
    assert "Secret why." not in page
    assert "2 entries" in page
    own = read(desk, entry)
    assert "Secret why." in own
    assert "3 entries" in own
    history = visitor.get(f"/entries/{entry.id}/history", follow_redirects=True).text
    assert "inner" not in history


def test_what_is_withdrawn_vanishes_and_comes_back(visitor, make, first_month, notes):
    author = queries.get(SYSTEM, notes[1].id).author
    operations.withdraw(by=make.viewer(author), entry_id=notes[1].id)
    db.session.commit()
    page = read(visitor, first_month)
    assert "It goes on." not in page
    assert "2 entries" in page
    operations.give_back(by=make.viewer(author), entry_id=notes[1].id)
    db.session.commit()
    assert "It goes on." in read(visitor, first_month)


def test_the_page_of_an_entry_names_the_collections_that_are_open_to_its_reader(
    visitor, members_desk, make, first_month, notes
):
    hidden = collection(make, notes[0], title="Only for members", visibility="members")
    db.session.commit()
    path = f"/notes/{notes[0].id}"
    page = visitor.get(path, follow_redirects=True).text
    assert "Invented first month" in page
    assert "Only for members" not in page
    assert "Only for members" in members_desk.get(path, follow_redirects=True).text
    talk = make.discussion()
    collection(make, talk, title="With a question")
    db.session.commit()
    page = visitor.get(f"/discussions/{talk.id}", follow_redirects=True).text
    assert "With a question" in page
    assert hidden.id


def test_comparing_revisions_tells_nobody_of_what_she_may_not_open(
    desk, visitor, make, trainer, notes
):
    entry = collection(make, notes[0], by=trainer)
    inner = make.note(title="Invented inner note", visibility="members")
    db.session.commit()
    for target, reason in ((inner, "Secret why."), (notes[2], "Open why.")):
        data = {"collection": str(entry.id), "reason": reason}
        assert desk.post(f"/collections/add/{target.id}", data=data).status_code == 303
    path = f"/entries/{entry.id}/diff?old=1&new=3"
    page = visitor.get(path, follow_redirects=True).text
    assert "Invented third note" in page
    assert "Invented inner note" not in page
    assert "Secret why." not in page
    assert "Invented inner note" in desk.get(path, follow_redirects=True).text


def test_a_collection_is_found_by_its_words_and_its_kind_and_by_no_reason(
    visitor, first_month, index
):
    index()
    found = visitor.get("/search", query_string={"q": "first month", "kind": "collection"}).text
    assert f"/collections/{first_month.id}" in found
    assert "Collections" in found
    by_reason = visitor.get("/search", query_string={"q": '"ends well"', "kind": "collection"}).text
    assert "/collections/" + str(first_month.id) not in by_reason


def test_a_collection_told_in_both_languages_shows_each_reason_as_it_is_told(
    desk, visitor, first_month, notes
):
    path = f"/collections/{first_month.id}/translate/zh"
    form = desk.get(path).text
    assert "It begins." in form
    answer = desk.post(
        path,
        data={
            "title": "虚构的第一个月",
            "purpose": "给新人。",
            "items": [note.key for note in notes],
            "reasons": ["从这里开始。", "", "结尾很好。"],
            "act": "publish",
        },
    )
    assert answer.status_code == 303
    page = visitor.get(f"/collections/{first_month.id}?lang=zh", follow_redirects=True).text
    assert "虚构的第一个月" in page
    assert "从这里开始。" in page
    assert "It goes on." in page
    assert '<span lang="en">It goes on.</span>' in page
    english = visitor.get(f"/collections/{first_month.id}?lang=en", follow_redirects=True).text
    assert "It begins." in english
    assert "从这里开始。" not in english
    assert queries.get(SYSTEM, first_month.id).lang == Lang.EN


def test_the_printed_page_writes_out_addresses(visitor, first_month, notes):
    page = read(visitor, first_month)
    for note in notes:
        assert re.search(rf"print-only[^>]*>http://localhost/notes/{note.id}-", page)


def test_a_site_without_collections_says_what_they_are(visitor, desk):
    assert "No collections yet" in visitor.get("/collections/").text
    assert "Make a collection" in desk.get("/collections/").text


def test_an_empty_collection_says_so(desk, make, trainer):
    entry = collection(make, by=trainer)
    db.session.commit()
    page = read(desk, entry)
    assert "Nothing stands in this collection yet" in page
    assert "Choose entries" in page


def test_the_list_goes_on_page_by_page(visitor, make):
    by = make.member("trainer")
    for number in range(23):
        collection(make, by=by, title=f"Invented collection {number:02}")
    db.session.commit()
    page = visitor.get("/collections/").text
    assert page.count("<article") == 20
    older = re.search(r'href="([^"]*older=[^"]*)"', page)
    assert older is not None
    assert visitor.get(older[1].replace("&amp;", "&")).text.count("<article") == 3


def test_a_hundred_entries_ask_as_much_as_one(visitor, make, trainer):
    small = collection(make, make.note(), by=trainer)
    term = make.term()
    large = collection(make, *(make.note(strategies=[term]) for _one in range(100)), by=trainer)
    db.session.commit()
    few = statements_of(visitor, visitor.get(f"/collections/{small.id}").headers["Location"])
    many = statements_of(visitor, visitor.get(f"/collections/{large.id}").headers["Location"])
    assert len(many) <= len(few)
    assert len(many) <= 20


def test_the_list_asks_as_much_for_twenty_as_for_one(visitor, make):
    by = make.member("trainer")
    note = make.note()

    def grow(count):
        for _one in range(count):
            collection(make, note, by=by)
        db.session.commit()

    assert_constant_queries(visitor, "/collections/", grow=grow)


def test_what_a_circle_takes_along_of_its_collection_names_nothing_a_host_may_not_open(
    make, trainer, notes
):
    host = make.user()
    circle = make.circle(by=host, members=[trainer])
    other = make.circle(by=trainer)
    inner = make.note(by=trainer, circle=other, title="Of another circle")
    by = make.viewer(trainer)
    draft = CollectionDraft(
        (TextDraft(Lang.EN, "Of a circle", {"purpose": "For us."}),),
        CollectionFacts(
            (notes[0].key, inner.key),
            {notes[0].key: {"en": "Open why."}, inner.key: {"en": "Secret why."}},
        ),
        Signature(Visibility.CIRCLE, circle_id=circle.id),
    )
    entry = make_collection(by=by, draft=draft)
    db.session.commit()
    with zipfile.ZipFile(io.BytesIO(), "w") as packed:
        kept = exporting._of_entry(make.viewer(host), entry, packed)
    told = json.dumps(kept, ensure_ascii=False)
    assert "Open why." in told
    assert "Secret why." not in told
    assert inner.key not in told
