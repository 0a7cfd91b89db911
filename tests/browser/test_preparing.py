"""A trainer puts a workshop together with script: rows in order, minutes that add up, material found while typing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from cop.people.viewer import Grant
from tests.browser.doing import PHONE, expect_saved, once_only
from tests.browser.visiting import await_scripts

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Locator, Page

    from tests.browser.world import World


@pytest.fixture
def trainer(world: World) -> str:
    """Make a trainer who has prepared nothing yet and return her handle."""
    return world.join(once_only(), Grant.TRAINER)


def rows(page: Page, group: str = "agenda") -> Locator:
    return page.locator(f"#{group} [data-row]")


def typed(page: Page) -> list[str]:
    return page.eval_on_selector_all("[name=agenda_title]", "all => all.map(one => one.value)")


def begin(page: Page, *told: tuple[str, str]) -> None:
    """Open an empty workshop and type these minutes and titles."""
    page.goto("/workshops/new")
    expect(page.locator("[data-row-buttons] button[name=take]").first).to_be_attached()
    for at, (minutes, title) in enumerate(told):
        row = rows(page).nth(at)
        row.locator("[name=agenda_minutes]").fill(minutes)
        row.locator("[name=agenda_title]").fill(title)


def said(page: Page, group: str = "agenda") -> Locator:
    return page.locator(f"#{group} [data-rows-said]")


def test_rows_move_by_keyboard_come_and_go_and_the_draft_keeps_them(
    person: Callable[..., Page], trainer: str
) -> None:
    page = person(trainer)
    begin(page, ("20", "Arrival"), ("45", "The case"), ("10", "Break"))
    up = rows(page).nth(2).get_by_role("button", name="Move row 3 up")
    up.press("Enter")
    expect(said(page)).to_have_text("“Break” is number 2 of 3 now.")
    assert typed(page) == ["Arrival", "Break", "The case"]
    moved = rows(page).nth(1).locator("[data-row-act=up]")
    expect(moved).to_be_focused()
    expect(moved).to_have_attribute("aria-label", "Move row 2 up")
    expect(rows(page).nth(1).locator("[data-row-name]")).to_have_text("Row 2")
    page.get_by_role("button", name="Take out Arrival").click()
    put = page.get_by_role("button", name="Put back Arrival")
    expect(put).to_be_focused()
    expect(rows(page).first.locator("[name=agenda_title]")).to_be_hidden()
    expect(page.locator("[data-sum]")).to_have_text("The agenda adds up to 55 minutes.")
    put.click()
    expect(page.locator("[data-sum]")).to_have_text(re.compile("1 hour 15 minutes"))
    page.get_by_role("button", name="Add a row").click()
    page.keyboard.type("30")
    rows(page).nth(3).locator("[name=agenda_title]").fill("Farewell")
    expect(rows(page).nth(3).locator("[data-row-starts]")).to_have_text("1:15")
    expect_saved(page)
    page.goto("/drafts/")
    page.locator("article.entry h3 a").first.click()
    expect(rows(page)).to_have_count(4)
    assert typed(page) == ["Arrival", "Break", "The case", "Farewell"]


@pytest.mark.parametrize("pointer", ["mouse", "finger"])
def test_a_row_follows_the_pointer_that_holds_its_grip(
    person: Callable[..., Page], trainer: str, pointer: str
) -> None:
    page = person(trainer, **(PHONE if pointer == "finger" else {}))
    begin(page, ("20", "Arrival"), ("45", "The case"), ("10", "Break"))
    page.locator("#agenda").evaluate("part => part.scrollIntoView({behavior: 'instant'})")
    start = rows(page).first.locator(".grip").bounding_box()
    target = rows(page).nth(1).bounding_box()
    assert start
    assert target
    x, y = start["x"] + 8, start["y"] + 8
    to = target["y"] + target["height"] - 20
    with page.expect_request("**/dragging.js"):
        if pointer == "mouse":
            page.mouse.move(x, y)
            page.mouse.down()
        else:
            touch = page.context.new_cdp_session(page)
            touch.send(
                "Input.dispatchTouchEvent",
                {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]},
            )
    expect(rows(page).first).to_have_class(re.compile("is-dragged"))
    if pointer == "mouse":
        page.mouse.move(x, to, steps=4)
        page.mouse.up()
    else:
        for part in (0.3, 0.6, 1):
            point = {"x": x, "y": y + (to - y) * part}
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(said(page)).to_have_text("“Arrival” is number 2 of 3 now.")
    assert typed(page) == ["The case", "Arrival", "Break"]


CASES = {
    "no beginning": ("", "", [("20", "a", False), ("", "b", False), ("\uff14\uff15", "c", False)]),
    "two days": ("9\uff1a30", "200", [("90", "a", True), ("60", "b", True), ("1", "c", False)]),
    "over midnight": ("22:00", "", [("180", "a", False), ("30", "", False), ("", "", True)]),
    "too long": ("8.05", "", [("1441", "a", False), ("soon", "b", False), ("15", "c", True)]),
}


@pytest.mark.parametrize(
    ("case", "lang"), [*zip(CASES, ["zh", "en", "zh", "en"], strict=True)], ids=list(CASES)
)
def test_the_script_counts_minutes_as_the_server_does(
    person: Callable[..., Page], trainer: str, case: str, lang: str
) -> None:
    page = person(trainer, locale={"en": "en-GB", "zh": "zh-CN"}[lang])
    begins, said_minutes, agenda = CASES[case]
    begin(page, *[(minutes, title) for minutes, title, _day in agenda])
    page.locator("#begins").fill(begins)
    page.locator("#minutes").fill(said_minutes)
    for at, (_minutes, _title, day) in enumerate(agenda):
        rows(page).nth(at).locator("[name=agenda_day]").set_checked(day)
    expect(rows(page).first.locator("[data-row-starts]")).not_to_be_empty()

    def seen() -> list[str]:
        found = page.locator("[data-row-starts], [data-sum]").all_inner_texts()
        return [" ".join(one.split()) for one in found]

    counted = seen()
    off = page.locator("[data-off]").inner_text()
    page.locator(".dock button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()
    assert seen() == counted
    assert bool(off) == (case in ("two days", "too long"))


def test_material_is_offered_while_one_types_and_becomes_a_row(
    person: Callable[..., Page], trainer: str
) -> None:
    word = once_only()
    page = person(trainer)
    begin(page)
    box = page.locator("#find")
    box.focus()
    expect(box).to_have_attribute("role", "combobox")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/material/" in one.url else None)
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "ju min", "selectionStart": 6, "selectionEnd": 6})
    expect(box).to_have_attribute("aria-expanded", "false")
    keys.send("Input.insertText", {"text": "居民"})
    expect(page.locator("#find-offers [role=option]").first).to_be_visible()
    assert len(asked) == 1
    box.fill("found its own ag")
    offer = page.locator("#find-offers [role=option]").first
    expect(offer).to_contain_text("An invented residents’ meeting found its own agenda")
    box.press("ArrowDown")
    box.press("Enter")
    row = rows(page, "materials")
    expect(row).to_have_count(1)
    expect(row.locator("[name=material_why]")).to_be_focused()
    expect(box).to_have_value("")
    expect(said(page, "materials")).to_contain_text("is the last row now")
    row.locator("[name=material_why]").fill(word)
    expect_saved(page)
    page.goto("/drafts/")
    page.locator("article.entry h3 a").first.click()
    expect(page.locator("[name=material_why]")).to_have_value(word)


def test_rows_typed_without_a_connection_go_back_to_their_places(
    entering: Callable[..., BrowserContext], trainer: str
) -> None:
    browser = entering(trainer, locale="en-GB")
    page = browser.new_page()
    begin(page, ("20", "Arrival"), ("45", "The case"))
    expect_saved(page)
    page.goto("/drafts/")
    page.locator("article.entry h3 a").first.click()
    address = page.url
    expect(page.locator("#agenda .grip").first).to_be_visible()
    await_scripts(page)
    browser.set_offline(True)
    page.get_by_role("button", name="Add a row").click()
    page.keyboard.type("10")
    page.get_by_role("button", name="Move row 2 up").click()
    form = page.locator("form[data-autosave]")
    expect(page.locator("[data-autosave-status]")).to_have_text(
        form.get_attribute("data-say-offline") or ""
    )
    page.close()
    browser.set_offline(False)
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("button", name="Put it into the form").click()
    minutes = "all => all.map(one => one.value)"
    assert page.eval_on_selector_all("[name=agenda_minutes]", minutes) == ["45", "20", "", "10"]
    assert typed(page) == ["The case", "Arrival", "", ""]
