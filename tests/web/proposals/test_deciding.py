"""Deciding about proposals: nobody's words vanish, nothing is applied to a text it was not made for unsaid."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.moderation import curating
from cop.practices.models import Practice
from cop.proposals.models import Proposal
from cop.web.filters import here
from tests.counting import counted
from tests.web.proposals.conftest import SECTIONS, decide, fields_of, propose, published


def state_of(number: int) -> Proposal:
    db.session.expire_all()
    return db.session.get_one(Proposal, number)


def test_a_curator_accepts_and_the_history_names_who_proposed(desk, page, curator):
    number = propose(desk, page, pitfalls="It may tire.")
    assert decide(curator, number).status_code == 303
    assert published(page).sections["pitfalls"] == "It may tire."
    assert state_of(number).state == "accepted"
    history = curator.get(f"/entries/{page.id}/history").text
    assert "Invented Proposer" in history
    assert "From our own year with it." in history


def test_a_curator_amends_and_it_is_said(desk, page, curator):
    number = propose(desk, page, pitfalls="It may tyre.")
    decide(curator, number, pitfalls="It may tire.", reason="One letter.")
    assert published(page).sections["pitfalls"] == "It may tire."
    assert state_of(number).state == "amended"
    assert "One letter." in desk.get(f"/proposals/{number}").text


def test_an_amended_proposal_shows_what_the_curator_changed(desk, page, enter, make, curator):
    number = propose(desk, page, pitfalls="It may tire.")
    decide(curator, number, pitfalls="It may tire of itself.")
    shown = desk.get(f"/proposals/{number}").text
    assert "of itself" in shown.split("What the curator changed")[1]
    plain = propose(desk, page, how="x y z")
    decide(curator, plain)
    assert "What the curator changed" not in desk.get(f"/proposals/{plain}").text
    late = propose(enter(make.user()), page, dissent="Some doubt it.")
    decide(curator, propose(desk, page, how="One. Two."))
    decide(curator, late, dissent="Some do.")
    assert "What the curator changed" not in desk.get(f"/proposals/{late}").text


def test_the_history_says_who_let_it_through_and_whether_she_changed_it(
    desk, page, curator, client
):
    first = propose(desk, page, pitfalls="It may tire.")
    decide(curator, first)
    second = propose(desk, page, pitfalls="It may tire, or close.")
    decide(curator, second, pitfalls="It may tire, or close itself.", reason="Clearer.")
    history = curator.get(f"/entries/{page.id}/history?text=en").text
    assert "Accepted by Invented Curator" in history
    assert "Amended and accepted by Invented Curator" in history
    assert f"/proposals/{second}" in history
    outside = client.get(f"/entries/{page.id}/history?text=en&lang=en").text
    assert "Amended and accepted by Invented Curator" in outside
    assert "/proposals/" not in outside


def test_the_history_asks_as_often_for_many_as_for_one(desk, page, curator):
    decide(curator, propose(desk, page, pitfalls="It may tire."))
    with counted() as first:
        curator.get(f"/entries/{page.id}/history?text=en")
    for number in range(4):
        decide(curator, propose(desk, page, pitfalls=f"It may tire {number} times."))
    with counted() as many:
        curator.get(f"/entries/{page.id}/history?text=en")
    assert len(many) <= len(first)


def test_a_curator_declines_with_a_reason_that_the_proposer_reads(desk, page, curator):
    number = propose(desk, page, how="Just do it.")
    assert decide(curator, number, "decline").status_code == 422
    assert decide(curator, number, "decline", reason="It rests on nothing.").status_code == 303
    assert published(page).sections == SECTIONS
    shown = desk.get(f"/proposals/{number}").text
    assert "It rests on nothing." in shown
    assert "Just do it." in shown


def test_only_curators_decide_and_not_about_their_own(desk, page, enter, make, curator):
    number = propose(desk, page, how="x")
    for grants in ([], ["trainer"]):
        browser = enter(make.user(grants=grants))
        assert browser.post(f"/proposals/{number}/decision", data={}).status_code == 404
    own = propose(curator, page, how="Mine")
    form = {"version": "1", "act": "accept", "onto": str(published(page).id)}
    assert curator.post(f"/proposals/{own}/decision", data=form).status_code in (403, 422)
    assert state_of(own).state == "open"


def test_changes_in_different_places_go_together_and_it_is_said(desk, page, enter, make, curator):
    first = propose(desk, page, pitfalls="It may tire.")
    second = propose(enter(make.user()), page, summary="Begin small.")
    decide(curator, first)
    shown = curator.get(f"/proposals/{second}").text
    assert "The page was changed since this was proposed" in shown
    decide(curator, second)
    now = published(page).sections
    assert (now["pitfalls"], now["summary"]) == ("It may tire.", "Begin small.")


def test_changes_of_one_passage_clash_and_both_are_shown(desk, page, enter, make, curator):
    first = propose(desk, page, pitfalls="It may tire.")
    second = propose(enter(make.user()), page, pitfalls="It may split.")
    decide(curator, first)
    shown = curator.get(f"/proposals/{second}").text
    assert "In the same passage, in: Pitfalls" in shown
    assert "tire" in re.sub("<[^>]+>", "", shown)
    decide(curator, second, pitfalls="It may tire or split.")
    assert published(page).sections["pitfalls"] == "It may tire or split."


def test_a_page_that_changes_while_a_curator_looks_is_not_overwritten(
    desk, page, enter, make, curator
):
    first = propose(desk, page, pitfalls="It may tire.")
    second = propose(enter(make.user()), page, pitfalls="It may split.")
    opened = fields_of(curator, f"/proposals/{second}")
    decide(curator, first)
    late = curator.post(
        f"/proposals/{second}/decision",
        data={**opened, "pitfalls": "Typed by the curator", "act": "accept"},
    )
    assert late.status_code == 409
    assert "Typed by the curator" in late.text
    assert published(page).sections["pitfalls"] == "It may tire."


def test_two_curators_at_once_decide_once(desk, page, enter, make, curator):
    number = propose(desk, page, how="x y z")
    other = enter(make.user(grants=["curator"]))
    opened = fields_of(other, f"/proposals/{number}")
    decide(curator, number)
    late = other.post(
        f"/proposals/{number}/decision", data={**opened, "act": "decline", "reason": "No"}
    )
    assert late.status_code == 409
    assert state_of(number).state == "accepted"
    assert "has been decided meanwhile" in late.text
    assert ">No</textarea>" in late.text


def test_words_of_a_curator_who_comes_too_late_are_there_to_be_copied(
    desk, page, enter, make, curator
):
    number = propose(desk, page, how="x y z")
    opened = fields_of(enter(make.user(grants=["curator"])), f"/proposals/{number}")
    other = enter(make.user(grants=["curator"]))
    decide(curator, number)
    sent = {**opened, "act": "accept", "how": "x y z, and a fourth letter"}
    late = other.post(f"/proposals/{number}/decision", data=sent).text
    assert "x y z, and a fourth letter</textarea>" in late
    plain = other.post(f"/proposals/{number}/decision", data={**opened, "act": "accept"}).text
    assert "Nothing of yours was lost." in plain


def test_a_remark_on_what_was_decided_meanwhile_keeps_its_words(desk, page, curator):
    number = propose(desk, page, how="x y z")
    decide(curator, number)
    sent = {"form_key": "late", "body": "But one more thing."}
    late = desk.post(f"/proposals/{number}/remarks", data=sent)
    assert late.status_code == 422
    assert "This proposal is decided" in late.text
    assert "But one more thing.</textarea>" in late.text


def test_a_proposal_changed_meanwhile_is_looked_at_again(desk, page, curator):
    number = propose(desk, page, how="First words")
    opened = fields_of(curator, f"/proposals/{number}")
    changed = fields_of(desk, f"/proposals/{number}/edit")
    desk.post(f"/proposals/{number}/edit", data={**changed, "how": "Second words"})
    late = curator.post(f"/proposals/{number}/decision", data={**opened, "act": "accept"})
    assert late.status_code == 409
    assert published(page).sections == SECTIONS


def test_proposer_and_curator_talk_and_others_do_not(desk, page, enter, make, curator):
    number = propose(desk, page, how="x")
    for browser, words in ((curator, "Where from?"), (desk, "From the minutes.")):
        form = fields_of(browser, f"/proposals/{number}")
        sent = {"form_key": form.get("form_key", words), "body": words}
        assert browser.post(f"/proposals/{number}/remarks", data=sent).status_code == 303
    shown = enter(make.user()).get(f"/proposals/{number}").text
    assert shown.index("Where from?") < shown.index("From the minutes.")
    other = enter(make.user())
    sent = {"form_key": "other", "body": "Me too"}
    assert other.post(f"/proposals/{number}/remarks", data=sent).status_code == 403


def test_what_waits_stands_in_the_queue_until_it_is_decided(desk, page, curator, enter, make):
    number = propose(desk, page, how="x")
    assert "/moderation/pages" in curator.get("/moderation/").location
    queue = curator.get("/moderation/pages").text
    assert f"/proposals/{number}" in queue
    assert "Small groups" in queue
    decide(curator, number)
    assert f"/proposals/{number}" not in curator.get("/moderation/pages").text
    assert enter(make.user()).get("/moderation/pages").status_code == 404


def test_a_curator_takes_an_item_on_and_others_see_it(desk, page, enter, make, curator):
    number = propose(desk, page, how="x")
    subject = {"subject": f"proposal:{number}"}
    curator.post("/moderation/pages/claims", data=subject)
    other = enter(make.user(name="Second Curator", grants=["curator"]))
    assert "Invented Curator is at work on this" in other.get("/moderation/pages").text
    other.post("/moderation/pages/claims", data=subject)
    assert "Invented Curator is at work on this" in other.get("/moderation/pages").text
    curator.post("/moderation/pages/claims", data={**subject, "act": "release"})
    other.post("/moderation/pages/claims", data=subject)
    assert "Second Curator is at work on this" in curator.get("/moderation/pages").text


def test_the_queue_is_paged_oldest_first(page, enter, make, curator):
    for number in range(23):
        propose(enter(make.user()), page, how=f"Words {number}")
    first = curator.get("/moderation/pages").text
    after = re.search(r'href="(/moderation/pages\?after=[^"]+)"', first)
    assert after is not None
    rest = curator.get(after[1].replace("&amp;", "&")).text
    found = re.findall(r'href="/proposals/(\d+)" lang', first + rest)
    assert [int(one) for one in found] == sorted({int(one) for one in found})
    assert len(found) == 23


def test_the_proposer_is_told_with_the_reason_and_led_there(desk, page, curator, run_jobs):
    number = propose(desk, page, how="Just do it.")
    decide(curator, number, "decline", reason="It rests on nothing.")
    run_jobs()
    told = desk.get("/notices/").text
    assert "A curator has declined what you proposed." in told
    assert "It rests on nothing." in told
    assert f'href="/proposals/{number}"' in told


def test_proposer_and_curator_are_told_what_the_other_said(desk, page, curator, run_jobs):
    number = propose(desk, page, how="x")
    for browser, words in ((curator, "Where from?"), (desk, "From the minutes.")):
        browser.post(f"/proposals/{number}/remarks", data={"form_key": words, "body": words})
        run_jobs()
    for browser in (desk, curator):
        assert f'href="/proposals/{number}"' in browser.get("/notices/").text


@pytest.mark.parametrize(("days", "waits"), [(-1, True), (0, True), (1, False)])
def test_a_page_waits_for_its_review_from_its_day_on(page, curator, days, waits):
    day = here(clock.now()).date() + timedelta(days=days)
    db.session.get_one(Practice, page.id).review_by = day
    db.session.commit()
    found = curator.get("/moderation/pages?sort=reviews").text
    assert (f"/practices/{page.id}/grade" in found) == waits
    assert ("Reviews due: 1" in found) == waits


@pytest.mark.parametrize("size", [1, 2, 3])
def test_what_waits_since_the_same_moment_is_paged_to_its_end(
    page, enter, make, curator, monkeypatch, time_machine, size
):
    monkeypatch.setattr(curating, "PAGE_SIZE", size)
    day = here(clock.now()).date() - timedelta(days=1)
    db.session.get_one(Practice, page.id).review_by = day
    time_machine.move_to(datetime(day.year, day.month, day.day, tzinfo=UTC), tick=False)
    made = [propose(enter(make.user()), page, how=f"Words {number}") for number in range(12)]
    time_machine.move_to(clock.now() + timedelta(days=2))
    seen, address = [], "/moderation/pages"
    while address and len(seen) <= len(made):
        text = curator.get(address).text
        seen += re.findall(r'href="(/proposals/\d+|/practices/\d+/grade)" lang', text)
        after = re.search(r'rel="next" href="([^"]+)"', text)
        address = after[1].replace("&amp;", "&") if after else ""
    assert seen == [*(f"/proposals/{one}" for one in made), f"/practices/{page.id}/grade"]


@pytest.mark.parametrize("after", ["x", "2026-01-01", "2026-01-01T00:00:00+00:00", "||", "9|9|9"])
def test_a_made_up_place_in_the_queue_is_no_error(page, curator, after):
    assert curator.get("/moderation/pages", query_string={"after": after}).status_code == 200


def test_who_is_at_work_on_it_stands_where_it_is_decided(desk, page, enter, make, curator):
    number = propose(desk, page, how="x")
    address = f"/proposals/{number}"
    claims, subject = "/moderation/pages/claims", {"subject": f"proposal:{number}"}
    answer = curator.post(claims, data={**subject, "next": address})
    assert answer.location == address
    assert "You are at work on this" in curator.get(address).text
    other = enter(make.user(grants=["curator"]))
    assert "Invented Curator is at work on this" in other.get(address).text
    assert "at work" not in desk.get(address).text
    assert curator.post(claims, data={**subject, "next": "//elsewhere"}).location.endswith("/pages")
    curator.post(claims, data={**subject, "act": "release", "next": address})
    assert "Take it on" in other.get(address).text
    decide(curator, number)
    assert "Take it on" not in other.get(address).text
