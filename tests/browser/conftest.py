"""A furnished site for the run, and a browser for each person who looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.doing import PATIENCE
from tests.browser.world import World, furnish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browsing import LiveSite


# What is expected comes at once or after a moment; five seconds are none on a machine that has much else to do.
expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def _database_of_each_test() -> None:
    """Hold no transaction: the live site commits."""


@pytest.fixture(scope="session")
def world(live_site: LiveSite) -> World:
    """Return the live site with people and notes on it, all of which searches find."""
    made = furnish(live_site)
    live_site.worker.drain()
    live_site.worker.start()
    return made


@pytest.fixture
def entering(browser: Browser, world: World) -> Iterator[Callable[..., BrowserContext]]:
    """Return the function that opens a browser for somebody; all are closed after the test."""
    opened: list[BrowserContext] = []

    def enter(who: str = "visitor", **options: Any) -> BrowserContext:
        opened.append(world.enter(browser, who, **options))
        return opened[-1]

    yield enter
    for context in opened:
        context.close()


@pytest.fixture
def person(entering: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return the function that opens a page of a browser for somebody, in English unless said."""

    def sit_down(who: str = "visitor", **options: Any) -> Page:
        options.setdefault("locale", "en-GB")
        return entering(who, **options).new_page()

    return sit_down
