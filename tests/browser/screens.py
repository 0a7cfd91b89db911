"""`python -m tests.browser.screens OUTDIR [NAME …]` saves every page in both languages and widths, light and dark.

For looking at, not for comparing: a person decides what is ugly.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.pages import PLACES, Place
from tests.browser.visiting import Tab, Visit
from tests.browser.world import furnish
from tests.browsing import CHROMIUM, FLAGS, serving

_HEIGHTS = {1280: 900, 390: 844}


def main() -> None:
    """Save the screens whose names begin with one of those given, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="beginnings of names of pages; without them all")
    parser.add_argument("--lang", choices=("en", "zh"))
    parser.add_argument("--scheme", choices=("light", "dark"))
    parser.add_argument("--window", action="store_true", help="only what the window shows")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in PLACES if not given.names or one.name.startswith(tuple(given.names))]
    langs = [given.lang] if given.lang else ["en", "zh"]
    schemes = [given.scheme] if given.scheme else ["light", "dark"]
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data)) as site,
        sync_playwright() as playwright,
    ):
        world = furnish(site)
        site.worker.drain()
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        tabs = {
            (who, lang): Tab(world.enter(browser, who), world, lang)
            for who in sorted({place.who for place in wanted})
            for lang in langs
        }
        for place in wanted:
            for lang in langs:
                tab = tabs[place.who, lang]
                seen = tab.visit(place)
                for scheme in schemes:
                    _save(seen, place, given.folder, scheme, whole=not given.window)
                tab.leave()
        browser.close()


def _save(seen: Visit, place: Place, folder: Path, scheme: str, *, whole: bool) -> None:
    for width, height in _HEIGHTS.items():
        seen.look(width=width, height=height, scheme=scheme)
        dark = ".dark" if scheme == "dark" else ""
        path = folder / f"{place.name}.{seen.lang}.{width}{dark}.png"
        seen.page.screenshot(path=path, full_page=whole)


if __name__ == "__main__":
    main()
