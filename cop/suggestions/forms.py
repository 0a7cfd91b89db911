"""The forms of suggested terms: what is suggested, and what a curator makes of it."""

import secrets
from collections.abc import Mapping

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from cop.core.i18n import _l, current_lang
from cop.core.text import guess_lang
from cop.core.types import Lang
from cop.terms.forms import TermForm
from cop.terms.models import Suggestion
from cop.terms.suggesting import SuggestionDraft
from cop.web.forms import BaseForm, number_of


class SuggestionForm(BaseForm):
    """A term as a member suggests it; `draft_of` is what it says."""

    scheme = SelectField(_l("Which list does it belong to?"), choices=[], validate_choice=False)
    name_zh = StringField(_l("Chinese name"))
    name_en = StringField(_l("English name"))
    definition = TextAreaField(_l("What is meant by it?"))
    why = StringField(_l("What do you miss it for?"))
    tags_entry = BooleanField(_l("Add it to what I am writing, once it is in the list"))
    draft = HiddenField()
    entry = HiddenField()
    #: The near terms that were shown, so that they are shown once.
    looked = HiddenField()
    form_key = HiddenField(default=lambda: secrets.token_urlsafe(12))

    @property
    def name(self) -> dict[str, str]:
        """Its names, by language."""
        both = {Lang.ZH.value: self.name_zh.data or "", Lang.EN.value: self.name_en.data or ""}
        return {lang: text for lang, text in both.items() if text}

    @property
    def draft_id(self) -> int | None:
        """The draft that was being written."""
        return number_of(self.draft.data) or None

    @property
    def entry_id(self) -> int | None:
        """The entry it was asked for."""
        return number_of(self.entry.data) or None

    def draft_of(self, entry_id: int | None) -> SuggestionDraft:
        """Return what the form says, asked for this entry."""
        meant = self.definition.data or ""
        lang = guess_lang(meant, default=current_lang())
        return SuggestionDraft(
            scheme=self.scheme.data or "",
            name=self.name,
            definition={lang.value: meant} if meant else {},
            why=self.why.data or "",
            draft_id=self.draft_id,
            entry_id=entry_id,
            tags_entry=bool(self.tags_entry.data and (self.draft_id or entry_id)),
        )


class DecisionForm(TermForm):
    """A suggested term as the curator words it, or the one that says the same, and what she says to the asker."""

    reason = StringField(_l("Your words to who suggested it"))
    same = SelectField(_l("The term that says the same"), choices=[], validate_choice=False)


def worded(row: Suggestion) -> DecisionForm:
    """Return the form filled with what was suggested."""
    name: Mapping[str, str] = row.name
    meant: Mapping[str, str] = row.definition
    values = {
        "name_zh": name.get(Lang.ZH, ""),
        "name_en": name.get(Lang.EN, ""),
        "definition_zh": meant.get(Lang.ZH, ""),
        "definition_en": meant.get(Lang.EN, ""),
    }
    return DecisionForm(None, data=values)
