"""Images and files stand on paper with what they hang on: pictures as pictures, files by name and where they are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import attaching, image_removing, queries
from cop.entries.commenting import CommentDraft, post_comment
from cop.entries.draft import Image, TextDraft
from cop.people.viewer import SYSTEM
from cop.storage.images import Size
from cop.workshops.draft import Outside
from cop.workshops.operations import facts_now, publish
from tests import hostile, papers
from tests.counting import assert_all_constant
from tests.enclosures import add_files, enclosed
from tests.web.handouts.test_papers import page, words

CODE = 'aria-label="QR code of the address below"'


def picture(who, alt, zh=""):
    """Keep an image that can really be drawn."""
    sizes = [Size(300, 200, hostile.webp())]
    kept = attaching.keep(by=who, name="a.jpg", sizes=sizes)
    return Image(kept.id, {"en": alt, **({"zh-Hans": zh} if zh else {})})


def replied(make, talk, *, by=None):
    """Reply to a discussion with an image and a document, and return the reply."""
    who = make.viewer(by or make.user())
    image = picture(who, "A full room")
    file = enclosed(who, "minutes.docx", papers.docx(), {"en": "What was said"}, "Invented Centre")
    plain = replace(picture(who, ""), alt={}, decorative=True)
    draft = CommentDraft(Lang.EN, "It stands here.", None, (image, plain), (file,))
    return post_comment(by=who, entry_id=talk.id, draft=draft)


def illustrated(make, entry):
    """Let a workshop show an image that is described in both languages."""
    image = picture(make.viewer(entry.author), "A circle of chairs", zh="一圈椅子")
    told = queries.text_for(entry, Lang.EN)
    now = queries.current(told)
    publish(
        by=make.viewer(entry.author),
        entry=queries.get(SYSTEM, entry.id),
        text=told,
        draft=TextDraft(Lang.EN, now.title, now.sections),
        facts=replace(facts_now(entry), images=(image,)),
    )
    db.session.commit()
    return image


@pytest.fixture
def held(hold, make):
    """Return a workshop with an image, files, a discussion with a full reply, and pages elsewhere."""
    talk = make.discussion(title="Who has been there?")
    replied(make, talk)
    link = Outside("w", "https://example.org/a", "An invented page", "2026-05-31")
    endless = Outside("x", f"https://example.org/{'a' * 400}", "A page with an endless address")
    entry = hold(talk, links=(link, endless))
    add_files(queries.get(SYSTEM, entry.id))
    illustrated(make, queries.get(SYSTEM, entry.id))
    return entry


def part(html, name):
    """Return one part of a booklet."""
    start = html.index(f'id="{name}"')
    return html[start : html.index("</section>", start)]


def test_the_workshops_own_images_are_printed_with_what_they_show(english, held):
    shown = part(page(english, held), "images")
    assert re.search(r'<img src="/files/\d+/[\w.-]+" width="\d+" height="\d+"', shown)
    assert 'alt="A circle of chairs"' in shown
    both = part(page(english, held, query="?text=both"), "images")
    assert "一圈椅子" in both
    assert "A circle of chairs" in both
    assert both.count("<img") == 1


def test_files_stand_with_the_code_of_where_they_are(english, held):
    shown = part(page(english, held), "files")
    assert "会前三问.docx" in shown
    assert CODE in shown
    assert re.search(rf"<wbr>/entries<wbr>/{held.id}<", shown)


def test_what_hangs_on_a_reply_is_printed_with_it(english, held):
    html = page(english, held)
    reply = html[html.index('class="reply-told') :]
    reply = reply[: reply.index("</section>")]
    assert 'alt="A full room"' in reply
    for said in ("minutes.docx", "What was said", "Invented Centre", CODE):
        assert said in reply, said
    assert re.search(r"<wbr>/comments<wbr>/\d+<", reply)
    assert "minutes.docx" in words(page(english, held, query="?text=both"))


def test_pages_elsewhere_have_a_code_unless_their_address_is_endless(english, held):
    assert part(page(english, held), "elsewhere").count(CODE) == 1


def test_what_was_removed_is_not_printed(english, held, make):
    facts = facts_now(queries.get(SYSTEM, held.id))
    for one in (*facts.images, *facts.files):
        image_removing.remove_image(
            by=make.member("moderator"), attachment_id=one.id, reason="Invented"
        )
    db.session.commit()
    html = page(english, held)
    assert 'id="images"' not in html
    assert 'id="files"' not in html
    assert "会前三问" not in html


def test_whose_name_is_not_told_no_file_tells(english, make, hold):
    author = make.user(name="Invented Whistleblower")
    talk = make.discussion(by=author, name_mask="unnamed")
    replied(make, talk, by=author)
    html = page(english, hold(talk))
    assert "minutes.docx" in html
    assert "Whistleblower" not in html


def test_papers_ask_as_much_for_many_replies_with_files(english, hold, make):
    talks = []

    def grow(number):
        for _one in range(number):
            talk = make.discussion()
            replied(make, talk)
            talks.append(talk)
        grow.entry = hold(*talks)

    def at():
        return f"/workshops/{grow.entry.id}-an-invented-workshop/booklet"

    assert_all_constant([(english, at, "booklet")], grow=grow)
