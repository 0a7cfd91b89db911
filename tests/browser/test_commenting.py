"""What somebody types in a comment is not lost with the tab, and is gone once it is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.doing import PHONE, expect_saved, once_only, status

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.world import World


def test_a_comment_is_begun_on_a_computer_and_finished_on_a_phone(
    person: Callable[..., Page], world: World
) -> None:
    writer, word = world.join(once_only()), once_only()
    there = world.url("/notes/{both}?lang=en")
    desk = person(writer)
    desk.goto(there)
    desk.locator("textarea#body").fill(f"Begun on a computer {word}")
    expect_saved(desk)
    desk.close()

    phone = person(writer, **PHONE)
    phone.goto(there)
    box = phone.locator("textarea#body")
    expect(box).to_have_value(f"Begun on a computer {word}")
    expect(status(phone)).to_contain_text("Saved")
    box.fill(f"Begun on a computer {word}, finished on a phone")
    expect_saved(phone)
    phone.locator("button[name=act][value=post]").click()
    expect(phone).to_have_url(re.compile(r"comment-\d+$"))
    expect(phone.locator("textarea#body")).to_have_value("")
    phone.go_back()
    phone.goto("/drafts/")
    expect(phone.locator("main")).not_to_contain_text(word)


def test_what_is_marked_in_a_comment_is_what_is_quoted(
    person: Callable[..., Page], world: World
) -> None:
    writer, word = world.join(once_only()), once_only()
    desk = person(writer)
    desk.goto(world.url("/notes/{both}?lang=en"))
    desk.locator("textarea#body").fill(f"Before it. Only {word} this. After it.")
    desk.locator("button[name=act][value=post]").click()
    said = desk.locator(".prose p", has_text=word)
    said.evaluate(
        """(said, word) => {
            const words = said.firstChild, at = words.data.indexOf(word);
            getSelection().setBaseAndExtent(words, at, words, at + word.length + 6);
        }""",
        word,
    )
    desk.locator("article", has=said).locator("a[data-quote]").last.click()
    expect(desk.locator("textarea#body")).to_have_value(f"> {word} this.\n\n")
