"""What collections bring to the shared life of entries."""

from cop.collections import queries, revising
from cop.collections.draft import FACT_TITLES, SECTION_TITLES, SECTIONS, CollectionFacts
from cop.collections.operations import KIND
from cop.core.i18n import _l, pick
from cop.core.types import Json
from cop.entries.kinds import Kind
from cop.people.viewer import Viewer


def compare_facts(viewer: Viewer, old: Json, new: Json, _today: Json) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of what two revisions hold, one entry a line, as far as a reader may know."""
    was, now = CollectionFacts.from_json(old), CollectionFacts.from_json(new)
    titles = queries.titles_of(viewer, [*was.entries, *now.entries])

    def order(facts: CollectionFacts) -> str:
        known = [key for key in facts.entries if key in titles]
        return "\n".join(f"{at}. {titles[key]}" for at, key in enumerate(known, 1))

    def reasons(facts: CollectionFacts) -> dict[str, str]:
        return {key: pick(facts.reasons.get(key, {}))[0] for key in facts.entries if key in titles}

    rows = [("entries", order(was), order(now))]
    said, says = reasons(was), reasons(now)
    told = [key for key in said if key in says and said[key] != says[key]]
    rows.append(
        (
            "reasons",
            "\n".join(f"{titles[key]}: {said[key]}" for key in told),
            "\n".join(f"{titles[key]}: {says[key]}" for key in told),
        )
    )
    return [(str(FACT_TITLES[name]), one, other) for name, one, other in rows if one != other]


COLLECTION = Kind(
    name=KIND,
    sections=SECTIONS,
    titles=SECTION_TITLES,
    label=_l("Collection"),
    label_plural=_l("Collections"),
    path="collections",
    list_endpoint="collections.index",
    endpoint="collections.show",
    edit_endpoint="collections.edit",
    translate_endpoint="collections.translate",
    new_endpoint="collections.new",
    index_facts=queries.index_facts,
    card_facts=queries.card_facts,
    compare_facts=compare_facts,
    restore=revising.restore,
    facts_told=queries.facts_told,
    shared_with_curators=True,
    can_be_collected=False,
)
