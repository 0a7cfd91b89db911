"""What a reader of either language meets: the switch, forms, counts, dates, order, mails."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import select

from cop.core.catalogues import compile_stale
from cop.core.db import db
from cop.core.i18n import _n, speaking
from cop.core.types import Lang
from cop.mail.models import OutgoingMail
from cop.people.viewer import SYSTEM
from cop.terms.draft import SchemeDraft, TermDraft
from cop.terms.operations import put_schemes, put_term


def _text(response) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def test_the_switch_keeps_the_page_and_its_query(client):
    page = client.get("/notes/?outcome=failed&place=北京&lang=en").get_data(as_text=True)
    (switch,) = re.findall(r'<a class="mast-btn" href="([^"]+)" hreflang="zh-Hans"', page)

    there = client.get(unescape(switch))

    assert there.request.path == "/notes/"
    assert there.request.args.to_dict() == {"outcome": "failed", "place": "北京", "lang": "zh"}
    assert '<html lang="zh-Hans"' in there.get_data(as_text=True)


def test_the_choice_is_remembered_without_the_query(client):
    client.get("/?lang=zh", headers={"Accept-Language": "en"})

    assert "您正遇到什么情况？" in _text(client.get("/", headers={"Accept-Language": "en"}))


def test_a_language_nobody_has_is_passed_over(client):
    page = client.get("/?lang=tlh", headers={"Accept-Language": "zh-CN"})

    assert page.status_code == 200
    assert '<html lang="zh-Hans"' in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("lang", "empty", "address"),
    [
        ("zh", "请填写账号名。", "邮箱格式有误，应类似 name@example.org。"),
        ("en", "Please choose an account name.", "This is not an e-mail address."),
    ],
)
def test_forms_say_what_to_do_in_the_readers_language(client, lang, empty, address):
    answer = client.post(f"/register?lang={lang}", data={"name": "Invented", "email": "nowhere"})

    assert answer.status_code == 422
    assert empty in _text(answer)

    filled = {"name": "Invented", "handle": "invented", "password": "a long invented one"}
    assert address in _text(
        client.post(f"/register?lang={lang}", data={**filled, "email": "nowhere"})
    )


@pytest.mark.parametrize(
    ("lang", "refused"), [("zh", "请填写整数。"), ("en", "Please enter a whole number.")]
)
def test_what_the_form_library_refuses_is_said_in_our_words(client, make, lang, refused):
    make.signed_in(client, make.user(grants=["admin"]))

    answer = client.post(f"/admin/invitations?lang={lang}", data={"max_uses": "many", "days": "3"})

    assert refused in _text(answer)


def test_counts_follow_the_plural_of_the_language(app):
    with app.app_context():
        with speaking(Lang.EN):
            assert [_terms(number) for number in (0, 1, 2)] == ["0 terms", "1 term", "2 terms"]
        with speaking(Lang.ZH):
            assert [_terms(number) for number in (0, 1, 2)] == ["0个词条", "1个词条", "2个词条"]


def _terms(number: int) -> str:
    return _n("%(num)d term", "%(num)d terms", number)


@pytest.mark.parametrize(
    ("lang", "day", "years"),
    [("zh", "2026年3月1日", "2019—2021年"), ("en", "1 March 2026", "2019–2021")],
)
def test_dates_and_periods_are_written_in_the_readers_manner(client, make, lang, day, years):
    make.note(started="2019-05", ended="2021", published_at=datetime(2026, 3, 1, 4, tzinfo=UTC))

    page = _text(client.get(f"/notes/?lang={lang}"))

    assert day in page
    assert years in page


@pytest.mark.parametrize(
    ("lang", "order"),
    [("zh", ["北京", "上海", "西安"]), ("en", ["Airport", "Beach", "Corner"])],
)
def test_names_are_sorted_by_pinyin_or_by_letter(client, db_session, lang, order):
    put_schemes(by=SYSTEM, drafts=[SchemeDraft("town", {"zh-Hans": "城镇", "en": "Towns"})])
    for key, zh, en in (("a", "上海", "Corner"), ("b", "西安", "Airport"), ("c", "北京", "Beach")):
        put_term(by=SYSTEM, draft=TermDraft(key, "town", {"zh-Hans": zh, "en": en}))
    db_session.commit()

    page = _text(client.get(f"/terms/town/?lang={lang}"))
    # On a page a term bears both names: the reader's own first.
    assert sorted(order, key=page.index) == order


@pytest.mark.parametrize(
    ("lang", "subject"), [("zh", "请确认您的邮箱"), ("en", "Please confirm your e-mail address")]
)
def test_mails_are_in_the_language_the_person_reads(client, run_jobs, lang, subject):
    client.post(
        f"/register?lang={lang}",
        data={
            "name": "Invented",
            "handle": f"invented-{lang}",
            "email": f"{lang}@example.org",
            "password": "a long invented one",
        },
    )
    run_jobs()

    mail = db.session.scalars(
        select(OutgoingMail).where(OutgoingMail.to == f"{lang}@example.org")
    ).one()
    assert mail.subject == subject
    assert mail.lang == Lang.of_tag(lang)


def test_a_changed_catalogue_is_compiled_anew_and_an_unchanged_one_is_not(tmp_path):
    source = tmp_path / "po" / "zh_Hans" / "LC_MESSAGES"
    source.mkdir(parents=True)
    po = source / "messages.po"
    po.write_text('msgid ""\nmsgstr ""\n\nmsgid "Save"\nmsgstr "保存"\n', encoding="utf-8")

    assert compile_stale(tmp_path / "po", tmp_path / "mo") == ["zh_Hans"]
    assert compile_stale(tmp_path / "po", tmp_path / "mo") == []
    po.write_text(po.read_text(encoding="utf-8").replace("保存", "存"), encoding="utf-8")
    assert compile_stale(tmp_path / "po", tmp_path / "mo") == ["zh_Hans"]
