"""Every kind of page, in both languages: readable by everybody, on every screen, light to load."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.pages import PLACES, Place
from tests.browser.visiting import Tab, Visit, prepare_axe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext

    from tests.browser.world import World

    Tabs = Callable[[str, str], Tab]

BUDGETS = tomllib.loads((Path(__file__).parents[1] / "budgets.toml").read_text("utf-8"))["browser"]
#: A phone of 2010, a phone, a desk, and a desk at 400 % zoom.
WINDOWS = ((320, 700), (390, 844), (1280, 900), (320, 256))
#: Each language is looked at in each window and in both colours; two languages need no more than all pairs.
LOOKS = {"en": ((1280, "light"), (390, "dark")), "zh": ((390, "light"), (1280, "dark"))}


@pytest.fixture(scope="session")
def tabs(browser: Browser, world: World) -> Iterator[Tabs]:
    """Return one tab for each person and language, for all visits of the run."""
    opened: list[BrowserContext] = []

    @cache
    def tab(who: str, lang: str) -> Tab:
        opened.append(world.enter(browser, who))
        return Tab(opened[-1], world, lang)

    yield tab
    for context in opened:
        context.close()


@pytest.fixture(
    scope="module",
    params=[(place, lang) for place in PLACES for lang in ("en", "zh")],
    ids=lambda param: f"{param[0].name}-{param[1]}",
)
def seen(request: pytest.FixtureRequest, tabs: Tabs) -> Iterator[Visit]:
    """Visit each page once in each language; all tests look at that visit."""
    place: Place
    place, lang = request.param
    tab = tabs(place.who, lang)
    yield tab.visit(place)
    tab.leave()


def test_the_page_is_the_one_that_was_meant(seen: Visit) -> None:
    assert seen.status == seen.place.status
    wanted = {"zh": "zh-Hans", "en": "en"}[seen.lang]
    assert seen.page.locator("html").get_attribute("lang") == wanted
    assert seen.page.title()


def test_a_page_asks_no_other_host_and_weighs_little(seen: Visit) -> None:
    assert seen.traffic.hosts == {urlsplit(seen.world.site.url).netloc}
    # Addresses, not fetches: the browser itself asks for the icon again when a page redraws its tab.
    asked = sorted(set(seen.traffic.urls.values()))
    assert len(asked) <= BUDGETS["requests"], asked
    most = BUDGETS["long_bytes"] if seen.place.long else BUDGETS["bytes"]
    assert 0 < seen.traffic.weight <= most


def test_the_console_stays_silent(seen: Visit) -> None:
    assert seen.said == []


def test_every_id_is_used_once(seen: Visit) -> None:
    ids = seen.page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert [one for one, times in Counter(ids).items() if times > 1] == []


def test_no_window_makes_the_page_scroll_sideways(seen: Visit) -> None:
    assert {f"{w}x{h}": seen.overflow(w, h) for w, h in WINDOWS} == {
        f"{w}x{h}": 0 for w, h in WINDOWS
    }


def test_axe_finds_nothing(seen: Visit) -> None:
    prepare_axe(seen.page)
    found = {look: seen.axe(width=look[0], scheme=look[1]) for look in LOOKS[seen.lang]}
    assert {where: what for where, what in found.items() if what} == {}
