"""A workshop that begins as a copy of an earlier one: its words, its rows, its sources, and its images and files.

The form holds words in one language. What rows say in the other one comes along when it is published, but only beside
words that were left as they were: what somebody wrote anew is told in one language until it is told in the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from cop.core.errors import Gone, NotFound
from cop.core.types import Lang
from cop.entries import copying, queries
from cop.entries.models import Entry, Text
from cop.people.viewer import Viewer
from cop.workshops import operations
from cop.workshops.draft import AgendaRow, Exercise, Material, Outside, WorkshopFacts
from cop.workshops.editor import form_for_edit
from cop.workshops.forms import WorkshopForm
from cop.workshops.operations import KIND

_Row = TypeVar("_Row", AgendaRow, Exercise, Material, Outside)
#: What rows say by language.
_TOLD = ("title", "activity", "instructions", "why", "how")


def form_for_copy(viewer: Viewer, entry: Entry, text: Text) -> tuple[WorkshopForm, dict[str, Any]]:
    """Return the form of a new workshop that begins with what an earlier one holds, and what to say above it."""
    form, facts = form_for_edit(entry, text), operations.facts_now(entry)
    form.base.data = form.facts_base.data = ""
    form.visibility.data = None
    ids = [one.id for one in facts.images] + [one.id for one in facts.files]
    images, files = copying.offered(viewer, KIND, ids)
    form.kept = replace(facts, images=images, files=files)
    form.copied.data = str(entry.id)
    form.put_images(images, Lang(text.lang))
    form.put_enclosures(files, Lang(text.lang))
    taken = len(images) + len(files)
    return form, {"taken_along": taken, "left_behind": len(ids) - taken}


def know_copies(viewer: Viewer, form: WorkshopForm) -> None:
    """Let a form that is handed in know what it takes along of the earlier workshop, in both languages."""
    images, files = copying.offered(viewer, KIND, [*form.image_ids, *form.enclosure_ids])
    earlier, typed, lang = _earlier(viewer, form), form.facts, form.language
    form.kept = replace(
        form.kept,
        agenda=_left_alone(earlier.agenda, typed.agenda, lang),
        exercises=_left_alone(earlier.exercises, typed.exercises, lang),
        materials=_left_alone(earlier.materials, typed.materials, lang),
        links=_left_alone(earlier.links, typed.links, lang),
        sources=earlier.sources,
        images=images,
        files=files,
    )


def _earlier(viewer: Viewer, form: WorkshopForm) -> WorkshopFacts:
    """Return the facts of the workshop that the form names as copied, as far as she may read it."""
    if not form.copied_id:
        return WorkshopFacts()
    try:
        return operations.facts_now(queries.get(viewer, form.copied_id, KIND))
    except (NotFound, Gone):
        return WorkshopFacts()


def _left_alone(earlier: Sequence[_Row], typed: Sequence[_Row], lang: Lang) -> tuple[_Row, ...]:
    """Return the rows whose words in this language are as they were."""
    now = {one.id: _said(one, lang) for one in typed}
    return tuple(one for one in earlier if now.get(one.id) == _said(one, lang))


def _said(row: _Row, lang: Lang) -> list[str]:
    texts = (getattr(row, name, None) for name in _TOLD)
    return [said.get(lang.value, "") for said in texts if isinstance(said, Mapping)]


def own_copies(form: WorkshopForm, entry: Entry) -> None:
    """Let a form that was published name its own copies of what it took along, as the entry does."""
    numbers = copying.copies_in(entry, [*form.image_ids, *form.enclosure_ids])
    images, files = copying.renumbered((form.kept.images, form.kept.files), numbers)
    form.kept = replace(form.kept, images=images, files=files)
    form.renumber(numbers)
