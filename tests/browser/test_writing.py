"""A note in ten minutes on a phone, and what may go wrong on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.doing import (
    LOCALES,
    PHONE,
    act,
    eventually,
    expect_saved,
    find,
    found_at_last,
    once_only,
    published,
    status,
    write_note,
)
from tests.browser.visiting import await_scripts
from tests.make import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Dialog, Page

    from tests.browser.world import World


@pytest.fixture
def writer(world: World) -> str:
    """Make somebody who has written nothing yet and return her handle."""
    return world.join(once_only())


@pytest.mark.parametrize(
    ("lang", "scripted"),
    [("zh", True), ("en", True), ("zh", False)],
    ids=["zh", "en", "no-scripts"],
)
def test_a_note_is_written_on_a_phone_found_edited_withdrawn_and_published_again(
    person: Callable[..., Page], writer: str, lang: str, *, scripted: bool
) -> None:
    page = person(writer, locale=LOCALES[lang], java_script_enabled=scripted, **PHONE)
    word = once_only()
    title = f"一次虚构的尝试 {word}" if lang == "zh" else f"An invented try {word}"
    page.goto(f"/?lang={lang}")
    page.goto("/notes/new")
    write_note(page, title, lang, scripted=scripted)
    if scripted:
        expect_saved(page)
        _goes_on_elsewhere(person(writer, **PHONE), title)
    act(page, "publish")
    note = published(page)
    expect(page.locator("h1")).to_have_text(title)

    reader = person(locale=LOCALES[lang], **PHONE)
    found_at_last(reader, word)
    page.locator(f"aside a[href*='/notes/{note}/edit']").click()
    happened = page.locator("#what_happened")
    happened.fill(
        happened.input_value()
        + ("\n\n后来又来了十个人。" if lang == "zh" else "\n\nTen more came.")
    )
    act(page, "publish")
    published(page)
    page.locator("a[href*='/history']").first.click()
    page.locator("form.keep button").click()
    expect(page.locator(".diff .now").first).to_be_visible()

    page.goto(f"/notes/{note}")
    page.locator("aside a[href$='/withdrawal']").click()
    page.locator("main form button.primary").click()
    expect(page.locator("form[action$='/return']")).to_be_visible()
    answer = reader.goto(f"/notes/{note}")
    assert answer is not None
    assert answer.status == 410
    assert find(reader, word).count() == 0
    page.locator("form[action$='/return'] button").click()
    expect(page.locator("form[action$='/return']")).to_have_count(0)
    answer = reader.goto(f"/notes/{note}")
    assert answer is not None
    assert answer.status == 200
    page.goto("/drafts/")
    # No draft is left, and the note stands among what she published.
    expect(page.locator("form[action$='/deletion']")).to_have_count(0)
    expect(page.locator(f"article.entry a[href^='/notes/{note}-']")).to_have_count(1)


@pytest.mark.parametrize("path", ["/notes/new", "/discussions/new"])
@pytest.mark.parametrize("scripted", [True, False], ids=["scripts", "no-scripts"])
def test_enter_in_a_line_is_a_slip_that_publishes_nothing_and_loses_nothing(
    person: Callable[..., Page], writer: str, path: str, *, scripted: bool
) -> None:
    page = person(writer, java_script_enabled=scripted)
    page.goto(path)
    page.locator("#title").fill("An invented slip")
    page.locator("#title").press("Enter")
    if scripted:
        expect_saved(page)
    else:
        page.get_by_role("link", name="An invented slip").click()
    expect(page.locator("#title")).to_have_value("An invented slip")


def _goes_on_elsewhere(other: Page, title: str) -> None:
    """Find the draft on another device, whole."""
    other.goto("/drafts/")
    other.locator("article.entry h3 a").first.click()
    expect(other.locator("#title")).to_have_value(title)
    expect(other.locator("input[name=outcome][value=mixed]")).to_be_checked()
    expect(other.locator(".pick .term").first).to_be_visible()


def test_a_form_that_lacks_something_keeps_everything_typed(
    person: Callable[..., Page], writer: str
) -> None:
    page = person(writer)
    page.goto("/notes/new")
    write_note(page, "An invented beginning")
    page.locator("#what_we_learned").fill("")
    page.locator("[data-more=facts] > summary").click()
    page.locator("#started").fill("last spring")
    act(page, "publish")
    summary = page.locator("[data-errors]")
    expect(summary).to_be_focused()
    expect(page.locator("#title")).to_have_value("An invented beginning")
    expect(page.locator(".pick .term").first).to_be_visible()
    expect(page.locator("input[name=outcome][value=mixed]")).to_be_checked()
    expect(page.locator("#started")).to_be_visible()
    expect(page.locator("#started")).to_have_value("last spring")
    summary.locator("a[href='#what_we_learned']").click()
    expect(page.locator("#what_we_learned")).to_be_focused()


def test_two_clicks_on_publish_make_one_note(person: Callable[..., Page], writer: str) -> None:
    page = person(writer)
    page.goto("/notes/new")
    write_note(page, "An invented note sent in a hurry")
    page.locator(".dock button[value=publish]").dblclick()
    published(page)
    page.goto(f"/people/{writer}")
    expect(page.locator("article.entry")).to_have_count(1)


def test_enter_that_confirms_an_input_method_sends_nothing(
    person: Callable[..., Page], writer: str
) -> None:
    page = person(writer, locale="zh-CN")
    page.goto("/notes/new")
    keys = page.context.new_cdp_session(page)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "text": "\r"}
    for box in ("#site-q", "#title", "#strategies-box"):
        page.locator(box).focus()
        keys.send(
            "Input.imeSetComposition", {"text": "kai fang", "selectionStart": 8, "selectionEnd": 8}
        )
        keys.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
        keys.send("Input.insertText", {"text": "开放"})
        expect(page.locator(box)).to_have_value("开放")
        assert page.url.endswith("/notes/new")
    expect(page.locator(".pick .term")).to_have_count(0)
    page.locator("#strategies-box").press("Enter")
    expect(page.locator(".pick .term")).to_have_count(1)
    page.locator("#site-q").press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q="))


def test_text_typed_without_a_connection_is_kept_and_saved_later(
    person: Callable[..., Page], writer: str
) -> None:
    page = person(writer)
    page.goto("/notes/new")
    page.locator("#title").fill("An invented note from a train")
    expect_saved(page)
    page.context.set_offline(True)
    page.locator("#what_happened").fill("The invented train was in a tunnel.")
    expect(status(page)).to_have_text(
        page.locator("form[data-autosave]").get_attribute("data-say-offline") or ""
    )
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.context.set_offline(False)
    expect_saved(page)
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.goto("/drafts/")
    page.locator("article.entry h3 a").first.click()
    expect(page.locator("#what_happened")).to_have_value("The invented train was in a tunnel.")


def test_text_of_a_window_closed_without_a_connection_is_offered_again(
    entering: Callable[..., BrowserContext], writer: str
) -> None:
    browser = entering(writer, locale="en-GB")
    page = browser.new_page()
    page.goto("/notes/new")
    await_scripts(page)
    browser.set_offline(True)
    page.locator("#what_we_learned").fill("Invented last words.")
    expect(status(page)).not_to_have_text("")
    offline = page.locator("form[data-autosave]").get_attribute("data-say-offline") or ""
    expect(status(page)).to_have_text(offline)
    page.close()
    browser.set_offline(False)
    page = browser.new_page()
    page.goto("/notes/new")
    page.locator(".box.warn button").first.click()
    expect(page.locator("#what_we_learned")).to_have_value("Invented last words.")
    expect_saved(page)


def test_who_is_signed_out_meanwhile_loses_nothing(
    entering: Callable[..., BrowserContext], world: World, writer: str
) -> None:
    browser = entering(writer, locale="en-GB")
    page, other = browser.new_page(), browser.new_page()
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.goto("/notes/new")
    write_note(page, "An invented note of somebody signed out")
    expect_saved(page)
    other.goto("/logout")
    other.locator("main form button").click()
    expect(other.locator("button[popovertarget=p-me]")).to_have_count(0)
    page.locator("#what_we_learned").fill("An invented lesson learned late.")
    act(page, "publish")
    expect(page.locator(".dock")).to_have_count(0)
    again = page.locator("main form button")
    expect(again).to_be_visible()
    other.goto("/login")
    other.locator("#identifier").fill(writer)
    other.locator("#password").fill(PASSWORD)
    other.locator("main form button.primary").click()
    expect(other.locator("button[popovertarget=p-me]")).to_be_visible()
    again.click()
    _publish_until_there(page)
    expect(page.locator("article.sheet")).to_contain_text("An invented lesson learned late.")
    assert asked in ([], ["beforeunload"])


def _publish_until_there(page: Page) -> None:
    """Go on from the editor where the site asks for it, as the person would."""
    expect(
        page.locator("article.sheet .verdict, .dock button[value=publish]").first
    ).to_be_visible()
    if page.locator(".dock button[value=publish]").count():
        act(page, "publish")
    published(page)


def test_leaving_with_unsaved_text_asks_first(person: Callable[..., Page], writer: str) -> None:
    page = person(writer)
    page.goto("/notes/new")
    await_scripts(page)
    page.context.set_offline(True)
    page.locator("#title").click()
    page.keyboard.type("Invented")
    page.on("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.locator(".brand").click(no_wait_after=True)
    assert asked.value.type == "beforeunload"
    expect(page.locator("#title")).to_have_value("Invented")
    page.context.set_offline(False)


def test_a_text_kept_without_a_connection_is_offered_to_no_other_note_and_goes_when_published(
    entering: Callable[..., BrowserContext], writer: str
) -> None:
    browser = entering(writer, locale="en-GB")
    page = browser.new_page()
    page.goto("/notes/new")
    write_note(page, "An invented note with a poor line")
    expect_saved(page)
    page.route("**/notes/drafts", lambda route: route.abort())
    page.locator("#what_we_learned").fill("Invented words that the line did not take.")
    offline = page.locator("form[data-autosave]").get_attribute("data-say-offline") or ""
    expect(status(page)).to_have_text(offline)
    other = browser.new_page()
    other.goto("/notes/new")
    expect(other.locator(".under button").first).to_be_visible()
    expect(other.locator(".box.warn button")).to_have_count(0)
    other.close()
    assert page.evaluate("Object.keys(localStorage).length") == 1
    act(page, "publish")
    published(page)
    eventually(lambda: page.evaluate("Object.keys(localStorage).length") == 0)
