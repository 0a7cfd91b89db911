"""Forms of curators who tend the vocabulary."""

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from cop.core.i18n import _l
from cop.core.types import Lang
from cop.terms.draft import TermDraft
from cop.terms.tending import TermEdit
from cop.web.forms import BaseForm


class TermForm(BaseForm):
    """A term as a curator types it; `edit` is what it says."""

    name_zh = StringField(_l("Chinese name"))
    name_en = StringField(_l("English name"))
    other_zh = TextAreaField(_l("Other Chinese names"))
    other_en = TextAreaField(_l("Other English names"))
    definition_zh = TextAreaField(_l("Definition in Chinese"))
    definition_en = TextAreaField(_l("Definition in English"))
    broader = SelectMultipleField(_l("Broader"), choices=[], validate_choice=False)
    related = SelectMultipleField(_l("Related"), choices=[], validate_choice=False)
    reason = StringField(_l("Why do you change it?"))
    #: The state of the term that the form was filled with.
    base = HiddenField()

    @property
    def edit(self) -> TermEdit:
        """What the form says."""
        return TermEdit(
            name={Lang.ZH.value: self.name_zh.data or "", Lang.EN.value: self.name_en.data or ""},
            definition=_told(self.definition_zh.data, self.definition_en.data),
            alternatives={
                Lang.ZH.value: _lines(self.other_zh.data),
                Lang.EN.value: _lines(self.other_en.data),
            },
            broader=tuple(dict.fromkeys(self.broader.data or ())),
            related=tuple(dict.fromkeys(self.related.data or ())),
        )


class MergeForm(BaseForm):
    """Into which term another one is merged, and why."""

    into = SelectField(_l("The term that stands for both"), choices=[], validate_choice=False)
    reason = StringField(_l("Reason"))


class UnmergeForm(BaseForm):
    """Why a merging is taken back."""

    reason = StringField(_l("Reason"))


def filled(draft: TermDraft, base: str) -> TermForm:
    """Return the form filled with a term as it stands."""
    values = {
        "name_zh": draft.name.get(Lang.ZH, ""),
        "name_en": draft.name.get(Lang.EN, ""),
        "other_zh": "\n".join(draft.alternatives.get(Lang.ZH, ())),
        "other_en": "\n".join(draft.alternatives.get(Lang.EN, ())),
        "definition_zh": draft.definition.get(Lang.ZH, ""),
        "definition_en": draft.definition.get(Lang.EN, ""),
        "broader": list(draft.broader),
        "related": list(draft.related),
        "base": base,
    }
    return TermForm(None, data=values)


def _lines(text: str | None) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _told(zh: str | None, en: str | None) -> dict[str, str]:
    both = {Lang.ZH.value: zh or "", Lang.EN.value: en or ""}
    return {lang: text for lang, text in both.items() if text}
