"""Short forms keep what is typed on the device: a closed tab costs no words, and what was sent is kept no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.doing import eventually

if TYPE_CHECKING:
    from tests.browser.world import World

WORDS = "Two notes say so, and a third doubts it."
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('cop-draft:')).length"


def test_a_judgement_begun_in_a_closed_tab_is_there_again_until_it_is_sent(world: World, entering):
    desk = entering("colleague", locale="en-GB")
    address = world.url("/practices/{practice}/grade?lang=en")
    tab = desk.new_page()
    tab.goto(address)
    tab.get_by_label("Emerging").check()
    tab.locator("[name=reason]").fill(WORDS)
    eventually(lambda: tab.evaluate(KEPT) == 1)
    tab.close()
    tab = desk.new_page()
    tab.goto(address)
    expect(tab.locator("[name=reason]")).to_have_value(WORDS)
    expect(tab.get_by_label("Emerging")).to_be_checked()
    expect(tab.get_by_text("is in the form again")).to_be_visible()
    tab.locator("[name=review_by]").fill("no day")
    tab.get_by_role("button", name="Set the grade").click()
    expect(tab.locator("[data-errors]")).to_be_visible()
    eventually(lambda: tab.evaluate(KEPT) == 1)
    tab.locator("[name=review_by]").fill("")
    tab.get_by_role("button", name="Set the grade").click()
    expect(tab.get_by_text("Your judgement stands on the page.")).to_be_visible()
    eventually(lambda: tab.evaluate(KEPT) == 0)


def test_what_somebody_else_changed_meanwhile_is_not_written_over(world: World, entering):
    desk = entering("admin", locale="en-GB")
    address = world.url("/terms/strategy/future-search/edit?lang=en")
    tab = desk.new_page()
    tab.goto(address)
    tab.locator("[name=definition_en]").fill("Typed and never sent.")
    eventually(lambda: tab.evaluate(KEPT) == 1)
    stale = "Object.keys(localStorage).find((key) => key.startsWith('cop-draft:'))"
    tab.evaluate(
        f"() => {{ const key = {stale}; const kept = JSON.parse(localStorage[key]);"
        " kept.fields.definition_en[0] = 'What stood there before';"
        " localStorage[key] = JSON.stringify(kept); }"
    )
    tab.reload()
    expect(tab.locator("[name=definition_en]")).not_to_have_value("Typed and never sent.")
    expect(tab.get_by_text("Typed and never sent.")).to_be_visible()
    tab.get_by_role("button", name="Begin anew").click()
    eventually(lambda: tab.evaluate(KEPT) == 0)
