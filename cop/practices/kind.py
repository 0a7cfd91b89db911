"""What practice pages bring to the shared life of entries."""

from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries.kinds import Kind
from cop.people.viewer import Viewer
from cop.practices import proposed, queries, revising, wording
from cop.practices.draft import SECTION_HINTS, SECTION_TITLES, SECTIONS
from cop.practices.operations import KIND


def compare_facts(
    _viewer: Viewer, old: Json, new: Json, _today: Json
) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ between two revisions."""
    return wording.compare(old, new)


PRACTICE = Kind(
    name=KIND,
    sections=SECTIONS,
    titles=SECTION_TITLES,
    label=_l("Practice page"),
    label_plural=_l("Practice pages"),
    path="practices",
    list_endpoint="practices.index",
    endpoint="practices.entry",
    edit_endpoint="curating.edit",
    translate_endpoint="curating.translate",
    new_endpoint="proposals.take_up",
    index_facts=queries.index_facts,
    card_facts=queries.card_facts,
    compare_facts=compare_facts,
    restore=revising.restore,
    editors_badge=_l("From literature"),
    kept_by_curators=True,
    can_be_tried=True,
    rewrite=revising.rewrite,
    page_endpoint="practices.show",
    hints=SECTION_HINTS,
    propose_endpoint="proposals.new",
    starting=proposed.STARTING,
    pages_of=queries.pages_of,
)
