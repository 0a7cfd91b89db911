"""Newcomers: what they make public first waits; it exists for nobody but them and the moderators until let through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden
from cop.core.types import Lang
from cop.entries import commenting, operations, queries
from cop.entries.draft import Signature
from cop.entries.models import Case, Comment, Decision, Entry, NameMask, Visibility
from cop.events.models import Event
from cop.notes.draft import NoteFacts
from cop.notes.revising import revise_note
from cop.people import operations as people, standing
from cop.people.models import User
from cop.people.viewer import SYSTEM
from tests.web.moderation.conftest import decide, only_case


@pytest.fixture
def newcomer(make):
    return make.user(handle="newcomer", name="Invented Newcomer", newcomer=True)


@pytest.fixture
def own(app, make, newcomer):
    return make.signed_in(app.test_client(), newcomer)


@pytest.fixture
def held(make, newcomer):
    """Return a first public note."""
    return make.note(by=newcomer, title="Firstnote of a newcomer")


@pytest.fixture
def remark(make, newcomer, note):
    """Return a first public comment."""
    return make.comment(note, "Firstremark of a newcomer", by=newcomer)


def status_of(row):
    return db.session.get(type(row), row.id).status


def test_a_first_public_note_exists_for_its_author_and_the_moderators_alone(
    client, desk, own, office, held
):
    assert status_of(held) == "held"
    for reader in (client, desk):
        assert reader.get(f"/notes/{held.id}").status_code == 404
        for path in ("/", "/notes/", "/people/newcomer", "/organisations/"):
            assert "Firstnote" not in reader.get(path).text
    page = own.get(f"/notes/{held.id}", follow_redirects=True).text
    assert "This waits for a moderator." in page
    assert 'id="comments"' not in page
    assert "Waits for a moderator" in own.get("/drafts/").text
    assert "Firstnote" in office.get("/moderation/?view=held").text
    assert "Firstnote" not in office.get("/notes/").text


def test_a_first_public_comment_leaves_no_trace_of_itself(client, desk, own, office, note, remark):
    before = db.session.get(Entry, note.id)
    assert (before.replies, before.version) == (0, 1)
    for reader in (client, desk):
        page = reader.get(f"/notes/{note.id}", follow_redirects=True).text
        assert "Firstremark" not in page
        assert f"comment-{remark.id}" not in page
        for path in (f"/comments/{remark.id}", f"/comments/{remark.id}/history"):
            assert reader.get(path).status_code == 404
        assert (
            reader.get(f"/notes/{note.id}-x?comment={remark.id}", follow_redirects=True).status_code
            == 404
        )
    for reader in (own, office):
        page = reader.get(f"/notes/{note.id}", follow_redirects=True).text
        assert "Firstremark" in page
        assert "This waits for a moderator." in page


def test_what_waits_is_not_searched_and_is_once_it_was_let_through(
    desk, office, held, note, remark, index
):
    index()
    for word in ("Firstnote", "Firstremark"):
        assert "Nothing found" in desk.get(f"/search?q={word}").text
    (case,) = db.session.scalars(select(Case).where(Case.comment_id.is_(None)))
    assert decide(office, case, item="approve").status_code == 303
    index()
    assert f"/notes/{held.id}" in desk.get("/search?q=Firstnote").text
    assert f"/notes/{note.id}" in desk.get("/search?q=Firstremark").text


def test_letting_one_through_lets_all_through_that_waits_under_her_name(
    make, newcomer, own, office, held, note, remark
):
    unnamed = make.note(by=newcomer, name_mask="unnamed")
    (case,) = db.session.scalars(select(Case).where(Case.comment_id == remark.id))
    page = office.get(f"/moderation/{case.id}").text
    assert "what else waits under her name" in page
    assert f"/entries/{held.id}" in page
    assert f"/entries/{unnamed.id}" not in page
    assert decide(office, case, item="approve").status_code == 303
    assert (status_of(held), status_of(remark)) == ("published", "published")
    assert status_of(unnamed) == "held"
    assert db.session.get(Entry, note.id).replies == 1
    assert status_of(make.note(by=newcomer)) == "published"
    told = own.get("/account/moderation").text
    assert "A moderator let this through" in told
    assert "You are no newcomer any more" in told
    verbs = db.session.scalars(select(Event.verb)).all()
    assert verbs.count("EntryPublished") == 3
    assert verbs.count("CommentPosted") == 1


def test_what_is_unnamed_is_let_through_by_itself(make, newcomer, office):
    unnamed = make.note(by=newcomer, name_mask="unnamed")
    other = make.note(by=newcomer)
    (case,) = db.session.scalars(select(Case).where(Case.entry_id == unnamed.id))
    page = office.get(f"/moderation/{case.id}").text
    assert "waits under her name" not in page
    assert "Invented Newcomer" not in page
    assert decide(office, case, item="approve").status_code == 303
    assert status_of(unnamed) == "published"
    assert status_of(other) == "held"
    assert db.session.get(User, newcomer.id).trusted_at is None
    assert "Invented Newcomer" not in office.get("/moderation/log").text


def test_what_is_not_let_through_keeps_its_reason_and_never_was_for_others(
    desk, own, office, held, note, remark
):
    for case in db.session.scalars(select(Case)).all():
        assert decide(office, case, item="refuse", ready="advertising").status_code == 303
    assert (status_of(held), status_of(remark)) == ("hidden", "refused")
    assert desk.get(f"/notes/{held.id}").status_code == 404
    page = desk.get(f"/notes/{note.id}", follow_redirects=True).text
    assert f"comment-{remark.id}" not in page
    assert "Removed" not in page
    for path in (f"/notes/{held.id}", f"/comments/{remark.id}"):
        page = own.get(path, follow_redirects=True).text
        assert "It advertises and shares no experience." in page
    office.post(f"/comments/{remark.id}/showing", data={"reason": "It does not after all"})
    office.post(f"/entries/{held.id}/unhiding", data={"reason": "It does not after all"})
    assert "Firstremark" in desk.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "Firstnote" in desk.get("/notes/").text


def test_its_author_edits_and_takes_back_what_waits(desk, own, office, note, remark, held):
    number = remark.id
    data = {"body": "Firstremark, better", "base": "1"}
    assert own.post(f"/comments/{remark.id}/edit", data=data).status_code == 303
    assert db.session.get(Entry, note.id).version == 1
    answer = own.post(f"/comments/{remark.id}/deletion", data={})
    assert answer.status_code == 303
    assert db.session.get(Comment, number) is None
    assert "Deleted by its author" not in desk.get(f"/notes/{note.id}", follow_redirects=True).text
    assert own.post(f"/entries/{held.id}/withdrawal", data={}).status_code == 303
    assert "Nothing waits" in office.get("/moderation/").text
    assert desk.get(f"/notes/{held.id}").status_code == 404
    assert own.post(f"/entries/{held.id}/return").status_code == 303
    assert status_of(held) == "held"
    assert "Firstnote" in office.get("/moderation/").text


def test_what_is_for_members_appears_at_once_and_waits_when_it_is_made_public(
    make, newcomer, desk, office
):
    made = make.note(by=newcomer, visibility="members", title="Firstnote for members")
    assert status_of(made) == "published"
    entry = queries.get(SYSTEM, made.id)
    now = queries.current(entry.texts[0])
    revise_note(
        by=make.viewer(newcomer),
        entry_id=made.id,
        base_id=now.id,
        draft=make.text(title=now.title, **now.sections),
        facts=NoteFacts.from_json(now.facts),
        signature=Signature(Visibility.PUBLIC, NameMask.SHOWN),
    )
    assert status_of(made) == "held"
    assert desk.get(f"/notes/{made.id}").status_code == 404
    published = made.published_at
    assert decide(office, only_case(), item="approve").status_code == 303
    assert db.session.get(Entry, made.id).opened_to == "public"
    assert db.session.get(Entry, made.id).published_at == published


def test_nobody_can_answer_flag_or_lead_to_what_waits(desk, note, remark, held):
    data = {"body": "An answer", "answers": str(remark.id)}
    assert desk.post(f"/entries/{note.id}/comments/", data=data).status_code in (404, 422)
    assert desk.post(f"/comments/{remark.id}/flags/", data={"reason": "rude"}).status_code == 404
    assert desk.post(f"/entries/{held.id}/comments/", data={"body": "x"}).status_code == 404


def test_a_member_who_is_known_vouches_and_a_new_one_cannot(app, make, desk, newcomer, held):
    profile = "/people/newcomer"
    assert "I vouch for her" not in desk.get(profile).text
    assert desk.post(f"{profile}/vouching").status_code == 403
    known = make.user(name="Invented Friend")
    friend = make.signed_in(app.test_client(), known)
    known.created_at = clock.now() - timedelta(days=31)
    assert "I vouch for her" not in friend.get(profile).text
    make.note(by=known)
    assert "I vouch for her" in friend.get(profile).text
    assert friend.post(f"{profile}/vouching").status_code == 303
    assert friend.post(f"{profile}/vouching").status_code == 303
    assert status_of(held) == "published"
    assert "I vouch for her" not in friend.get(profile).text
    assert len(db.session.scalars(select(Event).where(Event.verb == "MemberTrusted")).all()) == 1


def test_an_unnamed_note_makes_nobody_known(app, make, newcomer):
    known = make.user()
    known.created_at = clock.now() - timedelta(days=31)
    entry = make.note(by=known, name_mask="unnamed")
    make.comment(entry, by=known)
    friend = make.signed_in(app.test_client(), known)
    assert "I vouch" not in friend.get("/people/newcomer").text


def test_a_curator_vouches_at_once_and_nobody_for_herself(app, make, own, newcomer, held):
    curator = make.signed_in(app.test_client(), make.user(grants=["curator"]))
    assert own.post("/people/newcomer/vouching").status_code == 403
    assert curator.post("/people/newcomer/vouching").status_code == 303
    assert status_of(held) == "published"
    assert curator.post("/people/nobody/vouching").status_code == 404


def test_a_limited_member_waits_with_everything_until_the_day(make, desk, office):
    member = make.user(handle="limited", name="Invented Limited")
    from cop.moderation import flagging

    flagged = flagging.flag(
        by=make.member(), entry_id=make.note(by=member).id, reason="rude", words=""
    )
    case = db.session.get(Case, flagged.case_id)
    assert decide(office, case, person="limit", days="30", ready="rude").status_code == 303
    first = make.note(by=member, visibility="members")
    assert status_of(first) == "held"
    second = make.comment(make.note(visibility="members"), by=member)
    assert status_of(second) == "held"
    (waits,) = db.session.scalars(select(Case).where(Case.entry_id == first.id))
    assert decide(office, waits, item="approve").status_code == 303
    assert (status_of(first), status_of(second)) == ("published", "held")
    assert "Invented Limited" in office.get("/moderation/people").text
    lifted = f"/moderation/people/{member.id}"
    assert office.post(lifted, data={}).status_code == 422
    assert office.post(lifted, data={"reason": "She wrote to us"}).status_code == 303
    assert status_of(make.note(by=member)) == "published"
    assert "Nobody is limited" in office.get("/moderation/people").text
    assert desk.get("/moderation/people").status_code == 404
    assert desk.post(lifted, data={"reason": "x"}).status_code == 404


def test_a_limit_ends_by_itself(make):
    member = make.user()
    standing.limit_until(
        member, clock.now() + timedelta(days=3), by=make.member("moderator"), reason="x"
    )
    assert status_of(make.note(by=member)) == "held"
    member.limited_until = clock.now() - timedelta(minutes=1)
    assert status_of(make.note(by=member)) == "published"


def test_who_flagged_reads_what_came_of_it_and_who_was_warned_reads_why(
    app, make, author, desk, office, note
):
    desk.post(f"/entries/{note.id}/flags/", data={"reason": "rude"})
    assert "Nobody has looked at it yet." in desk.get("/account/moderation").text
    decide(office, only_case(), person="warn", ready="rude", reason="Paragraph three")
    page = desk.get("/account/moderation").text
    assert "It was looked at, and it stays." in page
    warned = make.signed_in(app.test_client(), author).get("/account/moderation").text
    assert "A moderator warns you." in warned
    assert "Please keep to the matter. Paragraph three" in warned
    assert "keeps it" not in warned


def test_roles_invitations_and_settings_make_no_newcomers(make, app):
    from cop.people.joining import Joining
    from tests.make import PASSWORD

    def joined(handle, grants=()):
        joining = Joining(handle, handle, f"{handle}@example.org", PASSWORD).prepared()
        made = people.add_user(by=SYSTEM, joining=joining, grants=grants)
        db.session.commit()
        return made

    from cop.people.viewer import Grant

    plain, curator = joined("plain-one"), joined("with-role", (Grant.TRAINER,))
    assert (plain.trusted_at is None, curator.trusted_at is None) == (True, False)
    assert status_of(make.note(by=plain)) == "held"
    assert status_of(make.note(by=curator)) == "published"
    people.grant(by=SYSTEM, user_id=plain.id, grant=Grant.CURATOR)
    assert status_of(make.note(by=plain)) == "published"
    try:
        standing.hold_newcomers(wanted=False)
        third = joined("third-one")
        assert third.trusted_at is not None
        assert status_of(make.note(by=make.newcomer())) == "published"
    finally:
        standing.hold_newcomers(wanted=True)


def test_hiding_is_not_the_way_around(make, newcomer, held):
    """What waits cannot be hidden and shown to get it past the queue by anybody but a moderator."""
    with pytest.raises(Forbidden):
        operations.hide(by=make.viewer(newcomer), entry_id=held.id, reason="x")
    taken = make.comment(make.note(), by=newcomer)
    with pytest.raises(Forbidden):
        commenting.show_comment(by=make.viewer(newcomer), comment_id=taken.id, reason="x")
    assert db.session.scalars(select(Decision)).all() == []


def test_a_first_question_waits_like_a_first_note(make, newcomer, desk, own, office):
    from cop.discussions.draft import DiscussionDraft, DiscussionFacts
    from cop.discussions.operations import put_space, start_discussion
    from cop.entries.draft import TextDraft

    both = {"zh-Hans": "虚构", "en": "Invented"}
    put_space(by=SYSTEM, key="here", name=both, purpose=both, lang=None, digest=None)
    asked = start_discussion(
        by=make.viewer(newcomer),
        draft=DiscussionDraft(
            (TextDraft(Lang.EN, "Firstquestion of a newcomer", {"body": "Who knows?"}),),
            DiscussionFacts(form="question", space="here"),
            Signature(Visibility.PUBLIC, NameMask.SHOWN),
        ),
    )
    assert status_of(asked) == "held"
    assert "Firstquestion" not in desk.get("/discussions/").text
    assert desk.get(f"/discussions/{asked.id}").status_code == 404
    page = own.get(f"/discussions/{asked.id}", follow_redirects=True).text
    assert "This waits for a moderator." in page
    assert decide(office, only_case(), item="approve").status_code == 303
    assert "Firstquestion" in desk.get("/discussions/").text
    page = desk.get(f"/discussions/{asked.id}", follow_redirects=True).text
    assert f"/entries/{asked.id}/flags/" in page
