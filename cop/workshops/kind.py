"""What workshops bring to the shared life of entries."""

from collections.abc import Sequence

from cop.core.i18n import _l
from cop.core.types import Json, Lang
from cop.entries.kinds import Kind
from cop.people.viewer import Viewer
from cop.workshops import queries, revising, trainers, wording
from cop.workshops.draft import SECTION_TITLES, SECTIONS, WorkshopFacts
from cop.workshops.operations import KIND


def compare_facts(
    _viewer: Viewer, old: Json, new: Json, _today: Json
) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ between two revisions."""
    return wording.compare(old, new)


def words_of_facts(facts: Json, lang: Lang) -> Sequence[tuple[str, str]]:
    """Return what agenda, exercises and links tell in a language; what stands beside material is for who opens that."""
    return WorkshopFacts.from_json(facts).words_in(lang)


WORKSHOP = Kind(
    name=KIND,
    sections=SECTIONS,
    titles=SECTION_TITLES,
    label=_l("Workshop"),
    label_plural=_l("Workshops"),
    path="workshops",
    list_endpoint="workshops.index",
    endpoint="workshops.show",
    edit_endpoint="workshops.edit",
    translate_endpoint="workshops.translate",
    new_endpoint="workshops.new",
    index_facts=queries.index_facts,
    card_facts=queries.card_facts,
    compare_facts=compare_facts,
    restore=revising.restore,
    words_of_facts=words_of_facts,
    edited_with=trainers.trains,
)
