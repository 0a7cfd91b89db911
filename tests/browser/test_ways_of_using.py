"""By keyboard alone, in the other language, on paper, in a system's own colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.doing import PHONE, once_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.world import World


def test_the_first_key_offers_to_skip_to_the_content(person: Callable[..., Page]) -> None:
    page = person()
    page.goto("/notes/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_picker_is_a_combobox_for_the_keyboard(person: Callable[..., Page]) -> None:
    page = person("newcomer")
    page.goto("/notes/new")
    box = page.locator("#strategies-box")
    options = page.locator("#strategies-list [role=option]")
    chips = page.locator(".pick:has(#strategies-box) .term")
    box.focus()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "-")
    page.keyboard.press("End")
    expect(box).to_have_attribute("aria-activedescendant", options.last.get_attribute("id") or "-")
    expect(options.last).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#strategies-list")).to_be_hidden()
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.type("yibashou")
    page.keyboard.press("Enter")
    expect(chips).to_have_count(1)
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.press("Backspace")
    expect(chips).to_have_count(0)
    page.keyboard.type("zzzz")
    expect(page.locator(".pick [role=status]").first).not_to_be_empty()
    page.keyboard.press("Enter")
    expect(chips).to_have_count(0)
    assert page.url.endswith("/notes/new")


def test_menus_and_folded_parts_open_and_close_by_keyboard(person: Callable[..., Page]) -> None:
    page = person("newcomer")
    page.goto("/notes/new")
    button, menu = page.locator("button[popovertarget=p-me]"), page.locator("#p-me")
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.locator("a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    folded = page.locator("[data-more=facts]")
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#organisation")).to_be_visible()
    page.keyboard.press("Tab")
    assert folded.evaluate("part => part.contains(document.activeElement)")


def test_what_has_the_focus_is_seen(person: Callable[..., Page]) -> None:
    page = person("newcomer")
    page.goto("/notes/new")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(_HOW_FOCUS_SHOWS))
    assert "nothing" not in seen, seen
    assert len(seen) > 1


_HOW_FOCUS_SHOWS = """() => {
    const one = document.activeElement;
    if (one === document.body) return "the browser";
    const shows = (node) => node && getComputedStyle(node).outlineStyle !== "none";
    const box = one.closest(".opt, .pick");
    return shows(one) || shows(box) ? (box || one).tagName : "nothing";
}"""


def test_switching_the_language_keeps_the_page_and_its_filters(person: Callable[..., Page]) -> None:
    page = person(**PHONE)
    page.goto("/notes/?outcome=failed&strategy=first-in-command&strategy=open-space")
    page.locator(".mast a[hreflang=zh-Hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    for kept in ("outcome=failed", "strategy=first-in-command", "strategy=open-space"):
        assert kept in page.url
    page.goto("/terms/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator(".mast a[hreflang=en]").click()
    expect(page).to_have_url(re.compile(r"/terms/\?lang=en$"))


def test_a_member_finds_her_language_again_on_another_device(
    person: Callable[..., Page], world: World
) -> None:
    handle = world.join(once_only())
    page = person(handle)
    page.goto("/search?q=open")
    page.locator(".mast a[hreflang=zh-Hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("#q")).to_have_value("open")
    other = person(handle, locale="en-US")
    other.goto("/")
    expect(other.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_paper_shows_the_note_and_nothing_to_press(
    person: Callable[..., Page], world: World
) -> None:
    page = person("author")
    page.goto(world.url("/notes/{both}"))
    page.emulate_media(media="print")
    for gone in (".mast", ".nav", ".rail", ".crumbs", "form", ".btn", ".seg"):
        for one in page.locator(gone).all():
            expect(one).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".verdict .oc")).to_be_visible()
    expect(page.locator(".verdict .oc svg")).to_be_visible()
    expect(page.locator("#what_happened")).to_be_visible()
    after = "getComputedStyle(document.querySelector('.prose a'), '::after').content"
    assert "https://example.org/answer" in page.evaluate(after)


def test_the_colours_of_a_system_leave_the_marks_of_outcomes(person: Callable[..., Page]) -> None:
    for scheme in ("light", "dark"):
        page = person(forced_colors="active", color_scheme=scheme)
        page.goto("/")
        for outcome in ("worked", "mixed", "failed", "too-early"):
            mark = page.locator(f".rail [data-o={outcome}] .m")
            expect(mark).to_be_visible()
            ink, paper = mark.evaluate(_INK_AND_PAPER)
            assert ink != paper
            expect(page.locator(f".rail [data-o={outcome}]")).not_to_have_text("")


_INK_AND_PAPER = """mark => {
    const style = getComputedStyle(mark);
    return [style.fill, getComputedStyle(document.documentElement).backgroundColor];
}"""


def test_the_filters_of_a_search_are_one_press_away_on_a_phone(
    person: Callable[..., Page],
) -> None:
    page = person(**PHONE)
    page.goto("/search?q=meeting")
    page.locator("a.jump").click()
    expect(page.locator("#filters h2")).to_be_in_viewport()
    page.locator("#filters input[name=outcome][value=failed]").check()
    page.locator("#filters button").click()
    expect(page).to_have_url(re.compile("outcome=failed"))
    expect(page.locator("#q")).to_have_value("meeting")


def test_what_is_written_is_marked_with_its_language(person: Callable[..., Page]) -> None:
    page = person("newcomer")
    page.goto("/notes/new")
    expect(page.locator("#strategies-box")).to_be_visible()
    fields = ("#title", "#what_happened", "#what_we_learned")
    for tag, lang in (("zh", "zh-Hans"), ("en", "en")):
        page.locator(f"input[name=lang][value={tag}]").check()
        for field in fields:
            expect(page.locator(field)).to_have_attribute("lang", lang)
