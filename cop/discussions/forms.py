"""The forms of discussions: ask, edit, and a moderator's move."""

from dataclasses import replace
from typing import Any, ClassVar

from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _l
from cop.core.types import Lang
from cop.discussions.draft import (
    BODY,
    FACT_TITLES,
    FORMS,
    SECTION_TITLES,
    DiscussionDraft,
    DiscussionFacts,
)
from cop.discussions.models import Form
from cop.discussions.operations import KIND, lacking
from cop.entries.draft import TextDraft
from cop.entries.editor_form import EditorForm
from cop.entries.models import Entry, Revision
from cop.entries.readers_field import chosen_of
from cop.web.forms import BaseForm, as_before, number_of


class DiscussionForm(EditorForm):
    """A discussion as typed; `text`, `facts` and `signature` are what it says."""

    entry_kind: ClassVar[str] = KIND
    words: ClassVar[tuple[str, ...]] = ("title", BODY)
    whole_by: ClassVar[str] = "form"
    marked: ClassVar[tuple[str, ...]] = (BODY,)

    title = StringField(FACT_TITLES["title"])
    body = TextAreaField(SECTION_TITLES[BODY])
    form = RadioField(
        FACT_TITLES["form"],
        choices=[SelectChoice(form.value, FORMS[form]) for form in Form],
        default=Form.QUESTION.value,
        validate_choice=False,
    )
    space = SelectField(FACT_TITLES["space"], choices=[], validate_choice=False)
    terms = SelectMultipleField(FACT_TITLES["terms"], choices=[], validate_choice=False)
    #: The note a new discussion is about, by id.
    about = HiddenField()

    #: The facts an edit starts from: what the form does not show stays as it is.
    kept: DiscussionFacts | None = None

    @property
    def text(self) -> TextDraft:
        """The telling: title and text in its language."""
        return TextDraft(self.language, self.title.data or "", {BODY: self.body.data or ""})

    @property
    def facts(self) -> DiscussionFacts:
        """The facts as chosen."""
        kept = self.kept or DiscussionFacts(space=self.space.data or "")
        return replace(
            kept,
            form=self.form.data or "",
            terms=as_before(self.terms.data, kept.terms),
            images=self.described(self.language, kept.images),
            files=self.enclosed(self.language, kept.files),
        )

    @property
    def discussion_draft(self) -> DiscussionDraft:
        """Return the whole discussion as the operation takes it."""
        return DiscussionDraft((self.text,), self.facts, self.signature)

    def is_whole(self, *, telling: bool = False) -> bool:
        """Put a sentence beside every required field that is empty, all at once; return whether none is.

        `telling` leaves images and files out: what they lack was asked for when they were added.
        """
        found = list(lacking(self.text))
        for error in found:
            self.put_error(error.field, error.message)
        if telling:
            return not found
        images, files = (self.kept.images, self.kept.files) if self.kept else ((), ())
        pictured = self.describes_images(self.language, images)
        return self.describes_enclosures(self.language, files) and pictured and not found

    @property
    def about_id(self) -> int:
        """The id of the note it is about; 0 where it is about none."""
        return number_of(self.about.data)


class MoveForm(BaseForm):
    """To which space, and why."""

    space = SelectField(FACT_TITLES["space"], choices=[], validate_choice=False)
    reason = TextAreaField(_l("Reason"))


def values_of(
    entry: Entry, revision: Revision, lang: Lang, facts: DiscussionFacts
) -> dict[str, Any]:
    """Return what the form shows of a discussion that exists."""
    return {
        "lang": lang.tag,
        "title": revision.title,
        BODY: revision.sections.get(BODY, ""),
        "form": facts.form,
        "space": facts.space,
        "terms": list(facts.terms),
        "visibility": chosen_of(entry),
        "name_mask": entry.name_mask,
        "base": str(revision.id),
    }
