"""Images and files belong to an entry, not to a language: whoever tells it in the other one describes them there."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.discussions.draft import DiscussionDraft, DiscussionFacts
from cop.discussions.operations import start_discussion
from cop.entries import queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.image_models import Attachment
from cop.entries.models import Visibility
from cop.notes.draft import NoteDraft, NoteFacts
from cop.notes.operations import post_note
from cop.people.viewer import SYSTEM
from cop.workshops.draft import WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from tests import papers
from tests.enclosures import enclosed
from tests.web.workshops.conftest import typed

OPEN = Signature(Visibility.PUBLIC)


@pytest.fixture
def author(make):
    """Return the account that writes."""
    return make.user(grants=["trainer"])


@pytest.fixture
def desk(app, make, author):
    """Return its browser."""
    client = make.signed_in(app.test_client(), author)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture(params=["note", "discussion", "workshop"])
def told(request, make, author):
    """Return an entry of each kind with an image, a decoration and a file, told in English alone."""
    by = make.viewer(author)
    image = make.image(by=by, alt="A full room")
    plain = replace(make.image(by=by), alt={}, decorative=True)
    file = enclosed(by, "plan.docx", papers.docx(), {"en": "The plan"}, "Invented Centre")
    entry = MADE[request.param](make, by, images=(image, plain), files=(file,))
    db.session.commit()
    return entry


def _note(make, by, **attached):
    facts = NoteFacts(
        outcome="worked", strategies=(make.term().key,), evidence="own-experience", **attached
    )
    return post_note(by=by, draft=NoteDraft((make.text(Lang.EN),), facts, OPEN))


def _discussion(make, by, **attached):
    facts = DiscussionFacts(space=make.space().key, form="question", **attached)
    text = TextDraft(Lang.EN, "A question", {"body": "Who has been there?"})
    return start_discussion(by=by, draft=DiscussionDraft((text,), facts, OPEN))


def _workshop(make, by, **attached):
    text = TextDraft(Lang.EN, "A workshop", {"for_whom": "Invented people"})
    return publish_workshop(by=by, draft=WorkshopDraft((text,), WorkshopFacts(**attached), OPEN))


MADE = {"note": _note, "discussion": _discussion, "workshop": _workshop}
#: What a telling of each kind needs.
WORDS = {
    "note": {
        "title": "一篇",
        "outcome_reason": "好",
        "what_happened": "来了",
        "what_we_learned": "学了",
    },
    "discussion": {"title": "一个问题", "body": "谁去过？"},
    "workshop": {"title": "一次工作坊", "for_whom": "虚构的人"},
}
PATH = {"note": "notes", "discussion": "discussions", "workshop": "workshops"}


def form_of(desk, entry):
    """Return where a telling is sent, and its fields with the words it needs."""
    where = f"/{PATH[entry.kind]}/{entry.id}/translate/zh"
    page = desk.get(where)
    assert page.status_code == 200
    return where, typed(page.text) | WORDS[entry.kind] | {"act": "publish"}, page.text


def facts_of(entry):
    """Return what the entry says of its images and files now."""
    facts = queries.latest_facts(queries.get(SYSTEM, entry.id)).facts
    images = [one.get("alt") for one in facts["images"].values()]
    return images, [
        (one["about"], one["licence"], one["source"]) for one in facts["files"].values()
    ]


def test_a_telling_shows_images_and_files_to_be_described_and_nothing_else(desk, told):
    _where, fields, page = form_of(desk, told)
    assert "A full room" in page
    assert "The plan" in page
    assert "plan.docx" in page
    assert "Only decoration" in page
    assert fields["image_alts"] == ["", ""]
    assert fields["enclosure_about"] == [""]
    for more in ('type="file"', 'name="image_gone"', 'name="enclosure_gone"', "<select"):
        assert more not in page[page.index("pic-list") :].partition("</ol>")[0], more


def test_what_is_said_in_the_second_language_stands_beside_the_first(desk, told):
    where, fields, _page = form_of(desk, told)
    fields |= {"image_alts": ["满屋子的人", ""], "enclosure_about": ["计划"]}
    assert desk.post(where, data=fields).status_code == 303
    assert facts_of(told) == (
        [{"en": "A full room", "zh-Hans": "满屋子的人"}, None],
        [({"en": "The plan", "zh-Hans": "计划"}, "cc-by-sa", "Invented Centre")],
    )
    address = f"/entries/{told.id}"
    chinese = desk.get(f"{address}?lang=zh", follow_redirects=True).text
    assert 'alt="满屋子的人"' in chinese
    assert "计划" in chinese
    english = desk.get(f"{address}?lang=en", follow_redirects=True).text
    assert 'alt="A full room"' in english


def test_what_is_left_empty_stands_in_the_first_language(desk, told):
    before = facts_of(told)
    where, fields, _page = form_of(desk, told)
    assert desk.post(where, data=fields).status_code == 303
    assert facts_of(told) == before
    shown = desk.get(f"/entries/{told.id}?lang=zh", follow_redirects=True).text
    assert 'alt="A full room" lang="en"' in shown


def test_a_telling_neither_takes_away_nor_adds_nor_changes_terms(desk, told, make):
    other = make.image(by=make.user(), alt="Somebody else's")
    where, fields, _page = form_of(desk, told)
    fields |= {
        "images": [str(other.id)],
        "image_alts": ["别人的"],
        "enclosure_licence": ["free"],
        "enclosure_source": ["Taken"],
        "enclosure_gone": fields["enclosures"],
    }
    before = facts_of(told)
    assert desk.post(where, data=fields).status_code == 303
    assert facts_of(told) == before
    assert db.session.get_one(Attachment, other.id).entry_id is None


def test_a_description_that_is_too_long_is_said_and_nothing_typed_is_lost(desk, told):
    where, fields, _page = form_of(desk, told)
    answer = desk.post(where, data=fields | {"image_alts": ["长" * 301, ""]})
    assert answer.status_code == 422
    assert "at most 300 characters" in answer.text
    again = typed(answer.text)
    assert again["image_alts"][0] == "长" * 301
    assert again["title"] == [WORDS[told.kind]["title"]]


def test_a_draft_of_a_telling_keeps_what_was_said_of_images(desk, told):
    where, fields, _page = form_of(desk, told)
    fields |= {"image_alts": ["满屋子的人", ""], "enclosure_about": ["计划"], "act": "draft"}
    assert desk.post(where, data=fields).status_code == 303
    link = re.search(r'href="(/drafts/\d+)"', desk.get("/drafts/").text)[1]
    kept = typed(desk.get(link, follow_redirects=True).text)
    assert kept["image_alts"] == ["满屋子的人", ""]
    assert kept["enclosure_about"] == ["计划"]


def test_the_editor_says_what_the_other_language_says_of_them(desk, told):
    where, fields, _page = form_of(desk, told)
    fields |= {"image_alts": ["满屋子的人", ""], "enclosure_about": ["计划"]}
    desk.post(where, data=fields)
    page = desk.get(f"/{PATH[told.kind]}/{told.id}/edit?text=en").text
    assert '<p class="hint" lang="zh-Hans">满屋子的人</p>' in page
    assert '<p class="hint" lang="zh-Hans">计划</p>' in page
