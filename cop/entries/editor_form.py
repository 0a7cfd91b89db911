"""`EditorForm`: what the editors of all kinds share: language, signature, what changed."""

from typing import ClassVar

from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _l
from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.drafted_form import Drafted
from cop.entries.mentioning_form import MentioningForm
from cop.entries.models import NameMask
from cop.entries.readers_field import ReadersField
from cop.entries.significance import SIGNIFICANCE, Change, Significance
from cop.web.forms import number_of


class EditorForm(MentioningForm, Drafted):
    """An entry as typed. A kind adds its title, sections and facts, and says what is true of its drafts."""

    #: The fields that a telling in another language shows.
    words: ClassVar[tuple[str, ...]]
    #: A field that is sent with the whole form and never with a telling in another language.
    whole_by: ClassVar[str]

    lang = RadioField(
        _l("Language of this text"),
        choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")],
    )
    visibility = ReadersField()
    name_mask = RadioField(
        _l("Signed as"),
        choices=[
            SelectChoice(NameMask.SHOWN.value, _l("My name")),
            SelectChoice(NameMask.UNNAMED.value, _l("Unnamed")),
        ],
        default=NameMask.SHOWN.value,
    )
    note = StringField(_l("What did you change?"))
    significance = RadioField(
        _l("How much does it change?"),
        choices=[SelectChoice(one.value, SIGNIFICANCE[one]) for one in Significance],
        default=Significance.CLARIFIES.value,
        validate_choice=False,
    )
    base = HiddenField()
    form_key = HiddenField()

    @property
    def text(self) -> TextDraft:
        """The telling: title and sections in its language."""
        raise NotImplementedError

    @property
    def language(self) -> Lang:
        """The language chosen; an unknown one is the site's first."""
        return Lang.of_tag(self.lang.data or "") or Lang.ZH

    @property
    def signature(self) -> Signature:
        """Who may read it and which name stands under it; the more careful choice where none is made."""
        visibility, circle_id = self.visibility.meant
        shown = self.name_mask.data == NameMask.SHOWN.value
        mask = NameMask.SHOWN if shown else NameMask.UNNAMED
        return Signature(visibility, mask, circle_id)

    @property
    def change(self) -> Change:
        """What is said of the change, for the history."""
        return Change(self.note.data or "", self.significance.data or "")

    @property
    def base_id(self) -> int:
        """The revision the edit started from; 0 where the form names none."""
        return number_of(self.base.data)
