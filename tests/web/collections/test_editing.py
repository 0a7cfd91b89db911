"""Editing a collection: by two at once, by who does not see all of it, and back to an earlier state."""

from __future__ import annotations

import re

from cop.collections.operations import facts_now
from cop.core.db import db
from cop.entries import queries
from cop.people.viewer import SYSTEM
from tests.collecting import collection


def fields(page: str) -> dict[str, object]:
    """Return what the form of a page would send."""

    def hidden(name):
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        return found[1] if found else ""

    return {
        "base": hidden("base"),
        "title": re.search(r'id="title"[^>]*value="([^"]*)"', page)[1],
        "purpose": re.search(r"<textarea[^>]*id=\"purpose\"[^>]*>\s*([^<]*)</textarea>", page)[1],
        "items": re.findall(
            r'name="items" value="([^"]+)"', page.split("data-offers", maxsplit=1)[0]
        ),
        "reasons": re.findall(
            r'name="reasons" value="([^"]*)"', page.split("data-offers", maxsplit=1)[0]
        ),
        "ordered": "1",
        "visibility": "public",
        "name_mask": "shown",
        "lang": "en",
        "act": "publish",
    }


def kept(entry):
    facts = facts_now(queries.get(SYSTEM, entry.id))
    return list(facts.entries), {key: words["en"] for key, words in facts.reasons.items()}


def test_two_who_edit_at_once_lose_nothing(desk, curators_desk, first_month, notes):
    path = f"/collections/{first_month.id}/edit"
    one, two = fields(desk.get(path).text), fields(curators_desk.get(path).text)
    one["items"], one["reasons"] = one["items"][::-1], one["reasons"][::-1]
    two["reasons"] = ["It begins anew.", *two["reasons"][1:]]
    assert curators_desk.post(path, data=two).status_code == 303
    assert desk.post(path, data=one).status_code == 303
    order, reasons = kept(first_month)
    assert order == [note.key for note in notes[::-1]]
    assert reasons[notes[0].key] == "It begins anew."


def test_two_who_write_one_reason_anew_see_both(desk, curators_desk, first_month):
    path = f"/collections/{first_month.id}/edit"
    one, two = fields(desk.get(path).text), fields(curators_desk.get(path).text)
    two["reasons"] = ["By the curator.", *two["reasons"][1:]]
    one["reasons"] = ["By the trainer.", *one["reasons"][1:]]
    assert curators_desk.post(path, data=two).status_code == 303
    answer = desk.post(path, data=one)
    assert answer.status_code == 409
    assert "By the curator." in answer.text
    assert 'value="By the trainer."' in answer.text
    again = desk.post(path, data=fields(answer.text))
    assert again.status_code == 303
    assert "By the trainer." in kept(first_month)[1].values()


def test_what_an_editor_does_not_see_stays_where_it_is(curators_desk, make, trainer, notes):
    circle = make.circle(members=[trainer])
    inner = make.note(by=trainer, circle=circle, title="Kept in a circle")
    entry = collection(
        make, notes[0], inner, notes[1], by=make.viewer(trainer), reasons=["A", "Inside", "C"]
    )
    db.session.commit()
    path = f"/collections/{entry.id}/edit"
    page = curators_desk.get(path).text
    assert "Kept in a circle" not in page
    assert "Inside" not in page
    data = fields(page)
    data["items"], data["reasons"] = data["items"][::-1], data["reasons"][::-1]
    assert curators_desk.post(path, data=data).status_code == 303
    order, reasons = kept(entry)
    assert order == [notes[1].key, notes[0].key, inner.key]
    assert reasons[inner.key] == "Inside"


def test_a_curator_does_not_change_who_reads_anothers_collection(curators_desk, first_month):
    path = f"/collections/{first_month.id}/edit"
    page = curators_desk.get(path).text
    assert 'name="visibility"' not in page
    data = {**fields(page), "visibility": "members", "title": "Another title"}
    assert curators_desk.post(path, data=data).status_code == 303
    assert queries.get(SYSTEM, first_month.id).visibility == "public"


def test_an_earlier_state_comes_back_with_its_entries(desk, first_month, notes):
    path = f"/collections/{first_month.id}/edit"
    data = {**fields(desk.get(path).text), "left_out": [notes[1].key], "title": "Shorter"}
    assert desk.post(path, data=data).status_code == 303
    assert kept(first_month)[0] == [notes[0].key, notes[2].key]
    answer = desk.post(f"/entries/{first_month.id}/revisions/1/restoration", data={"text": "en"})
    assert answer.status_code == 303
    order, reasons = kept(first_month)
    assert order == [note.key for note in notes]
    assert reasons[notes[1].key] == "It goes on."


def test_an_edit_that_changes_nothing_makes_no_revision(desk, first_month):
    path = f"/collections/{first_month.id}/edit"
    page = desk.post(path, data=fields(desk.get(path).text), follow_redirects=True).text
    assert "Nothing was changed" in page
