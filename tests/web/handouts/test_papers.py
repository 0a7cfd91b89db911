"""A workshop is printed as a sheet or a booklet: for those it is made for, whole, in the languages asked for."""

from __future__ import annotations

import re

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import operations
from cop.entries.draft import TextDraft
from cop.entries.models import NameMask
from cop.handouts.blocks import beside, blocks
from cop.workshops.draft import AgendaRow, WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from tests.counting import assert_all_constant


def page(browser, entry, kind="booklet", query=""):
    answer = browser.get(f"/workshops/{entry.id}/{kind}{query}", follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def signed_out(browser):
    with browser.session_transaction() as cookie:
        cookie.clear()


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html[html.index('id="paper"') :]).split())


def test_a_sheet_has_times_what_to_read_with_short_addresses_and_a_code(english, hold, make):
    note = make.note(title="An invented failure")
    entry = hold(note, begins="9:00")
    shown = page(english, entry, "sheet")
    told = words(shown)
    assert "09:00 Arrival" in told
    assert "09:20 The case" in told
    assert f"/entries/{note.id}" in told
    assert "Name one meeting." not in told
    assert 'aria-label="QR code of the address below"' in shown


def test_a_booklet_holds_what_it_is_built_on_whole(english, hold, make):
    note = make.note(title="An invented failure", outcome="failed")
    talk = make.discussion(title="Who has been there?")
    make.comment(talk, "I was there, says an invented reply.")
    told = words(page(english, hold(note, talk)))
    for part in (
        "Name one meeting.",
        "An invented failure",
        "Did not work",
        "What we learned",
        "Because it failed.",
        "Read in pairs.",
        "Who has been there?",
        "I was there, says an invented reply.",
        "Swap roles.",
        "Invented Trainer",
    ):
        assert part in told, part


def test_in_both_languages_tellings_stand_beside_each_other(english, hold, make):
    note = make.note(
        texts=(
            make.text(Lang.EN, "Told in two languages"),
            make.text(Lang.ZH, "两种语言都有", context="一段虚构的背景。"),
        )
    )
    entry = hold(note)
    both = page(english, entry, query="?text=both")
    assert "两种语言都有" in both
    assert "Told in two languages" in both
    assert 'class="pair"' in both
    chinese = page(english, entry, query="?text=zh")
    assert "两种语言都有" in chinese
    assert "Told in two languages" not in chinese[chinese.index('id="paper"') :]


def test_what_lacks_a_language_says_so_and_stands_in_the_other(english, hold, make):
    entry = hold(make.note(title="In English alone"))
    told = words(page(english, entry, query="?text=zh"))
    assert "In English alone" in told
    assert "还没有中文" in told
    assert "还没有中文" not in words(page(english, entry, query="?text=en"))


def test_whoever_prints_it_a_booklet_holds_what_everybody_may_read(desk, hold, make, trainer):
    closed = make.note(by=make.viewer(trainer), title="For members alone", visibility="members")
    entry = hold(closed)
    shown = page(desk, entry)
    assert "For members alone" not in shown
    assert "1 thing that you may read is left out" in shown
    assert "Make it for members alone" in shown


def test_for_members_alone_it_says_so_on_its_face(desk, english, hold, make, trainer):
    closed = make.note(by=make.viewer(trainer), title="For us alone", visibility="members")
    entry = hold(closed)
    shown = words(page(desk, entry, query="?for=members"))
    assert "For us alone" in shown
    assert "Please do not pass it on." in shown
    signed_out(english)
    stranger = page(english, entry, query="?for=members")
    assert "For us alone" not in stranger
    assert "left out" not in stranger


def test_a_workshop_for_members_has_papers_for_members(desk, english, hold, make):
    entry = hold(visibility="members")
    assert "Please do not pass it on." in page(desk, entry)
    signed_out(english)
    for kind in ("sheet", "booklet"):
        assert english.get(f"/workshops/{entry.id}/{kind}").status_code == 404


def test_names_stand_on_paper_as_a_stranger_reads_them(english, hold, make):
    author = make.user(name="Invented Whistleblower")
    note = make.note(by=make.viewer(author), title="Under no name", name_mask=NameMask.UNNAMED)
    shown = page(english, hold(note))
    assert "Under no name" in shown
    assert "Unnamed practitioner" in shown
    assert "Invented Whistleblower" not in shown


def test_what_is_withdrawn_or_hidden_leaves_the_paper(english, hold, make, trainer):
    note = make.note(by=make.viewer(trainer), title="Soon gone")
    entry = hold(note)
    assert "Soon gone" in page(english, entry)
    operations.withdraw(by=make.viewer(trainer), entry_id=note.id)
    db.session.commit()
    assert "Soon gone" not in page(english, entry)
    assert "Soon gone" not in page(english, entry, "sheet")


def test_papers_ask_as_much_for_many_things_as_for_one(english, hold, make):
    held = []

    def grow(number):
        for _one in range(number):
            talk = make.discussion(title="Invented talk")
            make.comment(talk, "An invented reply with [[invented-nowhere]].")
            held.extend([make.note(), talk])
        grow.entry = hold(*held)

    def at(kind):
        return lambda: f"/workshops/{grow.entry.id}-an-invented-workshop/{kind}"

    assert_all_constant(
        [(english, at(kind), kind) for kind in ("booklet", "sheet")],
        grow=grow,
    )


def test_lists_of_as_many_items_stand_item_beside_item():
    rows = beside(
        ["<p>一</p><ol><li>甲</li><li>乙</li></ol>", "<p>1</p><ol><li>a</li><li>b</li></ol>"]
    )
    assert rows == [
        ("<p>一</p>", "<p>1</p>"),
        ("<ol><li>甲</li></ol>", "<ol><li>a</li></ol>"),
        ('<ol start="2"><li>乙</li></ol>', '<ol start="2"><li>b</li></ol>'),
    ]


def test_tellings_that_are_not_in_step_stand_whole_beside_each_other():
    assert beside(["<p>一</p>", "<p>1</p><p>2</p>"]) == [("<p>一</p>", "<p>1</p><p>2</p>")]
    assert blocks("plain words") == ["plain words"]
    assert blocks("<p>a<br>b</p>\n<ul>\n<li>c</li>\n</ul>") == [
        "<p>a<br>b</p>",
        "<ul>\n<li>c</li>\n</ul>",
    ]


def test_the_longer_an_agenda_the_smaller_its_type(english, hold, make, trainer):
    rows = tuple(AgendaRow(f"r{at}", 10, {"en": f"Row {at}"}) for at in range(60))
    assert 'class="paper one"' in page(english, hold(), "sheet")
    for number, size in ((30, "smaller"), (60, "smallest")):
        text = TextDraft(Lang.EN, "A long workshop", {"for_whom": "Invented people"})
        draft = WorkshopDraft((text,), WorkshopFacts(agenda=rows[:number]))
        entry = publish_workshop(by=make.viewer(trainer), draft=draft)
        db.session.commit()
        assert f'class="paper one {size}"' in page(english, entry, "sheet")
