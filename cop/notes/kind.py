"""What case notes bring to the shared life of entries."""

from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries.kinds import Kind
from cop.notes import queries, revising, tagging
from cop.notes.draft import SECTIONS
from cop.notes.operations import KIND
from cop.notes.wording import SECTION_TITLES, compare
from cop.people.viewer import Viewer


def compare_facts(_viewer: Viewer, old: Json, new: Json, today: Json) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ between two revisions.

    An organisation that the note names no more is not named here either.
    """
    named = today.get("organisation")
    old, new = (
        {name: value for name, value in facts.items() if name != "organisation" or value == named}
        for facts in (old, new)
    )
    return compare(old, new, queries.fact_names([old, new]))


NOTE = Kind(
    name=KIND,
    sections=SECTIONS,
    titles=SECTION_TITLES,
    label=_l("Case note"),
    label_plural=_l("Case notes"),
    path="notes",
    list_endpoint="notes.index",
    endpoint="notes.show",
    edit_endpoint="notes.edit",
    translate_endpoint="notes.translate",
    new_endpoint="notes.new",
    index_facts=queries.index_facts,
    card_facts=queries.card_facts,
    outcomes=queries.outcomes,
    compare_facts=compare_facts,
    restore=revising.restore,
    editors_badge=_l("From literature"),
    can_be_tried=True,
    tag=tagging.tag_note,
    term_fields=tagging.FIELDS,
    carries=tagging.is_carried,
)
