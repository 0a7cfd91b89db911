"""Which language a page is in, and what remembers it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from flask import Flask, request

from cop.core import i18n
from cop.core.catalogues import build_pseudo, compile_stale, pseudo_of
from cop.core.i18n import _, _l, _n, current_lang, pick, speaking
from cop.core.types import Lang
from cop.settings import Settings
from cop.web import Hooks
from cop.web.negotiate import match, match_header, switch_url


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("zh", Lang.ZH),
        ("zh-CN", Lang.ZH),
        ("zh-SG", Lang.ZH),
        ("zh-Hans-CN", Lang.ZH),
        ("zh-TW", Lang.ZH),
        ("zh-HK", Lang.ZH),
        ("ZH-cn", Lang.ZH),
        ("en", Lang.EN),
        ("en-GB", Lang.EN),
        ("en-Latn-US", Lang.EN),
        ("fr", None),
        ("x-klingon", None),
        ("*", None),
        ("", None),
        ("zh" * 400, None),
    ],
)
def test_a_browsers_tag_finds_our_language(tag: str, lang: Lang | None) -> None:
    assert match(tag) is lang


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", Lang.ZH),
        ("en-US,en;q=0.9,zh-CN;q=0.8", Lang.EN),
        ("fr, de;q=0.9, en;q=0.2", Lang.EN),
        ("en;q=0.3, zh-TW;q=0.7", Lang.ZH),
        ("en;q=0, zh;q=0.1", Lang.ZH),
        ("en;q=nonsense", None),
        ("fr", None),
        ("*", None),
        (",;q=,", None),
        ("", None),
    ],
)
def test_the_best_language_a_browser_asks_for_is_taken(header: str, lang: Lang | None) -> None:
    assert match_header(header) is lang


def show_lang(site: Flask) -> Any:
    site.add_url_rule("/show", "show", lambda: current_lang().value)
    return site.test_client()


def test_without_any_wish_the_site_speaks_its_own_language(site: Flask) -> None:
    assert show_lang(site).get("/show").text == "zh-Hans"


def test_the_address_wins_over_the_browser_and_is_remembered(site: Flask) -> None:
    client = show_lang(site)
    headers = {"Accept-Language": "zh-CN"}
    assert client.get("/show?lang=en", headers=headers).text == "en"
    assert client.get("/show", headers=headers).text == "en"
    assert client.get("/show?lang=zh", headers=headers).text == "zh-Hans"
    assert client.get("/show", headers={"Accept-Language": "en"}).text == "zh-Hans"


def test_requests_inside_one_context_do_not_hear_each_other(site: Flask) -> None:
    client = show_lang(site)
    with site.app_context():
        assert client.get("/show?lang=en").text == "en"
        assert site.test_client().get("/show", headers={"Accept-Language": "zh"}).text == "zh-Hans"


def test_an_unknown_language_is_ignored_and_not_remembered(site: Flask) -> None:
    client = show_lang(site)
    for tag in ("fr", "", "zh-Hans", "%F0%9F%98%80", "en&lang=zh"):
        response = client.get(f"/show?lang={tag}", headers={"Accept-Language": "en"})
        assert response.text == "en"
        if tag != "en&lang=zh":
            assert "Set-Cookie" not in response.headers


def test_a_made_up_cookie_is_ignored(site: Flask) -> None:
    client = show_lang(site)
    client.set_cookie("lang", "tlh")
    assert client.get("/show", headers={"Accept-Language": "en"}).text == "en"


def test_the_account_wins_over_cookie_and_browser(make_site: Any) -> None:
    client = show_lang(make_site(Hooks(account_lang=lambda: Lang.EN)))
    client.set_cookie("lang", "zh")
    assert client.get("/show", headers={"Accept-Language": "zh"}).text == "en"


def test_what_the_address_asks_for_is_saved_on_the_account_once(make_site: Any) -> None:
    saved: list[Lang] = []
    hooks = Hooks(account_lang=lambda: saved[-1] if saved else Lang.ZH, remember_lang=saved.append)
    client = show_lang(make_site(hooks))
    client.get("/show?lang=en")
    client.get("/show?lang=en")
    assert saved == [Lang.EN]


def test_a_page_that_is_an_error_changes_nothing(make_site: Any) -> None:
    saved: list[Lang] = []
    hooks = Hooks(account_lang=lambda: Lang.ZH, remember_lang=saved.append)
    response = make_site(hooks).test_client().get("/nowhere?lang=en")
    assert response.status_code == 404
    assert saved == []


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/show", "/show?lang=en"),
        ("/show?q=开放空间&page=2", "/show?q=%E5%BC%80%E6%94%BE%E7%A9%BA%E9%97%B4&page=2&lang=en"),
        ("/show?lang=zh&kind=a&kind=b", "/show?kind=a&kind=b&lang=en"),
        ("/notes/7-开放空间", "/notes/7-%E5%BC%80%E6%94%BE%E7%A9%BA%E9%97%B4?lang=en"),
    ],
)
def test_switching_keeps_the_page_and_its_query(site: Flask, here: str, there: str) -> None:
    with site.test_request_context(here):
        assert switch_url("en") == there
        assert switch_url(Lang.EN) == there


def test_switching_never_leads_to_another_site(site: Flask) -> None:
    with site.test_request_context("/"):
        request.environ["PATH_INFO"] = "//evil.example/"
        fake = Flask("x").request_class({**request.environ, "PATH_INFO": "//evil.example/x"})
    with site.request_context(fake.environ):
        assert switch_url("en").startswith("/evil.example")


def test_a_block_speaks_its_language_in_and_outside_requests(site: Flask) -> None:
    with speaking(Lang.ZH):
        assert current_lang() is Lang.ZH
    assert current_lang() is Lang.EN
    with site.app_context():
        assert current_lang() is Lang.ZH
        with speaking(Lang.EN):
            assert current_lang() is Lang.EN
            with speaking(Lang.ZH):
                assert current_lang() is Lang.ZH
            assert current_lang() is Lang.EN
        assert current_lang() is Lang.ZH


@pytest.mark.parametrize(
    ("texts", "lang", "found"),
    [
        ({"zh-Hans": "甲", "en": "A"}, Lang.ZH, ("甲", Lang.ZH)),
        ({"zh": "甲", "en": "A"}, Lang.ZH, ("甲", Lang.ZH)),
        ({"zh-Hans": "甲"}, Lang.EN, ("甲", Lang.ZH)),
        ({"zh-Hans": "", "en": "A"}, Lang.ZH, ("A", Lang.EN)),
        ({}, Lang.ZH, ("", Lang.ZH)),
    ],
)
def test_a_missing_language_falls_back_to_the_other_and_says_so(
    texts: dict[str, str], lang: Lang, found: tuple[str, Lang]
) -> None:
    assert pick(texts, lang) == found


# Catalogues


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    root = tmp_path / "translations"
    write_catalogue(root, "您好，%(name)s！")
    return root


def write_catalogue(root: Path, hello: str) -> None:
    folder = root / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Hello, %(name)s!", hello)
    catalogue.add(("%(num)d note", "%(num)d notes"), ("%(num)d 篇笔记",))
    catalogue.add("Unsure", "不确定", flags=["fuzzy"])
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalogue)


def test_catalogues_are_compiled_once_and_again_only_when_their_text_changes(
    translations: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert compile_stale(translations, out) == ["zh_Hans"]
    assert compile_stale(translations, out) == []
    write_catalogue(translations, "你好，%(name)s！")
    assert compile_stale(translations, out) == ["zh_Hans"]
    assert not [
        path for path in out.rglob("*") if path.is_file() and path.suffix not in (".mo", ".digest")
    ]


def test_a_lost_result_is_made_again(translations: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    compile_stale(translations, out)
    next(out.rglob("*.mo")).unlink()
    assert compile_stale(translations, out) == ["zh_Hans"]


def test_sentences_are_spoken_in_the_language_of_the_moment(
    translations: Path, settings: Settings
) -> None:
    app = Flask("words")
    settings.data.mkdir()
    i18n.init_app(app, settings, translations=translations)
    later = _l("Hello, %(name)s!", name="周")
    with app.app_context():
        assert _("Hello, %(name)s!", name="周") == "您好，周！"
        assert _n("%(num)d note", "%(num)d notes", 2) == "2 篇笔记"
        assert str(later) == "您好，周！"
        assert _("Unsure") == "Unsure"
        with speaking(Lang.EN):
            assert str(later) == "Hello, 周!"
            assert _n("%(num)d note", "%(num)d notes", 1) == "1 note"
            assert _n("%(num)d note", "%(num)d notes", 2) == "2 notes"


def test_two_applications_keep_their_own_catalogues(
    translations: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.data.mkdir()
    first, second = Flask("first"), Flask("second")
    i18n.init_app(first, settings, translations=translations)
    other = Settings(data=tmp_path / "other", database_url="sqlite://", secret_key="x")
    i18n.init_app(second, other, translations=tmp_path / "none")
    with first.app_context():
        assert _("Hello, %(name)s!", name="A") == "您好，A！"
    with second.app_context():
        assert _("Hello, %(name)s!", name="A") == "Hello, A!"


def test_the_pseudo_language_marks_every_sentence_and_keeps_its_parts(tmp_path: Path) -> None:
    assert pseudo_of("Sign in") == "⟦Šîğñ îñ⟧"
    assert pseudo_of("Hello, %(name)s, 100%%!") == "⟦Ħéļļô, %(name)s, 100%%!⟧"
    assert pseudo_of('See <a href="%(url)s">here</a>') == '⟦Šéé <a href="%(url)s">ħéŕé</a>⟧'
    template = Catalog()
    template.add("Hello")
    template.add(("%(num)d note", "%(num)d notes"))
    with (tmp_path / "messages.pot").open("wb") as file:
        write_po(file, template)
    build_pseudo(tmp_path / "messages.pot", tmp_path / "out")
    app = Flask("pseudo")
    settings = Settings(
        data=tmp_path / "data", database_url="sqlite://", secret_key="x", default_lang="en"
    )
    i18n.init_app(app, settings, translations=tmp_path / "none")
    i18n.use_catalogues(app, tmp_path / "out")
    with app.app_context():
        assert _("Hello") == "⟦Ħéļļô⟧"
        assert _n("%(num)d note", "%(num)d notes", 3) == "⟦3 ñôţéš⟧"
