"""Case notes cited at the steps of a page: shown beside them, kept as revisions, gone when the note is."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.entries import operations as entries
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM
from cop.terms.draft import SourceDraft
from cop.terms.operations import put_sources
from tests.counting import counted
from tests.web.proposals.conftest import fields_of

STEPS = "1. Find three people.\n2. Meet them twice.\n3. Write it down."


@pytest.fixture
def desk(app, make):
    """Return a curator's browser in English."""
    browser = make.signed_in(app.test_client(), make.user(grants=["curator"]))
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def strategy(make):
    """Return a strategy."""
    return make.term("small-groups", name="Small groups")


@pytest.fixture
def page(start, strategy):
    """Return its page, with three steps and a section."""
    sections = {"how": STEPS, "pitfalls": "It may tire."}
    return start(strategy, title="Small groups", sections=sections)


@pytest.fixture
def author(make):
    """Return who wrote the note."""
    return make.user(name="Invented Author")


@pytest.fixture
def note(make, strategy, author):
    """Return a published note on the strategy."""
    made = make.note(by=make.viewer(author), title="They met twice", strategies=[strategy])
    db.session.commit()
    return made


def cite(desk, page, cited, /, **more):
    data = {"at": "how 2", "note": str(cited.id), "reason": "It shows that.", "act": "attach"}
    return desk.post(f"/practices/{page.id}/evidence/", data={**data, **more})


def step(browser, number):
    """Return what stands at a step of the page."""
    shown = browser.get("/practices/small-groups?text=en&lang=en").text
    return shown.split('<ol class="steps')[1].split("<li>")[number].split("</li>")[0]


def seen(desk, page):
    form = desk.get(f"/practices/{page.id}/evidence/").text
    return form.split('name="seen"')[1].split('value="')[1].split('"')[0]


def waiting(desk):
    return desk.get("/moderation/pages?sort=cited").text


def test_a_note_is_cited_beside_its_step_and_the_history_says_why(desk, english, page, note):
    assert cite(desk, page, note).status_code == 303
    assert "They met twice" in step(english, 2)
    assert "They met twice" not in step(english, 1)
    history = english.get(f"/entries/{page.id}/history?text=en").text
    assert "It shows that." in history
    assert "Step 2" in english.get(f"/entries/{page.id}/diff?text=en").text


def test_a_note_is_cited_at_the_end_of_a_section(desk, english, page, note):
    cite(desk, page, note, at="pitfalls", note="", address=f"http://localhost/notes/{note.id}-they")
    shown = english.get("/practices/small-groups?lang=en").text
    pitfalls = shown.split('id="pitfalls"')[1].split("</section>")[0]
    assert "They met twice" in pitfalls


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": ""}, "Give a reason"),
        ({"note": ""}, "Choose a case note"),
        ({"address": "http://localhost/notes/999999"}, "Choose a case note"),
        ({"at": "nowhere"}, "Choose the step"),
    ],
)
def test_what_cannot_be_is_said_with_everything_kept(desk, page, note, more, said):
    answer = cite(desk, page, note, **{"reason": "Kept words", **more})
    assert answer.status_code == 422
    assert said in answer.text
    if more.get("reason") is None:
        assert "Kept words" in answer.text


def test_cited_twice_it_stands_there_once(desk, english, page, note):
    cite(desk, page, note)
    cite(desk, page, note)
    assert step(english, 2).count("They met twice") == 1


def test_a_note_of_a_circle_is_not_cited_for_readers_who_could_not_open_it(desk, page, make):
    host = make.user(grants=["curator"])
    circle = make.circle(by=host)
    secret = make.note(by=make.viewer(host), title="Told in a circle", circle=circle)
    db.session.commit()
    other = cite(desk, page, secret)
    assert "Choose a case note that is published." in other.text
    assert "Told in a circle" not in other.text


