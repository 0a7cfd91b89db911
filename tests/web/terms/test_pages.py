"""Pages of the vocabulary: all lists, one list, one term, in both languages."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from cop.entries import operations as entries, queries as entry_queries
from cop.exchange.starter import load_starter
from cop.people.viewer import SYSTEM
from cop.terms.draft import TermDraft
from cop.terms.operations import put_term
from tests.make import Make

EN = {"Accept-Language": "en"}
ZH = {"Accept-Language": "zh-CN"}


@pytest.fixture
def starter() -> None:
    """Load the starter content."""
    load_starter()


def text(client: FlaskClient, url: str, headers: dict[str, str] = EN) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return html.unescape(response.text)


@pytest.mark.usefixtures("starter")
class TestTermPage:
    def test_it_shows_both_names_each_in_its_language(self, client: FlaskClient):
        page = text(client, "/terms/strategy/open-space")
        assert '<span lang="en">Open Space' in page
        assert 'lang="zh-Hans">开放空间' in page
        page = text(client, "/terms/strategy/open-space", ZH)
        assert '<h1><span lang="zh-Hans">开放空间' in page

    def test_it_shows_definition_other_names_and_the_whole_citation(self, client: FlaskClient):
        page = text(client, "/terms/strategy/first-in-command")
        assert "Taking a proposal straight to the person who holds decision power" in page
        assert "FIC" in page
        assert '<dd lang="zh-Latn">yi ba shou' in page
        assert '<dd lang="zh-Hant">找主要領導' in page
        assert "New strategies of civil society in China: a case study" in page

    def test_pinyin_is_not_shown_as_english(self, client: FlaskClient):
        page = text(client, "/terms/strategy/first-in-command")
        english = re.search(r'<dd lang="en">([^<]*)</dd>', page)
        assert english is not None
        assert "yibashou" not in english[1]

    def test_it_lists_the_notes_that_carry_it(self, client: FlaskClient):
        page = text(client, "/terms/strategy/open-space")
        assert "Case notes with this term" in page
        assert "/notes/" in page

    def test_a_place_lists_the_notes_of_places_in_it(self, client: FlaskClient):
        page = text(client, "/terms/place/beijing")
        assert "Going straight to the person in charge" in text_of_all(
            client, "/terms/place/beijing"
        )
        assert 'href="/terms/place/beijing-daxing"' in page

    def test_an_outcome_lists_the_notes_that_went_so(self, client: FlaskClient):
        assert "/notes/" in text(client, "/terms/outcome/failed")

    def test_a_term_nobody_used_says_so_and_offers_to_write(self, client: FlaskClient):
        page = text(client, "/terms/place/qinghai")
        assert "No case note carries this term yet" in page
        assert 'href="/notes/new"' in page

    def test_a_hidden_note_vanishes_from_its_terms(self, client: FlaskClient, make: Make):
        entry = entry_queries.by_key("jianguomen-open-space")
        assert entry is not None
        title = next(told.title for told in entry.texts if told.lang == "en")
        assert title in text_of_all(client, "/terms/strategy/open-space")
        entries.hide(by=make.member("moderator"), entry_id=entry.id, reason="a test")
        assert title not in text_of_all(client, "/terms/strategy/open-space")

    def test_a_term_asked_for_in_another_list_leads_to_its_own(self, client: FlaskClient):
        response = client.get("/terms/sector/open-space")
        assert (response.status_code, response.location) == (301, "/terms/strategy/open-space")

    def test_a_merged_term_leads_to_what_it_was_merged_into(self, client: FlaskClient):
        old = TermDraft("old", "strategy", {"en": "Old"}, merged_into="open-space")
        put_term(by=SYSTEM, draft=old)
        response = client.get("/terms/strategy/old")
        assert (response.status_code, response.location) == (301, "/terms/strategy/open-space")

    @pytest.mark.parametrize(
        "url", ["/terms/strategy/nothing", "/terms/nothing/", "/terms/strategy/%00", "/terms/%00/"]
    )
    def test_what_does_not_exist_is_not_found(self, client: FlaskClient, url: str):
        assert client.get(url).status_code == 404


def text_of_all(client: FlaskClient, url: str) -> str:
    """Return all pages of a list, following its links to older entries."""
    pages, following = [], url
    while following:
        page = text(client, following)
        pages.append(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        following = older[1] if older else ""
    return "\n".join(pages)


@pytest.mark.usefixtures("starter")
class TestLists:
    def test_all_lists_stand_on_one_page_with_the_number_of_their_terms(self, client: FlaskClient):
        page = text(client, "/terms/")
        assert "39 terms" in page
        assert page.count('<a class="term"') == 167

    def test_two_lists_have_the_name_of_what_they_stand_for(self, client: FlaskClient):
        page = text(client, "/terms/")
        assert "Legal form" in page
        assert "Stakeholders" in page
        assert "Registration status" not in page

    def test_a_list_shows_places_inside_their_places(self, client: FlaskClient):
        page = text(client, "/terms/place/")
        assert page.index("/terms/place/beijing") < page.index("/terms/place/beijing-daxing")
        assert "Registration status" not in text(client, "/terms/registration/")

    def test_pages_are_light(self, client: FlaskClient):
        for url in ("/terms/", "/terms/place/", "/terms/strategy/", "/terms/place/china"):
            response = client.get(url, headers=EN | {"Accept-Encoding": "gzip"})
            assert len(response.data) < 60_000

    def test_every_page_of_the_vocabulary_opens_in_both_languages(self, client: FlaskClient):
        links = set(re.findall(r'href="(/terms/[^"?]+)"', text(client, "/terms/")))
        assert len(links) > 167
        for url in sorted(links)[::7]:
            for headers in (EN, ZH):
                assert client.get(url, headers=headers).status_code == 200


def test_an_empty_vocabulary_says_so(client: FlaskClient):
    assert "There are no terms yet" in text(client, "/terms/")
