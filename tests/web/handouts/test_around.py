"""On paper stand also the dates of a workshop, pages elsewhere, its files, and what a linked collection holds."""

from __future__ import annotations

from cop.core.db import db
from cop.entries import operations, queries
from cop.handouts.eyes import Reach
from cop.people.viewer import SYSTEM
from cop.workshops.draft import Outside
from cop.workshops.sessions import call_off
from tests.collecting import collection
from tests.counting import assert_all_constant
from tests.enclosures import add_files
from tests.web.handouts.test_papers import page, words
from tests.web.workshops.dating import give

LINK = Outside("w", "https://example.org/a", "An invented page", "2026-05-31", {"en": "Read it."})


def test_a_linked_collection_stands_with_its_entries_in_order_and_none_of_their_text(
    english, hold, make
):
    first, last = make.note(title="Invented first"), make.discussion(title="Invented last")
    held = collection(make, first, last, reasons=["Begin here.", "End here."])
    db.session.commit()
    entry = hold(held)
    shown = page(english, entry)
    assert f'id="thing-{held.id}"' in shown
    told = words(shown)
    parts = ("Invented first month", "For who begins.", "Invented first", "Begin here.")
    addresses = (f"/entries/{first.id}", f"/entries/{last.id}")
    for part in (*parts, "Invented last", "End here.", *addresses):
        assert part in told, part
    assert told.index("Begin here.") < told.index("End here.")
    assert "What we learned" not in told
    sheet = words(page(english, entry, "sheet"))
    assert "Collection Invented first month" in sheet
    assert f"/entries/{held.id}" in sheet


def test_of_a_collection_a_paper_holds_what_those_may_read_whom_it_is_for(
    desk, hold, make, trainer
):
    closed = make.note(by=make.viewer(trainer), title="For us alone", visibility="members")
    held = collection(
        make, closed, make.note(title="For all"), by=trainer, reasons=["Closed.", "Open."]
    )
    db.session.commit()
    entry = hold(held)
    told = words(page(desk, entry))
    assert "For all" in told
    assert "For us alone" not in told
    assert "Closed." not in told
    members = words(page(desk, entry, query=f"?for={Reach.MEMBERS.value}"))
    assert "For us alone" in members
    assert "Closed." in members
    operations.withdraw(by=make.viewer(trainer), entry_id=closed.id)
    db.session.commit()
    assert "For us alone" not in page(desk, entry, query=f"?for={Reach.MEMBERS.value}")


def test_coming_dates_stand_in_front_without_who_comes_or_how_one_comes_in(english, hold):
    entry = hold()
    give(entry, online=True, link="https://meet.example/secret")
    off = give(entry, days=20, venue="Where nobody goes")
    call_off(by=SYSTEM, entry_id=entry.id, number=off.number, reason="Rain.")
    db.session.commit()
    for kind in ("booklet", "sheet"):
        told = words(page(english, entry, kind))
        assert "09:00–17:00" in told
        assert "Shanghai time (UTC+08:00)" in told
        assert "An invented centre and online" in told
        assert "meet.example" not in told
        assert "Where nobody goes" not in told
    chinese = words(page(english, entry, query="?text=both"))
    assert "上海时间" in chinese
    assert "Shanghai time" in chinese


def test_pages_elsewhere_stand_with_address_day_and_reason(english, hold):
    entry = hold(links=(LINK,))
    told = words(page(english, entry))
    for part in ("An invented page", "https://example.org/a", "31 May 2026", "Read it."):
        assert part in told, part
    sheet = words(page(english, entry, "sheet"))
    assert "Elsewhere on the web An invented page example.org/a" in sheet
    assert "Read it." not in sheet


def test_files_stand_with_what_they_are_and_on_what_terms(app, english, hold):
    entry = hold()
    add_files(queries.get(SYSTEM, entry.id))
    db.session.commit()
    told = words(page(english, entry))
    for part in ("会前三问.docx", "DOCX", "A table to fill in", "Invented School, 2025", "WAV"):
        assert part in told, part
    assert "一页的填写表" in page(english, entry, query="?text=both")


def test_what_is_said_in_one_language_stands_once_beside_each_thing(english, hold, make):
    entry = hold(*[make.note(), make.note()], links=(LINK,))
    for asked in ("zh", "both"):
        told = words(page(english, entry, query=f"?text={asked}"))
        assert told.count("Because it failed.") == 2
        assert told.count("Read in pairs.") == 2
        assert told.count("Read it.") == 1
        assert told.count("Name one meeting.") == 1
        assert told.count("Swap roles.") == 1


def test_papers_ask_as_much_for_many_collections_and_dates(english, hold, make):
    held, links = [], []

    def grow(number):
        for _one in range(number):
            held.append(collection(make, make.note(), make.note()))
            links.append(Outside(f"w{len(links)}", f"https://example.org/{len(links)}", "Page"))
        grow.entry = hold(*held, links=tuple(links))
        for one in range(number):
            give(grow.entry, days=3 + one)
        add_files(queries.get(SYSTEM, grow.entry.id))
        db.session.commit()

    def at(kind):
        return lambda: f"/workshops/{grow.entry.id}-an-invented-workshop/{kind}"

    assert_all_constant([(english, at(kind), kind) for kind in ("booklet", "sheet")], grow=grow)
