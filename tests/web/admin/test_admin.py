"""Administration: who gets in, and what is done there."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden
from cop.events.models import Event
from cop.jobs import queue
from cop.jobs.models import Job
from cop.mail.models import OutgoingMail
from cop.moderation import admin_queries
from cop.people import invitations, operations, queries
from cop.people.models import AccountStatus, Invitation
from cop.people.viewer import Grant

PAGES = [
    "/admin/",
    "/admin/people",
    "/admin/invitations",
    "/admin/queues",
    "/admin/hidden",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens_for_an_administrator(office, path, lang):
    answer = office.get(path, query_string={"lang": lang})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", PAGES)
def test_visitors_are_asked_to_sign_in(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, f"/login?next={path}")


@pytest.mark.parametrize("path", [*PAGES[:4], "/admin/people/1"])
def test_for_everybody_else_administration_does_not_exist(client, make, path):
    make.signed_in(client, make.user(grants=[Grant.MODERATOR, Grant.CURATOR]))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/admin/people/1",
        "/admin/people/1/grants/admin/end",
        "/admin/people/1/suspension",
        "/admin/people/1/suspension/end",
        "/admin/invitations",
        "/admin/invitations/1/revoke",
        "/admin/jobs/1/retry",
    ],
)
def test_members_change_nothing(client, make, path):
    make.signed_in(client, make.user())
    assert client.post(path, data={"grant": "admin", "reason": "x"}).status_code == 404


def test_moderators_see_hidden_entries_and_members_do_not(client, app, make):
    make.signed_in(client, make.user(grants=[Grant.MODERATOR]))
    assert client.get("/admin/hidden").status_code == 200
    other = make.signed_in(app.test_client(), make.user())
    assert other.get("/admin/hidden").status_code == 404


def test_the_site_says_where_mails_go_that_are_not_sent(office, settings):
    page = office.get("/admin/").text
    assert str(settings.data / "mail") in page
    assert "COP_MAIL_URL" in page


def test_people_are_found_by_name_handle_or_whole_address(office, make):
    make.user(handle="wang-li", name="王力", email="wang@example.org")
    make.user(handle="someone", name="Some One", email="some@example.org")
    for q in ("王力", "WANG-L", "wang@example.org"):
        page = office.get("/admin/people", query_string={"q": q}).text
        assert "wang-li" in page
        assert "Some One" not in page
    assert "wang-li" not in office.get("/admin/people?q=wang@exam").text
    assert office.get("/admin/people?q=%25").text.count("<tr>") <= 1
    assert office.get("/admin/people?q=%00").status_code == 400


def test_no_address_stands_on_a_page_of_people(office, make):
    user = make.user(email="private@example.org")
    assert "private@example.org" not in office.get("/admin/people").text
    assert "private@example.org" not in office.get(f"/admin/people/{user.id}").text


def test_people_page_by_key_without_gap_or_repeat(office, make, monkeypatch):
    monkeypatch.setattr(admin_queries, "PAGE_SIZE", 3)
    made = [make.user().handle for _ in range(7)]
    seen, path = [], "/admin/people"
    while path:
        page = office.get(path).text
        seen += re.findall(r"<td>(invented-\d+)</td>", page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        path = onward[1].replace("&amp;", "&") if onward else None
    assert seen == list(reversed(made))


@pytest.mark.parametrize("key", ["x", "W10", "a" * 500, "王", "WzEsMl0x"])
def test_made_up_page_keys_show_the_start(office, key):
    for path in ("/admin/people", "/admin/invitations", "/admin/queues", "/admin/hidden"):
        assert office.get(f"{path}?older={key}").status_code == 200


@pytest.mark.parametrize(
    ("path", "grow"),
    [
        ("/admin/people", lambda make, _by: make.user(grants=[Grant.CURATOR, Grant.TRAINER])),
        (
            "/admin/invitations",
            lambda make, _by: invitations.invite(
                by=make.member(Grant.ADMIN), note="", max_uses=1, days=1
            ),
        ),
        ("/admin/queues", lambda _make, _by: _mail() and _parked()),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_list(office, make, path, grow):
    grow(make, None)
    office.get(path)
    few = _queries(office, path)
    for _ in range(12):
        grow(make, None)
    assert _queries(office, path) == few


def test_a_role_is_given_and_taken_and_both_are_recorded(office, make, admin):
    user = make.user()
    assert office.post(f"/admin/people/{user.id}", data={"grant": "curator"}).status_code == 303
    assert queries.grants_of(user.id) == {Grant.CURATOR}
    assert "Curator" in office.get(f"/admin/people/{user.id}").text
    office.post(f"/admin/people/{user.id}/grants/curator/end")
    assert queries.grants_of(user.id) == set()
    rows = db.session.scalars(select(Event).where(Event.verb.in_(["GrantGiven", "GrantTaken"])))
    assert [(row.verb, row.actor_id, row.data["grant"]) for row in rows] == [
        ("GrantGiven", admin.id, "curator"),
        ("GrantTaken", admin.id, "curator"),
    ]


def test_a_role_given_twice_is_given_once(office, make):
    user = make.user()
    for _ in range(2):
        assert office.post(f"/admin/people/{user.id}", data={"grant": "trainer"}).status_code == 303
    given = db.session.scalars(select(Event).where(Event.verb == "GrantGiven")).all()
    assert len(given) == 1


def test_a_made_up_role_is_refused(office, make):
    user = make.user()
    assert office.post(f"/admin/people/{user.id}", data={"grant": "emperor"}).status_code == 422
    assert office.post(f"/admin/people/{user.id}/grants/emperor/end").status_code == 404
    assert queries.grants_of(user.id) == set()


def test_the_only_administrator_stays_one(office, admin):
    answer = office.post(f"/admin/people/{admin.id}/grants/admin/end")
    assert answer.status_code == 303
    assert "only administrator" in office.get(answer.location).text
    assert Grant.ADMIN in queries.grants_of(admin.id)


def test_suspending_ends_every_session_and_lifting_lets_in_again(office, app, make):
    user = make.user(name="Invented Suspect")
    theirs = make.signed_in(app.test_client(), user)
    assert theirs.get("/account/").status_code == 200
    path = f"/admin/people/{user.id}/suspension"
    assert office.post(path, data={"reason": "   "}).status_code == 422
    assert office.post(path, data={"reason": "Posts advertising"}).status_code == 303
    assert theirs.get("/account/").status_code == 303
    db.session.refresh(user)
    assert user.status == AccountStatus.SUSPENDED
    assert f'action="{path}/end"' in office.get(f"/admin/people/{user.id}").text
    assert office.post(f"{path}/end", data={"reason": "A mistake"}).status_code == 303
    assert theirs.get("/account/").status_code == 303
    assert make.signed_in(theirs, user).get("/account/").status_code == 200
    reasons = db.session.scalars(select(Event).where(Event.verb.like("%uspen%")).order_by(Event.id))
    assert [row.data["reason"] for row in reasons] == ["Posts advertising", "A mistake"]


def test_two_moderators_with_the_same_wish_suspend_once_and_lift_once(office, make):
    user = make.user()
    path = f"/admin/people/{user.id}/suspension"
    for wish, reached in ((path, "suspended"), (f"{path}/end", "active")):
        for _ in range(2):
            assert office.post(wish, data={"reason": "Agreed by both"}).status_code == 303
            db.session.refresh(user)
            assert user.status == reached
    verbs = db.session.scalars(
        select(Event.verb).where(Event.verb.like("%uspen%")).order_by(Event.id)
    )
    assert list(verbs) == ["AccountSuspended", "SuspensionLifted"]


def test_a_closed_account_is_neither_suspended_nor_opened_again(office, make):
    user = make.user(status=AccountStatus.CLOSED)
    for wish in ("suspension", "suspension/end"):
        answer = office.post(f"/admin/people/{user.id}/{wish}", data={"reason": "x"})
        assert answer.status_code == 404
    db.session.refresh(user)
    assert user.status == AccountStatus.CLOSED


def test_nobody_suspends_herself(office, admin):
    answer = office.post(f"/admin/people/{admin.id}/suspension", data={"reason": "x"})
    assert answer.status_code == 422
    assert office.get("/admin/").status_code == 200


def test_an_invitation_link_is_shown_once(office, app):
    answer = office.post(
        "/admin/invitations", data={"note": "给工作坊", "max_uses": "3", "days": "7"}
    )
    assert answer.status_code == 303
    page = office.get("/admin/invitations").text
    link = re.search(r"(/register\?invite=[\w-]+)", page)
    assert link
    assert "给工作坊" in page
    assert "invite=" not in office.get("/admin/invitations").text
    assert app.test_client().get(link[1]).status_code == 200
    row = db.session.scalars(select(Invitation)).one()
    assert row.expires_at - row.created_at == timedelta(days=7)


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_uses", "0"), ("max_uses", "many"), ("days", "400"), ("days", ""), ("note", "x" * 201)],
)
def test_an_invitation_out_of_bounds_is_refused_beside_its_field(office, field, value):
    data = {"note": "For the workshop", "max_uses": "3", "days": "7", field: value}
    answer = office.post("/admin/invitations", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-err"' in answer.text
    if field != "note":
        assert "For the workshop" in answer.text


def test_a_form_sent_twice_makes_one_invitation(office):
    data = {"note": "", "max_uses": "1", "days": "7", "form_key": "one-and-the-same"}
    for _ in range(2):
        assert office.post("/admin/invitations", data=data).status_code == 303
    assert len(db.session.scalars(select(Invitation)).all()) == 1


def test_an_invitation_can_be_ended(office, app, make):
    made, token = invitations.invite(by=make.member(Grant.ADMIN), note="", max_uses=5, days=7)
    assert office.post(f"/admin/invitations/{made.id}/revoke").status_code == 303
    assert "ended by hand" in office.get("/admin/invitations").text
    assert office.post(f"/admin/invitations/{made.id}/revoke").status_code == 404
    with pytest.raises(Forbidden):
        operations.require_open("invite", token)


def test_a_parked_job_is_shown_with_its_error_and_starts_anew(office):
    job = _parked()
    page = office.get("/admin/queues").text
    assert "of.tests" in page
    assert "It broke" in page
    assert office.post(f"/admin/jobs/{job.id}/retry").status_code == 303
    db.session.refresh(job)
    assert job.parked_at is None
    assert queue.counts(db.session)["due"] == 1
    assert office.post(f"/admin/jobs/{job.id}/retry").status_code == 404
    assert office.post("/admin/jobs/99999999999999/retry").status_code == 404


def test_the_mail_queue_shows_subjects_and_never_words_or_addresses(office):
    _mail()
    page = office.get("/admin/queues").text
    assert "An invented subject" in page
    assert "secret-link" not in page
    assert "to@example.org" not in page


def test_mails_that_went_into_files_are_not_called_sent(office, app, settings, monkeypatch):
    _mail().sent_at = clock.now()
    db.session.flush()
    page = office.get("/admin/queues").text
    assert "1 mail was written." in page
    assert "sent" not in re.sub("<[^>]*>", " ", page.split("<main")[1]).split()
    sending = replace(settings, mail_url="smtp://mail.example.org")
    monkeypatch.setitem(app.extensions, "settings", sending)
    assert "1 mail was sent." in office.get("/admin/queues").text


def _parked():
    job = Job(
        name="of.tests",
        payload={"entry_id": 1},
        run_at=clock.now(),
        tries=5,
        last_error="RuntimeError('It broke')",
        parked_at=clock.now(),
    )
    db.session.add(job)
    db.session.flush()
    return job


def _mail():
    mail = OutgoingMail(
        to="to@example.org",
        subject="An invented subject",
        text="https://example.org/secret-link",
        lang="en",
        headers={},
        message_id="<x@example.org>",
        created_at=clock.now(),
    )
    db.session.add(mail)
    db.session.flush()
    return mail


def _queries(client, path):
    counted = []

    def note(*args):
        if args[2].lstrip().upper().startswith("SELECT"):
            counted.append(args[2])

    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(counted)
