"""Pages of the vocabulary: all lists, one list, one term, in both languages."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from cop.core.db import db
from cop.entries import operations as entries, queries as entry_queries
from cop.people.viewer import SYSTEM
from cop.terms.draft import TermDraft
from cop.terms.operations import put_term
from tests.make import Make

EN = {"Accept-Language": "en"}
ZH = {"Accept-Language": "zh-CN"}


def text(client: FlaskClient, url: str, headers: dict[str, str] = EN) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return html.unescape(response.text)


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
def test_a_term_shows_names_definition_and_citation_each_in_its_language(client: FlaskClient):
    page = text(client, "/terms/strategy/first-in-command")
    assert '<h1><span lang="en">First-in-Command strategy</span>' in page
    assert 'lang="zh-Hans">一把手策略' in page
    assert "Taking a proposal straight to the person who holds decision power" in page
    assert '<dd lang="zh-Latn">yi ba shou' in page
    assert '<dd lang="zh-Hant">找主要領導' in page
    assert "New strategies of civil society in China: a case study" in page
    english = re.search(r'<dd lang="en">([^<]*)</dd>', page)
    assert english is not None
    assert "FIC" in english[1]
    assert "yibashou" not in english[1]
    page = text(client, "/terms/strategy/first-in-command", ZH)
    assert '<h1><span lang="zh-Hans">一把手策略' in page
    assert "把合作设想直接谈到对方单位有拍板权的人那里" in page


@pytest.mark.usefixtures("starter")
def test_a_term_lists_the_notes_that_carry_it_as_its_list_means_it(client: FlaskClient, make: Make):
    entry = entry_queries.by_key("jianguomen-open-space")
    assert entry is not None
    title = next(told.title for told in entry.texts if told.lang == "en")
    # A place holds the places in it; an outcome is a fact of the note.
    carrying = ("/terms/strategy/open-space", "/terms/place/beijing", "/terms/outcome/worked")
    for url in carrying:
        assert title in text_of_all(client, url), url
    assert 'href="/terms/place/beijing-daxing"' in text(client, "/terms/place/beijing")
    unused = text(client, "/terms/place/qinghai")
    assert "No case note carries this term yet" in unused
    assert 'href="/notes/new"' in unused
    entries.hide(by=make.member("moderator"), entry_id=entry.id, reason="a test")
    for url in carrying:
        assert title not in text_of_all(client, url), url


@pytest.mark.usefixtures("starter")
def test_all_lists_stand_on_one_light_page_and_all_of_it_opens(client: FlaskClient):
    page = text(client, "/terms/")
    assert "39 terms" in page
    assert page.count('<a class="term"') == 167
    assert "Legal form" in page
    assert "Stakeholders" in page
    assert "Registration status" not in page
    links = set(re.findall(r'href="(/terms/[^"?]+)"', page))
    assert len(links) == 12 + 167 + 1  # and the way to suggest one that is missing
    for url in [*sorted(links)[::9], "/terms/place/"]:
        for headers in (EN, ZH):
            response = client.get(url, headers=headers | {"Accept-Encoding": "gzip"})
            assert response.status_code == 200
            assert len(response.data) < 60_000
    places = text(client, "/terms/place/")
    assert places.index("/terms/place/beijing") < places.index("/terms/place/beijing-daxing")


def test_a_merged_term_and_one_of_another_list_lead_to_where_they_are(
    client: FlaskClient, make: Make
):
    make.term("open-space")
    put_term(by=SYSTEM, draft=TermDraft("old", "strategy", {"en": "Old"}, merged_into="open-space"))
    for url in ("/terms/strategy/old", "/terms/sector/open-space", "/terms/nothing/old"):
        response = client.get(url)
        assert (response.status_code, response.location) == (301, "/terms/strategy/open-space")


@pytest.mark.parametrize(
    "url", ["/terms/strategy/nothing", "/terms/nothing/", "/terms/strategy/%00", "/terms/%00/"]
)
def test_what_does_not_exist_is_not_found(client: FlaskClient, url: str):
    assert client.get(url).status_code == 404


def test_a_name_with_markup_in_it_is_only_text(client: FlaskClient, make: Make):
    make.term("odd", name="<script>alert(1)</script>")
    for url in ("/terms/", "/terms/strategy/", "/terms/strategy/odd"):
        assert "<script>alert" not in client.get(url).text


def test_a_page_costs_the_same_number_of_queries_however_many_terms_there_are(
    client: FlaskClient, make: Make
):
    def cost(url: str) -> int:
        sent: list[str] = []
        bind = db.session.get_bind()

        def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            if "SAVEPOINT" not in statement:
                sent.append(statement)

        event.listen(bind, "before_cursor_execute", note)
        assert client.get(url, headers=EN).status_code == 200
        event.remove(bind, "before_cursor_execute", note)
        return len(sent)

    urls = ("/terms/", "/terms/strategy/", "/terms/strategy/one")
    make.term("one")
    few = [cost(url) for url in urls]
    for number in range(20):
        make.term(f"more-{number}", broader="one")
    db.session.commit()
    assert [cost(url) for url in urls] == few


def test_an_empty_vocabulary_says_so(client: FlaskClient):
    assert "There are no terms yet" in text(client, "/terms/")
