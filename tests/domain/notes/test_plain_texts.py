"""What search reads of a text follows what is published, whichever way it came to be."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop import markup
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.models import Text
from cop.entries.telling import render_stale
from cop.notes.operations import add_text
from cop.notes.revising import restore
from cop.people.viewer import SYSTEM


def words(entry, lang: Lang = Lang.EN) -> list[str]:
    """Return the lines search reads of an entry in a language."""
    told = select(Text.plain).where(Text.entry_id == entry.id, Text.lang == lang.value)
    return db.session.scalars(told).one().split("\n")


@pytest.fixture
def author(make):
    return make.member()


@pytest.fixture
def note(make, author):
    made = make.note(
        by=author,
        what_happened="They **came** & stayed.\n\n- one\n- two",
        what_we_learned="Ask\nfirst.",
        outcome_reason="It held.",
    )
    db.session.commit()
    return made


def test_a_new_note_has_a_line_for_its_reason_and_each_section(note):
    assert words(note) == ["It held.", "They came & stayed. one two", "Ask first."]


def test_another_language_has_lines_of_its_own(make, author, note):
    add_text(by=author, entry=note, text=make.text(Lang.ZH, what_happened="**试点**停了"))
    assert "试点停了" in words(note, Lang.ZH)
    assert "Ask first." in words(note)


def test_an_edit_and_its_undoing_change_the_lines(open_editor, author, note):
    open_editor(author, note).publish(what_we_learned="Never ask.")
    assert "Never ask." in words(note)
    assert "Ask first." not in words(note)
    first = queries.revision_of(queries.text_for(queries.get(SYSTEM, note.id), Lang.EN), 1)
    restore(by=author, entry_id=note.id, revision_id=first.id)
    assert "Ask first." in words(note)


def test_a_newer_renderer_makes_the_lines_anew(note, monkeypatch):
    text = queries.text_for(queries.get(SYSTEM, note.id), Lang.EN)
    text.plain = "What an older renderer said"
    db.session.commit()
    assert render_stale() == []
    monkeypatch.setattr(markup, "VERSION", markup.VERSION + 1)
    assert render_stale() == [note.id]
    assert words(note)[0] == "It held."
    assert render_stale() == []


def test_lists_do_not_load_the_lines(note):
    db.session.expire_all()
    text = queries.text_for(queries.get(SYSTEM, note.id), Lang.EN)
    assert "plain" not in vars(text)
