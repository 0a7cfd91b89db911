"""What only some can read stays in a workshop whoever edits it; trainers hear when fewer can read than read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import operations as entries, queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import NameMask, Visibility
from cop.entries.significance import Change
from cop.notes.living import facts_of
from cop.notes.revising import revise_note
from cop.people.viewer import SYSTEM
from cop.workshops import team
from cop.workshops.draft import Material
from cop.workshops.operations import facts_now
from cop.workshops.revising import revise_workshop
from tests.web.workshops.conftest import typed

NARROWED = "is open to members alone now: visitors who read this cannot open it."
UNNAMED = "An invented failure”, which this is built on, stands without its author"


@pytest.fixture
def colleague(make):
    """Return the account of a co-trainer."""
    return make.user(name="Quillona Helper")


@pytest.fixture
def theirs(app, make, colleague):
    """Return the co-trainer's browser."""
    browser = make.signed_in(app.test_client(), colleague)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def person(make):
    """Return the account of who wrote the material."""
    return make.user(name="Invented Writer")


@pytest.fixture
def writer(make, person):
    """Return who wrote the material, as operations want her."""
    return make.viewer(person)


@pytest.fixture
def note(make, writer):
    """Return a public note of the writer's."""
    made = make.note(by=writer, title="An invented failure", outcome="failed")
    db.session.commit()
    return made


@pytest.fixture
def inner(make, colleague, person):
    """Return a note of a circle that the co-trainer and the writer are in, and the author of the workshop is not."""
    circle = make.circle(by=colleague, members=[person])
    made = make.note(by=person, visibility=Visibility.CIRCLE, circle=circle, title="Kept inside")
    db.session.commit()
    return made


@pytest.fixture
def built(make, hold, trainer, colleague, note, inner):
    """Return a public workshop on the note, to which its co-trainer added what her circle alone reads."""
    entry = hold(note)
    by = make.viewer(trainer)
    team.invite(by=by, entry_id=entry.id, user=colleague)
    team.accept(by=make.viewer(colleague), entry_id=entry.id, named=False)
    now = facts_now(entry)
    text = queries.text_for(queries.get(SYSTEM, entry.id), Lang.EN)
    current = queries.current(text)
    revise_workshop(
        by=make.viewer(colleague),
        entry_id=entry.id,
        base_id=current.id,
        draft=TextDraft(Lang.EN, current.title, current.sections),
        facts=replace(
            now, materials=(*now.materials, Material(inner.key, {"en": "For us alone."}))
        ),
        signature=None,
    )
    db.session.commit()
    return entry


def page_of(browser, entry) -> str:
    return browser.get(f"/workshops/{entry.id}", follow_redirects=True).text


def kept(entry) -> dict[str, str]:
    db.session.expire_all()
    return {one.id: one.why.get("en", "") for one in facts_now(entry).materials}


def edited(browser, entry, **more) -> int:
    fields = {**typed(browser.get(f"/workshops/{entry.id}/edit").text), "act": "publish", **more}
    return browser.post(f"/workshops/{entry.id}/edit", data=fields).status_code


def test_what_an_editor_cannot_read_stays_for_those_who_can(desk, theirs, built, note, inner):
    editor = desk.get(f"/workshops/{built.id}/edit").text
    assert "Kept inside" not in editor
    assert inner.key not in editor
    assert edited(desk, built, title="A better title") == 303
    assert kept(built) == {note.key: "Because it failed.", inner.key: "For us alone."}
    seen = page_of(theirs, built)
    assert "A better title" in seen
    assert "Kept inside" in seen
    mine = page_of(desk, built)
    assert "Kept inside" not in mine
    assert "For us alone." not in mine
    assert "not open to you" not in mine


