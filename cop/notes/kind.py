"""What case notes bring to the shared life of entries."""

from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries.kinds import Kind
from cop.notes import queries, revising
from cop.notes.draft import SECTIONS
from cop.notes.operations import KIND
from cop.notes.wording import SECTION_TITLES, compare
from cop.terms import queries as terms, refs


def compare_facts(old: Json, new: Json) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ between two revisions."""
    keys = {key for facts in (old, new) for key in _term_keys(facts)}
    names = {term.key: refs.ref_of(term).name for term in terms.by_keys(keys).values()}
    return compare(old, new, names)


def _term_keys(facts: Json) -> set[str]:
    keys = set(facts.get("strategies", [])) | {facts.get("place", "")}
    for values in facts.get("terms", {}).values():
        keys |= set(values)
    return keys - {""}


NOTE = Kind(
    name=KIND,
    sections=SECTIONS,
    titles=SECTION_TITLES,
    label=_l("Case note"),
    label_plural=_l("Case notes"),
    path="notes",
    endpoint="notes.show",
    edit_endpoint="notes.edit",
    translate_endpoint="notes.translate",
    new_endpoint="notes.new",
    index_facts=queries.index_facts,
    card_facts=queries.card_facts,
    compare_facts=compare_facts,
    restore=revising.restore,
)
