"""Mentioning while one writes: for the keyboard, for input methods, for ears, for thumbs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.doing import LOCALES, PHONE
from tests.browser.visiting import prepare_axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.world import World

ASKING = re.compile(r"/mentions\?")


@pytest.fixture
def writing(person: Callable[..., Page], world: World) -> Callable[..., Locator]:
    """Return the function that opens a note and goes to its comment box."""

    def go(**options: object) -> Locator:
        page = person("beginner", **options)
        page.goto(world.url("/notes/{both}?lang=en"))
        box = page.locator("textarea#body")
        box.focus()
        expect(box).to_have_attribute("aria-haspopup", "listbox")
        box.fill("")  # what she wrote here before was kept
        return box

    return go


def rows(box: Locator) -> Locator:
    return box.page.locator(".at-caret [role=option]")


def test_a_name_in_pinyin_is_offered_and_enter_puts_it_into_the_text(
    writing: Callable[..., Locator],
) -> None:
    box = writing()
    box.press_sequentially("谢谢@tongshi")
    expect(rows(box).first).to_contain_text("虚构的同事")
    expect(rows(box).first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute(
        "aria-activedescendant", rows(box).first.get_attribute("id") or "-"
    )
    expect(box.page.locator("[role=status]").filter(has_text="1 person")).to_have_count(1)
    box.press("Enter")
    expect(box).to_have_value(re.compile(r"^谢谢@\[虚构的同事\]\(person:\d+\)$"))
    expect(rows(box).first).to_be_hidden()
    box.press("Control+z")
    expect(box).to_have_value("谢谢@tongshi")


def test_the_arrows_choose_and_escape_leaves_the_text_alone(
    writing: Callable[..., Locator],
) -> None:
    box = writing()
    box.press_sequentially("@invented ")
    expect(rows(box).nth(1)).to_be_visible()
    box.press("ArrowDown")
    expect(rows(box).nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(rows(box).first).to_be_hidden()
    box.press_sequentially("m")
    expect(rows(box).first).to_be_hidden()
    box.press("Enter")
    expect(box).to_have_value("@invented m\n")


def test_an_input_method_keeps_its_enter_and_the_server_is_not_asked_meanwhile(
    writing: Callable[..., Locator],
) -> None:
    box = writing()
    asked: list[str] = []
    box.page.on("request", lambda one: asked.append(one.url) if ASKING.search(one.url) else None)
    client = box.page.context.new_cdp_session(box.page)
    box.press_sequentially("@")
    expect(rows(box).first).to_be_visible()
    before = len(asked)
    for text in ("x", "xu", "xu'gou"):
        client.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    expect(rows(box).first).to_be_hidden()
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "keyCode": 229})
    assert len(asked) == before
    client.send("Input.insertText", {"text": "虚构"})
    expect(rows(box).first).to_contain_text("虚构的同事")
    expect(box).to_have_value("@虚构")


def test_an_address_is_no_mention(writing: Callable[..., Locator]) -> None:
    box = writing()
    asked: list[str] = []
    box.page.on("request", lambda one: asked.append(one.url) if ASKING.search(one.url) else None)
    box.press_sequentially("invented@example")
    box.press_sequentially(" @")
    expect(rows(box).first).to_be_visible()
    assert all(one.endswith("q=") for one in asked)


def test_without_the_list_the_text_is_plain(writing: Callable[..., Locator]) -> None:
    box = writing()
    box.page.route("**/mentions?*", lambda route: route.abort())
    box.press_sequentially("@invented")
    expect(rows(box).first).to_be_hidden()
    expect(box).to_have_value("@invented")


@pytest.mark.parametrize("lang", list(LOCALES))
@pytest.mark.parametrize("size", [PHONE, {"viewport": {"width": 1280, "height": 900}}])
def test_the_open_list_can_be_read_by_everybody(
    writing: Callable[..., Locator], lang: str, size: dict[str, object]
) -> None:
    box = writing(locale=LOCALES[lang], **size)
    box.press_sequentially("@")
    expect(rows(box).first).to_be_visible()
    prepare_axe(box.page)
    found = box.page.evaluate("axe.run('#comments')")
    assert [one["id"] for one in found["violations"]] == []
    wide = box.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_two_brackets_offer_pages_and_what_is_chosen_is_a_link(
    writing: Callable[..., Locator], world: World
) -> None:
    box = writing()
    box.press_sequentially("见[[开放")
    expect(rows(box).first).to_contain_text("开放空间")
    expect(box.page.locator(".at-caret")).to_have_attribute("aria-label", "Pages you can link to")
    box.press("Enter")
    expect(box).to_have_value(re.compile(r"^见\[\[开放空间[^\[\]]*\]\]$"))
    expect(rows(box).first).to_be_hidden()
    box.press_sequentially("，谢谢@tongshi")
    expect(rows(box).first).to_contain_text("虚构的同事")


def test_brackets_of_a_chinese_keyboard_offer_pages_and_words_after_a_bar_none(
    writing: Callable[..., Locator],
) -> None:
    box = writing()
    box.fill("见【【】】")
    for _ in range(2):
        box.press("ArrowLeft")
    box.press_sequentially("open sp")
    expect(rows(box).first).to_be_visible()
    box.press("Enter")
    expect(box).to_have_value(re.compile(r"^见\[\[Open [^\[\]]*\]\]$"))
    box.fill("[[open space|open")
    box.press_sequentially(" s")
    expect(rows(box).first).to_be_hidden()
