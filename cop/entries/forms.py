"""Small forms of any entry: a reason for hiding, restoring or removing a version; and a comment."""

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _l, current_lang
from cop.core.text import guess_lang
from cop.core.types import Lang
from cop.entries.attaching import COMMENT_LIMIT
from cop.entries.commenting import CommentDraft
from cop.entries.draft import Image
from cop.entries.image_forms import Pictured
from cop.entries.mentioning_form import MentioningForm
from cop.entries.thread import Talk
from cop.web.forms import BaseForm, SentOnce, number_of


class ReasonForm(BaseForm):
    """An act that is kept with its reason."""

    reason = TextAreaField(_l("Reason"))


class ConfirmForm(BaseForm):
    """An act that only needs a yes."""


class CommentForm(MentioningForm, Pictured, SentOnce):
    """A comment as typed; `draft` is what it says."""

    marked = ("body",)

    body = TextAreaField(_l("Your comment"))
    lang = SelectField(
        _l("Language"),
        choices=[
            SelectChoice("", _l("As it is written")),
            SelectChoice("zh", "中文"),
            SelectChoice("en", "English"),
        ],
        default="",
        validate_choice=False,
    )
    #: The comment it answers, by id.
    answers = HiddenField()
    #: Of an edit: the number it starts from.
    base = HiddenField()
    #: Of an edit: the images it has, with what is said of them in the other language.
    kept_images: tuple[Image, ...] = ()

    @property
    def draft(self) -> CommentDraft:
        """What was typed; its language is recognised where none was chosen."""
        lang = self.language
        images = self.described(lang, self.kept_images)
        return CommentDraft(lang, self.body.data or "", self.answered or None, images)

    @property
    def language(self) -> Lang:
        """The language chosen, or else the one most of it is in."""
        return Lang.of_tag(self.lang.data or "") or guess_lang(
            self.body.data or "", default=current_lang()
        )

    @property
    def answered(self) -> int:
        """The id of the comment it answers; 0 where it answers none."""
        return number_of(self.answers.data)

    def is_whole(self) -> bool:
        """Put a sentence beside everything wrong with its images; return whether nothing is."""
        return self.describes_images(self.language, self.kept_images, limit=COMMENT_LIMIT)

    @property
    def base_number(self) -> int:
        """The number an edit starts from."""
        return number_of(self.base.data)


def comment_form(talk: Talk) -> CommentForm | None:
    """Return the empty form at the foot of the comments, for who may add one."""
    return CommentForm(None) if talk.may_comment else None
