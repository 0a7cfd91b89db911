"""Joining as a stranger does: the form, the mail, the button, the first visit; with and without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.doing import LOCALES, PHONE, mailed_link, once_only
from tests.make import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.world import World


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("scripted", [True, False], ids=["scripts", "no-scripts"])
def test_a_stranger_joins_by_the_mailed_link_and_signs_in(
    person: Callable[..., Page], world: World, lang: str, *, scripted: bool
) -> None:
    page = person(locale=LOCALES[lang], java_script_enabled=scripted, **PHONE)
    handle = once_only()
    name = "虚构的新人" if lang == "zh" else "Invented Stranger"
    page.goto("/login")
    page.locator("a[href$='/register']").click()
    page.locator("#name").fill(name)
    page.locator("#handle").fill(handle)
    page.locator("#email").fill(f"{handle}@example.org")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile("/register/sent$"))
    expect(page.locator("main")).to_contain_text(f"{handle}@example.org")

    page.goto(mailed_link(world, f"{handle}@example.org", "confirm"))
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-Hans"}[lang]
    page.locator("main form button.primary").click()
    expect(page).not_to_have_url(re.compile("/confirm/"))
    page.goto("/account/")
    if page.locator("#identifier").count():
        page.locator("#identifier").fill(handle)
        page.locator("#password").fill(PASSWORD)
        page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile("/account/$"))
    expect(page.locator("#name")).to_have_value(name)


def test_a_wrong_form_keeps_what_was_typed_and_leads_to_its_errors(
    person: Callable[..., Page],
) -> None:
    page = person()
    page.goto("/register")
    page.locator("#name").fill("Invented Person")
    page.locator("#email").fill("no address")
    page.locator("#password").fill("short")
    page.locator("main form button.primary").click()
    summary = page.locator("[data-errors]")
    expect(summary).to_be_focused()
    expect(page.locator("#name")).to_have_value("Invented Person")
    expect(page.locator("#email")).to_have_value("no address")
    summary.locator("a[href='#email']").click()
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")
    described = page.locator("#email").get_attribute("aria-describedby") or ""
    assert page.locator(f"#{described.split()[-1]}").inner_text().strip()


def test_a_sentence_above_the_form_answers_a_wrong_password(person: Callable[..., Page]) -> None:
    page = person()
    page.goto("/login")
    page.locator("#identifier").fill("author")
    page.locator("#password").fill("not the password of anybody")
    page.locator("main form button.primary").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    expect(page.locator("#identifier")).to_have_value("author")
    expect(page.locator("#password")).to_have_value("")
