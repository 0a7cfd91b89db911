"""Joining: what is taken, what is refused, and that nobody learns who has an account."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from cop.core.types import Lang
from cop.events.models import Event
from cop.jobs.models import Job
from cop.mail.models import OutgoingMail
from cop.people import invitations, mails, operations, organisations, queries, tokens
from cop.people.models import AccountStatus, Organisation, Token, TokenPurpose, User
from cop.people.viewer import SYSTEM, VISITOR, Grant
from tests.domain.people.letters import link_in, posted
from tests.domain.people.registering import STRONG, joining, register


def confirmed(**more) -> User:
    register(**more)
    [letter] = posted()
    return operations.confirm(by=VISITOR, token=link_in(letter, "confirm"))


def test_an_account_exists_only_after_its_address_is_confirmed():
    register()
    assert queries.by_handle("invented-li") is None
    [letter] = posted()
    assert letter.to == "li@example.org"
    user = operations.confirm(by=VISITOR, token=link_in(letter, "confirm"))
    assert user.status == AccountStatus.ACTIVE
    assert (user.handle, user.name, user.email, user.lang) == (
        "invented-li",
        "Invented Li",
        "li@example.org",
        "en",
    )
    db.session.commit()
    assert operations.check_password(identifier="LI@example.org", password=STRONG) is user


def test_a_confirmation_link_works_once():
    register()
    token = link_in(posted()[0], "confirm")
    operations.confirm(by=VISITOR, token=token)
    with pytest.raises(Gone):
        operations.confirm(by=VISITOR, token=token)


def test_a_confirmation_link_ends(time_machine):
    register()
    token = link_in(posted()[0], "confirm")
    time_machine.move_to(
        clock.now() + tokens.LIFETIMES[TokenPurpose.CONFIRM] + timedelta(minutes=1)
    )
    with pytest.raises(Gone):
        operations.confirm(by=VISITOR, token=token)


def test_a_made_up_link_is_nothing():
    for token in ("", "x", "a" * 43, "ä" * 60, "a" * 10_000):
        with pytest.raises(NotFound):
            operations.confirm(by=VISITOR, token=token)


def test_registering_with_a_known_address_does_the_same_work_and_mails_its_owner(make):
    owner = make.user(email="known@example.org", lang=Lang.EN)
    before = _rows()
    fresh = register(handle="invented-a", email="new@example.org")
    after_new = _rows()
    known = register(handle="invented-b", email="known@example.org")
    after_known = _rows()
    assert {k: after_new[k] - before[k] for k in before} == {
        k: after_known[k] - after_new[k] for k in before
    }
    assert set(fresh.data) == set(known.data)

    letters = {letter.to: letter for letter in posted()}
    assert "/confirm/" in letters["new@example.org"].text
    assert "/confirm/" not in letters["known@example.org"].text
    assert "already" in letters["known@example.org"].text
    assert queries.by_address("known@example.org") is owner


def test_the_account_name_is_free_for_others_after_registering_with_a_known_address(make):
    make.user(email="known@example.org")
    register(handle="wanted", email="known@example.org")
    posted()
    assert confirmed(handle="wanted", email="other@example.org").handle == "wanted"


def test_whoever_confirms_first_gets_the_account_name_and_the_other_chooses_another():
    register(handle="wanted", email="first@example.org")
    register(handle="wanted", email="second@example.org")
    first, second = (link_in(letter, "confirm") for letter in posted())
    operations.confirm(by=VISITOR, token=first)
    with pytest.raises(Invalid) as refused:
        operations.confirm(by=VISITOR, token=second)
    assert refused.value.field == "handle"
    assert operations.confirm(by=VISITOR, token=second, handle="Another").handle == "another"


def test_an_address_that_got_an_account_meanwhile_is_said_to_have_one(make):
    register(email="li@example.org")
    token = link_in(posted()[0], "confirm")
    make.user(email="li@example.org")
    with pytest.raises(Conflict):
        operations.confirm(by=VISITOR, token=token)


def test_resending_replaces_the_link():
    register()
    first = link_in(posted()[0], "confirm")
    operations.resend(by=VISITOR, email="LI@example.org")
    [letter] = posted()
    second = link_in(letter, "confirm")
    with pytest.raises(NotFound):
        operations.confirm(by=VISITOR, token=first)
    assert operations.confirm(by=VISITOR, token=second).handle == "invented-li"


def test_resending_to_an_address_that_waits_for_nothing_mails_nobody(make):
    make.user(email="known@example.org")
    operations.resend(by=VISITOR, email="known@example.org")
    operations.resend(by=VISITOR, email="unknown@example.org")
    assert posted() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", ""),
        ("handle", "a"),
        ("handle", "a" * 41),
        ("handle", "with space"),
        ("handle", "with/slash"),
        ("handle", "-begins"),
        ("handle", "admin"),
        ("handle", "编辑"),
        ("handle", "closed-7"),
        ("handle", "a\u202eb"),
        ("name", "   "),
        ("name", "\u200b\u3000"),
        ("name", "长" * 61),
        ("email", "nobody"),
        ("email", "a@b@example.org"),
        ("email", "name@example.org\nbcc:x@example.org"),
        ("email", "a" * 250 + "@example.org"),
        ("password", "short"),
        ("password", "x" * 201),
        ("password", "password123"),
        ("password", "12345678"),
        ("password", "aaaaaaaaaaaa"),
        ("password", "invented-li"),
        ("password", "LI@example.org"),
        ("organisation", "机" * 161),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(field, value):
    with pytest.raises(Invalid) as refused:
        register(**{field: value})
    assert refused.value.field == field
    assert str(refused.value.message)
    assert posted() == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Wang_Li-2", "wang_li-2"),
        ("@wang", "wang"),
        ("王力", "王力"),
        ("\uff57\uff41\uff4e\uff47", "wang"),
        ("开放空间2024", "开放空间2024"),
    ],
)
def test_account_names_may_be_latin_or_chinese(typed, kept):
    assert confirmed(handle=typed).handle == kept


def test_account_names_do_not_differ_by_case_alone(make):
    make.user(handle="wang")
    with pytest.raises(Invalid):
        register(handle="WANG")


@pytest.mark.parametrize("name", ["王小明", "Nguyễn Thị Ánh", "O'Neill", "𠮷田"])
def test_names_are_free_in_any_script(name):
    assert confirmed(name=name).name == name


def test_addresses_are_kept_in_one_form():
    user = confirmed(email="  Li.Example@EXAMPLE.org ")
    assert user.email == "li.example@example.org"


def test_an_organisation_is_found_in_whatever_spelling_and_made_once():
    first = confirmed(handle="one-a", email="a@example.org", organisation="绿色互助中心")
    second = confirmed(handle="two-b", email="b@example.org", organisation=" 綠色互助中心 ")
    assert first.organisation_id == second.organisation_id is not None
    found = db.session.get(Organisation, first.organisation_id)
    assert found.name == {"zh-Hans": "绿色互助中心"}
    assert found.sort_zh.startswith("lv4") or found.sort_zh.startswith("lu")
    assert organisations.find("green") is None
    assert organisations.find("%") is None


def test_an_unconfirmed_registration_makes_no_organisation():
    register(organisation="An Invented Office")
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_a_closed_site_takes_nobody():
    with pytest.raises(Forbidden):
        operations.register(by=VISITOR, joining=joining(), registration="closed")


def test_an_invitation_opens_a_site_that_is_not_open(make):
    admin = make.member(Grant.ADMIN)
    invitation, token = invitations.invite(by=admin, note="For the workshop", max_uses=1, days=7)
    with pytest.raises(Forbidden):
        operations.register(by=VISITOR, joining=joining(), registration="invite")
    operations.register(by=VISITOR, joining=joining(), registration="invite", invitation=token)
    operations.confirm(by=VISITOR, token=link_in(posted()[0], "confirm"))
    db.session.refresh(invitation)
    assert invitation.uses == 1
    made = db.session.scalars(select(Event).where(Event.verb == "AccountMade")).one()
    assert made.data["invitation_id"] == invitation.id


def test_an_invitation_for_one_takes_one(make):
    _, token = invitations.invite(by=make.member(Grant.ADMIN), note="", max_uses=1, days=7)
    for handle in ("one-a", "two-b"):
        operations.register(
            by=VISITOR,
            joining=joining(handle=handle, email=f"{handle}@example.org"),
            registration="invite",
            invitation=token,
        )
    first, second = (link_in(letter, "confirm") for letter in posted())
    operations.confirm(by=VISITOR, token=first)
    with pytest.raises(Forbidden):
        operations.confirm(by=VISITOR, token=second)
    with pytest.raises(Forbidden):
        operations.require_open("invite", token)


def test_an_invitation_ends_on_its_day_and_when_it_is_revoked(make, time_machine):
    admin = make.member(Grant.ADMIN)
    _, ending = invitations.invite(by=admin, note="", max_uses=5, days=1)
    revoked, taken_back = invitations.invite(by=admin, note="", max_uses=5, days=30)
    assert operations.require_open("invite", ending)
    invitations.revoke(by=admin, invitation_id=revoked.id)
    with pytest.raises(Forbidden):
        operations.require_open("invite", taken_back)
    time_machine.move_to(clock.now() + timedelta(days=1, minutes=1))
    with pytest.raises(Forbidden):
        operations.require_open("invite", ending)


@pytest.mark.parametrize(("uses", "days"), [(0, 7), (501, 7), (1, 0), (1, 366)])
def test_invitations_have_bounds(make, uses, days):
    with pytest.raises(Invalid):
        invitations.invite(by=make.member(Grant.ADMIN), note="", max_uses=uses, days=days)


def test_only_administrators_invite(make):
    for viewer in (VISITOR, make.member(), make.member(Grant.MODERATOR)):
        with pytest.raises(NotFound):
            invitations.invite(by=viewer, note="", max_uses=1, days=1)


def test_the_first_administrator_comes_by_a_link_that_works_once():
    old = operations.first_admin_link(by=SYSTEM)
    token = operations.first_admin_link(by=SYSTEM)
    assert old
    assert token
    with pytest.raises(Gone):
        operations.require_first_admin_link(old)
    user = operations.welcome_first_admin(
        by=VISITOR, token=token, joining=joining(handle="admin", official=True)
    )
    assert Grant.ADMIN in queries.grants_of(user.id)
    assert operations.first_admin_link(by=SYSTEM) is None
    with pytest.raises(Gone):
        operations.welcome_first_admin(by=VISITOR, token=token, joining=joining(handle="second"))


def test_the_first_administrators_link_dies_when_a_command_makes_one(make):
    token = operations.first_admin_link(by=SYSTEM)
    make.user(grants=[Grant.ADMIN])
    with pytest.raises(NotFound):
        operations.require_first_admin_link(token)


def test_a_command_adds_an_account_that_can_sign_in_at_once():
    operations.add_user(by=SYSTEM, joining=joining(handle="Added"), grants=(Grant.CURATOR,))
    db.session.commit()
    user = operations.check_password(identifier="added", password=STRONG)
    assert queries.viewer_of(user).has(Grant.CURATOR)
    assert posted() == []


def test_no_event_and_no_job_holds_an_address_or_a_name(make):
    make.user(email="known@example.org")
    register(email="marker@example.org", name="Marker Name")
    operations.forgot(by=VISITOR, identifier="marker@example.org")
    for row in [*db.session.scalars(select(Event)), *db.session.scalars(select(Job))]:
        assert "arker" not in str(row.data if isinstance(row, Event) else row.payload)


def test_the_confirmation_mail_repeats_nothing_free_that_a_stranger_typed():
    register(name="Buy at spam.example", organisation="Spam Office")
    [letter] = posted()
    assert "pam" not in letter.text + letter.subject + (letter.html or "")


def test_mails_are_in_the_language_of_the_interface_at_registration():
    register(lang=Lang.ZH)
    [letter] = posted()
    assert letter.lang == "zh-Hans"
    assert 'lang="zh-Hans"' in letter.html


def test_mail_jobs_done_twice_send_one_working_link():
    row = register()
    mails.send_asked([{"token_id": row.id}])
    mails.send_asked([{"token_id": row.id}])
    letters = list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
    assert operations.confirm(by=VISITOR, token=link_in(letters[-1], "confirm"))


def _rows() -> dict[str, int]:
    return {
        model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Token, Job, Event, User, OutgoingMail, Organisation)
    }
