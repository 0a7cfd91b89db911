"""A visit to one page in one language, and everything the network and the console said meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from cop.core.db import db, writing
from cop.core.types import Lang
from cop.people.models import User

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page

    from tests.browser.pages import Place
    from tests.browser.world import World

#: WCAG 2.0 to 2.2 at levels A and AA, and what axe calls best practice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_COLOUR = ("color-contrast", "link-in-text-block")
_UNSTICK = (
    "() => document.querySelectorAll('.dock').forEach(bar => (bar.style.position = 'static'))"
)
_DESK = {"width": 1280, "height": 720}
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TOO_WIDE_IN_THE_END = f"new Promise(say => setTimeout(() => say({_TOO_WIDE}), 500))"


@dataclass
class Traffic:
    """What loading the last document cost: requests and bytes as they came over the wire."""

    urls: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)

    def sent(self, event: dict[str, Any]) -> None:
        """Take down a request."""
        if event["request"]["url"].startswith("data:"):
            return  # what the browser draws in its own fields of days and times: it asks nobody
        if event.get("type") == "Document" and "redirectResponse" not in event:
            self.urls.clear()
            self.sizes.clear()
        later = event.get("type") == "Fetch"  # what scripts ask for later is not part of loading
        shown = urlsplit(event["request"]["url"]).path.startswith(
            "/files/"
        )  # people's pictures neither
        if not (later or shown):
            self.urls[event["requestId"]] = event["request"]["url"]
        self.hosts.add(urlsplit(event["request"]["url"]).netloc)

    def finished(self, event: dict[str, Any]) -> None:
        """Take down how much came."""
        if event["requestId"] in self.urls:
            self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    @property
    def weight(self) -> int:
        """Bytes over the wire, headers and compression included."""
        return sum(self.sizes.values())


@dataclass
class Visit:
    """One page, open, in one language."""

    place: Place
    lang: str
    page: Page
    world: World
    traffic: Traffic
    said: list[str] = field(default_factory=list)
    status: int = 0

    def axe(self, *, width: int, scheme: str) -> list[str]:
        """Return what axe finds at this width in this colour scheme, one line for each element."""
        self.look(width=width, scheme=scheme)
        # What a bar at the foot of the window hides for the moment is not small: one scrolls.
        self.page.evaluate(_UNSTICK)
        # Colours change nothing but what depends on colours.
        rules = RULES if scheme == "light" else OF_COLOUR
        options = {"runOnly": list(rules), "resultTypes": ["violations"], "preload": False}
        script = "options => axe.run(document, options).then(found => found.violations)"
        found = self.page.evaluate(script, options)
        return [
            f"{rule['id']} {node['target']}: {node['failureSummary'][:300]}"
            for rule in found
            for node in rule["nodes"]
        ]

    def look(self, *, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
        """Change the window and the colours, as a person does without loading the page again."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def overflow(self, width: int, height: int = 900) -> int:
        """Return how many pixels the page can be scrolled sideways in a window of this size."""
        self.look(width=width, height=height)
        # A page in the middle of being laid out anew may be wider for a moment than it comes to be.
        return int(self.page.evaluate(_TOO_WIDE) and self.page.evaluate(_TOO_WIDE_IN_THE_END))


class Tab:
    """A tab in which somebody reads page after page in one language: opening one costs as much as reading."""

    def __init__(self, context: BrowserContext, world: World, lang: str) -> None:
        """Open a tab whose browser keeps nothing from earlier visits."""
        self._world = world
        self._lang = lang
        self._now: Visit | None = None
        self._page = context.new_page()
        network = context.new_cdp_session(self._page)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        network.on(
            "Network.requestWillBeSent", lambda event: self._now and self._now.traffic.sent(event)
        )
        network.on(
            "Network.loadingFinished", lambda event: self._now and self._now.traffic.finished(event)
        )
        self._page.on("console", lambda message: self._now and _heard(self._now, message))
        self._page.on("pageerror", lambda error: self._now and self._now.said.append(str(error)))
        # What was typed there is left without a question.
        self._page.on("dialog", lambda dialog: dialog.accept())
        # Chosen once and remembered, so that pages have their own addresses.
        context.request.get(world.url(f"/robots.txt?lang={lang}"))

    def visit(self, place: Place) -> Visit:
        """Open a page, do what is to be done there, and return the visit."""
        page = self._page
        _speaks(self._world, place.who, self._lang)
        page.set_viewport_size(_DESK)
        page.emulate_media(color_scheme="light")
        made = self._now = Visit(place, self._lang, page, self._world, Traffic())
        answer = page.goto(self._world.url(place.path))
        assert answer is not None
        made.status = answer.status
        place.act(page, self._world)
        await_scripts(page)
        return made

    def leave(self) -> None:
        """Leave the page and what it keeps for this tab."""
        self._now = None
        self._page.evaluate("sessionStorage.clear()")
        self._page.goto("about:blank")


def _speaks(world: World, who: str, lang: str) -> None:
    """Let somebody's account be in this language, whatever she chose in another tab; a visitor's tab knows its own."""
    with world.site.app.app_context(), writing():
        db.session.query(User).filter_by(handle=who).update({"lang": Lang.of_tag(lang)})
        db.session.commit()


def await_scripts(page: Page) -> None:
    """Wait for what the scripts build when the page stands."""
    for wanted, built in (("select[data-pick]", ".pick"), ("[data-preview]", ".under button")):
        if page.locator(wanted).count():
            expect(page.locator(built).first).to_be_attached()


def _heard(made: Visit, message: ConsoleMessage) -> None:
    # The browser notes the status of the page itself, which is meant.
    if "Failed to load resource" in message.text and message.location["url"] == made.page.url:
        return
    # Somebody who is faster than the page goes on where she is, which is meant, too.
    if message.text.startswith("Autofocus processing was blocked"):
        return
    made.said.append(message.text)


def prepare_axe(page: Page) -> None:
    """Put axe into the page, once a visit."""
    page.evaluate(_axe())


@lru_cache
def _axe() -> str:
    return str(Axe().axe_script)
