"""Small forms of any entry: a reason for hiding, restoring or removing a version."""

from wtforms import TextAreaField

from cop.core.i18n import _l
from cop.web.forms import BaseForm


class ReasonForm(BaseForm):
    """An act that is kept with its reason."""

    reason = TextAreaField(_l("Reason"))


class ConfirmForm(BaseForm):
    """An act that only needs a yes."""
