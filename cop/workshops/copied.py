"""A workshop that begins as a copy of an earlier one: its words, its rows, and its images and files."""

from dataclasses import replace
from typing import Any

from cop.core.types import Lang
from cop.entries import copying
from cop.entries.models import Entry, Text
from cop.people.viewer import Viewer
from cop.workshops import operations
from cop.workshops.draft import WorkshopFacts
from cop.workshops.editor import form_for_edit
from cop.workshops.forms import WorkshopForm
from cop.workshops.operations import KIND


def form_for_copy(viewer: Viewer, entry: Entry, text: Text) -> tuple[WorkshopForm, dict[str, Any]]:
    """Return the form of a new workshop that begins with what an earlier one holds, and what to say above it."""
    form, facts = form_for_edit(entry, text), operations.facts_now(entry)
    form.base.data = form.facts_base.data = ""
    form.visibility.data = None
    ids = [one.id for one in facts.images] + [one.id for one in facts.files]
    images, files = copying.offered(viewer, KIND, ids)
    form.kept = WorkshopFacts(images=images, files=files)
    form.put_images(images, Lang(text.lang))
    form.put_enclosures(files, Lang(text.lang))
    taken = len(images) + len(files)
    return form, {"taken_along": taken, "left_behind": len(ids) - taken}


def know_copies(viewer: Viewer, form: WorkshopForm) -> None:
    """Let a form that is handed in know what is said of images and files it takes along, in both languages."""
    images, files = copying.offered(viewer, KIND, [*form.image_ids, *form.enclosure_ids])
    form.kept = replace(form.kept, images=images, files=files)


def own_copies(form: WorkshopForm, entry: Entry) -> None:
    """Let a form that was published name its own copies of what it took along, as the entry does."""
    numbers = copying.copies_in(entry, [*form.image_ids, *form.enclosure_ids])
    images, files = copying.renumbered((form.kept.images, form.kept.files), numbers)
    form.kept = replace(form.kept, images=images, files=files)
    form.renumber(numbers)
