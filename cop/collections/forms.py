"""The forms of collections: the editor, and putting one entry into one."""

from typing import Any, ClassVar

from wtforms import HiddenField, RadioField, StringField, TextAreaField

from cop.collections.draft import (
    FACT_TITLES,
    PURPOSE,
    SECTION_TITLES,
    CollectionDraft,
    CollectionFacts,
)
from cop.collections.operations import KIND, lacking
from cop.core.i18n import _, _l
from cop.core.types import Lang
from cop.entries.draft import TextDraft
from cop.entries.editor_form import EditorForm
from cop.entries.image_forms import Many
from cop.entries.models import Entry, Revision
from cop.entries.readers_field import chosen_of
from cop.web.forms import Required, SentOnce

#: What the buttons beside the entries do; their values are `act:key`. None of them publishes anything.
UP, DOWN, OUT, BACK, ADD, LOOK = "up", "down", "out", "back", "add", "look"
ARRANGING = (UP, DOWN, OUT, BACK, ADD, LOOK)


class CollectionForm(EditorForm):
    """A collection as typed; `text`, `facts` and `signature` are what it says."""

    entry_kind: ClassVar[str] = KIND
    words: ClassVar[tuple[str, ...]] = ("title", PURPOSE, "items", "reasons")
    whole_by: ClassVar[str] = "ordered"
    marked: ClassVar[tuple[str, ...]] = (PURPOSE,)

    title = StringField(FACT_TITLES["title"])
    purpose = TextAreaField(SECTION_TITLES[PURPOSE])
    #: Keys of entries in their order, and their reasons side by side.
    items = Many(FACT_TITLES["entries"])
    reasons = Many(FACT_TITLES["reasons"])
    #: Keys of those taken out, which can be put back until the form is sent.
    left_out = Many()
    ordered = HiddenField(default="1")

    #: What the collection holds now: reasons in the other language stay as they are.
    kept: CollectionFacts = CollectionFacts()

    @property
    def text(self) -> TextDraft:
        """The telling: title and purpose in its language."""
        return TextDraft(self.language, self.title.data or "", {PURPOSE: self.purpose.data or ""})

    @property
    def rows(self) -> dict[str, str]:
        """Every entry of the form by key in its order with its reason as typed, those taken out among them."""
        typed = [*self.reasons.data, *[""] * len(self.items.data)]
        found: dict[str, str] = {}
        for key, reason in zip(self.items.data, typed, strict=False):
            found.setdefault(key, reason)
        return found

    @property
    def facts(self) -> CollectionFacts:
        """What it holds as arranged, without what was taken out."""
        lang, out = self.language.value, set(self.left_out.data)
        rows = {key: reason for key, reason in self.rows.items() if key not in out}
        reasons = {}
        for key, reason in rows.items():
            told = {**self.kept.reasons.get(key, {}), lang: reason}
            reasons[key] = {tongue: words for tongue, words in told.items() if words}
        return CollectionFacts(tuple(rows), reasons)

    @property
    def collection_draft(self) -> CollectionDraft:
        """Return the whole collection as the operation takes it."""
        return CollectionDraft((self.text,), self.facts, self.signature)

    def put_rows(self, rows: dict[str, str]) -> None:
        """Hold these entries with their reasons, in this order."""
        self.items.data, self.reasons.data = list(rows), list(rows.values())

    def arrange(self, act: str, key: str) -> None:
        """Do what a button beside an entry says; what names nothing of the form does nothing."""
        rows, out = self.rows, [one for one in self.left_out.data if one != key]
        order = list(rows)
        if act == ADD and key and key not in rows:
            order, rows[key] = [*order, key], ""
        elif act == OUT and key in rows:
            out.append(key)
        elif act in (UP, DOWN) and key in rows:
            _move(order, order.index(key), -1 if act == UP else 1)
        self.put_rows({one: rows[one] for one in order})
        self.left_out.data = out if act in (OUT, BACK, ADD) else self.left_out.data

    def is_whole(self) -> bool:
        """Put a sentence beside every required field that is empty, all at once; return whether none is."""
        found = list(lacking(self.text))
        for error in found:
            self.put_error(error.field, error.message)
        if self.unexplained:
            self.put_error("items", _("Say of each entry in a line why it is here."))
        return not found and not self.unexplained

    @property
    def unexplained(self) -> list[str]:
        """Keys of the entries that have no reason in any language."""
        facts = self.facts
        return [key for key in facts.entries if not facts.reasons.get(key)]


def _move(order: list[str], at: int, by: int) -> None:
    to = at + by
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]


class AddForm(SentOnce):
    """Into which collection an entry is put, and why."""

    collection = RadioField(_l("Collection"), choices=[], validate_choice=False)
    reason = StringField(
        _l("Why is it in there?"), [Required(_l("Say in a line why it is in there."))]
    )


def values_of(
    entry: Entry, revision: Revision, lang: Lang, facts: CollectionFacts
) -> dict[str, Any]:
    """Return what the form shows of a collection that exists."""
    return {
        "lang": lang.tag,
        "title": revision.title,
        PURPOSE: revision.sections.get(PURPOSE, ""),
        "items": list(facts.entries),
        "reasons": [facts.reasons.get(key, {}).get(lang.value, "") for key in facts.entries],
        "visibility": chosen_of(entry),
        "name_mask": entry.name_mask,
        "base": str(revision.id),
    }
