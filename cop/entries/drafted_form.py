"""`Drafted`: the part of a form that knows in which draft it is kept while somebody writes."""

import secrets
from datetime import datetime
from typing import ClassVar

from wtforms import HiddenField

from cop.core.types import Lang
from cop.entries.drafts import Page
from cop.entries.enclosure_form import Enclosing
from cop.web.forms import number_of


class Drafted(Enclosing):
    """A form that is kept as a draft, with its images and files. A form says its kind and the language it is in."""

    #: What its drafts are of: a kind of entry, or comments.
    entry_kind: ClassVar[str]

    draft = HiddenField()
    #: When the draft was saved as this page knows it, and the page that saves: another device's is another.
    draft_seen = HiddenField()
    draft_page = HiddenField(default=lambda: secrets.token_urlsafe(9))

    #: When the draft it was opened from was saved.
    draft_at: datetime | None = None

    @property
    def language(self) -> Lang:
        """The language of what is written."""
        raise NotImplementedError

    @property
    def page(self) -> Page:
        """The opened form, as drafts know it."""
        return Page(self.draft_page.data or "", self.draft_seen.data or "")

    @property
    def draft_id(self) -> int:
        """The draft the form was kept in; 0 where there is none."""
        return number_of(self.draft.data)
