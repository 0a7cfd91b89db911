"""What it means to propose a guide that is not there yet."""

from collections.abc import Mapping

from cop.core.errors import NotFound
from cop.entries.draft import TextDraft
from cop.entries.kinds import Starting
from cop.entries.models import Entry
from cop.guides.draft import GuideDraft, GuideFacts
from cop.guides.operations import CURATED, TERM_LIMIT, start_guide
from cop.people.viewer import Viewer
from cop.terms.vocabulary import vocabulary

#: Between keys of terms in an address.
_BETWEEN = ","


def facts(named: Mapping[str, str]) -> dict[str, str]:
    """Return the terms that an address names; raise NotFound where it names one that is none."""
    keys = [key for key in named.get("terms", "").split(_BETWEEN) if key]
    words = vocabulary()
    if len(keys) > TERM_LIMIT or any(key not in words.by_key for key in keys):
        raise NotFound
    living = dict.fromkeys(words.resolved(words.by_key[key]).key for key in keys)
    return {"terms": _BETWEEN.join(living)} if living else {}


def title(_named: Mapping[str, str]) -> str:
    """Return nothing: who writes a guide gives it its title."""
    return ""


def check(named: Mapping[str, str], text: TextDraft) -> None:
    """Raise Invalid where the text lacks what a guide must tell."""
    facts(named)
    CURATED.check_text(text)


def start(
    *, by: Viewer, facts: Mapping[str, str], text: TextDraft, author_id: int | None = None
) -> Entry:
    """Publish a guide that somebody proposed."""
    terms = tuple(key for key in facts.get("terms", "").split(_BETWEEN) if key)
    draft = GuideDraft((text,), GuideFacts(terms=terms))
    return start_guide(by=by, draft=draft, author_id=author_id)


STARTING = Starting(facts=facts, title=title, check=check, start=start)
