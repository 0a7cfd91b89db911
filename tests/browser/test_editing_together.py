"""Two people edit one note, and a moderator hides one: nobody's words vanish, and what is hidden is gone at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from cop.people.viewer import Grant
from tests.browser.doing import PHONE, act, find, found_at_last, once_only, published
from tests.browser.world import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.world import World


def _two_editors(person: Callable[..., Page], world: World) -> tuple[Page, Page]:
    """Open the editor of the same note from literature for two curators."""
    first, second = (
        person(world.join(once_only(), Grant.CURATOR)),
        person(world.join(once_only(), Grant.CURATOR)),
    )
    for page in (first, second):
        page.goto(world.url("/notes/{starter}/edit"))
        expect(page.locator("#what_happened + .preview")).to_be_attached()
    return first, second


def _add(page: Page, field: str, words: str) -> None:
    box = page.locator(f"#{field}")
    box.fill(f"{box.input_value()}\n\n{words}")


def test_changes_of_different_sections_come_together(
    person: Callable[..., Page], world: World
) -> None:
    first, second = _two_editors(person, world)
    one, two = once_only(), once_only()
    _add(first, "what_happened", one)
    _add(second, "what_we_learned", two)
    act(first, "publish")
    published(first)
    act(second, "publish")
    published(second)
    expect(second.locator("#what_happened")).to_contain_text(one)
    expect(second.locator("#what_we_learned")).to_contain_text(two)


def test_changes_of_the_same_passage_are_shown_side_by_side(
    person: Callable[..., Page], world: World
) -> None:
    first, second = _two_editors(person, world)
    theirs, mine = once_only(), once_only()
    first.locator("#what_we_learned").fill(f"Theirs, invented: {theirs}.")
    second.locator("#what_we_learned").fill(f"Mine, invented: {mine}.")
    act(first, "publish")
    published(first)
    act(second, "publish")
    conflict = second.locator("section:has(> header > #conflict-h)")
    expect(conflict.locator(".was")).to_contain_text(theirs)
    expect(conflict.locator(".now")).to_contain_text(mine)
    box = second.locator("#what_we_learned")
    expect(box).to_have_value(f"Mine, invented: {mine}.")
    box.fill(f"Both: {theirs} and {mine}.")
    act(second, "publish")
    published(second)
    expect(second.locator("#what_we_learned")).to_contain_text(f"Both: {theirs} and {mine}.")


def test_what_a_moderator_hides_is_gone_for_a_visitor_at_once(
    person: Callable[..., Page], world: World
) -> None:
    from dataclasses import replace

    word = once_only()
    note = world.note("author", replace(ENGLISH, title=f"An invented note that names {word}"))
    visitor = person(**PHONE)
    found_at_last(visitor, word)
    moderator = person("moderator")
    moderator.goto(f"/notes/{note}")
    moderator.locator("aside a[href$='/hiding']").click()
    moderator.locator("#reason").fill("It names an invented person.")
    moderator.locator("main form button.primary").click()
    expect(moderator.locator(".box.warn")).to_contain_text("It names an invented person.")

    assert find(visitor, word).count() == 0
    for path in ("/", "/notes/", "/terms/strategy/open-space", "/people/author"):
        visitor.goto(path)
        expect(visitor.locator("main")).not_to_contain_text(word)
    answer = visitor.goto(f"/notes/{note}")
    assert answer is not None
    assert answer.status in (404, 410)

    moderator.locator("aside a[href$='/unhiding']").click()
    moderator.locator("#reason").fill("The name is gone.")
    moderator.locator("main form button.primary").click()
    expect(moderator).to_have_url(re.compile(rf"/notes/{note}-"))
    expect(moderator.locator(".box.warn")).to_have_count(0)
    answer = visitor.goto(f"/notes/{note}")
    assert answer is not None
    assert answer.status == 200
