"""Images while one writes: they arrive by themselves, can be taken away and brought back, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.doing import PHONE, once_only
from tests.hostile import SVG, photograph

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.world import World


@pytest.fixture
def chosen(tmp_path: Path) -> list[str]:
    """Return two good photographs and a file that is not taken, on the writer's device."""
    for name, data in (
        ("one.jpg", photograph(320, 240)),
        ("two.jpg", photograph(200, 300)),
        ("plan.svg", SVG),
    ):
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in ("one.jpg", "two.jpg", "plan.svg")]


def test_images_arrive_while_one_writes_and_can_be_taken_away_and_brought_back(
    person: Callable[..., Page], world: World, chosen: list[str]
) -> None:
    page = person("newcomer", **PHONE)
    page.goto(f"/discussions/{world.ids['pictured']}?lang=en")
    word = once_only()
    page.locator("#body").fill(f"Ours too. {word}")
    page.locator(".add-pics > summary").click()
    page.locator("#files").set_input_files(chosen)
    items = page.locator("[data-image]")
    expect(items).to_have_count(2)
    expect(page.locator(".pic-item .err-msg")).to_contain_text("plan.svg")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".pic-item")).to_have_count(2)
    items.first.get_by_label("What does it show?").fill("A door")
    items.last.get_by_role("button", name="Take it away").click()
    expect(items.last.get_by_text("Taken away.")).to_be_visible()
    items.last.get_by_role("button", name="Undo").click()
    items.last.get_by_role("button", name="Take it away").click()
    page.get_by_role("button", name="Post reply").click()
    said = page.locator("article", has_text=word)
    expect(said.locator(".pics img")).to_have_count(1)
    expect(said.locator(".pics img")).to_have_attribute("alt", "A door")


def test_without_scripts_a_chosen_image_waits_for_its_words(
    person: Callable[..., Page], world: World, chosen: list[str]
) -> None:
    page = person("newcomer", java_script_enabled=False)
    page.goto(f"/discussions/{world.ids['pictured']}?lang=en")
    word = once_only()
    page.locator("#body").fill(f"Ours as well. {word}")
    page.locator(".add-pics > summary").click()
    page.locator("#files").set_input_files(chosen[:1])
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("#body")).to_have_value(f"Ours as well. {word}")
    page.get_by_label("What does it show?").fill("A window")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("article", has_text=word).locator(".pics img")).to_have_attribute(
        "alt", "A window"
    )
