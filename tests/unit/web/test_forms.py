"""Forms: what was typed is cleaned and never lost; a form sent twice gives one result."""

from __future__ import annotations

import re
import secrets
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import (
    Flask,
    get_flashed_messages,
    redirect,
    render_template_string,
    request,
    session,
)
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Invalid
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired
from cop.web.forms import BaseForm, Required, SentOnce, Trapped, forget_answered
from cop.web.models import AnsweredForm

PAGE = (
    "{{ form.csrf_token }}{{ form.title }}{{ form.body }}"
    "{% for e in form.form_errors %}<b>{{ e }}</b>{% endfor %}"
    "{% for f in form if f.errors %}<i id='{{ f.name }}'>{{ f.errors|join(' ') }}</i>{% endfor %}"
)


class Note(BaseForm):
    title = StringField(validators=[Required("Please give the note a title.")])
    body = TextAreaField()
    password = PasswordField()


def filled(**values: Any) -> MultiDict[str, Any]:
    return MultiDict(values)


@pytest.fixture
def bare(site: Flask) -> Any:
    site.config["WTF_CSRF_ENABLED"] = False
    with site.test_request_context("/", method="POST", headers={"Accept-Language": "en"}):
        yield site


@pytest.mark.usefixtures("bare")
class TestFields:
    def test_text_is_cleaned_and_a_password_is_taken_as_typed(self) -> None:
        form = Note(
            filled(title=" 开放\u202e 空间\n\0 ", body="a\r\nb\u200b  \n", password=" p\u200b w ")
        )
        assert form.title.data == "开放 空间"
        assert form.body.data == "a\nb"
        assert form.password.data == " p\u200b w "

    @pytest.mark.parametrize("blank", ["", "   ", "\u3000", "\u200b\u2060", "\r\n"])
    def test_blanks_are_nothing_and_the_sentence_says_what_to_do(self, blank: str) -> None:
        form = Note(filled(title=blank))
        assert not form.validate()
        assert form.title.errors == ["Please give the note a title."]

    def test_a_field_that_was_not_sent_is_missing_too(self) -> None:
        form = Note(filled(body="x"))
        assert not form.validate()
        assert form.title.errors == ["Please give the note a title."]

    def test_what_a_program_filled_in_is_refused(self) -> None:
        class Join(Trapped):
            name = StringField()

        assert Join(filled(name="Invented", website=" ")).validate()
        assert not Join(filled(name="Invented", website="http://spam.example")).validate()

    def test_the_library_speaks_the_readers_language_in_our_words_first(self) -> None:
        class Other(BaseForm):
            kind = SelectField(choices=["a"], validators=[InputRequired()])
            count = IntegerField()
            name = StringField(validators=[Length(max=2)])

        def errors() -> dict[str, Any]:
            form = Other(filled(kind="zzz", count="many", name="too long"))
            form.validate()
            return {name: found[0] for name, found in form.errors.items()}

        english = errors()
        assert english["kind"] == "Please choose one of the options offered."
        assert english["count"] == "Please enter a whole number."
        with speaking(Lang.ZH):
            assert errors()["name"] == "字段长度不能超过 2 个字符。"
        assert errors() == english


@pytest.mark.usefixtures("bare")
class TestDomainErrors:
    def test_what_the_domain_refuses_stands_beside_its_field(self) -> None:
        form = Note(filled(title="x"))
        form.validate()
        with form.showing_errors():
            raise Invalid("title", "There is a note of this title.")
        assert form.title.errors == ["There is a note of this title."]

    def test_a_field_of_another_name_is_found_or_the_sentence_stands_above(self) -> None:
        form = Note(filled(title="x"))
        form.put_error("sections.body", "Too little.")
        form.put_error("nowhere", "It cannot be.")
        assert form.body.errors == ["Too little."]
        assert form.form_errors == ["It cannot be."]

    def test_other_errors_pass_through(self) -> None:
        form = Note(filled(title="x"))
        with pytest.raises(Conflict), form.showing_errors():
            raise Conflict

    def test_where_somebody_was_faster_it_stands_above_the_form_and_the_page_says_409(self) -> None:
        form = Note(filled(title="x"))
        with form.showing_conflicts():
            raise Invalid("title", "No.")
        assert form.status == 422
        with form.showing_conflicts():
            raise Conflict("Somebody changed it meanwhile.")
        assert (form.form_errors, form.status) == (["Somebody changed it meanwhile."], 409)

    @pytest.mark.parametrize(
        ("refused", "category"), [(Invalid("x", "No."), "error"), (Conflict("No."), "warning")]
    )
    def test_why_a_button_cannot_act_is_said_on_the_next_page(
        self, refused: Invalid | Conflict, category: str
    ) -> None:
        with flashing_errors():
            raise refused
        assert get_flashed_messages(with_categories=True) == [(category, "No.")]

    @pytest.mark.parametrize("around", ["showing_errors", "showing_conflicts", "flashing_errors"])
    def test_nothing_is_half_saved(self, around: str) -> None:
        with getattr(Note(filled(title="x")), around, flashing_errors)():
            db.session.add(AnsweredForm(key="k", url="", created_at=clock.now()))
            db.session.flush()
            raise Invalid("title", "No.")
        assert db.session.scalar(select(func.count()).select_from(AnsweredForm)) == 0


# A form that expired