def test_what_an_editor_cannot_read_she_cannot_change_or_take_away(desk, built, note, inner):
    changed = {"materials": [note.key, inner.key], "material_why": ["Mine", "Mine, too"]}
    assert edited(desk, built, **changed, material_how=["", ""]) == 303
    assert kept(built) == {note.key: "Mine", inner.key: "For us alone."}
    gone = {"materials": [note.key, inner.key], "material_gone": [note.key, inner.key]}
    assert edited(desk, built, **gone, material_why=["", ""], material_how=["", ""]) == 303
    assert kept(built) == {inner.key: "For us alone."}


def test_restoring_and_translating_leave_it_there_too(desk, built, inner):
    edited(desk, built, title="A better title")
    assert desk.post(f"/entries/{built.id}/revisions/1/restoration").status_code == 303
    assert kept(built)[inner.key] == "For us alone."
    page = desk.get(f"/workshops/{built.id}/translate/zh").text
    fields = {**typed(page), "act": "publish", "title": "一个虚构的工作坊"}
    assert desk.post(f"/workshops/{built.id}/translate/zh", data=fields).status_code == 303
    assert kept(built)[inner.key] == "For us alone."


def test_what_stands_beside_it_is_found_by_nobody(desk, built, index):
    index()
    assert "An invented workshop" not in desk.get("/search?q=Because+it+failed&kind=workshop").text
    assert "An invented workshop" not in desk.get("/search?q=For+us+alone&kind=workshop").text


def test_whoever_reads_it_takes_it_away(theirs, built, note, inner):
    assert edited(theirs, built, material_gone=[inner.key]) == 303
    assert list(kept(built)) == [note.key]


def revised(by, note, *, signature=None, significance="", title=""):
    entry = queries.get(SYSTEM, note.id)
    current = queries.current(queries.text_for(entry, Lang.EN))
    revise_note(
        by=by,
        entry_id=note.id,
        base_id=current.id,
        draft=TextDraft(Lang.EN, title or current.title, current.sections),
        facts=facts_of(queries.latest_facts(entry)),
        signature=signature,
        change=Change("", significance),
    )
    db.session.commit()


def test_only_trainers_who_can_read_it_hear_that_it_says_something_else_or_is_gone(
    desk, theirs, built, writer, inner, run_jobs
):
    run_jobs()
    revised(writer, inner, significance="meaning", title="Kept inside, otherwise")
    run_jobs()
    assert "Kept inside, otherwise" in theirs.get("/notices/").text
    assert "this is built on" not in desk.get("/notices/").text
    entries.withdraw(by=writer, entry_id=inner.id)
    db.session.commit()
    run_jobs()
    assert "is not open any more" in theirs.get("/notices/").text
    assert "this is built on" not in desk.get("/notices/").text
    assert "For us alone." not in page_of(desk, built)
    assert "You wrote beside it: For us alone." in page_of(theirs, built)


def test_trainers_hear_that_visitors_cannot_open_it_any_more(
    desk, app, hold, writer, note, run_jobs
):
    entry = hold(note)
    within = hold(note, visibility="members", title="For members")
    run_jobs()
    revised(writer, note, signature=Signature(Visibility.MEMBERS))
    run_jobs()
    told = desk.get("/notices/").text
    assert told.count(NARROWED) == 1
    assert "An invented failure" in told
    seen = page_of(desk, entry)
    assert "Not everybody who reads this can open these" in seen
    assert "Not everybody" not in page_of(desk, within)
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    theirs = page_of(visitor, entry)
    assert "Not everybody" not in theirs
    assert "An invented failure" not in theirs


def test_trainers_hear_that_papers_name_somebody_who_took_her_name_away(
    desk, hold, writer, note, run_jobs
):
    hold(note)
    run_jobs()
    unnamed = Signature(Visibility.PUBLIC, NameMask.UNNAMED)
    revised(writer, note, signature=unnamed)
    run_jobs()
    assert UNNAMED in desk.get("/notices/").text
    assert "Invented Writer" not in desk.get("/notices/").text
