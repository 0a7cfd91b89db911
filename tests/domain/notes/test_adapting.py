"""Notes tried after others: what may be named, and what stays when things change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cop.core.errors import Invalid
from cop.core.types import Lang
from cop.entries import operations, queries
from cop.entries.adaptations import counts, newest
from cop.entries.cards import cards
from cop.entries.draft import TextDraft
from cop.entries.models import Entry
from cop.entries.originals import original_of
from cop.notes.living import facts_of
from cop.notes.revising import restore, revise_note
from cop.people.viewer import SYSTEM, VISITOR


def revise(by, note, *, after=None, relation=""):
    """Publish a note again, tried after this."""
    entry = queries.get(by, note.id)
    now = queries.current(queries.text_for(entry, Lang.EN))
    facts = facts_of(queries.latest_facts(entry))
    return revise_note(
        by=by,
        entry_id=note.id,
        base_id=now.id,
        draft=_draft(now),
        facts=replace(facts, original=after.key if after else "", relation=relation),
        signature=None,
    )


def _draft(revision):
    return TextDraft(Lang.EN, revision.title, revision.sections)


def test_what_went_differently_stands_beside_the_rest_however_many_there_are(make):
    note = make.note()
    for number in range(7):
        make.note(after=note, relation="repeats", title=f"Same {number}")
    make.note(after=note, relation="contradicts", title="Differently")
    make.note(after=note, relation="repeats", title="Same at last")
    assert counts(VISITOR, note.id) == {"repeats": 8, "contradicts": 1}
    found = newest(VISITOR, note.id)
    assert [kind for _entry, kind in found] == ["contradicts", *["repeats"] * 4]
    titles = [card.title for card in cards(VISITOR, [entry for entry, _kind in found])]
    assert titles[:2] == ["Differently", "Same at last"]


def test_only_what_the_reader_may_open_is_counted_and_shown(make):
    note = make.note()
    for_members = make.note(after=note, visibility="members")
    hidden = make.note(after=note, title="Hidden")
    operations.hide(by=make.member("moderator"), entry_id=hidden.id, reason="Invented reason")
    assert (counts(VISITOR, note.id), newest(VISITOR, note.id)) == ({}, [])
    member = make.member()
    assert counts(member, note.id) == {"adapts": 1}
    assert [entry.id for entry, _kind in newest(member, note.id)] == [for_members.id]


def test_the_original_is_named_on_page_and_card_only_for_who_may_open_it(make):
    secret = make.note(visibility="members", title="An invented secret")
    tried = make.note(after=secret, by=make.member())
    open_to_all = original_of(VISITOR, tried)
    assert (open_to_all.relation, open_to_all.title, open_to_all.href) == ("adapts", "", "")
    assert cards(VISITOR, [tried])[0].after is None
    member = make.member()
    assert original_of(member, tried).title == "An invented secret"
    assert cards(member, [tried])[0].after.title == "An invented secret"


def test_a_note_cannot_be_tried_after_what_its_author_may_not_open(make):
    author = make.member()
    hers = make.note(by=author, title="Withdrawn")
    operations.withdraw(by=author, entry_id=hers.id)
    with pytest.raises(Invalid) as closed:
        make.note(after=hers)
    with pytest.raises(Invalid) as never:
        make.note(after=Entry(key="e-nothing"))
    assert (closed.value.field, str(closed.value)) == ("relation", str(never.value))


def test_a_note_is_not_tried_after_itself_nor_after_what_was_tried_after_it(make):
    author = make.member()
    first = make.note(by=author)
    second = make.note(after=first)
    third = make.note(after=second, relation="continues")
    for later in (first, second, third):
        with pytest.raises(Invalid):
            revise(author, first, after=later, relation="adapts")
    assert original_of(VISITOR, first) is None


def test_a_circle_through_what_one_may_not_open_tells_nothing_of_it(make):
    author = make.member()
    first = make.note(by=author)
    between = make.note(after=first, by=make.member())
    last = make.note(after=between)
    operations.hide(by=make.member("moderator"), entry_id=between.id, reason="Invented reason")
    revise(author, first, after=last, relation="adapts")
    assert original_of(VISITOR, first).href


def test_ones_own_note_can_go_on(make):
    author = make.member()
    first = make.note(by=author)
    tried = make.note(by=author, after=first, relation="continues")
    assert original_of(author, tried).relation == "continues"


def test_an_edit_changes_and_ends_the_relation(make):
    author, first = make.member(), make.note()
    note = make.note(by=author, after=first, relation="repeats")
    revise(author, note, after=first, relation="contradicts")
    assert counts(VISITOR, first.id) == {"contradicts": 1}
    revise(author, note)
    assert counts(VISITOR, first.id) == {}
    assert original_of(VISITOR, note) is None


def test_a_closed_original_stays_named_in_edits_that_do_not_touch_it(make):
    author, other = make.member(), make.member()
    first = make.note(by=other)
    note = make.note(by=author, after=first)
    operations.withdraw(by=other, entry_id=first.id)
    revise(author, note, after=first, relation="contradicts")
    assert original_of(author, note).relation == "contradicts"
    assert original_of(author, note).href == ""
    operations.give_back(by=other, entry_id=first.id)
    assert counts(VISITOR, first.id) == {"contradicts": 1}


def test_restoring_brings_an_earlier_original_back_only_where_it_can_be_named(make):
    author, other = make.member(), make.member()
    first, second = make.note(by=other), make.note(title="The second")
    note = make.note(by=author, after=first)
    entry = queries.get(author, note.id)
    before = queries.current(queries.text_for(entry, Lang.EN))
    revise(author, note, after=second, relation="repeats")
    operations.withdraw(by=other, entry_id=first.id)
    restore(by=author, entry_id=note.id, revision_id=before.id)
    assert original_of(author, note).title == "The second"
    operations.give_back(by=other, entry_id=first.id)
    restore(by=author, entry_id=note.id, revision_id=before.id)
    assert original_of(author, note).href.endswith(queries.get(SYSTEM, first.id).texts[0].slug)


@pytest.mark.parametrize(("relation", "named"), [("", True), ("admires", True), ("adapts", False)])
def test_half_a_relation_is_refused(make, relation, named):
    first = make.note()
    author = make.member()
    note = make.note(by=author)
    entry = queries.get(author, note.id)
    facts = replace(
        facts_of(queries.latest_facts(entry)),
        original=first.key if named else "",
        relation=relation,
    )
    now = queries.current(queries.text_for(entry, Lang.EN))
    with pytest.raises(Invalid):
        revise_note(
            by=author,
            entry_id=note.id,
            base_id=now.id,
            draft=_draft(now),
            facts=facts,
            signature=None,
        )
