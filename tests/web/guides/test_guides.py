"""Guides: proposed by members, published and edited by curators, read with their contents, found in a list."""

from __future__ import annotations

import re

import pytest

from cop.entries import queries as entries
from cop.guides import queries as guides
from cop.people.viewer import VISITOR
from tests.counting import assert_constant_queries, counted
from tests.web.guides.conftest import BODY
from tests.web.proposals.conftest import decide, fields_of, propose, published

NEW = {
    "title": "How to open a bank account",
    "summary": "For groups just registered.",
    "body": "## Papers\n\nThe licence.\n\n## The visit\n\nTwo people go.",
    "note": "We did it twice last year",
}


def proposed(desk, address="/proposals/new/guide", **changes):
    """Propose a guide through the form; return the number of the proposal."""
    answer = desk.post("/proposals/new/guide", data={**fields_of(desk, address), **NEW, **changes})
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def newest():
    page = entries.page(guides.index(VISITOR, guides.GuideFilter()), older=None, newer=None)
    return page.items[0] if page.items else None


def test_a_member_proposes_a_guide_and_stands_under_it_once_a_curator_accepts(
    desk, curator, english
):
    number = proposed(desk)
    assert newest() is None
    assert decide(curator, number).status_code == 303
    made = newest()
    shown = english.get(f"/guides/{made.id}", follow_redirects=True).text
    assert "How to open a bank account" in shown
    assert "Two people go." in shown
    assert "Invented Proposer" in shown
    history = english.get(f"/entries/{made.id}/history").text
    assert "Invented Proposer" in history


def test_a_guide_begun_at_a_term_carries_it(desk, curator, make):
    term = make.term("licences", name="Licences")
    decide(curator, proposed(desk, f"/proposals/new/guide?terms={term.key}"))
    assert [ref.key for ref in guides.terms_carried(newest())] == ["licences"]


@pytest.mark.parametrize("missing", ["title", "summary", "body"])
def test_what_a_guide_needs_is_asked_for_and_the_rest_is_kept(desk, missing):
    fields = {**fields_of(desk, "/proposals/new/guide"), **NEW, missing: ""}
    answer = desk.post("/proposals/new/guide", data=fields)
    assert answer.status_code == 422
    kept = next(value for name, value in NEW.items() if name not in (missing, "body"))
    assert kept in answer.text


def test_a_guide_about_no_such_term_is_not_found(desk):
    assert desk.get("/proposals/new/guide?terms=nothing").status_code == 404


def test_its_headings_are_listed_and_lead_to_their_places(english, write):
    entry = write()
    shown = english.get(f"/guides/{entry.id}", follow_redirects=True).text
    for place, words in (("part-1", "Before you begin"), ("part-3", "Copies")):
        assert re.search(rf'href="#{place}"[^>]*>{words}<', shown)
        assert re.search(rf'<h[34] id="{place}">{words}<', shown)


def test_words_that_look_like_markup_stay_words_in_the_contents(english, write):
    entry = write(body="## `<b>` & more\n\nx\n\n## <script>alert(1)</script>\n\ny")
    shown = english.get(f"/guides/{entry.id}", follow_redirects=True).text
    assert "<script>alert" not in shown
    assert "&lt;b&gt; &amp; more</a>" in shown


def test_a_short_guide_needs_no_contents(english, write):
    entry = write(body="Just ask.")
    assert 'href="#part-1"' not in english.get(f"/guides/{entry.id}", follow_redirects=True).text


def test_a_wrong_slug_leads_to_the_right_one(english, write):
    entry = write()
    answer = english.get(f"/guides/{entry.id}-wrong?text=en")
    assert answer.status_code == 301
    assert answer.location.endswith(f"/guides/{entry.id}-how-to-register?text=en")


def test_edits_are_proposed_whole_or_of_the_text_alone(desk, curator, write):
    entry = write()
    number = propose(desk, entry, body=BODY + "\n\nAnd a stamp.")
    decide(curator, number)
    assert published(entry).sections["body"].endswith("And a stamp.")


def test_a_curator_edits_a_guide_and_chooses_its_terms(curator, write, make):
    make.term("licences", name="Licences")
    entry = write()
    fields = fields_of(curator, f"/guides/{entry.id}/edit?text=en")
    sent = {**fields, "summary": "Shorter.", "terms": ["licences"], "act": "publish"}
    assert curator.post(f"/guides/{entry.id}/edit", data=sent).status_code == 303
    assert published(entry).sections["summary"] == "Shorter."
    assert [ref.key for ref in guides.terms_carried(entry)] == ["licences"]


