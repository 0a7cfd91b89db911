"""The forms of those who prepare a workshop."""

from wtforms import BooleanField, StringField

from cop.core.i18n import _l
from cop.web.forms import BaseForm


class InviteForm(BaseForm):
    """Whom to ask."""

    who = StringField(_l("Name or account name"))


class AnswerForm(BaseForm):
    """Yes, and whether the page may name her."""

    named = BooleanField(_l("Name me on the page of the workshop"), default=True)