@pytest.fixture
def writing(site: Flask) -> Flask:
    def write() -> Any:
        form = Note(request.form) if request.method == "POST" else Note()
        if request.method == "POST" and form.validate():
            db.session.add(AnsweredForm(key=secrets.token_hex(4), url="", created_at=clock.now()))
            db.session.commit()
            return redirect("/done", 303)
        return render_template_string(PAGE, form=form), 422 if request.method == "POST" else 200

    def careless() -> Any:
        db.session.add(AnsweredForm(key=secrets.token_hex(4), url="", created_at=clock.now()))
        db.session.commit()
        return "done"

    def out() -> str:
        session.clear()
        return ""

    site.add_url_rule("/write", "write", form_says_expired(write), methods=["GET", "POST"])
    site.add_url_rule("/strict", "strict", careless, methods=["POST"])
    site.add_url_rule("/careless", "careless", form_says_expired(careless), methods=["POST"])
    site.add_url_rule("/out", "out", out)
    return site


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found
    return found[1]


def rows(site: Flask) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count()).select_from(AnsweredForm)) or 0


def test_an_expired_form_keeps_everything_typed_and_can_be_sent_again(writing: Flask) -> None:
    client = writing.test_client()
    token = token_of(client.get("/write").text)
    client.get("/out")
    typed = {"title": "开放空间", "body": "很长的话"}
    response = client.post(
        "/write", data={**typed, "csrf_token": token}, headers={"Accept-Language": "en"}
    )
    assert response.status_code == 422
    assert "Everything you typed is still here" in response.text
    assert "开放空间" in response.text
    assert "很长的话" in response.text
    assert "csrf" not in response.text.split("<b>")[1]
    assert rows(writing) == 0
    again = client.post("/write", data={**typed, "csrf_token": token_of(response.text)})
    assert again.status_code == 303
    assert rows(writing) == 1


def test_other_mistakes_are_shown_together_with_the_expiry(writing: Flask) -> None:
    response = writing.test_client().post("/write", data={"body": "很长的话"})
    assert response.status_code == 422
    assert "id='title'" in response.text
    assert "很长的话" in response.text


@pytest.mark.parametrize("token", ["", "made-up", "IjEi.x.y"])
def test_without_a_good_token_nothing_happens_elsewhere(writing: Flask, token: str) -> None:
    response = writing.test_client().post("/strict", data={"csrf_token": token})
    assert response.status_code == 400
    assert rows(writing) == 0


def test_a_view_that_forgets_to_check_its_form_can_save_nothing(writing: Flask) -> None:
    response = writing.test_client().post("/careless", data={"body": "x"})
    assert response.status_code == 400
    assert rows(writing) == 0


def test_a_token_in_a_header_is_as_good(writing: Flask) -> None:
    client = writing.test_client()
    token = token_of(client.get("/write").text)
    assert client.post("/strict", headers={"X-CSRFToken": token}).status_code == 200


def test_another_site_is_refused_even_with_a_token(writing: Flask) -> None:
    client = writing.test_client()
    token = token_of(client.get("/write").text)
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/strict", data={"csrf_token": token}, headers=headers).status_code == 400
    response = client.post("/write", data={"csrf_token": token, "title": "x"}, headers=headers)
    assert response.status_code == 422
    assert rows(writing) == 0


def test_a_form_stays_good_for_as_long_as_its_session(writing: Flask) -> None:
    assert writing.config["WTF_CSRF_TIME_LIMIT"] is None


# A form sent twice


class Post(SentOnce):
    title = StringField()


@pytest.fixture
def posting(site: Flask) -> Flask:
    site.config["WTF_CSRF_ENABLED"] = False
    made: list[str] = []
    site.extensions["made"] = made

    def post() -> Any:
        form = Post(request.form)
        form.validate()
        with form.showing_errors():
            if url := form.earlier_answer():
                return redirect(url, 303)
            if form.title.data == "bad":
                raise Invalid("title", "No.")
            made.append(form.title.data)
            url = form.settle(f"/notes/{len(made)}")
            db.session.commit()
            return redirect(url, 303)
        return "again", 422

    def begin() -> None:
        from cop.core.db import begin_immediate

        begin_immediate(wanted=True)

    site.before_request_funcs.setdefault(None, []).insert(0, begin)
    site.add_url_rule("/post", "post", post, methods=["POST"])
    return site


def test_a_form_has_a_key_of_its_own(site: Flask) -> None:
    with site.test_request_context("/"):
        assert Post().form_key.data != Post().form_key.data


def test_the_second_sending_leads_to_the_result_of_the_first(posting: Flask) -> None:
    client = posting.test_client()
    data = {"title": "x", "form_key": "abc"}
    places = [client.post("/post", data=data).location for _ in range(3)]
    assert places == ["/notes/1"] * 3
    assert posting.extensions["made"] == ["x"]


def test_other_words_under_the_same_key_are_another_sending(posting: Flask) -> None:
    client = posting.test_client()
    client.post("/post", data={"title": "x", "form_key": "abc"})
    client.post("/post", data={"title": "y", "form_key": "abc"})
    assert posting.extensions["made"] == ["x", "y"]


def test_a_sending_that_was_refused_may_be_repeated(posting: Flask) -> None:
    client = posting.test_client()
    for _ in range(2):
        assert client.post("/post", data={"title": "bad", "form_key": "abc"}).status_code == 422


def test_two_at_the_same_moment_give_one_result(posting: Flask) -> None:
    places: list[str | None] = []

    def send() -> None:
        response = posting.test_client().post("/post", data={"title": "x", "form_key": "abc"})
        places.append(response.location)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places == ["/notes/1"] * 6


def test_old_answers_are_forgotten(posting: Flask) -> None:
    posting.test_client().post("/post", data={"title": "x", "form_key": "abc"})
    with posting.app_context():
        assert forget_answered(before=clock.now() - timedelta(days=1)) == 0
        assert forget_answered(before=clock.now() + timedelta(seconds=1)) == 1
