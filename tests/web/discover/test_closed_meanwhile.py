"""What was closed, or lost its name, before the index heard of it: no result, count, filter or way on tells of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete

from cop.core.db import db
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discover import answers, searching
from cop.discover.asking import Asked
from cop.entries import operations, queries
from cop.entries.draft import Signature
from cop.entries.models import NameMask, Visibility
from cop.jobs.models import Job
from cop.people.viewer import SYSTEM, VISITOR
from cop.search.engine import Sort

ACTS = ("hide", "withdraw", "members")


@pytest.fixture
def author(make):
    return make.member(name="Invented Author")


@pytest.fixture
def close(make, author):
    """Return the function that closes an entry to visitors; no job runs."""

    def work(entry_id: int, act: str) -> None:
        entry = queries.get(SYSTEM, entry_id)
        if act == "hide":
            operations.hide(by=make.member("moderator"), entry_id=entry.id, reason="A name")
        elif act == "withdraw":
            operations.withdraw(by=author, entry_id=entry.id)
        else:
            operations.sign(by=author, entry=entry, signature=Signature())
            operations.changed_without_text(by=author, entry=entry, text=entry.texts[0])
        db.session.commit()

    return work


@pytest.fixture
def settled(index):
    """Return the function that has the index know everything."""

    def work() -> None:
        index()
        db.session.execute(delete(Job))
        db.session.commit()

    return work


def found(text: str, **more):
    with speaking(Lang.EN):
        return searching.search(VISITOR, Asked(text, **more))


@pytest.mark.parametrize("act", ACTS)
def test_neither_pages_nor_counts_tell_of_it(make, author, settled, close, reader, act):
    notes = [make.note(by=author, title=f"A zeppelin {number}") for number in range(12)]
    settled()
    page = reader.get("/search?q=zeppelin").text
    assert "12 results" in page
    closed = int(re.search(r'<h2><a href="/notes/(\d+)', page).group(1))
    close(closed, act)
    first, second = (reader.get(f"/search?q=zeppelin&page={number}").text for number in (1, 2))
    assert "11 results" in first
    assert "11 results" in second
    seen = [re.findall(r'<h2><a href="/notes/(\d+)', page) for page in (first, second)]
    assert [len(ids) for ids in seen] == [10, 1]
    assert {int(row) for ids in seen for row in ids} == {note.id for note in notes} - {closed}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("outcome", [(), ("worked",)])
def test_no_filter_tells_of_it_even_where_it_is_filtered_out(
    make, author, settled, close, act, outcome
):
    make.note(title="A zeppelin", outcome="worked")
    closed = make.note(
        by=author,
        title="A zeppelin",
        outcome="failed",
        evidence="interview",
        texts=(make.text(Lang.EN, "A zeppelin"), make.text(Lang.ZH, "zeppelin 飞艇")),
    )
    settled()
    filters = {"outcome": outcome} if outcome else {}
    before = found("zeppelin", filters=filters)
    assert before.counts["outcome"] == {"worked": 1, "failed": 1}
    close(closed.id, act)
    after = found("zeppelin", filters=filters)
    assert after.total == 1
    assert after.counts is None or "failed" not in after.counts["outcome"]
    settled()
    assert found("zeppelin", filters=filters).counts["outcome"] == {"worked": 1}


@pytest.mark.parametrize("sort", list(Sort))
def test_no_order_tells_of_it(make, author, settled, close, sort):
    notes = [make.note(by=author, title=f"A zeppelin {number}") for number in range(3)]
    settled()
    close(notes[1].id, "hide")
    after = found("zeppelin", sort=sort)
    assert {card.id for card in after.cards} == {notes[0].id, notes[2].id}
    assert after.total == 2


def test_what_others_change_meanwhile_keeps_the_filters(make, author, settled, close):
    make.note(title="A zeppelin", outcome="worked")
    elsewhere = make.note(by=author, title="A balloon", outcome="failed")
    settled()
    close(elsewhere.id, "hide")
    assert found("zeppelin").counts["outcome"] == {"worked": 1}


def test_a_name_taken_off_is_no_filter_any_more(make, author, settled):
    note = make.note(by=author, title="A zeppelin")
    make.note(title="A zeppelin of somebody else")
    settled()
    value = f"user:{author.id}"
    assert found("zeppelin").counts["by"][value] == 1
    assert [card.id for card in found("zeppelin", filters={"by": (value,)}).cards] == [note.id]
    entry = queries.get(SYSTEM, note.id)
    operations.sign(
        by=author, entry=entry, signature=Signature(Visibility.PUBLIC, NameMask.UNNAMED)
    )
    operations.changed_without_text(by=author, entry=entry, text=entry.texts[0])
    db.session.commit()
    after = found("zeppelin")
    assert after.total == 2
    assert "by" not in after.counts
    narrowed = found("zeppelin", filters={"by": (value,)})
    assert (narrowed.total, narrowed.cards) == (0, [])


def test_after_an_import_a_page_is_asked_for_and_not_everything(make, author, settled, monkeypatch):
    monkeypatch.setattr(answers, "_MANY", 2)
    sizes = []
    ask = answers._found
    monkeypatch.setattr(answers, "_found", lambda *said: sizes.append(said[2]) or ask(*said))
    make.note(by=author, title="A zeppelin", outcome="worked")
    settled()
    for number in range(3):
        make.note(by=author, title=f"Imported {number}")
    after = found("zeppelin")
    assert sizes == [searching.PAGE_SIZE]
    assert after.total == 1
    assert after.counts["outcome"] == {"worked": 1}
    assert "by" not in after.counts
    narrowed = found("zeppelin", filters={"by": (f"user:{author.id}",)})
    assert [card.title for card in narrowed.cards] == ["A zeppelin"]


@pytest.mark.parametrize("act", ACTS)
def test_what_is_closed_among_many_changes_is_not_told(
    make, author, settled, close, monkeypatch, act
):
    monkeypatch.setattr(answers, "_MANY", 2)
    closed = make.note(by=author, title="A zeppelin", outcome="failed")
    make.note(title="A zeppelin", outcome="worked")
    settled()
    for number in range(3):
        make.note(by=author, title=f"Imported {number}")
    close(closed.id, act)
    after = found("zeppelin")
    assert after.total == 1
    assert after.counts is None or "failed" not in after.counts["outcome"]


def test_no_way_on_tells_of_it(make, author, settled, close, reader):
    closed = make.note(by=author, title="A zeppelin", outcome="worked")
    settled()
    close(closed.id, "hide")
    for query in ("zeppelin&outcome=failed", "%2Bzeppelin+%2Bquartet", "%22zeppelin+quartet%22"):
        page = reader.get(f"/search?q={query}").text
        assert "Nothing found" in page
        assert "1 result" not in page
        assert f"/notes/{closed.id}" not in page


def test_more_results_than_are_counted_give_no_number(make, settled, reader, monkeypatch):
    monkeypatch.setattr(answers, "_COUNTED", 11)
    notes = [make.note(title=f"A zeppelin {number}") for number in range(13)]
    settled()
    operations.hide(by=make.member("moderator"), entry_id=notes[5].id, reason="A name")
    db.session.commit()
    page = reader.get("/search?q=zeppelin").text
    assert "Very many results" in page
    assert not re.search(r"\b1[23] results|of 1[23]\b", page)
    assert 'rel="next"' in page
