"""What is done on a page before one looks at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.world import World

Act = Callable[["Page", "World"], None]


def nothing(page: Page, world: World) -> None:
    """Look at the page as it comes."""


def send_form(page: Page, world: World) -> None:
    """Send the form of the page as it is, which lacks something."""
    page.locator("main form button.primary").first.click()
    expect(page.locator("[data-errors]")).to_be_visible()


def publish_nothing(page: Page, world: World) -> None:
    """Publish a long form that lacks everything."""
    page.locator(".dock button[value=publish]").click()
    expect(page.locator("[data-errors]")).to_be_visible()


def send_search(page: Page, world: World) -> None:
    """Ask for a mail with the form of the page."""
    page.locator("main form input[type=text], main form input[type=email]").first.fill(
        "nobody-here"
    )
    page.locator("main form button.primary").click()
    expect(page.locator("main form")).to_have_count(0)


def send_decision(page: Page, world: World) -> None:
    """Decide without a reason."""
    page.locator("input[name=item][value=remove]").check()
    page.locator("main form button.primary").click()
    expect(page.locator("[data-errors]")).to_be_visible()


def open_menu(page: Page, world: World) -> None:
    """Open the menu of one's account."""
    page.locator("button[popovertarget=p-me]").click()
    expect(page.locator("#p-me")).to_be_visible()


def unfold(page: Page, world: World) -> None:
    """Open everything that is folded, as somebody does who looks for a field."""
    for part in page.locator("details:not([open]) > summary").all()[::-1]:
        part.click()
    expect(page.locator("details:not([open])")).to_have_count(0)


def open_picker(page: Page, world: World) -> None:
    """Choose one strategy and look for another."""
    box = page.locator("#strategies-box")
    box.fill("open space")
    box.press("Enter")
    box.fill("hui")
    expect(page.locator("#strategies-list")).to_be_visible()


def type_words(page: Page, world: World) -> None:
    """Type into the search box until it offers something, and go to the first of it."""
    box = page.locator("input[data-suggest]").last
    box.fill("beijing")
    expect(page.locator(".offers [role=option]").first).to_be_visible()
    box.press("ArrowDown")


def preview_beside(page: Page, world: World) -> None:
    """Have the server render one field."""
    page.locator("#what_happened").fill("**Invented**\n\n- one\n- two")
    page.locator("#what_happened ~ .under button").click()
    expect(page.locator("#what_happened ~ .preview strong")).to_be_visible()


def preview_whole(page: Page, world: World) -> None:
    """Ask for the preview that needs no script."""
    page.locator("#what_happened").fill("**Invented**\n\n- one\n- two")
    page.locator(".dock button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def preview_comment(page: Page, world: World) -> None:
    """Ask for the preview of a comment that needs no script."""
    page.locator("#body").fill("**Invented**\n\n> quoted")
    page.locator("button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def preview_question(page: Page, world: World) -> None:
    """Ask for the preview of a question, which shows what was discussed already."""
    page.locator("#title").fill("Who signs when nobody will")
    page.locator("#body").fill("**Invented**\n\n- one\n- two")
    page.locator(".dock button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def preview_page(page: Page, world: World) -> None:
    """Ask for the preview of a page of the wiki that needs no script."""
    page.locator("#pitfalls, #body").fill("**Invented**\n\n- one\n- two")
    page.locator(".dock button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def preview_workshop(page: Page, world: World) -> None:
    """Ask for the preview of a workshop that needs no script."""
    page.locator("#handout").fill("**Invented**\n\n- one\n- two")
    page.locator(".dock button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def add_rows(page: Page, world: World) -> None:
    """Add a row to the agenda, move it up, and look for material."""
    rows = page.locator("#agenda .typed-row")
    before = rows.count()
    page.locator("button[value='rows:agenda:add']").click()
    expect(rows).to_have_count(before + 1)
    rows.last.locator("button[data-row-act=up]").click()
    page.locator("#find").fill("居民会议")
    page.locator("button[value='rows:materials:find']").click()
    expect(page.locator(".found")).to_be_visible()


def arrange(page: Page, world: World) -> None:
    """Move one entry down, take another out, and look for a third."""
    names = page.locator("[data-item]")
    first = names.first.get_attribute("data-title")
    page.locator("button[value^='down:']").first.click()
    expect(names.nth(1)).to_have_attribute("data-title", first or "")
    page.locator("button[value^='out:']").first.click()
    expect(names.first.locator("button[value^='back:']")).to_be_focused()
    page.locator("#find").fill("居民会议")
    page.locator("[data-look]").click()
    expect(page.locator("[data-offers]")).not_to_be_empty()


def collide(page: Page, world: World) -> None:
    """Send a passage and a place that somebody else changed meanwhile."""
    note = world.note("author")
    page.goto(world.url(f"/notes/{note}/edit"))
    page.locator("#what_we_learned").fill("Mine: ask the office last.")
    world.revise(note, "author", what_we_learned="Theirs: never ask the office.")
    page.locator(".dock button[value=publish]").click()
    expect(page.locator("#conflict-h")).to_be_visible()