def test_what_only_members_may_read_is_cited_for_members_alone(desk, english, page, make, strategy):
    note = make.note(title="For members", strategies=[strategy], visibility=Visibility.MEMBERS)
    db.session.commit()
    cite(desk, page, note)
    assert "For members" not in english.get("/practices/small-groups?lang=en").text
    assert "For members" in step(desk, 2)


def test_a_citation_is_taken_out_with_a_reason(desk, english, page, note):
    cite(desk, page, note)
    data = {"act": "remove:0", "reason": "It says the opposite.", "seen": seen(desk, page)}
    assert desk.post(f"/practices/{page.id}/evidence/", data=data).status_code == 303
    assert "They met twice" not in step(english, 2)
    assert "It says the opposite." in english.get(f"/entries/{page.id}/history?text=en").text


def test_what_somebody_else_changed_meanwhile_is_looked_at_again(desk, page, note, make, strategy):
    cite(desk, page, note)
    before = seen(desk, page)
    other = make.note(title="Another", strategies=[strategy])
    db.session.commit()
    cite(desk, page, other, at="how 1")
    data = {"act": "remove:0", "reason": "Mine", "seen": before}
    answer = desk.post(f"/practices/{page.id}/evidence/", data=data)
    assert answer.status_code == 422
    assert "Somebody changed what this page cites" in answer.text
    assert "Mine" in answer.text


def test_curators_are_warned_of_a_withdrawn_note_and_readers_see_no_trace(
    desk, english, page, note, make, author
):
    cite(desk, page, note)
    assert "Look and decide" not in waiting(desk)
    entries.withdraw(by=make.viewer(author), entry_id=note.id)
    db.session.commit()
    shown = english.get("/practices/small-groups?lang=en").text
    assert "They met twice" not in shown
    assert "Seen in:" not in shown
    assert "Small groups" in waiting(desk)
    desk_page = desk.get(f"/practices/{page.id}/evidence/").text
    assert "Withdrawn or hidden" in desk_page
    assert "They met twice" not in desk_page
    data = {"act": "remove:0", "reason": "Its author took it back.", "seen": seen(desk, page)}
    assert desk.post(f"/practices/{page.id}/evidence/", data=data).status_code == 303
    assert "Look and decide" not in waiting(desk)


def test_a_hidden_note_that_is_shown_again_waits_no_more(desk, english, page, note, make):
    cite(desk, page, note)
    moderator = make.member("moderator")
    entries.hide(by=moderator, entry_id=note.id, reason="Names somebody")
    db.session.commit()
    assert "Small groups" in waiting(desk)
    assert "They met twice" not in step(english, 2)
    entries.unhide(by=moderator, entry_id=note.id, reason="Corrected")
    db.session.commit()
    assert "Look and decide" not in waiting(desk)
    assert "They met twice" in step(english, 2)


def test_citations_survive_an_edit_of_the_words(desk, english, page, note):
    cite(desk, page, note)
    fields = fields_of(desk, f"/practices/{page.id}/edit?text=en")
    sent = {**fields, "pitfalls": "It may tire, or close.", "act": "publish"}
    assert desk.post(f"/practices/{page.id}/edit", data=sent).status_code == 303
    assert "They met twice" in step(english, 2)


def edit_steps(desk, page, how):
    fields = fields_of(desk, f"/practices/{page.id}/edit?text=en")
    sent = {**fields, "how": how, "act": "publish"}
    assert desk.post(f"/practices/{page.id}/edit", data=sent).status_code == 303


@pytest.mark.parametrize(
    ("how", "number"),
    [
        ("1. Ask first.\n2. Find three people.\n3. Meet them twice.\n4. Write it down.", 3),
        ("1. Meet them twice.\n2. Write it down.\n3. Find three people.", 1),
        ("1. Find three people.\n2. Meet them two times.\n3. Write it down.", 2),
        ("1. Find three people.\n2. Something else entirely.\n3. Write it down.", 2),
    ],
)
def test_a_citation_follows_its_step(desk, english, page, note, how, number):
    cite(desk, page, note)
    edit_steps(desk, page, how)
    assert "They met twice" in step(english, number)
    shown = english.get("/practices/small-groups?text=en&lang=en").text
    assert shown.split("Seen in:")[1:][0].count("They met twice")
    assert shown.count("Seen in:") == 1


