"""What people do again and again: fill in the form of a note, wait for a mail, look until something is there."""

from __future__ import annotations

import email
import email.policy
import re
import secrets
import threading
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from playwright.sync_api import Locator, Page

    from tests.browser.world import World

#: How long a slow machine may take for what is done in a moment, in milliseconds.
PATIENCE = 30_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}


def once_only() -> str:
    """Return a word that stands nowhere else on the site."""
    return "zq" + secrets.token_hex(5)


def eventually(look: Callable[[], Any]) -> Any:
    """Return what `look` finds as soon as it finds anything."""
    end = time.monotonic() + PATIENCE / 1000
    pause = threading.Event()
    while not (found := look()):
        assert time.monotonic() < end, "it never came"
        pause.wait(0.1)
    return found


def mailed_link(world: World, address: str, path: str) -> str:
    """Wait for a mail to this address that holds a link to `path`, and return the link."""

    def look() -> str:
        for file in sorted((world.site.data / "mail").glob("*.eml"), reverse=True):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if address in str(mail["To"]):
                body = mail.get_body(("plain",))
                found = re.search(
                    rf"http://[^/\s]+/{path}/[\w-]+", body.get_content() if body else ""
                )
                if found:
                    return found[0]
        return ""

    return str(eventually(look))


def write_note(page: Page, title: str, lang: str = "en", *, scripted: bool = True) -> None:
    """Fill in what a note needs and nothing else, in the order of the form."""
    page.locator("#title").fill(title)
    if page.locator(f"input[name=lang][value={lang}]").count():
        page.locator(f"input[name=lang][value={lang}]").check()
    page.locator("input[name=outcome][value=mixed]").check()
    page.locator("#outcome_reason").fill("三项中做成了两项。" if lang == "zh" else "Two of three.")
    if scripted:
        pick(page, "kfkj" if lang == "zh" else "open space")
    else:
        page.locator("#strategies").select_option("open-space")
    page.locator("#what_happened").fill(
        "居民来了，街道没有来。" if lang == "zh" else "Residents came, the street office did not."
    )
    page.locator("#what_we_learned").fill(
        "先请街道来听。" if lang == "zh" else "Invite the office first."
    )
    page.locator("input[name=visibility][value=public]").check()


def pick(page: Page, words: str, field: str = "strategies") -> None:
    """Choose the first term the picker finds for some words."""
    box = page.locator(f"#{field}-box")
    box.fill(words)
    expect(page.locator(f"#{field}-list [role=option]").first).to_be_visible()
    box.press("Enter")
    expect(page.locator(f".pick:has(#{field}-box) .term").first).to_be_visible()


def act(page: Page, name: str) -> None:
    """Press one of the buttons at the foot of the editor."""
    page.locator(f".dock button[value={name}]").click()


def published(page: Page) -> int:
    """Wait for the page of a note just published and return its number."""
    expect(page.locator("article.sheet .verdict")).to_be_visible()
    found = re.search(r"/notes/(\d+)", page.url)
    assert found, page.url
    return int(found[1])


def find(page: Page, words: str) -> Locator:
    """Search for words as a reader does and return what was found."""
    page.goto(f"/search?q={words}")
    return page.locator("main article.entry")


def found_at_last(page: Page, words: str) -> None:
    """Search until something is found."""
    eventually(lambda: find(page, words).count())


def status(page: Page) -> Locator:
    """Return the line that says whether the draft is saved."""
    return page.locator("[data-autosave-status]")


def expect_saved(page: Page) -> None:
    """Wait until the form as it stands is saved as a draft: the page says so and would let one leave."""
    expect(status(page)).to_have_text(re.compile(r"\d\d:\d\d"))
    leaving = "dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    eventually(lambda: page.evaluate(leaving))
