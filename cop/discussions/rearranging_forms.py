"""The forms of moderators who join and split discussions."""

import re

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _l
from cop.discussions.draft import FACT_TITLES, FORMS
from cop.discussions.models import Form
from cop.discussions.splitting import Choice, Own
from cop.web.forms import BaseForm, SentOnce, number_of


class MergeForm(BaseForm):
    """With which discussion to join, and why."""

    into = StringField(_l("Number or address of the other discussion"))
    reason = TextAreaField(_l("Reason"))

    @property
    def into_id(self) -> int:
        """The id of the other discussion; 0 where none is named."""
        return id_in(self.into.data or "")


class SplitForm(SentOnce):
    """Which replies go where, and why."""

    #: The discussion they were chosen in, wherever they stand when this is sent.
    source = HiddenField()
    replies = SelectMultipleField(_l("Replies"), choices=[], validate_choice=False)
    rest = BooleanField(_l("And everything that was said after it"))
    where = RadioField(
        _l("Where they go"),
        choices=[
            SelectChoice("new", _l("A discussion of their own")),
            SelectChoice("other", _l("A discussion that exists")),
        ],
        default="new",
    )
    title = StringField(_l("Title of the new discussion"))
    form = RadioField(
        FACT_TITLES["form"],
        choices=[SelectChoice(form.value, FORMS[form]) for form in Form],
        default=Form.CONVERSATION.value,
        validate_choice=False,
    )
    space = SelectField(FACT_TITLES["space"], choices=[], validate_choice=False)
    into = StringField(_l("Number or address of the other discussion"))
    reason = TextAreaField(_l("Reason"))

    @property
    def source_id(self) -> int:
        """The id of the discussion they were chosen in; 0 where the form does not say."""
        return number_of(self.source.data or "") or 0

    @property
    def choice(self) -> Choice:
        """The replies chosen."""
        ids = (number_of(one) for one in self.replies.data or ())
        return Choice(frozenset(one for one in ids if one), rest=bool(self.rest.data))

    @property
    def to(self) -> Own | int:
        """Where they go."""
        if self.where.data == "other":
            return id_in(self.into.data or "")
        return Own(self.title.data or "", self.space.data or "", self.form.data or "")


_ADDRESS = re.compile(r"(?:^|/discussions/)([0-9]{1,9})(?:-|$|[/?#])")


def id_in(text: str) -> int:
    """Return the id that a number or an address of a discussion names; 0 where it names none."""
    found = _ADDRESS.search(text.strip().removeprefix("#"))
    return int(found[1]) if found else 0