@pytest.mark.parametrize("how", ["1. Find three people.\n2. Write it down.", "In your own way."])
def test_of_a_step_that_is_gone_the_citation_stands_below_the_steps(desk, english, page, note, how):
    cite(desk, page, note)
    edit_steps(desk, page, how)
    shown = english.get("/practices/small-groups?text=en&lang=en").text
    part = shown.split('id="how"')[1].split("</section>")[0]
    assert "They met twice" in part
    assert "They met twice" not in part.split("</ol>")[0] or "<ol" not in part


def test_a_second_language_that_catches_up_moves_nothing(desk, english, page, note):
    tell = f"/practices/{page.id}/translate/zh"
    zh = "1. 找三个人。\n2. 见两次面。\n3. 写下来。"
    told = {**fields_of(desk, tell), "title": "小组", "summary": "从小组开始。", "how": zh}
    assert desk.post(tell, data={**told, "act": "publish"}).status_code == 303
    cite(desk, page, note)
    edit = f"/practices/{page.id}/edit?text=zh"
    ahead = {**fields_of(desk, edit), "how": "1. 先问。\n2. 找三个人。\n3. 见两次面。\n4. 写下来。"}
    assert desk.post(edit, data={**ahead, "act": "publish"}).status_code == 303
    shown = english.get("/practices/small-groups?text=zh&lang=en").text
    assert "They met twice" in shown.split("见两次面")[1].split("</li>")[0]
    edit_steps(desk, page, "1. Ask.\n2. Find three people.\n3. Meet them twice.\n4. Write it down.")
    assert "They met twice" in step(english, 3)


def test_an_earlier_state_that_is_restored_brings_its_citations_along(desk, english, page, note):
    cite(desk, page, note)
    edit_steps(desk, page, "1. Meet them twice.\n2. Find three people.\n3. Write it down.")
    assert "They met twice" in step(english, 1)
    old = f"/entries/{page.id}/revisions/2"
    assert desk.post(f"{old}/restoration?text=en").status_code == 303
    assert "They met twice" in step(english, 2)


def test_marks_of_the_editors_follow_their_steps(desk, english, make, start):
    put_sources(by=SYSTEM, drafts=[SourceDraft("editors", {"en": "Editors"}, "", {})], digests={})
    page = start(
        make.term("small-groups", name="Small groups"),
        sections={"how": STEPS},
        sources=[("editors", "how 1, 3")],
    )
    edit_steps(desk, page, "1. Ask first.\n2. Find three people.\n3. Meet them twice.\n4. Go.")
    marked = ["editors’ own" in step(english, number) for number in range(1, 5)]
    assert marked == [False, True, False, False]


def test_only_curators_cite(page, note, app, make):
    member = make.signed_in(app.test_client(), make.user())
    assert member.get(f"/practices/{page.id}/evidence/").status_code == 403
    assert cite(member, page, note).status_code == 403


def test_a_page_asks_as_often_for_many_citations_as_for_one(desk, english, page, make, strategy):
    def some(count):
        for number in range(count):
            note = make.note(title=f"Note {number}", strategies=[strategy])
            db.session.commit()
            cite(desk, page, note, at=f"how {number % 3 + 1}")

    some(1)
    for path in ("/practices/small-groups?text=en", f"/practices/{page.id}/evidence/"):
        desk.get(path)
    with counted() as one:
        desk.get("/practices/small-groups?text=en")
        desk.get(f"/practices/{page.id}/evidence/")
    some(6)
    for path in ("/practices/small-groups?text=en", f"/practices/{page.id}/evidence/"):
        desk.get(path)
    with counted() as many:
        desk.get("/practices/small-groups?text=en")
        desk.get(f"/practices/{page.id}/evidence/")
    assert len(many) == len(one)
