"""Small forms of any entry: a reason for hiding, restoring or removing a version; and a comment."""

from collections.abc import Sequence

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _l, current_lang
from cop.core.text import guess_lang
from cop.core.types import Lang
from cop.entries import enclosing
from cop.entries.attaching import COMMENT_LIMIT
from cop.entries.commenting import CommentDraft
from cop.entries.draft import Enclosure, Image
from cop.entries.drafted_form import Drafted
from cop.entries.enclosure_form import TypedFile
from cop.entries.mentioning_form import MentioningForm
from cop.entries.models import COMMENT_DRAFT
from cop.entries.pictures import Picture
from cop.web.forms import BaseForm, SentOnce, number_of


class ReasonForm(BaseForm):
    """An act that is kept with its reason."""

    reason = TextAreaField(_l("Reason"))


class ConfirmForm(BaseForm):
    """An act that only needs a yes."""


class CommentForm(MentioningForm, Drafted, SentOnce):
    """A comment as typed; `handed_in` is what it says."""

    marked = ("body",)
    entry_kind = COMMENT_DRAFT
    unsaid = ("csrf_token", "draft", "draft_seen", "draft_page")

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
    #: The comment it changes, by id.
    edits = HiddenField()
    #: Of an edit: the number it starts from.
    base = HiddenField()
    #: Those it shows when it is opened at the foot of the comments.
    pictures: Sequence[tuple[Picture, str, bool]] = ()
    papers: Sequence[TypedFile] = ()
    #: Of an edit: the images it has, with what is said of them in the other language.
    kept_images: tuple[Image, ...] = ()
    kept_files: tuple[Enclosure, ...] = ()

    @property
    def handed_in(self) -> CommentDraft:
        """What was typed; its language is recognised where none was chosen."""
        lang = self.language
        images = self.described(lang, self.kept_images)
        files = self.enclosed(lang, self.kept_files)
        return CommentDraft(lang, self.body.data or "", self.answered or None, images, files)

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

    @property
    def edited(self) -> int:
        """The id of the comment it changes; 0 where it makes a new one."""
        return number_of(self.edits.data)

    @property
    def has_words(self) -> bool:
        """Whether anything was typed or added."""
        return bool((self.body.data or "").strip() or self.image_ids or self.enclosure_ids)

    def is_whole(self) -> bool:
        """Put a sentence beside everything wrong with its images and files; return whether nothing is."""
        lang, most = self.language, enclosing.COMMENT_LIMIT
        pictured = self.describes_images(lang, self.kept_images, limit=COMMENT_LIMIT)
        return self.describes_enclosures(lang, self.kept_files, limit=most) and pictured

    @property
    def base_number(self) -> int:
        """The number an edit starts from."""
        return number_of(self.base.data)
