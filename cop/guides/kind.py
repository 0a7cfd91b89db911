"""What guides bring to the shared life of entries."""

from typing import Any

from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries.kinds import Kind
from cop.guides import operations, proposed, queries
from cop.guides.draft import FACT_TITLES, KIND, SECTION_HINTS, SECTION_TITLES, SECTIONS
from cop.notes.wording import separator
from cop.people.viewer import Viewer
from cop.terms.refs import ref_of
from cop.terms.vocabulary import vocabulary


def compare_facts(
    _viewer: Viewer, old: Json, new: Json, _today: Json
) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ between two revisions."""
    return [
        (str(FACT_TITLES[name]), words(old.get(name, ())), words(new.get(name, ())))
        for name, words in (("terms", _names), ("sources", _citations))
        if old.get(name) != new.get(name)
    ]


def _names(keys: Any) -> str:
    words = vocabulary()
    return separator().join(
        ref_of(words.resolved(words.by_key[key])).name if key in words.by_key else key
        for key in keys
    )


def _citations(cited: Any) -> str:
    return separator().join(" ".join(filter(None, one)) for one in cited)


GUIDE = Kind(
    name=KIND,
    sections=SECTIONS,
    titles=SECTION_TITLES,
    label=_l("Guide"),
    label_plural=_l("Guides"),
    path="guides",
    list_endpoint="guides.index",
    endpoint="guides.show",
    edit_endpoint="guiding.edit",
    translate_endpoint="guiding.translate",
    new_endpoint="proposals.take_up",
    index_facts=queries.index_facts,
    card_facts=queries.card_facts,
    compare_facts=compare_facts,
    restore=operations.restore,
    kept_by_curators=True,
    rewrite=operations.rewrite,
    hints=SECTION_HINTS,
    propose_endpoint="proposals.new",
    starting=proposed.STARTING,
)
