"""`CuratedForm`: the editor of a page that curators keep."""

from collections.abc import Iterator
from typing import ClassVar

from wtforms import StringField

from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries.draft import TextDraft
from cop.entries.editor_form import EditorForm
from cop.web.forms import as_before


class CuratedForm(EditorForm):
    """A page as typed; `text` and `facts` are what it says. A kind adds its sections and one list of terms."""

    section_keys: ClassVar[tuple[str, ...]]
    #: The field that chooses terms, named as the fact.
    choosing: ClassVar[str]

    title = StringField(_l("Title"))

    #: The facts an edit starts from: what the form does not show stays as it is.
    kept: Json | None = None

    @staticmethod
    def lacking(text: TextDraft) -> Iterator[Invalid]:
        """Yield everything a page must tell and a text does not."""
        raise NotImplementedError

    @property
    def text(self) -> TextDraft:
        """The telling: title and sections in its language."""
        typed = {name: self[name].data or "" for name in self.section_keys}
        return TextDraft(
            self.language,
            self.title.data or "",
            {name: words for name, words in typed.items() if words},
        )

    @property
    def facts(self) -> Json:
        """The facts as chosen."""
        kept = self.kept or {}
        chosen = as_before(self[self.choosing].data, kept.get(self.choosing, ()))
        return kept | {self.choosing: list(chosen)}

    def is_whole(self) -> bool:
        """Put a sentence beside every required field that is empty, all at once; return whether none is."""
        found = list(self.lacking(self.text))
        for error in found:
            self.put_error(error.field, error.message)
        return not found
