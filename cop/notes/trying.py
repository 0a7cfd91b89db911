"""The short form of what was tried too, filled with what it takes from that; and what both pages show."""

import secrets
from typing import Any

from sqlalchemy import exists, select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, current_lang
from cop.entries import policy, queries
from cop.entries.adaptations import Adaptation, Adaptations, in_order, newest
from cop.entries.around import Around
from cop.entries.cards import cards
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Link, LinkKind, NameMask
from cop.entries.originals import RELATION_VALUES, Original, opened_by_key, original_of
from cop.entries.readers_field import readers_of_request
from cop.entries.taken import pages_of_entry
from cop.notes.forms import CaseNoteForm
from cop.notes.operations import KIND
from cop.notes.wording import RELATIONS
from cop.people.viewer import Viewer

#: So many of her own notes are offered to be linked instead of written anew.
_OWN = 5


def original(viewer: Viewer, entry_id: int) -> Entry:
    """Return what somebody wants to say she tried too; raises NotFound for what stands in no list of hers."""
    entry = queries.get(viewer, entry_id)
    listed = entry.audience in policy.listed_labels(viewer)
    if not listed or not KINDS[entry.kind].can_be_tried:
        raise NotFound
    return entry


def short_form(viewer: Viewer, entry: Entry) -> CaseNoteForm:
    """Return the short form with title and strategies of what was tried; unnamed stays who wrote that unnamed."""
    carried = KINDS[entry.kind].index_facts([entry.id])
    facets = carried[entry.id].facets if entry.id in carried else {}
    own_unnamed = entry.author_id == viewer.id and entry.name_mask == NameMask.UNNAMED
    return CaseNoteForm(
        None,
        data={
            "lang": current_lang().tag,
            "form_key": secrets.token_urlsafe(12),
            "title": queries.text_for(entry, current_lang()).title,
            "strategies": sorted(facets.get("strategy", ())),
            "original": entry.key,
            "short": "1",
            **readers_of_request(entry),
            "name_mask": (NameMask.UNNAMED if own_unnamed else NameMask.SHOWN).value,
        },
    )


def tried_after(viewer: Viewer, form: CaseNoteForm) -> Original | None:
    """Return what the form says was tried, for its page; without a title where the viewer may not open it."""
    key = form.original.data or ""
    if not key:
        return None
    return opened_by_key(viewer, key) or Original(form.relation.data or "")


def ask_shortly(form: CaseNoteForm, tried: Original | None) -> None:
    """Let the form ask as the short one does; that a note stands on its own is offered where it cannot be linked."""
    form.what_we_did.label.text = _("What we changed")
    form.what_we_learned.label.text = _("Advice")
    form.outcome_reason.label.text = _("Would you do it again? Why?")
    if tried is not None and tried.href and not form.relation.errors:
        form.relation.choices = form.relation.choices[:-1]


def own_notes(viewer: Viewer, tried: Original | None) -> list[Entry]:
    """Return the newest notes of the viewer's that could be linked with what was tried, and are linked with nothing."""
    linked = exists().where(Link.entry_id == Entry.id, Link.kind.in_(RELATION_VALUES))
    statement = (
        select(Entry)
        .where(Entry.kind == KIND, Entry.author_id == viewer.id, ~linked)
        .where(Entry.id != (tried.id if tried is not None else 0), policy.listed(viewer))
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .limit(_OWN)
    )
    return list(db.session.scalars(statement))


def shown_beside(viewer: Viewer, entry: Entry, there: Around) -> dict[str, Any]:
    """Return what a page shows of what it was tried after, what was tried after it, and where it is collected and used.

    `there` is what there is around it.
    """
    numbers = in_order(there.counts)
    tried = newest(viewer, entry.id) if numbers else []
    relations = {one.id: relation for one, relation in tried}
    found = cards(viewer, [one for one, _relation in tried], with_tries=False)
    return {
        "after": original_of(viewer, entry) if there.was_tried_after else None,
        "collected_in": there.headings(LinkKind.COLLECTS),
        "used_in_workshops": there.headings(LinkKind.MATERIAL),
        "came_of_workshops": there.headings(LinkKind.CAME_OF),
        "adapted": Adaptations(numbers, [Adaptation(one, relations[one.id]) for one in found]),
        "relations": RELATIONS,
        "took_up": pages_of_entry(viewer, entry) if there.was_taken_up else [],
    }
