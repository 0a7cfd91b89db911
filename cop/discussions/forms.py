"""The forms of discussions: ask, edit, and a moderator's move."""

import secrets
from dataclasses import replace
from typing import Any

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
from cop.discussions.operations import lacking
from cop.entries.draft import Signature, TextDraft
from cop.entries.drafts import Page
from cop.entries.models import Entry, NameMask, Revision, Visibility
from cop.web.forms import BaseForm


class DiscussionForm(BaseForm):
    """A discussion as typed; `text`, `facts` and `signature` are what it says."""

    lang = RadioField(
        _l("Language of this text"),
        choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")],
    )
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
    visibility = RadioField(
        _l("Who can read it"),
        choices=[
            SelectChoice(Visibility.PUBLIC.value, _l("Everyone")),
            SelectChoice(Visibility.MEMBERS.value, _l("Members")),
        ],
        default=Visibility.MEMBERS.value,
    )
    name_mask = RadioField(
        _l("Signed as"),
        choices=[
            SelectChoice(NameMask.SHOWN.value, _l("My name")),
            SelectChoice(NameMask.UNNAMED.value, _l("Unnamed")),
        ],
        default=NameMask.SHOWN.value,
    )
    note = StringField(_l("What did you change?"))
    #: The note a new discussion is about, by id.
    about = HiddenField()
    base = HiddenField()
    draft = HiddenField()
    #: When the draft was saved as this page knows it, and the page that saves: another device's is another.
    draft_seen = HiddenField()
    draft_page = HiddenField(default=lambda: secrets.token_urlsafe(9))
    form_key = HiddenField()

    #: The facts an edit starts from: what the form does not show stays as it is.
    kept: DiscussionFacts | None = None

    @property
    def text(self) -> TextDraft:
        """The telling: title and text in its language."""
        return TextDraft(self.language, self.title.data or "", {BODY: self.body.data or ""})

    @property
    def language(self) -> Lang:
        """The language chosen; an unknown one is the site's first."""
        return Lang.of_tag(self.lang.data or "") or Lang.ZH

    @property
    def facts(self) -> DiscussionFacts:
        """The facts as chosen."""
        kept = self.kept or DiscussionFacts(space=self.space.data or "")
        return replace(
            kept,
            form=self.form.data or "",
            terms=tuple(dict.fromkeys(self.terms.data or ())),
        )

    @property
    def signature(self) -> Signature:
        """Who may read it and which name stands under it; the more careful choice where none is made."""
        public = self.visibility.data == Visibility.PUBLIC.value
        shown = self.name_mask.data == NameMask.SHOWN.value
        return Signature(
            Visibility.PUBLIC if public else Visibility.MEMBERS,
            NameMask.SHOWN if shown else NameMask.UNNAMED,
        )

    @property
    def discussion_draft(self) -> DiscussionDraft:
        """Return the whole discussion as the operation takes it."""
        return DiscussionDraft((self.text,), self.facts, self.signature)

    def is_whole(self) -> bool:
        """Put a sentence beside every required field that is empty, all at once; return whether none is."""
        found = list(lacking(self.text))
        for error in found:
            self.put_error(error.field, error.message)
        return not found

    @property
    def about_id(self) -> int:
        """The id of the note it is about; 0 where it is about none."""
        return _number(self.about.data)

    @property
    def base_id(self) -> int:
        """The revision the edit started from; 0 where the form names none."""
        return _number(self.base.data)

    @property
    def page(self) -> Page:
        """The opened form, as drafts know it."""
        return Page(self.draft_page.data or "", self.draft_seen.data or "")

    @property
    def draft_id(self) -> int:
        """The draft the form was kept in; 0 where there is none."""
        return _number(self.draft.data)


class MoveForm(BaseForm):
    """To which space, and why."""

    space = SelectField(FACT_TITLES["space"], choices=[], validate_choice=False)
    reason = TextAreaField(_l("Reason"))


def _number(value: str | None) -> int:
    digits = value or ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


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
        "visibility": entry.visibility,
        "name_mask": entry.name_mask,
        "base": str(revision.id),
    }
