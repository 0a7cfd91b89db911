"""Suggestions in the search boxes: for the keyboard, for input methods, for ears, for thumbs, on a poor line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.doing import LOCALES, PHONE
from tests.browser.visiting import prepare_axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, Route

ASKING = re.compile("/search/suggest")


@pytest.fixture
def asked() -> list[str]:
    """Return the list of what the server was asked while somebody typed."""
    return []


@pytest.fixture
def box(person: Callable[..., Page], asked: list[str]) -> Callable[..., Locator]:
    """Return the function that opens a page and goes to its search box."""

    def go(path: str = "/", **options: object) -> Locator:
        page = person(**options)
        page.on("request", lambda one: asked.append(one.url) if ASKING.search(one.url) else None)
        page.goto(path)
        found = page.locator("input[data-suggest]").last
        expect(found).to_have_attribute("role", "combobox")
        found.focus()
        return found

    return go


def rows(box: Locator) -> Locator:
    return box.page.locator(".offers [role=option]")


def typed(asked: list[str]) -> list[str]:
    return [parse_qs(urlsplit(one).query)["q"][0] for one in asked]


@pytest.mark.parametrize("path", ["/", "/search?q=meeting", "/notes/", "/terms/", "/no-such-page"])
def test_every_search_box_offers_terms_and_titles(box: Callable[..., Locator], path: str) -> None:
    one = box(path)
    one.fill("kaifang")
    expect(rows(one).first).to_contain_text("开放空间")
    expect(rows(one).first.locator("[lang=zh-Hans]")).to_have_text(re.compile("开放空间"))
    expect(one).to_have_attribute("aria-expanded", "true")


def test_the_keyboard_walks_the_list_and_comes_back_to_what_was_typed(
    box: Callable[..., Locator],
) -> None:
    one = box()
    active = re.compile(".")
    one.fill("beijing")  # at once: of letters that come slowly each brings a list of its own
    expect(rows(one).first).to_be_visible()
    expect(one).not_to_have_attribute("aria-activedescendant", active)
    one.press("ArrowDown")
    expect(one).to_have_attribute(
        "aria-activedescendant", rows(one).first.get_attribute("id") or "-"
    )
    expect(rows(one).first).to_have_attribute("aria-selected", "true")
    one.press("End")
    expect(rows(one).last).to_have_attribute("aria-selected", "true")
    expect(rows(one).last).to_be_in_viewport()
    one.press("Home")
    expect(rows(one).first).to_have_attribute("aria-selected", "true")
    one.press("ArrowUp")
    expect(one).not_to_have_attribute("aria-activedescendant", active)
    one.press("ArrowUp")
    expect(rows(one).last).to_have_attribute("aria-selected", "true")
    one.press("ArrowDown")
    expect(one).not_to_have_attribute("aria-activedescendant", active)
    expect(one).to_have_value("beijing")
    one.press("ArrowDown")
    one.press("ArrowLeft")
    expect(one).not_to_have_attribute("aria-activedescendant", active)
    one.press("Escape")
    expect(one).to_have_attribute("aria-expanded", "false")
    expect(rows(one).first).to_be_hidden()
    expect(one).to_have_value("beijing")
    one.press("ArrowDown")
    expect(rows(one).first).to_be_visible()
    one.press("Escape")
    one.press("Escape")
    expect(one).to_have_value("")


def test_enter_with_nothing_chosen_searches_for_what_was_typed(box: Callable[..., Locator]) -> None:
    one = box()
    one.press_sequentially("open sp")
    expect(rows(one).first).to_be_visible()
    one.press("Enter")
    expect(one.page).to_have_url(re.compile(r"/search\?q=open(\+|%20)sp$"))


def test_a_list_that_comes_late_keeps_the_row_one_stands_on(box: Callable[..., Locator]) -> None:
    one = box()
    one.fill("beij")
    expect(rows(one).first).to_contain_text("Beijing")
    held: list[Route] = []
    one.page.route(ASKING, lambda route: held.append(route))  # noqa: PLW0108  it wants a function
    with one.page.expect_request(ASKING):
        one.fill("beijing")
    expect(one).not_to_have_attribute("aria-activedescendant", re.compile("."))
    one.press("ArrowDown")
    stood = rows(one).first.text_content() or "-"
    rows(one).first.evaluate("row => row.setAttribute('data-before', '')")
    held[0].continue_()
    expect(one.page.locator(".offers [data-before]")).to_have_count(0)
    expect(rows(one).and_(one.page.locator("[aria-selected=true]"))).to_have_text(stood)
    expect(one).to_have_attribute("aria-activedescendant", re.compile("."))
    one.press_sequentially("x")
    expect(one).not_to_have_attribute("aria-activedescendant", re.compile("."))


def test_a_chosen_term_is_searched_for_and_a_title_opened(box: Callable[..., Locator]) -> None:
    one = box()
    one.fill("kfkj")
    expect(rows(one).first).to_be_visible()
    one.press("ArrowDown")
    one.press("Enter")
    expect(one.page).to_have_url(re.compile(r"/search\?q=Open(\+|%20)Space"))
    one = one.page.locator("#q")
    one.fill("found its own ag")
    rows(one).first.click()
    expect(one.page).to_have_url(re.compile(r"/notes/\d+-"))


def test_the_header_searches_from_any_page(box: Callable[..., Locator]) -> None:
    one = box("/notes/")
    one.fill("yibashou")
    rows(one).first.click()
    expect(one.page).to_have_url(re.compile(r"/search\?q=First-in-Command"))


def test_an_input_method_is_left_alone_until_it_is_done(
    box: Callable[..., Locator], asked: list[str]
) -> None:
    one = box(locale=LOCALES["zh"])
    one.press("k")
    expect(rows(one).first).to_be_visible()
    one.fill("")
    asked.clear()
    session = one.page.context.new_cdp_session(one.page)
    for so_far in ("y", "yi", "yi b", "yi ba", "yi ba s"):
        session.send(
            "Input.imeSetComposition",
            {"text": so_far, "selectionStart": len(so_far), "selectionEnd": len(so_far)},
        )
    expect(one).to_have_value("yi ba s")
    expect(one).to_have_attribute("aria-expanded", "false")
    one.evaluate(
        """box => {
            const told = {bubbles: true, cancelable: true};
            for (const key of ["ArrowDown", "Enter", "Escape"]) {
                box.dispatchEvent(new KeyboardEvent("keydown", {key, ...told, isComposing: true}));
                box.dispatchEvent(new KeyboardEvent("keydown", {key, ...told, keyCode: 229}));
            }
        }"""
    )
    expect(one).to_have_value("yi ba s")
    session.send("Input.insertText", {"text": "一把手"})
    expect(one).to_have_value("一把手")
    expect(rows(one).first).to_contain_text("一把手")
    assert typed(asked) == ["一把手"]
    assert urlsplit(one.page.url).path == "/"


def test_one_request_is_in_the_air_and_a_late_answer_is_dropped(
    person: Callable[..., Page],
) -> None:
    page = person()
    page.clock.install()
    page.goto("/")
    one = page.locator("#q")
    held: list[Route] = []
    page.route(ASKING, lambda route: held.append(route))  # noqa: PLW0108  it marks the function
    one.focus()
    expect(page.locator(".offers")).to_be_attached()
    with page.expect_request(ASKING):
        one.press_sequentially("open")
        page.clock.run_for(1000)
    one.fill("zzzz-nothing-like-it")
    page.clock.run_for(1000)
    assert len(held) == 1, "the second waits for the first"
    with page.expect_request(ASKING):
        held[0].fulfill(json=ANSWER)
    expect(one).to_have_attribute("aria-expanded", "false")
    assert not rows(one).count()
    held[1].fulfill(json={"said": "No suggestions", "groups": []})
    expect(page.locator(".bigq [role=status]")).to_have_text("No suggestions")
    expect(one).to_have_attribute("aria-expanded", "false")


ANSWER = {
    "said": "1 suggestion",
    "groups": [
        {"label": "Terms", "options": [{"text": "<b>Late</b>", "lang": "en", "q": "Late"}]},
    ],
}


def test_what_names_hold_is_shown_and_never_run(box: Callable[..., Locator]) -> None:
    one = box()
    one.page.route(ASKING, lambda route: route.fulfill(body=json.dumps(ANSWER)))
    one.fill("late")
    expect(rows(one).first).to_have_text("<b>Late</b>")


@pytest.mark.parametrize("fault", ["abort", "error", "nonsense"])
def test_a_line_that_fails_leaves_a_plain_search_box(
    box: Callable[..., Locator], fault: str
) -> None:
    one = box()
    if fault == "abort":
        one.page.route(ASKING, lambda route: route.abort())
    else:
        status = 500 if fault == "error" else 200
        one.page.route(ASKING, lambda route: route.fulfill(status=status, body="<html>"))
    with one.page.expect_event(
        "requestfailed" if fault == "abort" else "requestfinished",
        lambda request: bool(ASKING.search(request.url)),
    ):
        one.press_sequentially("open")
    expect(one).to_have_attribute("aria-expanded", "false")
    one.press("Enter")
    expect(one.page).to_have_url(re.compile(r"/search\?q=open$"))


def test_a_script_that_never_comes_leaves_a_plain_search_box(person: Callable[..., Page]) -> None:
    page = person()
    page.route("**/suggest.js", lambda route: route.abort())
    page.goto("/")
    page.locator("#q").press_sequentially("open")
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=open$"))


def test_without_script_it_is_a_search_box(person: Callable[..., Page]) -> None:
    page = person(java_script_enabled=False)
    page.goto("/")
    assert page.locator("#q").get_attribute("role") is None
    page.locator("#q").fill("open")
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=open$"))


def test_the_script_comes_when_the_box_is_used_and_not_before(person: Callable[..., Page]) -> None:
    page = person()
    came: list[str] = []
    page.on("request", lambda one: came.append(one.url))
    page.goto("/", wait_until="networkidle")
    assert not [one for one in came if "suggest" in one]
    with page.expect_request("**/suggest.js"):
        page.locator("#q").focus()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", ["/", "/notes/"])
def test_the_open_list_is_clean_to_ears_and_fits_thumbs(
    person: Callable[..., Page], lang: str, path: str
) -> None:
    for scheme in ("light", "dark"):
        page = person(**PHONE, color_scheme=scheme, locale=LOCALES[lang])
        page.goto(path)
        one = page.locator("input[data-suggest]")
        one.fill("beijing")
        expect(rows(one).first).to_be_visible()
        one.press("ArrowDown")
        said = page.locator("input[data-suggest] ~ [role=status]")
        expect(said).to_have_text(re.compile(r"\d+ suggestions" if lang == "en" else r"\d+\s?条"))
        expect(page.locator(".offers [role=group]").first).to_have_attribute(
            "aria-labelledby", page.locator(".offers .head").first.get_attribute("id") or "-"
        )
        for row in rows(one).all():
            where = row.bounding_box()
            assert where
            assert where["height"] >= 44
            assert where["x"] >= 0
            assert where["x"] + where["width"] <= 390
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        prepare_axe(page)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [one["id"] for one in found["violations"]] == []
