"""Finding people by what they know: only members who chose it, only for members, only from what they signed."""

from __future__ import annotations

import re

import pytest

from cop.entries.models import NameMask
from cop.people.account_operations import Profile, change_profile
from tests.counting import counted


@pytest.fixture
def listed(make):
    """Return a function that makes somebody who can be found."""

    def one(name: str, *, listed: bool = True, **more: str):
        user = make.user(name=name)
        change_profile(by=make.viewer(user), profile=Profile(name, listed=listed, **more))
        return user

    return one


@pytest.fixture
def member(app, make):
    browser = make.signed_in(app.test_client(), make.user())
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def names_in(page: str) -> list[str]:
    return re.findall(r'<h2 class="as-h3"><a[^>]*>([^<]+)</a>', page)


def test_a_visitor_signs_in_before_the_list_of_people(client):
    answer = client.get("/people/")
    assert answer.status_code == 303
    assert "/login" in answer.location


def test_members_find_those_who_chose_it_and_nobody_else(member, listed):
    listed("Invented Found")
    listed("Invented Hidden", listed=False)
    assert names_in(member.get("/people/").text) == ["Invented Found"]


def test_names_in_both_scripts_stand_in_one_row_by_their_sound(member, listed):
    for name in ("Zhao Invented", "虚构的陈", "Invented Bo", "虚构的安"):
        listed(name)
    assert names_in(member.get("/people/").text) == [
        "Invented Bo",
        "虚构的安",
        "虚构的陈",
        "Zhao Invented",
    ]


@pytest.mark.parametrize("words", ["Invented Li", "register", "温州", "Invented Aid"])
def test_people_are_found_by_name_by_what_they_say_and_by_where_they_work(member, listed, words):
    listed(
        "Invented Li",
        ask_about="How to register an association",
        languages="普通话、温州话",
        organisation="Invented Aid",
    )
    listed("Somebody Else", ask_about="Open space")
    assert names_in(member.get("/people/", query_string={"q": words}).text) == ["Invented Li"]


@pytest.mark.parametrize("words", ["王建国", "建国", "wangjianguo", "jianguo", "WJG"])
def test_a_name_in_han_is_found_in_han_and_in_pinyin(member, listed, words):
    listed("王建国")
    listed("Somebody Else")
    assert names_in(member.get("/people/", query_string={"q": words}).text) == ["王建国"]


def test_a_term_finds_who_signed_a_note_that_carries_it_and_not_who_did_not_sign(
    member, make, listed
):
    strategy = make.term("open-space", name="Open space")
    signed, unnamed = listed("Invented Signer"), listed("Invented Shy")
    make.note(by=signed, strategies=[strategy])
    make.note(by=unnamed, strategies=[strategy], name_mask=NameMask.UNNAMED)
    page = member.get("/people/?term=open-space").text
    assert names_in(page) == ["Invented Signer"]
    beside = member.get("/terms/strategy/open-space").text
    assert "Invented Signer" in beside
    assert "Invented Shy" not in beside


def test_visitors_see_nobody_beside_a_term_or_an_organisation(client, make, listed):
    strategy = make.term("open-space")
    signed = listed("Invented Signer", organisation="Invented Aid")
    note = make.note(by=signed, strategies=[strategy], visibility="members")
    make.note(organisation_name="Invented Aid", strategies=[strategy])
    assert note.id
    for address in ("/terms/strategy/open-space", f"/organisations/{_home(signed)}"):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200
        assert "Invented Signer" not in answer.text


def test_an_organisation_shows_its_listed_members_to_members(member, listed):
    at_work = listed("Invented Colleague", organisation="Invented Aid")
    listed("Invented Unlisted", organisation="Invented Aid", listed=False)
    page = member.get(f"/organisations/{_home(at_work)}", follow_redirects=True).text
    assert "Invented Colleague" in page
    assert "Invented Unlisted" not in page


def _home(user) -> int:
    return user.organisation_id


def test_a_long_list_goes_on_by_name_and_asks_the_database_no_more_for_it(member, listed):
    for number in range(3):
        listed(f"Invented {number:02}")
    with counted() as few:
        member.get("/people/")
    for number in range(3, 40):
        listed(f"Invented {number:02}")
    with counted() as many:
        first = member.get("/people/").text
    assert len(many) == len(few)
    after = re.search(r'href="(/people/\?after=[^"]+)"', first)
    assert after is not None
    rest = member.get(after[1].replace("&amp;", "&")).text
    assert names_in(first) + names_in(rest) == [f"Invented {number:02}" for number in range(40)]


def test_a_term_that_is_none_is_not_found(member):
    assert member.get("/people/?term=no-such-term").status_code == 404


def test_nobody_found_leads_to_a_question_with_the_words_in_it(member):
    page = member.get("/people/?q=tea+ceremony").text
    assert "Nobody here matches this" in page
    assert "/discussions/new?title=tea+ceremony" in page


def test_what_somebody_says_of_herself_is_for_members_unless_she_opens_it(
    client, member, listed, make
):
    said = {"about": "I work on rivers", "ask_about": "Water levels", "languages": "Ubykh"}
    closed = listed("Invented Closed", organisation="Invented Aid", **said)
    marks = ["I work on rivers", "Water levels", "Ubykh", "Invented Aid"]
    make.note(by=closed)
    visitor = client.get(f"/people/{closed.handle}").text
    assert "Invented Closed" in visitor
    assert not [mark for mark in marks if mark in visitor]
    assert all(mark in member.get(f"/people/{closed.handle}").text for mark in marks)


def test_an_opened_profile_is_read_by_visitors(client, make):
    user = make.user(name="Invented Open")
    profile = Profile("Invented Open", ask_about="Water levels", opened=True)
    change_profile(by=make.viewer(user), profile=profile)
    make.note(by=user)
    assert "Water levels" in client.get(f"/people/{user.handle}").text


def test_a_profile_tells_what_she_knows_about_from_signed_notes_a_reader_may_open(
    client, member, make
):
    author = make.user(name="Invented Author")
    known, secret = make.term("open-space", name="Open space"), make.term("secret", name="Secret")
    inside = make.term("inside", name="Inside")
    make.note(by=author, strategies=[known], outcome="worked")
    make.note(by=author, strategies=[known], outcome="failed")
    make.note(by=author, strategies=[secret], name_mask=NameMask.UNNAMED)
    make.note(by=author, strategies=[inside], visibility="members")
    table = re.search(r"<table.*?</table>", client.get(f"/people/{author.handle}").text, re.DOTALL)
    assert table is not None
    assert "Open space" in table[0]
    assert table[0].count('<span class="vh">1 ') == 2
    assert "Secret" not in table[0]
    assert "Inside" not in table[0]
    assert "Inside" in member.get(f"/people/{author.handle}").text