def test_two_curators_who_change_one_passage_see_both_texts(curator, write, enter, make):
    entry = write()
    other = enter(make.user(name="Other Curator", grants=["curator"]))
    address = f"/guides/{entry.id}/edit"
    mine, theirs = (fields_of(who, f"{address}?text=en") for who in (curator, other))
    other.post(address, data={**theirs, "summary": "Theirs.", "act": "publish"})
    answer = curator.post(address, data={**mine, "summary": "Mine.", "act": "publish"})
    assert answer.status_code == 409
    words = re.sub(r"<[^>]+>", "", answer.text)
    assert "Theirs" in words
    assert "Mine" in words


def test_a_guide_is_told_in_the_other_language_and_restored(curator, write):
    entry = write()
    fields = fields_of(curator, f"/guides/{entry.id}/translate/zh")
    told = {"title": "怎样登记", "summary": "给想登记的团队。", "body": "先打电话。"}
    sent = {**fields, **told, "act": "publish"}
    assert curator.post(f"/guides/{entry.id}/translate/zh", data=sent).status_code == 303
    assert "怎样登记" in curator.get(f"/guides/{entry.id}?text=zh", follow_redirects=True).text
    changed = fields_of(curator, f"/guides/{entry.id}/edit?text=en")
    curator.post(
        f"/guides/{entry.id}/edit", data={**changed, "summary": "Worse.", "act": "publish"}
    )
    assert published(entry).sections["summary"] == "Worse."
    answer = curator.post(f"/entries/{entry.id}/revisions/1/restoration?text=en")
    assert answer.status_code == 303
    assert published(entry).sections["summary"] == "For groups that want a licence."


def test_members_edit_nothing_themselves(desk, write):
    entry = write()
    assert desk.get(f"/guides/{entry.id}/edit").status_code == 403
    assert desk.post(f"/guides/{entry.id}/edit", data={"title": "x"}).status_code == 403


def test_what_is_for_members_is_not_there_for_visitors(english, write, desk):
    entry = write("A members' guide", visibility="members")
    assert english.get(f"/guides/{entry.id}").status_code == 404
    assert "A members&#39; guide" not in english.get("/guides/").text
    assert "A members&#39; guide" in desk.get("/guides/").text


def test_the_list_is_narrowed_by_terms_and_language(english, write, make):
    place = make.term("zhejiang", scheme="place", name="Zhejiang")
    write("In Zhejiang", terms=(place,))
    write("Anywhere")
    narrowed = english.get("/guides/?place=zhejiang").text
    assert "In Zhejiang" in narrowed
    assert "Anywhere" not in narrowed
    assert "No guide matches all of this" in english.get("/guides/?text=zh").text


def test_the_list_is_paged_by_key_to_its_end(english, write):
    for number in range(23):
        write(f"Guide {number:02}.")
    found, address = set(), "/guides/"
    while address:
        page = english.get(address).text
        found |= set(re.findall(r"Guide \d\d\.", page))
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older.group(1).replace("&amp;", "&") if older else ""
    assert len(found) == 23


def test_the_list_costs_the_same_however_many_there_are(write, desk, make):
    term = make.term("licences", name="Licences")
    write(terms=(term,))
    desk.get("/guides/")
    with counted() as few:
        desk.get("/guides/")
    for number in range(8):
        write(f"Guide {number}", terms=(term,))
    with counted() as many:
        desk.get("/guides/")
    assert len(many) == len(few)


def test_a_guide_is_found_by_its_words_and_by_its_kind(english, write, index):
    write()
    index()
    page = english.get("/search?q=licence&kind=guide").text
    assert "How to register" in page
    assert "How to register" not in english.get("/search?q=licence&kind=note").text


def test_the_page_of_a_term_names_its_guides_and_only_those_for_the_reader(english, write, make):
    term = make.term("licences", name="Licences")
    write("For all", terms=(term,))
    write("For members", visibility="members", terms=(term,))
    shown = english.get("/terms/strategy/licences").text
    assert "For all" in shown
    assert "For members" not in shown


def test_it_can_be_watched_talked_about_and_discussed(desk, write):
    entry = write()
    assert desk.post(f"/entries/{entry.id}/watch", data={"level": "everything"}).status_code == 303
    assert desk.get(f"/discussions/new?about={entry.id}").status_code == 200
    said = fields_of(desk, f"/entries/{entry.id}/comments/new")
    answer = desk.post(f"/entries/{entry.id}/comments/", data={**said, "body": "Is it still so?"})
    assert answer.status_code == 303
    assert "Is it still so?" in desk.get(f"/guides/{entry.id}", follow_redirects=True).text


def test_its_page_and_the_list_cost_the_same_with_more_talk_and_more_guides(write, desk, make):
    entry = write(terms=(make.term("licences", name="Licences"),))
    author = make.user()

    def more(number):
        for one in range(number):
            make.comment(entry, by=author)
            write(f"Guide {number}-{one}")

    address = f"/guides/{entry.id}-how-to-register?text=en"
    assert_constant_queries(desk, address, grow=more, budget="guide")
    assert_constant_queries(desk, "/guides/", grow=more, budget="guides")
