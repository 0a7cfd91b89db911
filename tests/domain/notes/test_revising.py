"""Two people, one note: what does not collide is merged, what does is kept twice, and nobody's words vanish."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.core.errors import Forbidden, Gone, Invalid, NotFound
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import Signature
from cop.entries.models import NameMask, Revision, Visibility
from cop.entries.operations import suppress
from cop.entries.revising import EditConflict
from cop.notes.draft import NoteFacts
from cop.notes.operations import add_text
from cop.notes.queries import shown
from cop.notes.revising import restore
from tests.domain.notes.conftest import published


def revisions() -> int:
    return db.session.scalar(select(func.count()).select_from(Revision))


@pytest.fixture
def author(make):
    return make.member()


@pytest.fixture
def note(make, author):
    made = make.note(
        by=author,
        strategies=[make.term("one")],
        what_happened="First paragraph.\n\nSecond paragraph.\n\nThird paragraph.",
    )
    db.session.commit()
    return made


def facts_of(author, note) -> NoteFacts:
    return NoteFacts.from_json(queries.latest_facts(queries.get(author, note.id)).facts)


def test_changes_of_different_sections_are_both_kept(open_editor, author, note):
    one, two = open_editor(author, note), open_editor(author, note)
    one.publish(what_we_learned="Ask first.")
    done = two.publish(context="A street office.", title="A better title")
    assert done.merged
    now = published(author, note)
    assert now.title == "A better title"
    assert now.sections["what_we_learned"] == "Ask first."
    assert now.sections["context"] == "A street office."


def test_changes_of_different_paragraphs_of_one_section_are_both_kept(open_editor, author, note):
    one, two = open_editor(author, note), open_editor(author, note)
    one.publish(what_happened="Changed first.\n\nSecond paragraph.\n\nThird paragraph.")
    two.publish(what_happened="First paragraph.\n\nSecond paragraph.\n\nChanged third.")
    assert published(author, note).sections["what_happened"] == (
        "Changed first.\n\nSecond paragraph.\n\nChanged third."
    )


def test_changes_of_one_passage_are_kept_twice_and_nothing_is_published(open_editor, author, note):
    one, two = open_editor(author, note), open_editor(author, note)
    one.publish(what_we_learned="Ask the office.")
    with pytest.raises(EditConflict) as caught:
        two.publish(what_we_learned="Ask the residents.")
    assert caught.value.parts == ("what_we_learned",)
    assert published(author, note).sections["what_we_learned"] == "Ask the office."


def test_facts_are_merged_one_by_one_and_lists_as_additions_and_removals(
    make, open_editor, author, note
):
    for key in ("two", "three"):
        make.term(key)
    make.term("ningbo", scheme="place")
    one, two = open_editor(author, note), open_editor(author, note)
    one.publish(facts={"strategies": ("one", "two"), "place": "ningbo"})
    two.publish(facts={"strategies": ("one", "three"), "outcome": "failed"})
    facts = facts_of(author, note)
    assert facts.strategies == ("one", "two", "three")
    assert (facts.place, facts.outcome) == ("ningbo", "failed")
    assert [use.term.key for use in shown(note).strategies] == ["one", "two", "three"]


def test_one_fact_changed_in_two_ways_is_a_conflict(open_editor, author, note):
    one, two = open_editor(author, note), open_editor(author, note)
    one.publish(facts={"outcome": "failed"})
    with pytest.raises(EditConflict) as caught:
        two.publish(facts={"outcome": "mixed"})
    assert caught.value.parts == ("outcome",)


def test_the_same_change_made_twice_is_made_once(open_editor, author, note):
    one, two = open_editor(author, note), open_editor(author, note)
    one.publish(what_we_learned="Ask first.", facts={"outcome": "failed"})
    done = two.publish(what_we_learned="Ask first.", facts={"outcome": "failed"})
    assert not done.changed
    assert revisions() == 2


def test_an_edit_that_changes_nothing_makes_no_revision(open_editor, author, note):
    assert not open_editor(author, note).publish().changed
    assert revisions() == 1


def test_facts_belong_to_the_note_whichever_text_is_edited(make, open_editor, author, note):
    add_text(
        by=author,
        entry=queries.get(author, note.id),
        text=make.text(Lang.ZH),
        facts=facts_of(author, note),
    )
    db.session.commit()
    open_editor(author, note, Lang.ZH).publish(facts={"outcome": "failed"})
    done = open_editor(author, note, Lang.EN).publish(facts={"outcome": "mixed"})
    assert done.changed
    assert facts_of(author, note).outcome == "mixed"


def test_editing_one_text_keeps_facts_that_came_with_the_other(make, open_editor, author, note):
    add_text(
        by=author,
        entry=queries.get(author, note.id),
        text=make.text(Lang.ZH),
        facts=facts_of(author, note),
    )
    db.session.commit()
    english = open_editor(author, note, Lang.EN)
    open_editor(author, note, Lang.ZH).publish(facts={"outcome": "failed"})
    english.publish(what_we_learned="Ask first.")
    assert facts_of(author, note).outcome == "failed"


def test_a_base_that_vanished_is_a_conflict_not_an_overwriting(open_editor, author, note):
    editor = open_editor(author, note)
    editor.base = Revision(id=987654)
    with pytest.raises(EditConflict):
        editor.publish(what_we_learned="Ask first.")


def test_a_base_that_was_suppressed_is_a_conflict(open_editor, author, note):
    editor = open_editor(author, note)
    open_editor(author, note).publish(context="Somebody was named here.")
    suppress(by=author, entry_id=note.id, revision_id=editor.base.id, reason="A name")
    db.session.commit()
    with pytest.raises(EditConflict):
        editor.publish(title="Another")


def test_a_base_of_another_note_is_a_conflict(make, open_editor, author, note):
    editor = open_editor(author, note)
    editor.base = published(author, make.note(by=author))
    with pytest.raises(EditConflict):
        editor.publish(what_we_learned="Ask first.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "x" * 161}, "title"),
        ({"what_happened": ""}, "what_happened"),
        ({"facts": {"strategies": ()}}, "strategies"),
        ({"facts": {"strategies": ("no-such",)}}, "strategies"),
        ({"facts": {"started": "2020", "ended": "2019"}}, "ended"),
    ],
)
def test_an_edit_is_held_to_what_a_new_note_is(open_editor, author, note, change, field):
    with pytest.raises(Invalid) as caught:
        open_editor(author, note).publish(**change)
    assert caught.value.field == field
    db.session.rollback()
    assert revisions() == 1


def test_others_may_not_revise(make, open_editor, author, note):
    editor = open_editor(author, note)
    editor.by = make.member("moderator")
    with pytest.raises(Forbidden):
        editor.publish(what_we_learned="Mine now.")


def test_restoring_makes_a_new_revision_that_says_what_the_old_one_said(open_editor, author, note):
    first = published(author, note)
    title, words = first.title, dict(first.sections)
    open_editor(author, note).publish(title="Worse", facts={"outcome": "failed"})
    done = restore(by=author, entry_id=note.id, revision_id=first.id)
    db.session.commit()
    now = published(author, note)
    assert done.changed
    assert (now.number, now.restored_number) == (3, 1)
    assert (now.title, now.sections) == (title, words)
    assert facts_of(author, note).outcome == "worked"


def test_restoring_what_stands_there_changes_nothing(author, note):
    done = restore(by=author, entry_id=note.id, revision_id=published(author, note).id)
    assert not done.changed


def test_a_suppressed_revision_cannot_be_restored(open_editor, author, note):
    first = published(author, note)
    open_editor(author, note).publish(title="Second")
    suppress(by=author, entry_id=note.id, revision_id=first.id, reason="A name")
    with pytest.raises(Invalid):
        restore(by=author, entry_id=note.id, revision_id=first.id)


def test_a_revision_of_another_note_cannot_be_restored_here(make, author, note):
    with pytest.raises(NotFound):
        restore(by=author, entry_id=note.id, revision_id=published(author, make.note(by=author)).id)


def test_changing_who_may_read_needs_no_new_words(make, open_editor, author, note):
    member = make.member()
    open_editor(author, note).publish(signature=Signature(Visibility.MEMBERS, NameMask.SHOWN))
    assert revisions() == 1
    assert queries.get(member, note.id)
    assert note.opened_to == "public"
    open_editor(author, note).publish(signature=Signature(Visibility.PUBLIC, NameMask.UNNAMED))
    assert (note.audience, note.name_mask) == ("public", "unnamed")


def test_a_note_somebody_hid_meanwhile_cannot_be_revised(make, open_editor, author, note):
    from cop.entries.operations import hide

    editor = open_editor(author, note)
    hide(by=make.member("moderator"), entry_id=note.id, reason="A name in it")
    with pytest.raises(Forbidden):
        editor.publish(what_we_learned="More")
    with pytest.raises(Gone):
        queries.get(make.member(), note.id)


def test_a_revision_keeps_what_the_editor_says_she_changed(open_editor, author, note):
    open_editor(author, note).publish(title="Second", note="The title " * 100)
    assert len(published(author, note).note) == 300


def test_one_text_a_language(make, author, note):
    with pytest.raises(Invalid):
        add_text(
            by=author,
            entry=queries.get(author, note.id),
            text=make.text(Lang.EN),
            facts=facts_of(author, note),
        )


def test_a_telling_in_another_language_takes_the_facts_of_the_moment_it_is_published(
    make, open_editor, author, note
):
    opened = queries.get(author, note.id)
    open_editor(author, note).publish(facts={"outcome": "failed", "started": "2019"})
    add_text(by=author, entry=opened, text=make.text(Lang.ZH))
    assert facts_of(author, note).outcome == "failed"
    assert facts_of(author, note).started == "2019"
    assert shown(note).note.outcome == "failed"
