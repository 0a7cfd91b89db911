"""Images while one writes: they arrive by themselves, can be taken away and brought back, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import papers
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
    page.locator("[data-more=images] > summary").click()
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


def test_a_large_photograph_is_sent_no_larger_than_it_is_kept(
    person: Callable[..., Page], world: World, tmp_path: Path
) -> None:
    taken = tmp_path / "large.jpg"
    Image.effect_noise((800, 600), 50).resize((3200, 2400)).save(taken, quality=95)
    page = person("newcomer", **PHONE)
    page.goto(f"/discussions/{world.ids['pictured']}?lang=en")
    word = once_only()
    page.locator("#body").fill(f"Ours is large. {word}")
    page.locator("[data-more=images] > summary").click()
    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.locator("#files").set_input_files(taken)
    assert int(sent.value.all_headers()["content-length"]) < taken.stat().st_size * 0.7
    expect(page.locator("[data-image]")).to_have_count(1)
    page.get_by_label("What does it show?").fill("A wall")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("article", has_text=word).locator(".pics img")).to_have_count(1)


def test_without_scripts_a_chosen_image_waits_for_its_words(
    person: Callable[..., Page], world: World, chosen: list[str]
) -> None:
    page = person("newcomer", java_script_enabled=False)
    page.goto(f"/discussions/{world.ids['pictured']}?lang=en")
    word = once_only()
    page.locator("#body").fill(f"Ours as well. {word}")
    page.locator("[data-more=images] > summary").click()
    page.locator("#files").set_input_files(chosen[:1])
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("#body")).to_have_value(f"Ours as well. {word}")
    page.get_by_label("What does it show?").fill("A window")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("article", has_text=word).locator(".pics img")).to_have_attribute(
        "alt", "A window"
    )


def test_files_arrive_while_one_writes_and_images_chosen_with_them_go_where_they_belong(
    person: Callable[..., Page], world: World, chosen: list[str], tmp_path: Path
) -> None:
    (tmp_path / "plan.pdf").write_bytes(papers.pdf())
    (tmp_path / "macros.docx").write_bytes(
        papers.with_named(papers.docx(), {"word/vbaProject.bin": b"x"})
    )
    page = person("colleague", **PHONE)
    page.goto(f"/discussions/{world.ids['pictured']}?lang=en")
    word = once_only()
    page.locator("#body").fill(f"Here is our plan. {word}")
    page.get_by_text("Add files").click()
    given = [str(tmp_path / "plan.pdf"), str(tmp_path / "macros.docx"), chosen[0]]
    page.locator("#enclose").set_input_files(given)
    files = page.locator("[data-takes=files]")
    expect(files.locator("[data-image]")).to_have_count(1)
    expect(files.locator(".err-msg")).to_contain_text("Save it without them")
    expect(page.locator("input[name=images]")).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    page.get_by_label("What does it show?").fill("A door")
    page.get_by_label("What is it?").fill("A plan")
    page.get_by_label("On what terms may others use it?").select_option("cc-by")
    page.get_by_role("button", name="Post reply").click()
    said = page.locator("article", has_text=word)
    expect(said.get_by_role("link", name="plan.pdf")).to_be_visible()
    expect(said.locator(".pics img")).to_have_count(1)
