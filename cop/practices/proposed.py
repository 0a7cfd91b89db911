"""What it means to propose the page of a strategy that has none."""

from collections.abc import Mapping

from cop.core.errors import NotFound
from cop.core.i18n import pick
from cop.entries.draft import TextDraft
from cop.entries.kinds import Starting
from cop.entries.models import Entry
from cop.people.viewer import Viewer
from cop.practices import operations
from cop.practices.draft import PracticeDraft, PracticeFacts
from cop.terms.vocabulary import TermView, vocabulary


def facts(named: Mapping[str, str]) -> dict[str, str]:
    """Return the strategy that an address names; raise NotFound where it names none."""
    return {"strategy": _strategy(named.get("strategy", "")).key}


def title(named: Mapping[str, str]) -> str:
    """Return the name of the strategy."""
    return pick(_strategy(named["strategy"]).name)[0]


def check(named: Mapping[str, str], text: TextDraft) -> None:
    """Raise Invalid where the strategy has a page, or the text lacks what a page must tell."""
    operations.require_no_page(_strategy(named["strategy"]))
    operations.check_text(text)


def start(
    *, by: Viewer, facts: Mapping[str, str], text: TextDraft, author_id: int | None = None
) -> Entry:
    """Publish the page of a strategy that somebody proposed."""
    strategy = _strategy(facts["strategy"]).key
    draft = PracticeDraft((text,), PracticeFacts(strategy))
    return operations.start_page(by=by, draft=draft, author_id=author_id)


def _strategy(key: str) -> TermView:
    words = vocabulary()
    if key not in words.by_key or words.by_key[key].scheme != "strategy":
        raise NotFound
    return words.resolved(words.by_key[key])


STARTING = Starting(facts=facts, title=title, check=check, start=start)
