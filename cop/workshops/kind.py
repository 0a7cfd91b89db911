"""What workshops bring to the shared life of entries."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from cop.core.db import db
from cop.core.i18n import _l
from cop.core.types import Json, Lang
from cop.entries.kinds import Kind
from cop.entries.models import Entry, Visibility
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
    """Return what agenda, exercises and material tell in a language.

    What stands beside material that not everybody reads is found by nobody: it is there for some alone.
    """
    told = WorkshopFacts.from_json(facts)
    keys = [one.id for one in told.materials]
    found = select(Entry.key).where(Entry.key.in_(keys), Entry.visibility == Visibility.PUBLIC)
    public = set(db.session.scalars(found)) if keys else set()
    shown = replace(told, materials=tuple(one for one in told.materials if one.id in public))
    return shown.words_in(lang)


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
